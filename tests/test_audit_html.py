"""The audit as one HTML page: whole, escaped, still, and the same each time."""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.audit import Dossier
from licscan.audit.html import graph
from licscan.audit.html.bars import LIMIT, bar
from licscan.audit.html.shell import visible
from licscan.model import (
    Amount,
    Clause,
    Evidence,
    Finding,
    Gap,
    GapId,
    Level,
    Lineage,
    Obligation,
    Organisation,
    Relation,
    Threshold,
)
from licscan.rulebook import Rulebook
from tests.audited import dossier, entry, page, poisoned, real_audit
from tests.audited_whole import CARD, everything, whole
from tests.samples import assessment

HOSTILE = (
    '<script>window.ran=1</script><img src=x onerror="window.ran=1">',
    "\"'><svg onload=window.ran=1><!--",
    "</style></script></title></textarea>]]>",
    "javascript:window.ran=1 ",
    "=cmd|' /C calc'!A0 \x1b[2J\x1b[31m \u202egnp.exe\u2066\u200b\U000e0041\x00",
    "{{ 7 * 7 }}{% for x in y %}",
)


def parse(text: str) -> Element:
    return html5lib.parse(text, namespaceHTMLElements=False)


def words(element: Element) -> str:
    """What a reader sees: all text but styles and scripts, white space folded."""

    def parts(one: Element) -> Iterator[str]:
        if one.tag not in {"style", "script"}:
            yield one.text or ""
            for child in one:
                yield from parts(child)
                yield child.tail or ""

    return " ".join("".join(parts(element)).split())


def shape(element: Element) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes, in order; names that a drawing cuts stand as titles."""
    every = ((str(one.tag), tuple(sorted(map(str, one.attrib)))) for one in element.iter())
    return [one for one in every if one[0] != "{http://www.w3.org/2000/svg}title"]


def told(text: object) -> str:
    return " ".join(str(visible(text)).split())


@pytest.fixture(scope="module")
def audit(rules: Rulebook) -> Dossier:
    return whole(rules)


@pytest.fixture(scope="module")
def text(audit: Dossier) -> str:
    return page(audit)


@pytest.fixture(scope="module")
def tree(text: str) -> Element:
    return parse(text)


def test_the_page_is_well_formed(text: str) -> None:
    """A parser that follows the standard finds nothing to complain of."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(text)
    assert [(error, place) for place, error, _ in parser.errors] == []


