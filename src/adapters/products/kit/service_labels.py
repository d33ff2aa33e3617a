"""Which label of an alert names its service. A configured source says so itself; this is for those
that do not.

What scrapes, or is scraped in somebody's stead, is not the service: kube-state-metrics speaks of
every workload, an exporter of a host or a database. Then `job` and `service` name the exporter, and
so do `pod`, `container` and `namespace` where the series has none of its own. Source:
github.com/kubernetes/kube-state-metrics#612, kubernetes-monitoring/kubernetes-mixin.
"""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from handlers.ingest.reports import line

NAMED = ("service", "service_name", "app", "application", "component")
"""Whoever names a service says so in one of these."""
WORKLOADS = (
    *("app_kubernetes_io_name", "label_app_kubernetes_io_name", "label_app"),
    *("deployment", "statefulset", "daemonset", "cronjob", "job_name", "horizontalpodautoscaler"),
)
HOSTS = ("node", "nodename", "host", "hostname", "target", "instance")
"""What an exporter speaks of that is no workload; the last one is often the exporter's address."""
EXPORTERS = (
    *("*kube-state-metrics*", "*kube_state_metrics*", "*exporter*", "*cadvisor*"),
    *("kubelet", "*-kubelet", "node", "node_metrics", "blackbox*", "*-probe", "probe"),
)
"""The jobs, services, containers and pods that only scrape; `*` stands for anything."""
OF_HOSTS = ("*node*exporter*", "*windows*exporter*", "node", "node_metrics", "*blackbox*")
"""Of these `instance` is what they speak of, and not they themselves."""


def service_of(labels: Mapping[str, str]) -> str | None:
    """The service that an alert of Prometheus, or in its manner, is about."""
    return next((said for each in _candidates(labels) if (said := line(each))), None)


def _candidates(labels: Mapping[str, str]) -> Iterator[str | None]:
    for name in (*NAMED, *WORKLOADS, "job"):
        value = labels.get(name)
        if value and not _is_like(value, EXPORTERS):
            yield value
    of_exporter = any(_is_like(labels.get(name, ""), EXPORTERS) for name in ("pod", "container"))
    if not of_exporter:
        yield labels.get("namespace")
    scraper = [labels.get(name, "") for name in ("job", "service")]
    if any(_is_like(each, EXPORTERS) for each in scraper) or of_exporter:
        for name in HOSTS[:-1]:
            yield labels.get(name)
        if any(_is_like(each, OF_HOSTS) for each in scraper):
            yield _host(labels.get("instance", ""))


def _is_like(value: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(value.lower(), pattern) for pattern in patterns)


def _host(address: str) -> str:
    """An address without its port."""
    host, colon, port = address.rpartition(":")
    return host.strip("[]") if colon and port.isdigit() and "://" not in address else address
