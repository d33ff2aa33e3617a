"""The console over HTTP, as a browser without script has it: pages, forms, and what is refused."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest

from adapters.console.all_pages import PAGES
from adapters.console.static_files import SOURCES, address_of
from support.people_at_browsers import session_of
from support.service_process import Process

WIRE_BYTES_MAX = 60_000


async def visitor_of(service: Process, name: str, role: str) -> httpx2.AsyncClient:
    cookie = await session_of(service, name, role)
    url = service.where["http_url"]
    return httpx2.AsyncClient(
        base_url=url,
        timeout=20,
        headers={"origin": url, "cookie": f"{cookie['name']}={cookie['value']}"},
    )


@pytest.fixture(scope="module")
async def ada(service: Process) -> AsyncIterator[httpx2.AsyncClient]:
    async with await visitor_of(service, "console-ada", "commander") as found:
        yield found


@pytest.fixture(scope="module")
async def bob(service: Process) -> AsyncIterator[httpx2.AsyncClient]:
    async with await visitor_of(service, "console-bob", "responder") as found:
        yield found


@pytest.fixture(scope="module")
async def admin(service: Process) -> AsyncIterator[httpx2.AsyncClient]:
    async with await visitor_of(service, "console-admin", "admin") as found:
        yield found


async def room_of(visitor: httpx2.AsyncClient, ref: str) -> str:
    answer = await visitor.get(f"/incidents/{ref}")
    assert answer.status_code == 200, answer.text
    return answer.text


def field_of(name: str, page: str) -> str:
    """A hidden field of the first form that has it."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page[:500]
    return found[1]


def seen_in(page: str) -> str:
    return field_of("seen", page)


def said(answer: httpx2.Response) -> str:
    """A page without what differs each time."""
    return re.sub(r'nonce="[^"]+"|data-now="[^"]+"|name="once" value="[^"]+"', "", answer.text)


async def test_pages_run_nothing_but_ours_and_weigh_little(
    service: Process, ada: httpx2.AsyncClient
):
    """Strict CSP, and at most 60 kB over the wire with nothing in the cache."""
    incident = await service.declare("Nothing inline")
    answer = await ada.get(f"/incidents/{incident['reference']}")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "trusted-types htmx" in policy
    nonce = re.search(r"'nonce-([^']+)'", policy)[1]  # type: ignore[index]
    assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<script[^>]*>", answer.text))
    assert not re.search(r"<script(?![^>]*src=)|<style|\son[a-z]+=|\sstyle=", answer.text)
    again = await ada.get(f"/incidents/{incident['reference']}")
    assert nonce not in again.text
    weight = 0
    for path in [answer.url.path, *map(address_of, SOURCES)]:
        async with ada.stream("GET", path, headers={"accept-encoding": "gzip"}) as sent:
            assert sent.headers["content-encoding"] == "gzip"
            weight += sum([len(piece) async for piece in sent.aiter_raw()])
    assert weight <= WIRE_BYTES_MAX


async def test_files_keep_their_name_for_good_and_others_are_not_there(ada: httpx2.AsyncClient):
    found = await ada.get(address_of("console.css"))
    assert "immutable" in found.headers["cache-control"]
    assert (await ada.get("/assets/console-000000000000.css")).status_code == 404


async def test_who_is_not_logged_in_is_shown_where_and_a_program_gets_no_page(service: Process):
    async with httpx2.AsyncClient(base_url=service.where["http_url"]) as stranger:
        page = await stranger.get("/incidents/INC-1")
        assert (page.status_code, page.headers["content-type"]) == (401, "text/html; charset=utf-8")
        assert "You come back to <code>/incidents/INC-1</code>" in page.text
        api = await stranger.get("/v1/incidents")
        assert (api.status_code, api.json()["code"]) == (401, "token.missing")


async def test_a_login_that_ended_in_mid_edit_loses_nothing_typed(service: Process):
    url = service.where["http_url"]
    async with httpx2.AsyncClient(base_url=url, headers={"origin": url}) as stranger:
        typed = {"text": "Half of <b>it</b> is back\nthe rest is not", "seen": "3", "go": "send"}
        answer = await stranger.post("/incidents/INC-1/do/add_note", data=typed)
    assert answer.status_code == 401
    assert "Half of &lt;b&gt;it&lt;/b&gt; is back\n" in answer.text.replace("\r", "")
    assert 'action="/incidents/INC-1/do/add_note"' in answer.text
    assert "nothing of what you typed is lost" in answer.text


