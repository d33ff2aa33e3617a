"""What of a file is read, and what is refused before anything is made of it."""

from pathlib import Path
from typing import Any

import pytest

from adapters.strict_documents import Definition, definitions_of


def read(tmp_path: Path, text: str | bytes, name: str = "a.yaml") -> list[Definition]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(definitions_of(path))


def faults(tmp_path: Path, text: str | bytes, name: str = "a.yaml") -> list[str | None]:
    return [each.fault for each in read(tmp_path, text, name)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("10:00", "10:00"),
        ("017", 17),
        ("0o17", 15),
        ("2022-01-01 12:00:00", "2022-01-01 12:00:00"),
        ("1_000", "1_000"),
        (".nan", ".nan"),
        ("!!str 1", "1"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(tmp_path: Path, text: str, value: Any):
    [found] = read(tmp_path, f"a: {text}\n")
    assert found.content == {"a": value}


def test_documents_and_items_of_sequences_are_counted_one_by_one(tmp_path: Path):
    found = read(tmp_path, "- a: 1\n- a: 2\n---\n---\na: 3\n")
    assert [(each.place, each.content) for each in found] == [
        (0, {"a": 1}),
        (1, {"a": 2}),
        (2, {"a": 3}),
    ]


def test_anchors_are_followed_and_merged(tmp_path: Path):
    [found] = read(tmp_path, "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: *a}\n")
    assert found.content["b"] == {"x": 1, "y": 2}
    assert found.content["c"] == {"x": 1, "y": 3}


def test_a_bomb_is_refused_before_it_is_expanded(tmp_path: Path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    [fault] = faults(tmp_path, "\n".join(lines))
    assert fault is not None
    assert "more than 20000 values" in fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]\n", "its own alias"),
        ("a: 1\nb: 2\na: 3\n", "line 3: the key 'a' comes twice"),
        ("a: {b: 1, b: 1}\n", "the key 'b' comes twice"),
        ("a: !!python/object:os.system x\n", "could not determine a constructor"),
        ("a: [\n", "expected the node content"),
        ("a: \x00\n", "special characters are not allowed"),
        (b"a: \xff\xfe\n", "unacceptable character"),
        ("[" * 60 + "]" * 60, "more than 50 levels"),
        ("", "it holds no document"),
        ("# nothing\n---\n---\n", "it holds no document"),
        ("{[]: 1}\n", "unhashable"),
        ('a: "\\ud800"\n', "half of a character"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, text: str | bytes, words: str):
    [fault] = faults(tmp_path, text)
    assert fault is not None
    assert words in fault


def test_more_values_than_anybody_writes_are_refused_as_they_come(tmp_path: Path):
    [fault] = faults(tmp_path, "- [1,1,1,1,1,1,1,1]\n" * 50_000)
    assert fault == "it has more than 20000 values"


def test_more_documents_than_anybody_keeps_in_a_file_are_not_read(tmp_path: Path):
    found = read(tmp_path, "[" + ",".join(["1"] * 2001) + "]", "a.json")
    assert len(found) == 2001
    assert found[-1].fault == "it has more than 2000 documents"
    assert all(each.fault is None for each in found[:-1])


def test_what_comes_before_a_fault_is_read(tmp_path: Path):
    found = read(tmp_path, "a: 1\n---\nb: [\n")
    assert [(each.place, each.content, bool(each.fault)) for each in found] == [
        (0, {"a": 1}, False),
        (1, None, True),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "comes twice"),
        ('{"a": NaN}', "NaN is no JSON"),
        ('{"a": 1', "Expecting"),
        ('{"a": "\\ud800"}', "half of a character"),
        (b'{"a": "\xff"}', "no text in UTF-8"),
        ("[" * 100000, "recursion"),
    ],
)
def test_json_is_as_strict(tmp_path: Path, text: str | bytes, words: str):
    [fault] = faults(tmp_path, text, "a.json")
    assert fault is not None
    assert words in fault


def test_a_folder_is_read_whole_and_one_without_files_is_a_fault(tmp_path: Path):
    (tmp_path / "b").mkdir()
    read(tmp_path, "a: 1\n", "b/x.yml")
    read(tmp_path, '{"a": 2}', "c.json")
    found = list(definitions_of(tmp_path))
    assert [each.file for each in found] == [f"{tmp_path}/b/x.yml", f"{tmp_path}/c.json"]
    (tmp_path / "empty").mkdir()
    [none] = definitions_of(tmp_path / "empty")
    assert none.fault
    [absent] = definitions_of(tmp_path / "not-there.yaml")
    assert "No such file" in (absent.fault or "")
