"""References: what is one, what is none, and that nothing is lost between text and value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.errors import UsageError
from licscan.model import Mention, ModelRef


@pytest.mark.parametrize(
    ("text", "scheme", "name", "revision"),
    [
        ("org/name", "hf", "org/name", None),
        ("org/name@v1.0", "hf", "org/name", "v1.0"),
        ("hf:gpt2", "hf", "gpt2", None),
        (
            "hf:_a/b_@0123456789abcdef0123456789abcdef01234567",
            "hf",
            "_a/b_",
            "0123456789abcdef0123456789abcdef01234567",
        ),
        ("org/name@2024-05-01", "hf", "org/name", "2024-05-01"),
        ("ollama:llama3.1:8b", "ollama", "llama3.1:8b", None),
        ("api:openai/gpt-4o", "api", "openai/gpt-4o", None),
        ("dataset:org/name", "dataset", "org/name", None),
        ("file:models/a@b.gguf", "file", "models/a@b.gguf", None),
        (
            "file:models/x@tree-0123456789abcdef0123456789abcdef",
            "file",
            "models/x",
            "tree-0123456789abcdef0123456789abcdef",
        ),
        ("file:evil\x1b[31m/model", "file", "evil\x1b[31m/model", None),
        (f"{'o' * 96}/{'n' * 96}", "hf", f"{'o' * 96}/{'n' * 96}", None),
    ],
)
def test_reads_references(text: str, scheme: str, name: str, revision: str | None) -> None:
    """Every kind of reference is read into scheme, name and revision, and written back as it was."""
    ref = ModelRef.parse(text)
    assert (ref.scheme, ref.name, ref.revision) == (scheme, name, revision)
    assert ModelRef.parse(str(ref)) == ref


@pytest.mark.parametrize(
    "text",
    ["", "name", "a/b/c", "hf:", "hf:a--b/c", "hf:a..b", "hf:a.git", "hf:-a/b", "a/b@", "C:/models/x", "s3:bucket/x",
     "hf:a/b\x1b", "ollama:x\u202egnp", "a/b@2024-13-01", f"hf:{'n' * 97}", "x" * 2000, "http://example.com/x"],
)  # fmt: skip
def test_refuses_what_is_no_reference(text: str) -> None:
    """What is no reference is refused with what, where, and what to write instead, and nothing unprintable in it."""
    with pytest.raises(UsageError) as refused:
        ModelRef.parse(text)
    assert refused.value.remedy
    assert str(refused.value).isprintable()


def test_names_a_day() -> None:
    """A revision that is a date is known as one."""
    day = ModelRef.parse("a/b@2024-05-01").date
    assert day is not None
    assert day.isoformat() == "2024-05-01"
    assert ModelRef.parse("a/b@v1").date is None


def test_is_its_text_in_json() -> None:
    """In JSON a reference is its text, both ways."""
    mention = Mention(path="a.py", line=3, ref=ModelRef.parse("a/b@v1"))
    assert json.loads(mention.model_dump_json()) == {"path": "a.py", "line": 3, "ref": "hf:a/b@v1"}
    assert Mention.model_validate_json(mention.model_dump_json()) == mention


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_refused(text: str) -> None:
    """Whatever somebody writes is a reference that survives a round trip, or a usage error."""
    try:
        ref = ModelRef.parse(text)
    except UsageError:
        return
    assert ModelRef.parse(str(ref)) == ref
