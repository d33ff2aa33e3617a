"""Which labels of an alert are told: those that tell one pod from another."""

from domain.incident.alerts.labels import LABELS_KEPT, VALUE_CHARS, telling_labels


def test_what_an_alert_does_not_share_with_its_group_comes_first():
    labels = {"namespace": "shop", "pod": "checkout-7f9", "shard": "eu-3"}
    assert telling_labels(labels, common={"namespace": "shop", "pod": "checkout-7f9"}) == (
        ("shard", "eu-3"),
        ("pod", "checkout-7f9"),
        ("namespace", "shop"),
    )


def test_the_narrowest_place_comes_before_the_wider_one_and_no_plumbing():
    labels = {"job": "kubelet", "cluster": "eu", "owner": "ada", "namespace": "shop", "pod": "a"}
    assert [name for name, _ in telling_labels(labels)] == [
        "pod",
        "namespace",
        "cluster",
        "owner",
    ]
    assert telling_labels({"job": "kubelet"}) == (("job", "kubelet"),)


def test_what_a_message_says_in_other_words_is_left_out():
    said = {"alertname": "X", "severity": "critical", "__alert_rule_uid__": "u1", "pod": "a"}
    assert telling_labels(said) == (("pod", "a"),)


def test_thirty_labels_of_any_length_stay_few_and_short():
    told = telling_labels({f"label_{n}": "x" * 5_000 for n in range(30)})
    assert len(told) == LABELS_KEPT
    assert all(len(value) == VALUE_CHARS and value.endswith("…") for _, value in told)
