"""Which label names the service of an alert: whoever scrapes is not it."""

import pytest

from adapters.products.kit.service_labels import service_of

KSM = {"job": "kube-state-metrics", "service": "kps-kube-state-metrics"}
NODE = {
    "job": "node-exporter",
    "service": "kps-prometheus-node-exporter",
    "namespace": "monitoring",
    "pod": "node-exporter-x",
    "container": "node-exporter",
}


@pytest.mark.parametrize(
    ("labels", "service"),
    [
        # kube-state-metrics speaks of pods, workloads and nodes
        ({**KSM, "namespace": "shop", "pod": "checkout-7f9", "container": "app"}, "shop"),
        ({**KSM, "namespace": "shop", "deployment": "checkout"}, "checkout"),
        ({**KSM, "namespace": "shop", "statefulset": "db"}, "db"),
        ({**KSM, "pod": "kube-state-metrics-1", "namespace": "mon", "node": "n1"}, "n1"),
        ({**KSM, "service": "checkout", "namespace": "shop"}, "checkout"),
        (KSM, None),
        # so does the kubelet, with cAdvisor in it
        ({"job": "kubelet", "service": "kps-kubelet", "namespace": "shop", "pod": "x"}, "shop"),
        # exporters of hosts, and of what they probe
        ({**NODE, "instance": "10.0.0.1:9100"}, "10.0.0.1"),
        ({**NODE, "instance": "10.0.0.1:9100", "nodename": "web-1"}, "web-1"),
        ({"job": "node", "instance": "web-1:9100"}, "web-1"),
        ({"job": "blackbox", "instance": "https://shop.example.com"}, "https://shop.example.com"),
        ({"job": "mysqld-exporter", "namespace": "db", "instance": "10.1.1.1:9104"}, "db"),
        # services that are scraped themselves
        ({"job": "checkout", "service": "checkout", "namespace": "shop"}, "checkout"),
        ({"job": "api", "instance": "a:1"}, "api"),
        ({"app": "cart", "job": "kubernetes-pods", "namespace": "shop"}, "cart"),
        ({"namespace": "shop", "pod": "x"}, "shop"),
        ({}, None),
    ],
)
def test_the_service_is_what_the_alert_is_about(labels: dict[str, str], service: str | None):
    assert service_of(labels) == service
