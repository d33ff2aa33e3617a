"""YAML of others: scalars of YAML 1.2, no aliases, and a fault costs the rest of its file alone."""

from pathlib import Path

import pytest

from adapters.yaml_documents import NESTED_MOST, documents

TENFOLD = 8
BOMB = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]\n" for level in range(1, TENFOLD)
)
"""A few lines that expand to 10^8 texts."""


def read(tmp_path: Path, text: str | bytes) -> list[tuple[int, object, str | None]]:
    file = tmp_path / "catalog-info.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return [(each.place, each.content, each.fault) for each in documents(tmp_path)]


@pytest.mark.parametrize(
    ("scalar", "value"),
    [("10:30", "10:30"), ("12:30:45", "12:30:45"), ("no", "no"), ("on", "on"), ("017", 17),
     ("true", True), ("~", None), ("1.5", 1.5), ("2026-05-04", "2026-05-04"), ("1_000", "1_000")],
)  # fmt: skip
def test_scalars_are_what_yaml_1_2_says(tmp_path: Path, scalar: str, value: object):
    assert read(tmp_path, f"at: {scalar}\n") == [(0, {"at": value}, None)]


def test_an_alias_is_refused_before_it_expands(tmp_path: Path):
    ((_, content, fault),) = read(tmp_path, BOMB)
    assert (content, fault) == (None, "line 2: an alias (*l0) is not read")


def test_what_stands_before_a_fault_is_read(tmp_path: Path):
    good, bad = read(tmp_path, "kind: A\n---\nkind: [\n")
    assert good == (0, {"kind": "A"}, None)
    assert bad[0] == 1
    assert bad[2]


@pytest.mark.parametrize(
    "text",
    [b"\xff\xfe", b"a: \x00", b"[" * (NESTED_MOST + 2), b"? {a: b}\n: c\n", b"!!python/none x"],
)  # fmt: skip
def test_what_is_no_yaml_says_so(tmp_path: Path, text: bytes):
    assert all(content is None and fault for _, content, fault in read(tmp_path, text))


def test_empty_documents_are_passed_over_and_keep_their_place(tmp_path: Path):
    assert [place for place, *_ in read(tmp_path, "---\n---\nkind: A\n---\n")] == [1]


def test_files_are_read_in_order_and_nothing_outside_of_the_folder(tmp_path: Path):
    folder = tmp_path / "catalogue"
    (folder / "b").mkdir(parents=True)
    for name in ("b/two.yml", "a.yaml", "c.json"):
        (folder / name).write_text("kind: A\n")
    (tmp_path / "outside.yaml").write_text("kind: A\n")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    assert [each.file for each in documents(folder)] == ["a.yaml", "b/two.yml"]