async def test_a_page_of_another_site_acts_in_nobodys_name(
    service: Process, ada: httpx2.AsyncClient
):
    ref = (await service.declare("Not for others"))["reference"]
    path, before = f"/incidents/{ref}/do/acknowledge", await service.head()
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = await ada.post(path, data={"go": "send"}, headers=headers)
        assert answer.status_code == 403
        assert "<h1>Not allowed</h1>" in answer.text
    assert await service.head() == before


async def test_a_command_is_previewed_then_sent_and_stands_on_the_page(
    service: Process, ada: httpx2.AsyncClient
):
    declared = await service.declare("Checkout is slow", impact={"users_affected": 100})
    ref = declared["reference"]
    before = await service.head()
    path = f"/incidents/{ref}/do/reassess_impact"
    looked = await ada.post(path, data={"users_affected": "250", "go": "preview"})
    assert looked.status_code == 200
    assert "impact doubled: users affected 100 → 250" in looked.text
    assert 'value="250"' in looked.text, "what was typed is kept"
    assert await service.head() == before, "a preview writes nothing"
    sent = await ada.post(path, data={"users_affected": "250", "go": "send"})
    assert (sent.status_code, "done=decided" in sent.headers["location"]) == (303, True)
    page = (await ada.get(sent.headers["location"])).text
    assert "Done, and on record." in page
    assert "impact doubled" in page
    assert "console-ada" in page


async def test_a_stale_form_says_who_was_first_and_sends_nothing(
    service: Process, ada: httpx2.AsyncClient, bob: httpx2.AsyncClient
):
    ref = (await service.declare("Two at once", severity="SEV3"))["reference"]
    seen = {name: seen_in(await room_of(each, ref)) for name, each in (("ada", ada), ("bob", bob))}
    path = f"/incidents/{ref}/do/change_severity"
    first = {"severity": "SEV2", "reason": "Half of all orders", "seen": seen["ada"]}
    assert (await ada.post(path, data=first)).status_code == 303
    second = {"severity": "SEV4", "reason": "Only a few", "seen": seen["bob"], "confirm": "yes"}
    refused = await bob.post(path, data=second)
    assert refused.status_code == 409
    assert "Since you opened this form" in refused.text
    assert "console-ada" in refused.text
    assert "Half of all orders" in refused.text
    assert "Only a few" in refused.text
    shown = await service.get(f"/v1/incidents/{ref}")
    assert shown["severity"] == "SEV2"
    meant = await bob.post(path, data=second | {"seen": seen_in(refused.text)})
    assert meant.status_code == 303, "who has seen it and means it is not asked again"


async def test_what_is_refused_comes_back_as_it_was_written_with_why(
    service: Process, ada: httpx2.AsyncClient
):
    ref = (await service.declare("Too early", severity="SEV1"))["reference"]
    said = {"resolution": "It went away", "go": "send"}
    answer = await ada.post(f"/incidents/{ref}/do/resolve", data=said)
    assert answer.status_code == 409
    assert "Not possible." in answer.text
    assert "It went away" in answer.text
    for_number = {"users_affected": "many"}
    odd = await ada.post(f"/incidents/{ref}/do/reassess_impact", data=for_number)
    assert (odd.status_code, "&#39;many&#39; is not a whole number" in odd.text) == (409, True)


async def test_a_form_that_is_sent_twice_is_done_once(service: Process, ada: httpx2.AsyncClient):
    """Pressed twice, as happens on a slow line; the next form is another one."""
    told = {"title": "Pressed twice", "once": field_of("once", (await ada.get("/declare")).text)}
    first, second = [await ada.post("/declare", data=told) for _ in range(2)]
    ref = first.headers["location"].split("/")[2].split("?")[0]
    assert f"/incidents/{ref}?done=repeated" in second.headers["location"]
    path, page = f"/incidents/{ref}/do/post_update", await room_of(ada, ref)
    said = {"text": "We look", "seen": seen_in(page), "once": field_of("once", page)}
    for outcome in ("decided", "repeated"):
        assert f"done={outcome}" in (await ada.post(path, data=said)).headers["location"]
    again = said | {"once": field_of("once", await room_of(ada, ref))}
    assert "done=decided" in (await ada.post(path, data=again)).headers["location"]
    tags = [each["event"]["tag"] for each in await service.events(ref)]
    assert tags.count("incident.update_posted.v1") == 2


