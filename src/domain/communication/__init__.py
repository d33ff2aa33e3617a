"""What is said of an incident: to whom, with which facts, and what is wrong with how it is said."""

from domain.communication.account import Account, Action
from domain.communication.answering import answered
from domain.communication.briefing import Briefing, brief
from domain.communication.notice import Notice, notice

__all__ = ["Account", "Action", "Briefing", "Notice", "answered", "brief", "notice"]
