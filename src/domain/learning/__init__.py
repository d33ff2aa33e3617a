"""Learning from incidents: post-mortems that close, and action items that are done."""

from typing import Any

import msgspec

from domain.incident import INCIDENT
from domain.kernel.aggregate import Aggregate, IdKind, Samples, View
from domain.kernel.basis import Basis
from domain.kernel.deadline import Expire
from domain.kernel.decider import Decider
from domain.kernel.notifiable import Notifiables, Topic, to
from domain.kernel.totality import kinds, named, total
from domain.learning.action_item import clock, issues, item, origins, resolving
from domain.learning.action_item import commands as ac
from domain.learning.action_item import events as ae
from domain.learning.postmortem import commands as pc
from domain.learning.postmortem import deciding, dossier, postmortem_view, review_clock
from domain.learning.postmortem import events as pe
from domain.learning.postmortem.blame_check import remark_on_words
from domain.learning.postmortem.incident_facts import facts_of, parts_of, published, use_of_review
from domain.learning.postmortem.public_version import remark_on_public
from domain.policy.audience import Audience

__all__ = ["ACTION_ITEM", "POSTMORTEM"]


def _samples_of_postmortems() -> Samples[Any, pe.PostmortemEvent]:
    from domain.learning.postmortem.samples import SAMPLES  # noqa: PLC0415 - for documents, tests

    return SAMPLES


def _samples_of_items() -> Samples[Any, ae.ActionItemEvent]:
    from domain.learning.action_item.samples import SAMPLES  # noqa: PLC0415 - likewise

    return SAMPLES


def _tell_incident(_: Any, known: Any, __: str, pm: Any, address: str | None) -> Any:
    """The duty of the incident is done by this: one clock, not two."""
    return published(address or pm.reference) if known.resolved else None


_BY_NAME = Basis(
    of=INCIDENT,
    names=lambda command, _: command.incident,
    facts=facts_of,
    field="incident",
    one=True,
)
_OF_INCIDENT = Basis(of=INCIDENT, names=lambda _, pm: pm.incident or None, facts=facts_of)
_BY_ENTRY = msgspec.structs.replace(
    _OF_INCIDENT, entries=("incident.", "notification."), along=parts_of
)
_BY_FINAL = msgspec.structs.replace(_OF_INCIDENT, tells=_tell_incident)
_BY_CLOCK = msgspec.structs.replace(_OF_INCIDENT, facts=use_of_review, private=True)
_CURATING = (pc.HideEntry, pc.ShowEntry, pc.AnnotateEntry, pc.MakeComment)
_WORDING = (
    *(pc.WriteProse, pc.SetPoints, pc.SetFactors, pc.SetWhys, pc.SetFaultTree),
    *(pc.AnnotateEntry, pc.AddEntry),
)
_NAMING = (
    *(pc.OpenPostmortem, pc.NameAuthor, pc.AskReview, pc.Approve),
    *(pc.ScheduleMeeting, pc.RecordAttendance, pc.PublishPublic),
)

POSTMORTEM: Aggregate[Any, dossier.Postmortem, pe.PostmortemEvent] = Aggregate(
    name="postmortem",
    plural="postmortems",
    decider=Decider(initial=dossier.Postmortem(), decide=deciding.decide, evolve=dossier.evolve),
    events=kinds(pe.PostmortemEvent),
    begin=(pe.PostmortemOpened,),
    commands={
        "open": pc.OpenPostmortem,
        "name_author": pc.NameAuthor,
        "write": pc.WriteProse,
        "set_points": pc.SetPoints,
        "state_impact": pc.StateImpact,
        "set_factors": pc.SetFactors,
        "set_whys": pc.SetWhys,
        "set_fault_tree": pc.SetFaultTree,
        "ask_review": pc.AskReview,
        "approve": pc.Approve,
        "send_back": pc.SendBack,
        "finalise": pc.Finalise,
        "reopen": pc.ReopenPostmortem,
        "schedule_meeting": pc.ScheduleMeeting,
        "record_attendance": pc.RecordAttendance,
        "hide_entry": pc.HideEntry,
        "show_entry": pc.ShowEntry,
        "annotate_entry": pc.AnnotateEntry,
        "add_entry": pc.AddEntry,
        "comment": pc.MakeComment,
        "resolve_comment": pc.ResolveComment,
        "need_no_action_items": pc.NeedNoActionItems,
        "write_public": pc.WritePublic,
        "publish": pc.PublishPublic,
        "withdraw": pc.WithdrawPublic,
    },
    opens=(pc.OpenPostmortem,),
    rests={
        pc.OpenPostmortem: (_BY_NAME,),
        pc.Finalise: (_BY_FINAL,),
        pc.PublishPublic: (_OF_INCIDENT,),
        Expire: (_BY_CLOCK,),
        **dict.fromkeys(_CURATING, (_BY_ENTRY,)),
    },
    consults={**dict.fromkeys(_NAMING, pc.named_people), pc.Finalise: None},
    id_kind=IdKind.UUID,
    prefix="PM",
    number=lambda event: getattr(event, "number", None),
    view=View(postmortem_view.PostmortemView, postmortem_view.show, postmortem_view.headline),
    remarks={
        **dict.fromkeys(_WORDING, remark_on_words),
        pc.WritePublic: remark_on_public,
    },
    deadlines=review_clock.DEADLINES,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of post-mortems",
            kinds(pe.PostmortemEvent),
            {
                **dict.fromkeys(kinds(pe.PostmortemEvent)),
                pe.ReviewAsked: to("review_asked", Audience.ENGINEERING),
                pe.ReviewReminded: to("review_waits", Audience.ENGINEERING),
            },
        ),
        heard={
            Audience.ENGINEERING: ("review_asked", "review_waits"),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        topic=lambda pm: Topic(pm.title, pm.reference, drill=pm.drill),
        describe=lambda event: review_clock.SENTENCES[type(event)](event),
    ),
    samples=_samples_of_postmortems,
    part_of=lambda pm: (INCIDENT, pm.incident) if pm.incident else None,
)


