"""Which labels of an alert tell where it fires: one pod from another, and not thirty of them."""

from collections.abc import Mapping

LABELS_KEPT = 12
"""So many are kept of an alert, the most telling ones."""
VALUE_CHARS = 200

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
SAID_ELSEWHERE = frozenset({"alertname", "rulename", "severity", "priority", "level"})
"""Messages say these in other words."""
_PLUMBING = frozenset(
    {
        *("prometheus", "prometheus_replica", "monitor", "replica", "endpoint", "job", "uid"),
        *("datasource_uid", "ref_id", "grafana_folder", "receive", "metrics_path"),
    }
)
"""How the alert came about, not where."""
_PLACE = {name: place for place, name in enumerate(PLACES)}
_NOWHERE = len(PLACES)


def telling_labels(
    labels: Mapping[str, str], common: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """The labels that tell an alert from others, the most telling first: those that it does not
    have in `common` with its group, and of them those that name a place. At most `LABELS_KEPT`.
    """
    shared = common or {}
    told = [
        (name, value if len(value) <= VALUE_CHARS else f"{value[: VALUE_CHARS - 1]}…")
        for name, value in labels.items()
        if name not in SAID_ELSEWHERE and not name.startswith("__")
    ]
    # How it came about is told only where nothing else tells it from others.
    told = [each for each in told if each[0] not in _PLUMBING] or told
    told.sort(
        key=lambda label: (
            label[0] in shared,
            _PLACE.get(label[0], _NOWHERE),
            label[0],
        )
    )
    return tuple(told[:LABELS_KEPT])