async def test_the_same_again_says_that_it_was_so(service: Process, ada: httpx2.AsyncClient):
    ref = (await service.declare("Twice"))["reference"]
    path = f"/incidents/{ref}/do/acknowledge"
    for outcome in ("decided", "ignored"):
        assert f"done={outcome}" in (await ada.post(path, data={})).headers["location"]
    page = await ada.get(f"/incidents/{ref}?done=ignored&at=1")
    assert "Nothing new: it was so already." in page.text
    forged = await ada.get(f"/incidents/{ref}?done=<script>&at=x&before=")
    assert (forged.status_code, "Done, and" in forged.text) == (200, False)


async def test_a_private_incident_is_as_one_that_is_not_there(
    service: Process, ada: httpx2.AsyncClient, bob: httpx2.AsyncClient
):
    """On every page that names one, and in every list, search and list of what is alike."""
    declared = await ada.post(
        "/v1/incidents",
        json={"title": "Zyzzyva secret", "severity": "SEV1", "services": ["zyzzy"], "private": {}},
    )
    ref, id_ = declared.json()["reference"], declared.json()["id"]
    assert "Zyzzyva secret" in await room_of(ada, ref)
    for page in PAGES:
        if "{" not in page.path or page.build is None:
            continue
        if "/incidents/{ref}" in page.path:
            path = page.path.replace("{ref}", ref).replace("{command}", "add_note")
            unknown = page.path.replace("{ref}", "INC-999999").replace("{command}", "add_note")
            answer, other = await bob.get(path), await bob.get(unknown)
            assert (answer.status_code, other.status_code) == (404, 404), path
            assert said(answer).replace(ref, "INC-999999") == said(other)
    for command in ("add_note", "acknowledge"):
        for go in ("send", "preview"):
            data = {"text": "x", "go": go, "seen": "1"}
            answer = await bob.post(f"/incidents/{ref}/do/{command}", data=data)
            assert answer.status_code == 404, (command, go, answer.text)
    alike = await bob.post(
        "/declare", data={"title": "Zyzzyva", "services": "zyzzy", "go": "preview"}
    )
    assert alike.status_code == 200
    assert "Zyzzyva secret" not in alike.text
    assert ref not in alike.text
    for page in PAGES:
        if "{" in page.path or page.build is None or page.path == "/declare":
            continue
        for query in ("", "?status=all", "?all=true", "?q=Zyzzyva"):
            shown = (await bob.get(page.path + query)).text
            assert "Zyzzyva secret" not in shown, page.path + query
            assert id_ not in shown, page.path + query


async def test_pages_keep_script_long_words_and_other_directions_as_text(
    service: Process, ada: httpx2.AsyncClient, unique: str
):
    title = f"<img src=x onerror=alert(1)> {unique} הכול נשבר {'w' * 200}"
    ref = (await service.declare(title))["reference"]
    await service.act(ref, "add_note", text='"><script>alert(2)</script>\u202e turned')
    for path in (
        "/?status=all",
        f"/incidents/{ref}",
        f"/incidents/{ref}/known",
        f"/incidents/{ref}/explain",
    ):
        text = (await ada.get(path)).text
        assert "<img src=x" not in text, path
        assert "<script>alert" not in text, path
        assert "\u202e" not in text


async def test_filters_stand_in_the_address_and_odd_ones_are_told(
    service: Process, ada: httpx2.AsyncClient, unique: str
):
    ref = (await service.declare(f"Filtered {unique}", severity="SEV4"))["reference"]
    await service.get("/v1/incidents", min_position=await service.head())
    card = f'<h3><a href="/incidents/{ref}"'
    assert card in (await ada.get("/?status=open&severity=SEV4")).text
    assert card not in (await ada.get("/?status=open&severity=SEV1")).text
    odd = await ada.get("/?status=nonsense")
    assert (odd.status_code, "&#39;nonsense&#39; is not one of" in odd.text) == (422, True)


async def test_who_may_only_look_is_offered_nothing_and_may_send_nothing(service: Process):
    ref = (await service.declare("For all to see"))["reference"]
    async with await visitor_of(service, "console-viewer", "viewer") as viewer:
        page = await room_of(viewer, ref)
        assert "Your role may look" in page
        assert "/do/" not in page
        assert "Declare an incident" not in (await viewer.get("/")).text
        answer = await viewer.post(f"/incidents/{ref}/do/add_note", data={"text": "x"})
        assert answer.status_code == 409
        assert "incidents.respond" in answer.text
        assert (await viewer.get("/tokens")).status_code == 403


