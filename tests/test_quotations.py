"""The license's own words beside what is said of a model."""

import hashlib
from pathlib import Path

import pytest

from licscan import lineage, quotations
from licscan.assess import assess
from licscan.licenses import TextReading, read_text
from licscan.model import DeclaredBase, Evidence, LicenseText, Model, ModelRef, Relation
from licscan.quotations import Quotations
from licscan.rulebook import Rulebook
from licscan.text import fold
from tests.test_texts import APACHE


def _model(name: str, text: str, *bases: DeclaredBase) -> Model:
    digest = hashlib.sha256(text.encode()).hexdigest()
    at = Evidence(source="hub", path="LICENSE", revision="c" * 40, sha256=digest)
    lies = LicenseText(path="LICENSE", kind="license", sha256=digest, text=text, evidence=at)
    return Model(ref=ModelRef.parse(f"hf:{name}"), name=name, source="hub", texts=(lies,), bases=bases)


def _base(name: str) -> DeclaredBase:
    at = Evidence(source="hub", path="README.md")
    return DeclaredBase(stated=name, ref=ModelRef.parse(f"hf:{name}"), relation=Relation.FINETUNE, evidence=at)


def test_a_known_text_is_quoted_where_it_lies(rules: Rulebook) -> None:
    """What the record of a license says stands beside the words of the copy at hand, with its line, commit and digest."""
    model = _model("acme/model", APACHE)
    found = assess(model, {}, rules)
    assert all(one.quote is None for one in found.clauses)
    told = Quotations(rules).quoted(found, model)
    quoted = [one for one in told.clauses if one.quote]
    assert len(quoted) >= 5
    for one in quoted:
        assert one.evidence.lines
        assert (one.evidence.path, one.evidence.revision) == ("LICENSE", "c" * 40)
        assert one.evidence.sha256 == hashlib.sha256(APACHE.encode()).hexdigest()
        lines = APACHE.splitlines()[one.evidence.lines[0] - 1 : one.evidence.lines[1]]
        assert fold(str(one.quote)[:60]) in fold(" ".join(lines))
    by_clause = {one.id: one.evidence for one in told.clauses}
    assert all(one.evidence == by_clause[one.clause] for one in told.obligations)


def test_nothing_else_changes(rules: Rulebook) -> None:
    """Clauses, values, duties and their order stay as they were found; only words and places are added."""
    model = _model("acme/model", APACHE)
    found = assess(model, {}, rules)
    told = Quotations(rules).quoted(found, model)
    assert [(one.id, one.values, one.on) for one in told.clauses] == [
        (one.id, one.values, one.on) for one in found.clauses
    ]
    assert [(one.id, one.text, one.status) for one in told.obligations] == [
        (one.id, one.text, one.status) for one in found.obligations
    ]
    bare = model.model_copy(update={"texts": ()})
    assert Quotations(rules).quoted(found, bare) == found


def test_a_base_is_quoted_from_its_own_text(rules: Rulebook) -> None:
    """What a model inherits is quoted from the base's copy, at the base's commit, and never from the model's."""
    base = _model("acme/base", APACHE + "\n")
    child = Model(ref=ModelRef.parse("hf:acme/child"), name="acme/child", source="hub", bases=(_base("acme/base"),))
    found = assess(child, {lineage.key(base.ref): base}, rules)
    told = Quotations(rules).quoted(found, child, [base])
    inherited = [one for one in told.clauses if one.inherited_from and one.quote]
    assert inherited
    assert {one.evidence.sha256 for one in inherited} == {base.texts[0].sha256}


def test_where_a_copy_differs_is_told(rules: Rulebook) -> None:
    """An altered copy is told with the words that differ and their line; one word for word has nothing to tell."""
    altered = APACHE.replace("royalty-free", "royalty-bearing", 1)
    words = Quotations(rules)
    (one,) = words.altered(_model("acme/model", altered))
    assert one.record == "apache-2.0"
    assert any("royalty-bearing" in str(deviation.quote) and deviation.line_start for deviation in one.deviations)
    assert not [
        place
        for one in words.altered(_model("acme/model", APACHE))
        for place in one.deviations
        if place.kind == "changed"
    ]


def test_a_text_is_read_once(rules: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is kept by the digest of its words; a cache that is broken or cannot be written is read again."""
    model = _model("acme/model", APACHE)
    found = assess(model, {}, rules)
    told = Quotations(rules, tmp_path).quoted(found, model)
    times: list[str] = []

    def read(text: str, book: Rulebook, at: Evidence) -> TextReading:
        times.append(text)
        return read_text(text, book, at)

    monkeypatch.setattr(quotations, "read_text", read)
    assert Quotations(rules, tmp_path).quoted(found, model) == told
    assert times == []
    (kept,) = (file for file in tmp_path.rglob("*") if file.is_file())
    kept.write_bytes(b"{")
    assert Quotations(rules, tmp_path).quoted(found, model) == told
    occupied = tmp_path / "file"
    occupied.touch()
    assert Quotations(rules, occupied).quoted(found, model) == told
    assert len(times) == 2
