"""How clauses are searched: patterns cut at their gaps, sentences sifted by their words, items read with their heads."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.clauses import search
from licscan.clauses.chains import Chains
from licscan.clauses.heads import heads
from licscan.clauses.passages import Stretch
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from licscan.rulebook.cutting import NAMED, cut, ways
from licscan.rulebook.detectors import Reach
from licscan.rulebook.expressions import Expression, Loose, form_of, said
from licscan.wording import Wording
from tests.conftest import ROOT

HERE = Evidence(source="test")
APACHE = (ROOT / "LICENSE").read_text()
LARGE = f"(?:{'|'.join(['forbid'] * 80)})"
FORMS = (r"\bno\b", r"\pL+", r"[^.;。]+", r"[a-中]+", r"[中-文]|©", r"é|中", r"(?-i:Ÿ|É)", r"\w+ \W", r"[^-\pL]a")
PHRASES = {"gap": "(?:[^.;]{0,80}?)", "verb": "(?:sell|rent)", "large": LARGE}


def _reach(unit: str, least: int, most: int) -> Reach:
    return Reach(unit=unit, least=least, most=most)


@pytest.mark.parametrize(
    ("pattern", "parts", "gaps"),
    [
        (r"\bmay\b{gap}\bsell\b", [r"\bmay\b", r"\bsell\b"], [_reach("(?:[^.;])*", 0, 80)]),
        (r"may[^.]{5,60}?sell", ["may", "sell"], [_reach("(?:[^.])*", 5, 60)]),
        (r"may{gap}[^.]{0,40}?sell", ["may", "sell"], [_reach("(?:[^.;])*(?:[^.])*", 0, 120)]),
        (r"{verb} it{gap}for", ["(?:sell|rent) it", "for"], [_reach("(?:[^.;])*", 0, 80)]),
        # What opens with a large phrase: the phrase by itself, and the rest right behind it.
        (r"{large} to sell", [LARGE, " to sell"], [_reach("", 0, 0)]),
        # No gap: a repetition of words, one that is short, one within a group, one at an end.
        (r"may(?: or might)* sell", ["may(?: or might)* sell"], []),
        (r"may[^.]{0,9}sell", ["may[^.]{0,9}sell"], []),
        (r"(?:may[^.]{0,60}sell|rent)", ["(?:may[^.]{0,60}sell|rent)"], []),
        (r"may sell{gap}", ["may sell"], []),
        (r"may{gap}sell|rent", ["may(?:[^.;]{0,80}?)sell|rent"], []),
        (r"may{gap}\b{gap}sell", [r"may(?:[^.;]{0,80}?)\b(?:[^.;]{0,80}?)sell"], []),
        (r"\p{Han}{gap}[)\]({]x\{", [r"\p{Han}", r"[)\]({]x\{"], [_reach("(?:[^.;])*", 0, 80)]),
    ],
)
def test_a_pattern_is_cut_at_its_gaps(pattern: str, parts: list[str], gaps: list[Reach]) -> None:
    """Gaps at the top level become distances; everything else stays one expression."""
    whole = partial(NAMED.sub, lambda found: PHRASES[found[1]])
    assert cut(pattern, whole) == (parts, gaps)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from("abNO é©§Ÿ中。\0.-"), max_size=30))
def test_both_forms_find_the_same(text: str) -> None:
    """Where a text is searched as bytes, its matches are those that its letters give."""
    for pattern in FORMS:
        expression = Expression(pattern)
        ours = [match.span() for match in expression.each(form_of(text))]
        assert ours == [match.span() for match in expression.each(text)], pattern


def test_a_loose_part_has_longer_and_shorter_matches() -> None:
    """Words that may be repeated match as long and as short as they can, wherever they begin."""
    loose = Loose(r"sell(?: it| them)*")
    assert [one.group() for one in loose.each(b"sell it them")] == [b"sell it them"]
    assert [one.group() for one in loose.variants(b"sell it them")] == [b"sell it them", b"sell"]


def test_the_sieve_loses_nothing(rules: Rulebook) -> None:
    """Where every part of a pattern stands in a sentence, its words let the pattern through."""
    found = rules.detectors
    chains, parts = Chains(found), [Expression(part.text) for part in found.parts]
    own = [(number, pattern) for number, pattern in enumerate(found.patterns)]
    tried = 0
    for rule in rules.clauses.values():
        theirs = [(number, pattern) for number, pattern in own if pattern.clause == rule.id]
        for sentence in (*rule.examples.match, *rule.examples.ignore):
            passage = chains.passage(sentence)
            for number, pattern in theirs:
                if all(parts[part].search(sentence) for part in pattern.parts):
                    tried += 1
                    assert not chains.sieve.patterns[number] & passage.missing, (rule.id, pattern, sentence)
                    assert passage.look.patterns >> number & 1, (rule.id, pattern, sentence)
    assert tried > 300


def test_matches_are_those_of_the_whole_pattern(rules: Rulebook) -> None:
    """Parts joined by distance find what the pattern as one expression finds, in the first examples of each type."""
    found = rules.detectors
    chains = Chains(found)
    for rule in rules.clauses.values():
        for sentence in rule.examples.match[:2]:
            stretch = Stretch([chains.passage(sentence)])
            for number, pattern in enumerate(found.patterns):
                for chain in chains.matches(number, stretch):
                    ends = [match.end() for match in chain.matches]
                    assert 0 <= chain.start < chain.end <= len(sentence)
                    assert ends == sorted(ends)
                    assert len(chain.matches) == len(pattern.parts)


LIST = """1. You may not:
(a) sell the Model;
(b) rent it, or do the following:
   (i) lend it,
   (ii) lease it;
