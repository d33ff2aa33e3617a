"""Metrics cannot grow by what somebody sends."""

from adapters.telemetry import OTHER, SERIES_MAX, Telemetry


def lines(telemetry: Telemetry, of: str) -> list[str]:
    return [each for each in telemetry.exposition().decode().splitlines() if each.startswith(of)]


def test_names_without_end_are_counted_together() -> None:
    telemetry = Telemetry()
    for number in range(SERIES_MAX + 500):
        telemetry.tally("signals_accepted", product="cloudevents", source=f"s{number}")
        telemetry.command(f"command{number}", "decided", 0.001)
        telemetry.wake_up(f"timer{number}", "unknown", 0)
    told = lines(telemetry, "commandpost_signals_accepted_total{")
    assert len(told) == SERIES_MAX + 1
    assert f'commandpost_signals_accepted_total{{product="{OTHER}",source="{OTHER}"}} 500.0' in told
    assert len(lines(telemetry, "commandpost_commands_total{")) == SERIES_MAX + 1
    assert len(lines(telemetry, "commandpost_command_seconds_count{")) == SERIES_MAX + 1
    assert len(lines(telemetry, "commandpost_wake_ups_total{")) == SERIES_MAX + 1


def test_what_was_counted_before_goes_on_under_its_name() -> None:
    telemetry = Telemetry()
    for number in range(2 * SERIES_MAX):
        telemetry.tally("deliveries", channel=f"c{number}", outcome="delivered")
    telemetry.tally("deliveries", channel="c0", outcome="delivered")
    told = lines(telemetry, "commandpost_deliveries_total{")
    assert 'commandpost_deliveries_total{channel="c0",outcome="delivered"} 2.0' in told


def test_what_is_watched_is_bounded_as_well() -> None:
    telemetry = Telemetry()
    many = [((str(number),), 1.0) for number in range(2 * SERIES_MAX)]
    telemetry.watch("strays", "Strays.", ("kind",), lambda: many)
    assert len(lines(telemetry, "strays{")) == SERIES_MAX
