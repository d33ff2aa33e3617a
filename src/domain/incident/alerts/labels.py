"""Which labels of an alert tell where it fires: one pod from another, and not thirty of them."""

from collections.abc import Collection, Mapping

Labels = tuple[tuple[str, str], ...]
"""Names and values of labels, the most telling first."""

LABELS_KEPT = 32
"""So many are kept of an alert, the most telling ones."""
VALUE_CHARS = 200
"""Of a longer value its beginning and its end are kept: there two of them differ."""

PLACES = (
    *("pod", "instance", "host", "hostname", "node", "device", "mountpoint", "container"),
    *("deployment", "statefulset", "daemonset", "job_name", "cronjob", "persistentvolumeclaim"),
    *("queue", "topic", "consumergroup", "database", "table", "datname", "url", "target", "path"),
    *("namespace", "cluster", "region", "zone", "availability_zone", "datacenter"),
    *("environment", "env", "stage", "tenant", "team"),
)
"""Names of labels that say where, the narrowest first: those of Kubernetes, of the exporters of
Prometheus, and of clouds.
"""
SAID_ELSEWHERE = (("alertname",), ("rulename",), ("severity", "priority", "level"))
"""Messages say in other words the first of these that an alert has."""
PLUMBING = (
    *("priority", "level", "grafana_folder", "job", "endpoint", "metrics_path", "monitor"),
    *("prometheus", "prometheus_replica", "replica", "receive", "ref_id", "uid", "datasource_uid"),
)
"""How the alert came about, not where: told last, for two alerts may differ in nothing else. What
people have named stands first.
"""
NUMBERS = PLUMBING[PLUMBING.index("ref_id") :]
"""What only machines know by its name."""
_PLACE = {name: place for place, name in enumerate((*PLACES, *PLUMBING))}
_NOWHERE = len(PLACES)


def telling_labels(labels: Mapping[str, str], common: Mapping[str, str] | None = None) -> Labels:
    """The labels that tell an alert from others, the most telling first: those that it does not
    have in `common` with its group, and of them those that name a place; how it came about stands
    last, unless nothing else tells it from its group. At most `LABELS_KEPT`.
    """
    shared = common or {}
    said = {next((each for each in names if each in labels), "") for names in SAID_ELSEWHERE}
    told = [
        (name, shortened(value))
        for name, value in labels.items()
        if name not in said and not name.startswith("__")
    ]
    own = {name for name, _ in told if name not in shared}
    last = set(PLUMBING) if own.difference(PLUMBING) else set(PLUMBING) - own

    def rank(label: tuple[str, str]) -> tuple[bool, bool, bool, int, str]:
        name, value = label
        place = _PLACE.get(name, _NOWHERE)
        return (name in last, _is_document(value), name in shared, place, name)

    told.sort(key=rank)
    return tuple(told[:LABELS_KEPT])


def places(labels: Labels) -> Labels:
    """Those that say where; how the alert came about only if it stands before a place, or alone."""
    told = tuple(each for each in labels if not _is_document(each[1]))
    return _without_last(told, PLUMBING) or _without_last(told, NUMBERS) or told


def _without_last(labels: Labels, names: Collection[str]) -> Labels:
    """Without those of these names that stand last."""
    end = len(labels)
    while end and labels[end - 1][0] in names:
        end -= 1
    return labels[:end]


def _is_document(value: str) -> bool:
    """Whether a value is an object or a list in JSON, by its ends: that is no name of a place."""
    said = value.strip()
    return (said[:2] in _BEGINS or said.startswith("[{")) and said[-1:] in "}]"


_BEGINS = ('{"', '["', "{}", "[]", "{ ", "{\n", "[\n")


def shortened(value: str) -> str:
    """A value of at most `VALUE_CHARS`, cut in its midst."""
    half = VALUE_CHARS // 2
    return value if len(value) <= VALUE_CHARS else f"{value[: half - 1]}…{value[-half:]}"