async def test_a_long_timeline_comes_in_pages_from_its_end(
    service: Process, ada: httpx2.AsyncClient
):
    ref = (await service.declare("A long night"))["reference"]
    for number in range(150):
        await service.act(ref, "add_note", text=f"note no. {number} of many")
    await service.get(f"/v1/incidents/{ref}/timeline", min_position=await service.head())
    page = await room_of(ada, ref)
    seen: list[int] = []
    for _ in range(10):
        found = [int(each) for each in re.findall(r"note no\. (\d+) of many", page)]
        assert found == sorted(found, reverse=True)
        seen += found
        earlier = re.search(r'href="(/incidents/[^"]+before=[^"]+)"', page)
        if earlier is None:
            break
        page = (await ada.get(earlier[1].replace("&amp;", "&"))).text
    assert seen == list(range(149, -1, -1)), "each once, none left out"


@pytest.mark.parametrize(
    "page", [each for each in PAGES if "{" not in each.path], ids=lambda it: it.path
)
async def test_every_page_without_a_reference_is_there(admin: httpx2.AsyncClient, page):
    answer = await admin.get(page.path)
    assert answer.status_code == 200, answer.text
    assert answer.text.count("<h1") == 1


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/incidents/INC-1?before=7b22", "/incidents/INC-1?before=7b22"),
        ("//evil.example", "/login"),
    ],
)
async def test_a_login_leads_back_to_the_page_that_was_asked_for(
    service: Process, asked: str, led: str
):
    done = await service.cli("login")
    code = done.out.splitlines()[0].partition("#")[2]
    url = service.where["http_url"]
    async with httpx2.AsyncClient(base_url=url, headers={"origin": url}) as visitor:
        if asked.startswith("//"):
            visitor.cookies.set("commandpost-place", asked)
        else:
            assert (await visitor.get(asked)).status_code == 401
        answer = await visitor.post("/login/link", data={"code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, led)


async def test_the_link_of_a_message_leads_a_browser_to_a_page_and_a_program_to_json(
    service: Process, ada: httpx2.AsyncClient
):
    ref = (await service.declare("Linked"))["reference"]
    await service.get(f"/v1/incidents/{ref}", min_position=await service.head())
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    led = await ada.get(f"/v1/incidents/{ref}", headers=browser)
    assert (led.status_code, led.headers["location"]) == (303, f"/incidents/{ref}")
    assert led.headers["vary"] == "Accept"
    for accept in ("*/*", "application/json", "application/json, text/html"):
        answer = await ada.get(f"/v1/incidents/{ref}", headers={"accept": accept})
        assert answer.headers["content-type"] == "application/json"


async def test_the_live_part_says_how_many_entries_are_new_and_that_the_forms_have_changed(
    service: Process, ada: httpx2.AsyncClient
):
    ref = (await service.declare("Live"))["reference"]
    page = await room_of(ada, ref)
    follow = re.search(r'hx-get="([^"]+/live[^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    still = (await ada.get(follow)).text
    assert "new entr" not in still
    assert "What can be done has changed" not in still
    await service.act(ref, "add_note", text="one")
    await service.act(ref, "mitigate", mitigation="two", override="it burns")
    await service.get(f"/v1/incidents/{ref}", min_position=await service.head())
    await service.get(f"/v1/incidents/{ref}/timeline", min_position=await service.head())
    moved = (await ada.get(follow)).text
    assert re.search(r"\d+ new entries", moved)
    assert "What can be done has changed" in moved
    assert "monitoring" in moved


async def test_an_outlook_on_a_declaration_says_what_the_matrix_does_and_no_number(
    service: Process, ada: httpx2.AsyncClient, unique: str
):
    """It is not declared yet; what was like it is named, and nothing is written."""
    earlier = await service.declare(f"Ledger {unique} loses writes", services=[unique])
    await service.get("/v1/search", q=unique, min_position=await service.head())
    before = await service.head()
    typed = {"title": f"Ledger {unique} loses", "impact.data_integrity_concern": "yes"}
    found = (await ada.post("/declare", data=typed | {"go": "preview"})).text
    assert "Incident declared SEV1" in found
    assert earlier["reference"] in found
    assert "INC-0" not in found
    assert await service.head() == before
