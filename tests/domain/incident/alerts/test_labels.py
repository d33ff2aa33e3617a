"""Which labels of an alert are told: those that tell one pod from another."""

from domain.incident.alerts.labels import LABELS_KEPT, VALUE_CHARS, places, telling_labels


def test_what_an_alert_does_not_share_with_its_group_comes_first():
    labels = {"namespace": "shop", "pod": "checkout-7f9", "shard": "eu-3"}
    assert telling_labels(labels, common={"namespace": "shop", "pod": "checkout-7f9"}) == (
        ("shard", "eu-3"),
        ("pod", "checkout-7f9"),
        ("namespace", "shop"),
    )


def test_the_narrowest_place_comes_before_the_wider_one_and_plumbing_last():
    labels = {"job": "kubelet", "cluster": "eu", "owner": "ada", "namespace": "shop", "pod": "a"}
    assert [name for name, _ in telling_labels(labels)] == [
        "pod",
        "namespace",
        "cluster",
        "owner",
        "job",
    ]
    assert [name for name, _ in places(telling_labels(labels))][-1] == "owner"
    assert places(telling_labels({"job": "kubelet"})) == (("job", "kubelet"),)


def test_plumbing_comes_first_if_nothing_else_tells_an_alert_from_its_group():
    common = {"pod": "a", "namespace": "shop", "job": "kubelet"}
    told = telling_labels({**common, "endpoint": "https"}, common=common)
    assert [name for name, _ in told] == ["endpoint", "pod", "namespace", "job"]
    assert places(told) == told[:3]
    told = telling_labels({**common, "endpoint": "https", "shard": "1"}, common=common)
    assert [name for name, _ in told] == ["shard", "pod", "namespace", "endpoint", "job"]


def test_what_a_message_says_in_other_words_is_left_out():
    said = {"alertname": "X", "severity": "critical", "__alert_rule_uid__": "u1", "pod": "a"}
    assert telling_labels(said) == (("pod", "a"),)
    other = {"alertname": "X", "rulename": "Y", "priority": "P1", "level": "error"}
    assert telling_labels(other) == (("level", "error"),)


def test_a_hundred_labels_of_any_length_stay_few_and_short_and_keep_their_ends():
    told = telling_labels({f"label_{n}": "x" * 5_000 + str(n) for n in range(100)})
    assert len(told) == LABELS_KEPT
    assert all(len(value) == VALUE_CHARS and "…" in value for _, value in told)
    assert len({value for _, value in told}) == LABELS_KEPT


def test_no_place_is_named_by_the_numbers_of_a_data_source_before_words_of_people():
    """Of a rule that cannot ask its data source, nothing else may be known."""
    said = {
        "alertname": "DatasourceError",
        "rulename": "Latency",
        "datasource_uid": "PBFA97",
        "ref_id": "A",
        "grafana_folder": "Checkout",
    }
    told = telling_labels(said, common=said)
    names = [name for name, _ in told if name != "rulename"]
    assert (names[0], names[-1]) == ("grafana_folder", "datasource_uid")
    assert places(told) == (("grafana_folder", "Checkout"),)
    del said["ref_id"]
    apart = telling_labels({**said, "ref_id": "B"}, common=said)
    assert places(apart)[0] == ("ref_id", "B"), "two alerts never make two identical messages"


def test_a_document_is_no_place():
    said = {"payload": '{"a": [1, 2]}', "list": "[{}]", "region": "eu", "owner": "[team]"}
    told = telling_labels(said)
    assert [name for name, _ in told] == ["region", "owner", "list", "payload"]
    assert places(told) == (("region", "eu"), ("owner", "[team]"))
    assert places(telling_labels({"payload": '{"a": 1}'})) == ()
