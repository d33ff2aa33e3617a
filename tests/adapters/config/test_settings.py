"""Where settings come from, and what is told when they cannot be used."""

import pytest

from adapters.config.loading import load
from adapters.config.settings import Config, ConfigFault, host_and_port
from adapters.products.email.settings import EmailSettings
from adapters.products.slack.settings import SlackSettings
from adapters.products.statuspage.settings import StatuspageSettings

FILE = """
http = "127.0.0.1:9000"
[sources.pd]
kind = "pagerduty"
secrets = ["from-the-file"]
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "commandpost.toml"
    file.write_text(FILE)
    return file


def test_without_anything_there_are_defaults_and_a_console():
    config = load()
    assert config == Config()
    assert config.channels["console"].kind == "console"


def test_a_flag_beats_the_environment_which_beats_the_file(path):
    environment = {"COMMANDPOST_HTTP": "127.0.0.1:9001"}
    assert load(path).http == "127.0.0.1:9000"
    assert load(path, environment).http == "127.0.0.1:9001"
    assert load(path, environment, {"http": "127.0.0.1:9002"}).http == "127.0.0.1:9002"
    assert load(path, environment, {"http": None}).http == "127.0.0.1:9001"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("CHANNELS_OPS_BURST", "0"),
        ("CHANNELS_OPS_BURST", "1.5"),
        ("CHANNELS_OPS_RATE_PER_MINUTE", "0"),
        ("CHANNELS_OPS_RATE_PER_MINUTE", '"fast"'),
        ("HTTP_SERVER_SIGNAL_BODY_BYTES", "1000"),
    ],
)
def test_a_pace_or_a_limit_that_makes_no_sense_is_refused_by_its_name(key, value):
    environment = {"COMMANDPOST_CHANNELS_OPS_KIND": "console", f"COMMANDPOST_{key}": value}
    with pytest.raises(ConfigFault, match=key.rpartition("OPS_")[2].split("SERVER_")[-1].lower()):
        load(None, environment)


def test_secrets_of_a_source_come_from_the_environment(path):
    environment = {"COMMANDPOST_SOURCES_PD_SECRETS": '["rotated-in", "rotated-out"]'}
    source = load(path, environment).sources["pd"]
    assert (source.kind, source.secrets) == ("pagerduty", ("rotated-in", "rotated-out"))


def test_a_source_with_an_underscore_in_its_name_can_be_set_from_the_environment():
    environment = {
        "COMMANDPOST_SOURCES_PD_EU_KIND": "pagerduty",
        "COMMANDPOST_SOURCES_PD_EU_SECRETS": '["a-secret-of-eu"]',
    }
    assert load(None, environment).sources["pd_eu"].kind == "pagerduty"


def test_templates_and_the_services_of_a_channel_come_from_the_environment():
    environment = {
        "COMMANDPOST_CHANNELS_OPS_KIND": "console",
        "COMMANDPOST_CHANNELS_OPS_SERVICES": '["checkout", "search"]',
        "COMMANDPOST_TEMPLATES_FOLDER": "words",
    }
    config = load(None, environment)
    assert config.channels["ops"].services == ("checkout", "search")
    assert config.templates.folder == "words"


def test_a_channel_and_the_log_come_from_the_environment():
    environment = {
        "COMMANDPOST_CHANNELS_HOOK_KIND": "webhook",
        "COMMANDPOST_CHANNELS_HOOK_URL": "http://127.0.0.1:1/x",
        "COMMANDPOST_CHANNELS_HOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "COMMANDPOST_CHANNELS_HOOK_MIN_SEVERITY": "SEV2",
        "COMMANDPOST_LOG_FORMAT": "json",
    }
    config = load(None, environment)
    assert config.channels["hook"].min_severity == "SEV2"
    assert config.log.format == "json"


def test_each_kind_of_channel_has_its_own_keys_with_their_types():
    environment = {
        "COMMANDPOST_CHANNELS_TEAM_CHAT_KIND": "slack",
        "COMMANDPOST_CHANNELS_TEAM_CHAT_TOKEN": "12345678",
        "COMMANDPOST_CHANNELS_TEAM_CHAT_CHANNEL": "C1",
        "COMMANDPOST_CHANNELS_TEAM_CHAT_SIGNING_SECRET": "87654321",
        "COMMANDPOST_CHANNELS_TEAM_CHAT_INCIDENT_CHANNELS": "true",
        "COMMANDPOST_CHANNELS_MAIL_KIND": "email",
        "COMMANDPOST_CHANNELS_MAIL_HOST": "127.0.0.1",
        "COMMANDPOST_CHANNELS_MAIL_PORT": "2525",
        "COMMANDPOST_CHANNELS_MAIL_FROM": "incidents@example.org",
        "COMMANDPOST_CHANNELS_MAIL_TO": '["ada@example.org"]',
        "COMMANDPOST_CHANNELS_PAGE_KIND": "statuspage",
        "COMMANDPOST_CHANNELS_PAGE_API_KEY": "k",
        "COMMANDPOST_CHANNELS_PAGE_PAGE_ID": "p",
        "COMMANDPOST_CHANNELS_PAGE_COMPONENTS": '{"checkout": "c1"}',
    }
    channels = load(None, environment).channels
    assert channels["team_chat"] == SlackSettings(
        token="12345678", channel="C1", signing_secret="87654321", incident_channels=True
    )
    assert channels["mail"] == EmailSettings(
        host="127.0.0.1", port=2525, from_="incidents@example.org", to=("ada@example.org",)
    )
    assert channels["page"] == StatuspageSettings(
        api_key="k", page_id="p", components={"checkout": "c1"}
    )


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("", r"kind is required; it is one of console, webhook, slack"),
        ('kind = "pigeon"', r"kind: there is no 'pigeon'; it is one of console, webhook"),
        ('kind = "webhook"\nsecret = "x"', "url is required"),
        ('kind = "console"\nurl = "x"', "there is no field url"),
        ('kind = "slack"\ntoken = ""\nchannel = "C1"', "token: .* >= 1"),
        (
            'kind = "email"\nhost = "h"\nfrom = "f@x"\nto = []',
            "body: to is needed for its audiences",
        ),
        ('kind = "email"\nhost = "h"\nfrom = "nobody"\nto = ["a@b"]', "from: "),
        ('kind = "email"\nhost = "h"\nfrom = "f@x"\nto = ["a@b"]\nport = 0', "port: "),
        ('kind = "email"\nhost = "h"\nfrom = "f@x"\nto = ["a@b"]\ntls = "on"', "tls: .*starttls"),
        ("kind = []", "kind: there is no"),
    ],
)
def test_what_is_wrong_with_a_channel_is_said_of_its_kind(tmp_path, keys, says):
    file = tmp_path / "channels.toml"
    file.write_text(f"[channels.ops]\n{keys}\n")
    with pytest.raises(ConfigFault, match=rf"channels\.toml: channels\.ops: {says}"):
        load(file)


def test_inboxes_are_a_list_whose_prefixes_begin_with_an_underscore():
    given = '["_payments", "_INBOX_night.shift"]'
    config = load(None, {"COMMANDPOST_NATS_INBOXES": given, "COMMANDPOST_NATS_SYNC": "always"})
    assert config.nats.inboxes == ("_payments", "_INBOX_night.shift")
    assert config.nats.sync == "always"


@pytest.mark.parametrize("prefix", ["incident", "$JS.API", "commands", "_a.>", "_a.", "_a b", ""])
def test_a_prefix_that_could_lead_into_a_stream_is_refused(prefix):
    with pytest.raises(ConfigFault, match=r"nats\.inboxes"):
        load(None, {"COMMANDPOST_NATS_INBOXES": f'["{prefix}"]'})


def test_what_compose_reads_is_no_key_of_ours_and_no_error():
    assert load(None, {"COMMANDPOST_HTTP_PORT": "8080", "COMMANDPOST_IMAGE": "x"}) == Config()


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"COMMANDPOST_HTPP": "127.0.0.1:1"}, "COMMANDPOST_HTPP"),
        ({"COMMANDPOST_HTTP": "nowhere"}, "http"),
        ({"COMMANDPOST_NATS_URL": "nats://127.0.0.1:4222"}, "database_url"),
        ({"COMMANDPOST_SOURCES_PD_KIND": "pagerduty"}, "secrets"),
        ({"COMMANDPOST_SOURCES_AM_KIND": "alertmanager"}, r"sources\.am\.secrets"),
        ({"COMMANDPOST_CHANNELS_HOOK_KIND": "webhook"}, "channels.hook"),
        ({"COMMANDPOST_CHANNELS_HOOK_COLOUR": "red"}, "COMMANDPOST_CHANNELS_HOOK_COLOUR"),
        ({"COMMANDPOST_REPLICAS": "9"}, "replicas"),
    ],
)
def test_what_cannot_be_used_is_named(environment, named):
    with pytest.raises(ConfigFault, match=named):
        load(None, environment)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("htpp = 1", "htpp"),
        ("http = ", "TOML"),
        ("[sources.pd]\nkind = 'x'\nsecrets=['12345678']", "x"),
        ("[[rules]]\naction = 'ignore'\n[[rules]]\naction = 'shout'", "rules 2: action"),
        ("[[rules]]\naction = 'ignore'\ntitle = '('", "rules 1: .*regular expression"),
        ("[[silences]]\nfrom = 2026-05-04T12:00:00", "silences 1: from has no time zone"),
        ("[[maintenance]]\nfrom = 2026-05-04T12:00:00Z", "maintenance 1: service is required"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_key(tmp_path, text, named):
    file = tmp_path / "broken.toml"
    file.write_text(text)
    with pytest.raises(ConfigFault, match=named) as fault:
        load(file)
    assert "broken.toml" in str(fault.value)


def test_rules_silences_and_maintenance_are_lists_of_tables(tmp_path):
    file = tmp_path / "commandpost.toml"
    file.write_text(
        """
        [sources.services]
        kind = "cloudevents"
        [[rules]]
        severity = ["SEV3", "SEV4"]
        labels = { region = "eu-*" }
        action = "triage"
        flap_window_s = 300
        [[silences]]
        title = "disk"
        from = 2026-05-04T12:00:00+02:00
        until = 2026-05-04T14:00:00+02:00
        [[maintenance]]
        service = "postgres"
        from = 2026-05-04T12:00:00Z
        until = 2026-05-04T13:00:00Z
        """
    )
    config = load(file)
    book = config.rulebook
    assert config.sources["services"].secrets == ()
    assert (book.rules[0].action, book.rules[0].flap_window_s) == ("triage", 300)
    assert book.silences[0].until == book.maintenance[0].from_
    with pytest.raises(ConfigFault, match="COMMANDPOST_RULES"):
        load(None, {"COMMANDPOST_RULES": "[]"})


def test_what_the_http_server_is_told_comes_from_the_environment_too():
    server = load(None, {
        "COMMANDPOST_HTTP_SERVER_HOSTS": '["incidents.example.com"]',
        "COMMANDPOST_HTTP_SERVER_CONNECTIONS": "50",
        "COMMANDPOST_HTTP_SERVER_CONNECTIONS_PER_ADDRESS": "5",
        "COMMANDPOST_HTTP_SERVER_PROXIES": '["10.0.0.0/8"]',
        "COMMANDPOST_HTTP_SERVER_REQUESTS_PER_MINUTE": "600",
        "COMMANDPOST_HTTP_SERVER_SIGNAL_BODY_BYTES": "2097152",
        "COMMANDPOST_HTTP_SERVER_FOLLOWERS": "40",
        "COMMANDPOST_HTTP_SERVER_FOLLOWERS_PER_PRINCIPAL": "4",
    }).http_server  # fmt: skip
    assert (server.requests_per_minute, server.signal_body_bytes) == (600, 2_097_152)
    assert (server.followers, server.followers_per_principal) == (40, 4)
    assert (server.hosts, server.connections) == (("incidents.example.com",), 50)
    assert (server.connections_per_address, server.proxies) == (5, ("10.0.0.0/8",))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("hosts", '["a b"]'),
        ("hosts", '["http://x"]'),
        ("origins", '["console.example.com"]'),
        ("origins", '["https://console.example.com/"]'),
        ("connections", "1"),
        ("connections", "many"),
        ("connections_per_address", "0"),
        ("proxies", '["proxy.example.com"]'),
        ("proxies", '["10.0.0.1/8"]'),
        ("ports", "1"),
    ],
)
def test_what_the_http_server_cannot_use_is_named(key: str, value: str):
    with pytest.raises(ConfigFault, match=key):
        load(None, {f"COMMANDPOST_HTTP_SERVER_{key.upper()}": value})


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigFault, match=r"nothing\.toml"):
        load(tmp_path / "nothing.toml")


def test_the_address_to_listen_on_may_leave_out_the_host_and_bracket_ipv6():
    assert host_and_port("127.0.0.1:80") == ("127.0.0.1", 80)
    assert host_and_port("[::1]:80") == ("::1", 80)
    assert host_and_port(":80") == ("127.0.0.1", 80)


PAGE = """
[status_page]
title = "Example status"
url = "https://status.example.com"
[[status_page.components]]
name = "Checkout"
services = ["checkout"]
"""


def test_the_status_page_is_configured_in_the_file_and_the_environment(tmp_path):
    (file := tmp_path / "c.toml").write_text(PAGE)
    page = load(file, {"COMMANDPOST_STATUS_PAGE_TITLE": "Ours"}).status_page
    assert (page.title, page.url) == ("Ours", "https://status.example.com")
    assert [component.name for component in page.components] == ["Checkout"]
    listed = '[{"name": "API", "services": ["api", "gateway"]}]'
    page = load(file, {"COMMANDPOST_STATUS_PAGE_COMPONENTS": listed}).status_page
    assert page.components[0].services == ("api", "gateway")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('[[status_page.components]]\nname = "Checkout"\nservices = ["a"]', "2 components"),
        ('[[status_page.components]]\nname = "B"\nservices = []', "services"),
        ('[[status_page.components]]\nname = " "\nservices = ["a"]', "name"),
        ('[[status_page.components]]\nname = "B"\nservices = ["a"]\ncolour = "red"', "colour"),
    ],
)
def test_a_component_that_cannot_be_is_a_fault(tmp_path, more: str, message: str):
    (file := tmp_path / "c.toml").write_text(PAGE + more)
    with pytest.raises(ConfigFault, match=message):
        load(file)


def test_messages_link_to_the_service_where_its_address_is_known(tmp_path):
    assert load(None, {}).public_url is None
    (file := tmp_path / "c.toml").write_text('public_url = "https://incidents.example.com/cp"')
    assert load(file, {}).public_url == "https://incidents.example.com/cp"
    other = load(file, {"COMMANDPOST_PUBLIC_URL": "https://other.example.com"})
    assert other.public_url == "https://other.example.com"


@pytest.mark.parametrize("url", ["incidents.example.com", "ftp://a", "javascript:x", "http://a?b"])
def test_the_public_address_is_one(url: str):
    with pytest.raises(ConfigFault, match="public_url"):
        load(None, {"COMMANDPOST_PUBLIC_URL": url})


@pytest.mark.parametrize("url", ["status.example.com", "https://", "javascript:x", "http://a?b"])
def test_the_address_of_the_status_page_is_one(url: str):
    with pytest.raises(ConfigFault, match="url"):
        load(None, {"COMMANDPOST_STATUS_PAGE_URL": url})
