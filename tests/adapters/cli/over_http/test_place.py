"""Where a command asks: what is named more closely counts, and each token goes where it belongs."""

import json
import os
from pathlib import Path

import pytest

from adapters.cli.over_http.failures import FAILED, NO_ACCESS, USAGE, CommandFailed
from adapters.cli.over_http.place import Named, Place, check_servers, place_of

LOCAL, WORK = "http://127.0.0.1:8080", "https://work.example.com"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def serve(folder: Path, pid: int | None = None) -> None:
    """As if a service ran over a folder."""
    folder.mkdir()
    where = {"http_url": f"{LOCAL}/", "pid": pid or os.getpid()}
    (folder / "commandpost.json").write_text(json.dumps(where))
    (folder / "admin-token").write_text("cpt_local\n")


def profiles(home: Path, text: str, mode: int = 0o600) -> dict[str, str]:
    file = home / "commandpost" / "config.toml"
    file.parent.mkdir()
    file.write_text(text)
    file.chmod(mode)
    return {"XDG_CONFIG_HOME": str(home), "HOME": str(home)}


PROFILES = f"""
default = "work"
[profiles.work]
url = "{WORK}"
token = "cpt_work"
[profiles.other]
url = "https://other.example.com/"
token_command = ["echo", "cpt_other"]
"""


def test_the_service_of_the_state_folder_is_asked_with_its_owners_token(home: Path):
    serve(home / ".commandpost")
    token = str(Path(".commandpost") / "admin-token")
    assert place_of(Named(), {}) == Place(LOCAL, "cpt_local", token, owner=True)
    shown = place_of(Named(), {"COMMANDPOST_TOKEN": "cpt_mine"})
    assert shown == Place(LOCAL, "cpt_mine", "COMMANDPOST_TOKEN")


def test_where_nothing_runs_nothing_is_asked_over_http(home: Path):
    assert place_of(Named(), {}) is None
    serve(home / ".commandpost", pid=2**22 + 1)
    assert place_of(Named(), {}) is None


def test_a_url_and_a_token_are_enough(home: Path):
    environment = {"COMMANDPOST_URL": f"{WORK}/", "COMMANDPOST_TOKEN": "cpt_mine"}
    assert place_of(Named(), environment) == Place(WORK, "cpt_mine", "COMMANDPOST_TOKEN")
    flag = place_of(Named(url="https://flag.example.com"), environment)
    assert flag is not None
    assert flag.url == "https://flag.example.com"


def test_the_owners_token_goes_to_the_local_service_alone(home: Path):
    serve(home / ".commandpost")
    elsewhere, local = (place_of(Named(url=url), {}) for url in (WORK, LOCAL))
    assert elsewhere == Place(WORK, None, "COMMANDPOST_TOKEN")
    assert local is not None
    assert local.token == "cpt_local"


def test_a_state_folder_that_is_named_counts_more_than_the_environment(home: Path):
    serve(home / "here")
    found = place_of(Named(state="here"), {"COMMANDPOST_URL": WORK, "COMMANDPOST_PROFILE": "work"})
    assert found is not None
    assert found.url == LOCAL


def test_the_configuration_names_the_state_folder(home: Path):
    serve(home / "there")
    (home / "c.toml").write_text('state = "there"\n')
    for named, environment in (
        (Named(config="c.toml"), {}),
        (Named(), {"COMMANDPOST_CONFIG": "c.toml"}),
        (Named(), {"COMMANDPOST_STATE": "there"}),
    ):
        found = place_of(named, environment)
        assert found is not None
        assert found.url == LOCAL


def test_profiles_by_flag_environment_and_default(home: Path):
    environment = profiles(home, PROFILES)
    assert place_of(Named(), environment) == Place(WORK, "cpt_work", "profile work")
    other = Place("https://other.example.com", "cpt_other", "profile other")
    assert place_of(Named(profile="other"), environment) == other
    assert place_of(Named(), {**environment, "COMMANDPOST_PROFILE": "other"}) == other
    with pytest.raises(CommandFailed, match=r"there is no profile third in .*; it has other, work"):
        place_of(Named(profile="third"), environment)


def test_a_local_service_goes_before_the_default_profile_which_is_said(home: Path):
    serve(home / ".commandpost")
    found = place_of(Named(), profiles(home, PROFILES))
    assert found is not None
    assert (found.url, found.token) == (LOCAL, "cpt_local")
    assert found.remark == f"asking {LOCAL}, which runs over the state folder, not profile work"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", "there is no key colour"),
        ("[profiles.work]", "profiles.work has no url"),
        ('[profiles.work]\nurl = "https://x"\nurll = 1', "there is no key urll"),
        ('[profiles.work]\nurl = "https://x"\ntoken = "a"\ntoken_file = "b"', "give one of them"),
        ("[profiles", "is not TOML"),
        ('[profiles.work]\nurl = "https://x"\ntoken_file = "nowhere"', "cannot be read from"),
        ('[profiles.work]\nurl = "https://x"\ntoken_command = ["false"]', "token_command of profi"),
    ],
)
def test_profiles_that_cannot_be_used_say_why(home: Path, text: str, said: str):
    with pytest.raises(CommandFailed) as failed:
        place_of(Named(profile="work"), profiles(home, text))
    assert (failed.value.status, said in failed.value.why) == (FAILED, True), failed.value.why


def test_a_token_that_others_may_read_is_not_used(home: Path):
    with pytest.raises(CommandFailed, match="others may read it: chmod 600"):
        place_of(Named(), profiles(home, PROFILES, mode=0o644))


@pytest.mark.parametrize("url", ["ftp://x", "work.example.com", "https://", "https://x/?a=b"])
def test_what_is_no_url_of_a_service_is_refused(home: Path, url: str):
    with pytest.raises(CommandFailed, match="is no URL of a service") as refused:
        place_of(Named(url=url), {})
    assert refused.value.status == USAGE


def test_a_token_over_plain_http_is_remarked_upon_except_on_this_machine(home: Path):
    shown = {"COMMANDPOST_TOKEN": "cpt_mine"}
    plain, here = (place_of(Named(url=url), shown) for url in ("http://ops.example.com", LOCAL))
    assert plain is not None
    assert plain.remark == (
        "the token crosses the network to ops.example.com unencrypted: use https"
    )
    assert here is not None
    assert here.remark is None


def test_an_empty_token_is_no_wish_to_act_as_the_owner(home: Path):
    serve(home / ".commandpost")
    with pytest.raises(CommandFailed, match="is set and empty") as refused:
        place_of(Named(), {"COMMANDPOST_TOKEN": " "})
    assert refused.value.status == NO_ACCESS


def test_what_needs_the_servers_says_so_where_only_a_url_is_known(home: Path):
    with pytest.raises(CommandFailed, match="rebuild board needs the servers of the service"):
        check_servers(Named(url=WORK), {}, "rebuild board")
    serve(home / ".commandpost")
    check_servers(Named(), {}, "rebuild board")
    check_servers(Named(url=LOCAL), {}, "rebuild board")
    check_servers(Named(url=WORK, servers=True), {}, "rebuild board")