def _origin_of(known: item.ActionItem) -> tuple[Any, str] | None:
    """What it follows from, whose readers alone are its readers; of a review everybody reads."""
    origin = known.origin
    if origin.id is None:
        return None
    return POSTMORTEM if origin.kind is ae.OriginKind.POSTMORTEM else INCIDENT, origin.id


ACTION_ITEM: Aggregate[Any, item.ActionItem, ae.ActionItemEvent] = Aggregate(
    name="action_item",
    plural="action-items",
    decider=Decider(initial=item.ActionItem(), decide=resolving.decide, evolve=item.evolve),
    events=kinds(ae.ActionItemEvent),
    begin=(ae.ActionItemAdded,),
    commands=named(
        "commands on action items",
        ac.ActionItemCommand,
        {
            "add": ac.AddActionItem,
            "change": ac.ChangeActionItem,
            "start": ac.StartActionItem,
            "complete": ac.CompleteActionItem,
            "decline": ac.DeclineActionItem,
            "reopen": ac.ReopenActionItem,
            "open_issue": ac.OpenIssue,
            "link": ac.LinkActionItem,
            "unlink": ac.UnlinkActionItem,
        },
    ),
    opens=(ac.AddActionItem,),
    rests={
        ac.AddActionItem: (
            Basis(
                of=POSTMORTEM,
                names=lambda command, _: command.postmortem,
                facts=origins.of_postmortem,
                field="postmortem",
                tells=origins.told,
            ),
            Basis(
                of=INCIDENT,
                names=lambda command, _: command.incident,
                facts=origins.of_incident,
                field="incident",
            ),
        ),
    },
    consults={
        **dict.fromkeys(
            (ac.AddActionItem, ac.ChangeActionItem, ac.DeclineActionItem, ac.NoteIssue),
            ac.named_people,
        ),
        Expire: None,
    },
    id_kind=IdKind.UUID,
    prefix="AI",
    number=lambda event: getattr(event, "number", None),
    view=View(item.ActionItemView, item.show, item.headline),
    remarks={
        **dict.fromkeys((ac.AddActionItem, ac.ChangeActionItem), resolving.remark_on_owner),
        ac.DeclineActionItem: resolving.remark_on_decider,
    },
    deadlines=clock.DEADLINES,
    notifiables=Notifiables(
        rules=total(
            "what is to be told of action items",
            kinds(ae.ActionItemEvent),
            {
                **dict.fromkeys(kinds(ae.ByPeople)),
                **dict.fromkeys(issues.TOLD, issues.told_to),
                ae.ActionItemDueSoon: to("due_soon", Audience.ENGINEERING),
                ae.ActionItemOverdue: to("overdue", Audience.ENGINEERING),
                ae.ActionItemEscalated: to("escalated", Audience.ENGINEERING),
            },
        ),
        heard={
            Audience.ENGINEERING: ("due_soon", "overdue", "escalated", issues.ISSUE),
            Audience.EXECUTIVES: (),
            Audience.CUSTOMERS: (),
        },
        topic=lambda known: Topic(known.title, known.reference),
        describe=clock.described,
    ),
    remarks_on_reach=dict.fromkeys((ac.OpenIssue, ac.LinkActionItem), issues.remark_on_channel),
    samples=_samples_of_items,
    part_of=_origin_of,
)
