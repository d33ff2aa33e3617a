"""The policy of a running service decides, wherever a command comes from."""

from support.service_process import CONFIG, Process, command, state_folder

POLICY = """
version = "acme-1"
major_percent = 5

[levels.SEV4]
update_cadence = "2 d"
"""


async def test_the_command_line_decides_by_the_policy_of_the_running_service():
    """Without the configuration that names it: the state folder says enough."""
    async with state_folder() as state:
        file = state / "policy.toml"
        state.mkdir(parents=True, exist_ok=True)
        file.write_text(POLICY)
        service = await Process(state, f'policy = "{file}"\n{CONFIG}').start()
        try:
            here = ("--state", str(state))
            declared = await command(
                "declare", "Ten per cent", "--percent-affected", "10", "--format", "json", *here
            )
            assert declared.json["incident"]["severity"] == "SEV2"
            await command("act", "add_note", "INC-1", "text=seen", *here)
            events = await service.events("INC-1")
            versions = {event["policy_version"] for event in events}
            assert [version.partition("+")[0] for version in versions] == ["acme-1"]
            shown = await command("policy", "show", *here)
            assert 'version = "acme-1"' in shown.out
        finally:
            await service.stop()
