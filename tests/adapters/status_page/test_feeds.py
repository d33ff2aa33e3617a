"""Feeds, as feed readers read them."""

import json
from datetime import UTC, datetime

import feedparser

from adapters.status_page import feeds
from support.public_incidents import public
from support.spec import NOON, at
from support.status_pages import SITE, snapshot_of

OVER = public(
    1,
    headline="Search & find\x0b",
    status="resolved",
    services=("search",),
    ended_at=at(40),
    changed_at=at(41),
    texts=[("investigating", "Results are **old**."), ("resolved", "Fixed <now>.")],
)


def test_an_atom_feed_is_valid_and_says_what_the_page_says():
    feed = feedparser.parse(feeds.atom(snapshot_of(OVER, public(2))))
    assert feed.bozo == 0
    assert (feed.version, feed.feed.title) == ("atom10", "Example")
    assert feed.feed.id == "https://status.example.com/status/history.atom"
    assert {link.rel: link.href for link in feed.feed.links} == {
        "self": "https://status.example.com/status/history.atom",
        "alternate": "https://status.example.com/status",
    }
    newest, over = feed.entries
    assert newest.title == "Investigating: Disruption of Checkout"
    assert over.title == "Resolved: Search & find"
    assert over.id == over.link == "https://status.example.com/status/incidents/INC-1"
    assert datetime(*over.updated_parsed[:6], tzinfo=UTC) == at(41)
    assert datetime(*over.published_parsed[:6], tzinfo=UTC) == NOON
    assert [tag.term for tag in over.tags] == ["Search"]
    (content,) = over.content
    assert content.type == "text/html"
    assert content.value.index("Fixed &lt;now&gt;.") < content.value.index("<strong>old</strong>")
    assert feed.feed.updated == "2026-05-04T12:41:00Z"


def test_an_empty_feed_is_valid_too():
    feed = feedparser.parse(feeds.atom(snapshot_of()))
    assert (feed.bozo, feed.entries) == (0, [])
    assert feed.feed.updated


def test_json_feed_1_1():
    feed = json.loads(feeds.json_feed(snapshot_of(OVER)))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["title"], feed["home_page_url"]) == ("Example", SITE.address())
    assert feed["feed_url"] == "https://status.example.com/status/history.json"
    (item,) = feed["items"]
    assert item["id"] == item["url"] == SITE.address("/incidents/INC-1")
    assert item["date_published"] == "2026-05-04T12:00:00Z"
    assert item["date_modified"] == "2026-05-04T12:41:00Z"
    assert item["tags"] == ["Search"]
    assert "<strong>old</strong>" in item["content_html"]


def test_a_feed_is_limited():
    snapshot = snapshot_of(*(public(n) for n in range(1, 80)))
    assert len(feedparser.parse(feeds.atom(snapshot)).entries) == feeds.ENTRIES
    assert len(json.loads(feeds.json_feed(snapshot))["items"]) == feeds.ENTRIES