(c) host it.
2. You may use it.
Nothing else."""


def test_an_item_is_read_with_its_heads() -> None:
    """Each item knows the sentences that open its lists; what follows the list has none."""
    wording = Wording(LIST)
    found = {
        wording.plain[one.start : one.end].strip(" ;,.").split(" ", 1)[1]: [
            wording.plain[head.start : head.end].strip() for head in above
        ]
        for one, above in heads(wording)
    }
    outer, inner = "1. You may not:", "(b) rent it, or do the following:"
    assert found == {
        "You may not:": [],
        "sell the Model": [outer],
        "rent it, or do the following:": [outer],
        "lend it": [outer, inner],
        "lease it": [outer, inner],
        "host it": [outer],
        "You may use it": [],
        "else": [],
    }


@pytest.mark.parametrize("indent", ["  ", "    ", "\t", "   "])
def test_bullets_under_a_bullet_are_its_items(indent: str) -> None:
    """How far in a bullet begins says whose item it is: of the bullet above it, or beside that."""
    wording = Wording(f"Terms\n- You must not:\n{indent}- sell it\n{indent}- rent it\n- You may copy it\n")
    found = {
        wording.plain[one.start : one.end].strip(): [wording.plain[head.start : head.end].strip() for head in above]
        for one, above in heads(wording)
    }
    assert found == {
        "Terms": [],
        "You must not:": [],
        "sell it": ["You must not:"],
        "rent it": ["You must not:"],
        "You may copy it": [],
    }


def test_numbers_further_in_are_items_of_a_number() -> None:
    """A numbered list within a numbered list: who begins further in is an item, who does not stands beside its head."""
    wording = Wording("1. Enjoy it.\n2. You must not:\n    1. sell it; or\n    2. rent it.\n3. You may copy it.\n")
    found = [
        [wording.plain[head.start : head.end].strip() for head in above]
        for one, above in heads(wording)
        if wording.plain[one.start : one.end].strip()[3:]
    ]
    assert found == [[], [], ["2. You must not:"], ["2. You must not:"], []]


@pytest.mark.parametrize(
    "text",
    [
        "You may not: (a) use the Model to harm minors; (b) redistribute the Model to anybody; or (c) remove its notices.",
        "You may not:\n\n- use the Model to harm minors;\n\n- redistribute the Model to anybody;",
        "Licensee shall not:\n\n(a) use the Model to harm minors.\n\n(b) redistribute the Model to anybody.",
        "YOU MAY NOT\n\n(a) use the Model to harm minors;\n\n(b) redistribute the Model to anybody;",
        "2.3 You agree not to\n\n2.3.1 harm minors with the Model;\n\n2.3.2 redistribute the Model to anybody;",
        "You may not\n\n- use the Model to harm children or other\n\nminors, or\n\n- redistribute the Model to anybody.",
        "You may not\n\n\u00a5 use the Model to harm minors;\n\n\u00a5 redistribute the Model to anybody.",
        "You may not\n\n\uf0b7 use the Model to harm minors;\n\n\uf0b7 redistribute the Model to anybody.",
    ],
)
def test_a_ban_reaches_every_item(rules: Rulebook, text: str) -> None:
    """What the head of a list forbids is forbidden in each item, however the list is set."""
    assert "no-redistribution" in {clause.id for clause in search(Wording(text), rules, HERE)}


@pytest.mark.parametrize(
    "marks", ["1. 2.", "1) 2)", "(1) (2)", "a. b.", "a) b)", "(a) (b)", "(i) (ii)", "i. ii.", "- -", "* *", "• •"]
)
def test_a_list_says_the_same_however_it_is_marked(rules: Rulebook, marks: str) -> None:
    """Numbers, letters and bullets are no words of what an item says, and none of its sentence's ends."""
    one, two = marks.split()
    text = (
        f"The licensee may not:\n\n{one} distribute the Weights, in whole or in part, to anybody;\n\n"
        f"{two} remove copyright or attribution notices.\n\nWith every copy you must provide\n\n"
        f"{one} a copy of this License; and\n\n{two} a statement of what you changed.\n"
    )
    found = {clause.id for clause in search(Wording(text), rules, HERE)}
    assert {"no-redistribution", "attribution-notice", "license-copy", "state-changes"} <= found


