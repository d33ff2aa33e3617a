"""What the versions of OpenSLO call alike and otherwise.

v1 and v2alpha have the same kinds; v2alpha says `sli` for what v1 calls an indicator, names the
source of a metric directly below it, and keeps labels as Kubernetes does.
"""

import re
from typing import NamedTuple

from adapters.openslo.fields import Field

V1ALPHA, V1, V2ALPHA = "openslo/v1alpha", "openslo/v1", "openslo.com/v2alpha"
VERSIONS = (V1ALPHA, V1, V2ALPHA)
OPERATORS = ("lte", "gte", "lt", "gt")
DISPLAY_MOST = 63
DESCRIPTION_MOST = 1050

_LABEL_KEY = re.compile(r"[a-zA-Z0-9](?:[-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?")
_SUBDOMAIN = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*"
_QUALIFIED = re.compile(rf"(?:{_SUBDOMAIN}/)?{_LABEL_KEY.pattern}")
_LABEL_VALUE = re.compile(r"(?:[a-z0-9](?:[-._a-z0-9]{0,61}[a-z0-9])?)?")
_PREFIX_MOST = 253


class Dialect(NamedTuple):
    """A version that has all kinds: how it is called, and its names of an indicator."""

    version: str
    inline: str
    reference: str

    @property
    def own(self) -> tuple[str, str]:
        """Both fields that may say which indicator it is."""
        return self.inline, self.reference


DIALECTS = {
    V1: Dialect(V1, "indicator", "indicatorRef"),
    V2ALPHA: Dialect(V2ALPHA, "sli", "sliRef"),
}


def check_metadata(metadata: Field, version: str) -> None:
    """A name, and where the version has them a display name, labels and annotations."""
    known = {
        V1ALPHA: ("name", "displayName"),
        V1: ("name", "displayName", "labels", "annotations"),
        V2ALPHA: ("name", "labels", "annotations"),
    }[version]
    if not metadata.mapping(known, required=True):
        return
    metadata.at("name").label(required=True)
    if "displayName" in known:
        metadata.at("displayName").text(most=DISPLAY_MOST)
    labels, annotations = metadata.at("labels"), metadata.at("annotations")
    if "labels" in known and labels.mapping():
        _check_labels(labels, version)
    if "annotations" in known and annotations.mapping():
        for key in filter(_is_text, annotations.value):
            _check_qualified(annotations.at(key), key)
            annotations.at(key).text()


def check_description(spec: Field) -> None:
    """Any `spec` may have one."""
    spec.at("description").text(most=DESCRIPTION_MOST)


def _check_labels(labels: Field, version: str) -> None:
    for key in filter(_is_text, labels.value):
        label = labels.at(key)
        if version == V2ALPHA:
            _check_qualified(label, key)
            value = label.text()
            if value is not None and not _LABEL_VALUE.fullmatch(value):
                label.wrong(
                    "label_value", "up to 63 of a-z, 0-9, -, _ and ., the first and last no mark"
                )
            continue
        if not _LABEL_KEY.fullmatch(key):
            label.wrong(
                "label_key", "up to 63 of a-z, A-Z, 0-9, -, _ and ., the first and last no mark"
            )
        if isinstance(label.value, list):
            for each in label.items():
                each.text()
        else:
            label.text()


def _check_qualified(field: Field, key: str) -> None:
    prefix, slash, _ = key.rpartition("/")
    if not _QUALIFIED.fullmatch(key) or (slash and len(prefix) > _PREFIX_MOST):
        field.wrong(
            "qualified_name",
            "a key is NAME or PREFIX/NAME: the prefix a DNS subdomain of up to 253 characters,"
            " the name up to 63 of a-z, A-Z, 0-9, -, _ and ., the first and last no mark",
        )


def _is_text(key: object) -> bool:
    return isinstance(key, str)
