"""YAML within bounds: lines are right, types are left alone, hostile input ends at once."""

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from licscan.errors import UnreadableError
from licscan.formats.marked_yaml import load

PLAIN = st.recursive(
    st.text(alphabet="abc 012é中", min_size=1, max_size=8).map(str.strip).filter(bool),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(alphabet="xyz", min_size=1, max_size=3), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def test_keeps_words_and_lines() -> None:
    """Scalars stay the words that they are, nothing is None, and each key and item knows its line."""
    marked = load("language: no\nversion: 3.10\nnone: ~\ntags:\n  - a\n  - b: c\n", first_line=5)
    assert marked.value == {"language": "no", "version": "3.10", "none": None, "tags": ["a", {"b": "c"}]}
    assert marked.lines["version",] == 6
    assert marked.lines["tags", 1, "b"] == 10


def test_keeps_what_a_second_key_overwrites() -> None:
    """A key that stands twice leaves its first value and line behind."""
    marked = load("license: mit\nother: x\nlicense: gpl-3.0\n")
    assert marked.value == {"license": "gpl-3.0", "other": "x"}
    assert [(old.path, old.value, old.line) for old in marked.twice] == [(("license",), "mit", 1)]


def test_follows_anchors() -> None:
    """An alias stands for what its anchor holds."""
    assert load("a: &x [1, 2]\nb: *x\nc: &y z\nd: *y\n").value == {"a": ["1", "2"], "b": ["1", "2"], "c": "z", "d": "z"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 50_000, "nested deeper"),
        ("{a: " * 50_000, "nested deeper"),
        ("a: &a [1]\nb: [" + "*a," * 300_000 + "]", "more than"),
        ("- &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"- &{c} [{','.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)), "more than"),
        ("a: [b", "did not find"),
        ("a: b: c", "not allowed"),
        ("x: \x07", "does not allow"),
        ("{[a]: b}", "as a key"),
        ("? {a: b}\n: c", "as a key"),
        ("a: *nowhere", "unknown alias"),
        ("a: &l [1]\n*l : 2", "as a key"),
        ("%YAML 9.9.9", "line 1"),
    ],
)  # fmt: skip
def test_refuses_what_it_cannot_bound(text: str, says: str) -> None:
    """Deep nesting, alias bombs and broken YAML are refused with the line, in a moment."""
    begun = time.process_time()
    with pytest.raises(UnreadableError) as refused:
        load(text)
    assert says in str(refused.value)
    assert "line " in refused.value.where
    assert time.process_time() - begun < 5


def test_reads_the_first_document_only() -> None:
    """What follows the first document is another card's business."""
    assert load("a: 1\n---\nb: 2\n").value == {"a": "1"}
    assert load("").value is None


@given(PLAIN)
def test_agrees_with_the_library(value: object) -> None:
    """What PyYAML writes is read back as the words that were written."""
    text = yaml.safe_dump(value, allow_unicode=True, default_style='"')
    assert load(text).value == value


@given(st.text(max_size=200))
def test_never_fails_otherwise(text: str) -> None:
    """Any text is a value or an `UnreadableError`."""
    try:
        load(text)
    except UnreadableError:
        pass