@pytest.mark.parametrize(
    "text", ["You may not use the Model if: (a) {}; or (b) {}.", "You may not use it if:\n\n- {};\n- {}.\n"]
)
def test_a_head_decides_what_a_limit_means(rules: Rulebook, text: str) -> None:
    """What happens beyond a number stands in the head of the list that the number is an item of."""
    text = text.format("you compete with us", "your annual revenue exceeds USD 5 million")
    (found,) = (one for one in search(Wording(text), rules, HERE) if one.id == "threshold")
    assert (found.values["value"], found.values["effect"]) == (5_000_000, "prohibited")


def test_a_sign_is_no_markdown(rules: Rulebook) -> None:
    """`>` quotes a line at its head, and compares numbers within it."""
    text = "> A separate agreement is required if any of these apply:\n> - annual revenue > USD **$50,000,000**\n"
    (found,) = (one for one in search(Wording(text), rules, HERE) if one.id == "threshold")
    assert (found.values["value"], found.values["comparator"]) == (50_000_000, ">")


def test_a_rider_behind_the_appendix_is_read(rules: Rulebook) -> None:
    """The appendix of Apache-2.0 states no terms; what somebody adds behind it does."""
    appendix = (
        "\n\nAPPENDIX: How to apply the Apache License to your work.\n\nTo apply it, attach the following notice: you may "
        "not use this file except in compliance with the License. See the License for the specific language governing "
        "permissions and limitations under the License.\n\n"
    )
    rider = "Additional terms: the Model may not be used for commercial purposes."
    plain = {clause.id for clause in search(Wording(APACHE + appendix), rules, HERE)}
    more = {clause.id for clause in search(Wording(APACHE + appendix + rider), rules, HERE)}
    assert more - plain == {"non-commercial"}
    assert plain == {clause.id for clause in search(Wording(APACHE), rules, HERE)}


@given(st.text(alphabet="aZéßñµªº\u00d7÷-_ 9,.Ж文ʰ", max_size=30))
def test_letters_are_letters(text: str) -> None:
    """The ranges in the place of a letter's name are the letters, alone and in a class, in both forms of a pattern."""
    form = form_of(text)
    for pattern, letter in ((r"\pL+", str.isalpha), (r"[^\pL]+", lambda one: not one.isalpha())):
        whole = "".join(said(match.group()) for match in Expression(pattern).each(form))
        assert whole == "".join(filter(letter, text)), pattern


def test_what_must_stand_beside_is_cut_like_patterns() -> None:
    """Alternatives with a gap are found by their parts, the others together; none is lost."""
    assert ways(r"\bone\b|two[^.]{0,40}three|four", str) == [r"\bone\b|four", "two[^.]{0,40}three"]
    assert ways("(?:one|two[^.]{0,40}three)", str) == ["one", "two[^.]{0,40}three"]
    assert ways("(?:one|two) and[^.]{0,40}three", str) == ["(?:one|two) and[^.]{0,40}three"]
    assert ways("one|two", str) == ["one|two"]
