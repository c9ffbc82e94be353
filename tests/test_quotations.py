"""The license's own words beside what is said of a model."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan import lineage
from licscan.assess import assess
from licscan.clauses import search
from licscan.errors import RuleError
from licscan.formats.bounded import decode
from licscan.licenses import read_text, texts
from licscan.model import Clause, DeclaredBase, Evidence, LicenseText, Model, ModelRef, Relation
from licscan.quotations import Quotations
from licscan.readings import Readings
from licscan.rulebook import Rulebook, load
from licscan.text import fold
from licscan.wording import Wording
from tests import quoted
from tests.test_rulebook import MINIMAL, rule_base
from tests.test_texts import APACHE, HERE


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


def test_where_the_words_stand_is_known_without_a_search(rules: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a text that is known word for word nothing is searched for; what is quoted is what a search finds."""
    searched = read_text(APACHE, rules, HERE, detect=True).clauses
    monkeypatch.setattr(texts, "locate", None)
    monkeypatch.setattr(texts, "search", None)
    told = read_text(APACHE, rules, HERE).clauses
    by_clause = {one.id: one for one in searched}
    assert {one.id for one in told if one.quote} == {one.id for one in told} & set(by_clause)
    for one in filter(lambda one: one.quote, told):
        assert (one.quote, one.evidence) == (by_clause[one.id].quote, by_clause[one.id].evidence)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n").replace("\r\n", "\n\n"),
        lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
        lambda text: re.sub(r"\s+", " ", text),
        lambda text: text.replace('"', "\u201d").upper(),
        lambda text: "Copyright 2026 Harbor Labs\n\n" + text,
        lambda text: text[text.index("TERMS AND CONDITIONS FOR USE") :],
        lambda text: "Harbor Labs\n\n" + text,
        lambda text: "LICENSE\n=======\n\n" + text,
        lambda text: "\n".join(f"// {line}" for line in text.split("\n")),
        lambda text: text.replace("no-charge", "no-\ncharge"),
    ],
)
def test_layout_and_title_move_no_quote(rules: Rulebook, change: Callable[[str], str]) -> None:
    """However a copy is laid out, and whatever title it bears, the same words are quoted, from where they stand there."""
    plain = {one.id: _words(one.quote) for one in read_text(APACHE, rules, HERE).clauses}
    copy = change(APACHE)
    reading = read_text(copy, rules, HERE)
    assert reading.match.known
    for one in reading.clauses:
        words = _words(one.quote)
        # A quote that ends in the middle of a sentence may end a word sooner or later.
        assert words
        assert words[:12] == plain[one.id][: len(words)][:12]
        assert one.evidence.lines
        there = " ".join(copy.splitlines()[one.evidence.lines[0] - 1 : one.evidence.lines[1]])
        assert " ".join(words[:5]) in " ".join(re.findall(r"\w+", there.casefold()))


def _words(quote: str | None) -> list[str]:
    """The words of a quote, without the number of its item."""
    return re.findall(r"\w+", re.sub(r"^\(?\w{1,2}[.)]\s", "", str(quote)).casefold())


def test_every_place_is_where_the_patterns_find_it(corpus: Path, rules: Rulebook) -> None:
    """Places in records are those that a search of the texts finds today: neither goes its own way."""
    files = (corpus / "licenses" / "texts").glob("*.txt")
    kept = {(record.id, one.digest): one for record in rules.licenses.values() for one in record.fingerprints}
    forms = list(quoted.found((decode(file.read_bytes()) for file in sorted(files)), rules))
    assert len(forms) > 250
    # Copies of other collections have a vote where a record was written: a few places may differ from these alone.
    apart = [form for form in forms if kept[form.record.id, form.digest].quotes != form.quotes]
    assert len(apart) <= 10, [form.record.id for form in apart]


@pytest.mark.parametrize("quotes", ["c 1-4 5-8", "d 1-4", "c 1-9", "c 4"])
def test_places_of_other_clauses_are_refused(tmp_path: Path, quotes: str) -> None:
    """A clause added to a record, or taken away, must not show another clause in its words."""
    print_ = f'{{words: 3, letters: 9, digest: "d", terms: "t", sentences: "", runs: "", quotes: "{quotes}"}}'
    record = MINIMAL["licenses/l.yaml"] + f"fingerprints:\n  - {print_}\n"
    with pytest.raises(RuleError, match=r"fingerprints\.0\.quotes"):
        load(rule_base(tmp_path / "rules", licenses__l=record), cache=tmp_path)


def test_a_text_is_searched_once(rules: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a scan found in an altered text, an audit and the next scan know; a broken or unwritable cache is no harm."""
    altered = APACHE.replace("royalty-free", "royalty-bearing", 1)
    keeps = rules.remembering(Readings(tmp_path, rules.version))
    told = read_text(altered, keeps, HERE)
    assert told.clauses == read_text(altered, rules, HERE).clauses
    times: list[str] = []

    def counted(wording: Wording, book: Rulebook, at: Evidence) -> tuple[Clause, ...]:
        times.append(wording.text)
        return search(wording, book, at)

    monkeypatch.setattr(texts, "search", counted)
    elsewhere = Evidence(source="hub", path="LICENSE.md", revision="c" * 40)
    again = read_text(altered, keeps, elsewhere)
    assert times == []
    assert [(one.id, one.values, one.quote) for one in again.clauses] == [
        (one.id, one.values, one.quote) for one in told.clauses
    ]
    assert {(one.evidence.path, one.evidence.revision) for one in again.clauses} == {("LICENSE.md", "c" * 40)}
    (kept,) = (file for file in tmp_path.rglob("*") if file.is_file())
    assert b"LICENSE.md" not in kept.read_bytes()
    kept.write_bytes(b"{")
    assert read_text(altered, keeps, HERE) == told
    occupied = tmp_path / "file"
    occupied.touch()
    assert read_text(altered, rules.remembering(Readings(occupied, rules.version)), HERE) == told
    other = rules.remembering(Readings(tmp_path, "another"))
    assert read_text(altered, other, HERE) == told
    assert len(times) == 3