def test_ids_are_unique_and_links_lead_to_them(tree: Element) -> None:
    """Every id stands once; every link within the page, every label and every heading that is named has its target."""
    ids = Counter(one.attrib["id"] for one in tree.iter() if "id" in one.attrib)
    assert [name for name, number in ids.items() if number > 1] == []
    links = [one.attrib["href"] for one in tree.iter("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    named = {one.attrib["aria-labelledby"] for one in tree.iter() if "aria-labelledby" in one.attrib}
    assert named <= set(ids)


def test_only_the_pages_own_style_and_script_are_allowed(tree: Element) -> None:
    """The policy forbids everything but the two texts whose hashes it has; nothing in the page asks for more."""
    (policy,) = (
        one.attrib["content"] for one in tree.iter("meta") if one.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        (element,) = tree.iter(tag)
        assert not element.attrib
        digest = base64.b64encode(hashlib.sha256((element.text or "").encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    attributes = {str(name) for one in tree.iter() for name in one.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in {"style", "srcdoc", "action"}}
    addresses = [one.attrib[name] for one in tree.iter() for name in ("src", "href") if name in one.attrib]
    assert {re.match(r"#|https://|data:,$", address) is not None for address in addresses} == {True}
    assert {one.tag for one in tree.iter() if "src" in one.attrib} == set()


def test_everything_that_is_known_of_a_model_is_shown(tree: Element, audit: Dossier) -> None:
    """All parts of all models, and of the audit itself, occur in words."""
    shown = words(tree)
    model = everything()
    expected = [
        *(one.quote for one in model.clauses if one.quote),
        *(rule.title for one in model.clauses for rule in [audit.clauses[one.id]]),
        *(one.text for one in model.obligations), *(one.limit for one in model.thresholds),
        *(one.text for one in model.limitations), *(said.says for one in model.conflicts for said in one.statements),
        *(gap.what for gap in model.gaps), *(gap.why for gap in model.gaps), *(gap.id.remedy for gap in model.gaps),
        *(link.base.removeprefix("hf:") for link in model.lineage), *(one.name for one in model.datasets),
        *(file.path for file in model.files), *(file.status for file in model.files), *(str(file.sha256) for file in model.files),
        *model.level_reasons, *model.notes, "general.license: other", "c" * 40, "5" * 64, "section 2, lines 30 to 32",
        "Let pass by jane@example.com: read by counsel, until 2027-06-30", "a threshold is reached", "see to threshold-reached",
        "re-opened", "the text of the license is another", "Jane Doe", "not for medicine", "found to be under LicenseRef-wren",
        "app.py:3", "the words that differ", "sentence 8 of the license", "class 3", "100 % of class 3",
        "contract 12", "has ended", "hf:acme/gone", "level: restrictive", "3 of 9 models", "the lock is old",
        "which model app.py loads", "No legal advice", "rules 2026-01-01+0a1b2c3d", "not stated", "2 million",
        "machine", "Built with Wren", "name does not carry it", "https://example.org/model",
    ]  # fmt: skip
    assert [one for one in expected if told(one) not in shown] == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_foreign_words_change_nothing(hostile: str, audit: Dossier, tree: Element) -> None:
    """Script, markup, escapes and reversed writing in every text leave every element as it is, and can be read."""
    bad = page(poisoned(audit, hostile))
    found = parse(bad)
    assert shape(found) == shape(tree)
    assert told(hostile) in words(found)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", bad
    )
    for one in found.iter("a"):
        assert re.match("#|https://|data:,$", one.attrib["href"])


def test_the_same_audit_is_the_same_bytes(audit: Dossier, text: str, rules: Rulebook) -> None:
    """Nothing in the page depends on when, where or how often it is written."""
    assert page(audit) == text
    assert page(whole(rules)) == text


def test_an_audit_of_nothing_says_so(rules: Rulebook) -> None:
    """Without models there is a page all the same, and it does not say that all is well."""
    shown = words(parse(page(dossier([], rules))))
    assert "There are no models to report." in shown
    assert "meet the policy" not in shown


_TEXT = st.text(min_size=1, max_size=40).filter(lambda text: told(text) != "")


@settings(max_examples=25, deadline=None)
@given(st.lists(_TEXT, min_size=7, max_size=7))
def test_no_clause_duty_gap_or_finding_is_lost(rules: Rulebook, some: list[str]) -> None:
    """Whatever the words are, each clause, obligation, gap and finding stands in the page."""
    where = Evidence(source="hub", path=some[0], section=some[1])
    model = assessment(
        "acme/model",
        clauses=(Clause(id="license-copy", quote=some[2], evidence=where),),
        obligations=(Obligation(id="a", text=some[3], clause="license-copy", status="owed", evidence=where),),
        gaps=(Gap(id=GapId.CARD_BROKEN, what=some[4], why=some[5]),),
    )
    finding = Finding(
        rule="r", severity="note", model=model.ref, message=some[6], remedy="-", evidence=where, fingerprint="f"
    )
    shown = words(parse(page(dossier([entry(1, model, findings=(finding,))], rules))))
    assert [one for one in some if told(one) not in shown] == []


def test_each_place_has_its_own_letter(tree: Element) -> None:
    """A statement's letter leads to the file, commit and digest that it rests on."""
    ids = {one.attrib["id"]: one for one in tree.iter() if "id" in one.attrib}
    (term,) = (one for one in tree.iter("div") if one.get("id") == "m1.attribution-display")
    (link,) = (one for one in term.iter("a") if one.get("class") == "src")
    source = words(ids[link.attrib["href"][1:]])
    assert all(part in source for part in ("LICENSE", "c" * 40, "5" * 64))


def test_what_one_does_not_do_is_told_apart(tree: Element) -> None:
    """Duties of what the organisation said it does not do are no part of the checklist, and are not left out."""
    (article,) = (one for one in tree.iter("article") if one.get("id") == "m1")
    lists = [one for one in article.iter("details") if one.get("class") == "idle"]
    assert "if you publish a derivative" in words(lists[0])
    boxes = [one for one in article.iter("input") if one.get("type") == "checkbox"]
    assert len(boxes) == 3


@pytest.mark.parametrize("number", [1, 3, 4, 30, 65, 200])
def test_models_in_a_drawing_do_not_cover_one_another(number: int) -> None:
    """However many models another comes from, each has a place of its own, and all lie within the drawing."""
    links = [Lineage(base=f"hf:acme/base-{at}", relation=Relation.MERGE, declared_by=CARD) for at in range(number)]
    drawing = graph.draw("acme/model", Level.UNKNOWN, links)
    assert drawing
    assert len(drawing.nodes) == number + 1
    boxes = [(one.x, one.y, one.x + graph.WIDE, one.y + one.tall) for one in drawing.nodes]
    for at, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0 <= top
        assert right <= drawing.wide
        assert bottom <= drawing.tall
        for other in boxes[at + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 8)), min_size=1, max_size=20))
def test_every_link_is_drawn_whatever_the_graph(some: list[tuple[int, int]]) -> None:
    """Circles, islands and several ways to one base: each model is drawn once, and some line leads to each."""
    links = [
        Lineage(base=f"b{base}", child=f"b{child}" if child else None, relation=Relation.FINETUNE, declared_by=CARD)
        for child, base in some
    ]
    drawing = graph.draw("it", Level.UNKNOWN, links)
    assert drawing
    assert sorted(one.full for one in drawing.nodes) == sorted({"it", *(link.base for link in links)})
    assert len(drawing.edges) >= len(drawing.nodes) - 1 - sum(max(0, len(drawing.nodes) - 4) for _ in drawing.frames)


@given(st.text(max_size=80))
def test_names_are_cut_in_the_middle(name: str) -> None:
    """A long name keeps both ends, and nothing that moves the cursor."""
    shown = graph.fitting(name)
    assert len(shown) <= len(name) + 1
    assert (
        len(name) > 27 or shown.replace("\N{REPLACEMENT CHARACTER}", "") in name or "\N{REPLACEMENT CHARACTER}" in shown
    )


@pytest.mark.parametrize(
    ("yours", "over"), [(1, False), (999_999, False), (1_000_000, False), (1_000_001, True), (10**12, True)]
)
def test_a_bar_says_on_which_side_of_the_limit_a_number_is(yours: int, over: bool) -> None:
    """Rounding to pixels never moves a number across the limit."""
    limit = Threshold(
        clause="threshold", metric="monthly_active_users", evidence=CARD, status="below", yours=_words(yours),
        limit="above 1 million monthly active users: a separate license is needed",
    )  # fmt: skip
    made = bar(limit, everything().clauses, Organisation(amounts={"monthly_active_users": (Amount(yours),)}))
    assert made.filled is not None
    assert (made.filled > LIMIT) is over
    assert bar(limit, everything().clauses, Organisation()).filled is None


def _words(number: int) -> str:
    from licscan.measures import words as amount

    return amount(Amount(number))


def test_two_hundred_real_models_are_small(corpus: Path, rules: Rulebook) -> None:
    """An audit of two hundred real models, quotes and all, is well below two megabytes; every id in it is unique."""
    text = page(real_audit(corpus, rules, 200))
    assert len(text.encode()) < 1_900_000
    ids = Counter(re.findall(r'\sid="([^"]*)"', text))
    assert [name for name, number in ids.items() if number > 1] == []
    assert set(re.findall(r'href="#([^"]*)"', text)) <= set(ids)
