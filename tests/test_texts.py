"""License texts: recognised word for word, altered copies said to be so, and what they say outranks what is said of them."""

import html
import json
import re
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identify.vendor.licenses import LICENSES

from licscan.chinese import simplified
from licscan.clauses import is_read
from licscan.licenses import read_text
from licscan.licenses.recognise import recognise
from licscan.model import Evidence, Freedom
from licscan.prints import Words
from licscan.rulebook import Rulebook
from licscan.wording import Wording
from tests.conftest import ROOT, Licscan
from tests.test_rulebook import CLAUSE, rule_base

# The terms of Apache-2.0 without the appendix that the published text has.
APACHE = (ROOT / "LICENSE").read_text()
HERE = Evidence(source="test", path="LICENSE")
Make = Callable[..., Path]


def commented(text: str, mark: str) -> str:
    """The text as a comment of a program."""
    return "\n".join(f"{mark} {line}".rstrip() for line in text.split("\n"))


def match(text: str, rules: Rulebook) -> tuple[str | None, bool]:
    found = recognise(Words(Wording(text)), rules)
    return found.id, found.match == "exact" or found.same_terms


def paged(text: str, size: int = 30) -> str:
    """A copy out of a PDF: every page with its head and its number."""
    lines = text.splitlines()
    pages = [lines[at : at + size] for at in range(0, len(lines), size)]
    return "\f".join(
        "\n".join(["Acme Models: License", "", *page, "", f"Page {number} of {len(pages)}", ""])
        for number, page in enumerate(pages, 1)
    )


def hyphenated(text: str) -> str:
    """A copy in a narrow column: long words are divided at the end of a line."""
    return re.sub(r"\b([a-z]{5})([a-z]{5,})\b", r"\1-\n\2", text)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text,
        lambda text: " ".join(text.split()),
        lambda text: text.replace("\n", "\r\n").replace("\r\n", "\n\n"),
        lambda text: text.replace('"', "“").replace("'", "\u2019"),
        lambda text: "\n".join(f"> {line}" for line in text.splitlines()),
        lambda text: "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in text.splitlines()),
        lambda text: "<html><body>" + "".join(f"<p>{line}</p>\n" for line in text.splitlines()) + "</body></html>",
        lambda text: text.upper(),
        lambda text: re.sub(r"(?m)^(\s*)(\d)\.", r"\1\2)", text),
        lambda text: "Copyright (c) 2026 Acme, Inc. All rights reserved.\n\n" + text,
        lambda text: text.replace("http://www.apache.org", "https://apache.org"),
        paged,
        hyphenated,
        lambda text: "\n\n".join(textwrap.fill(part, 46) for part in text.split("\n\n")),  # "no-charge" in two lines
        lambda text: text.replace("non-exclusive", "non- exclusive"),
        lambda text: text.replace("no-charge", "no charge").replace("third-party", "third party"),
        *(partial(commented, mark=mark) for mark in ("#", "//", " *", "%", ";", "--", "REM", "dnl", "|")),
        lambda text: "\n".join(f"{number:4} {line}" for number, line in enumerate(text.split("\n"), 1)),
        lambda text: (
            f"<html><head><title>Our terms</title><style>p {{}}</style></head><pre>{html.escape(text)}</pre></html>"
        ),
        lambda text: "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n")),
        json.dumps,
    ],
)
def test_layout_and_typography_change_nothing(rules: Rulebook, change: Callable[[str], str]) -> None:
    """White space, quotes, Markdown, HTML, capitals, numbering, the copyright line and addresses: still word for word."""
    assert match(change(APACHE), rules) == ("apache-2.0", True)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        (lambda text: "LICENSE\n=======\n\n" + text, True),
        (lambda text: "# License\n\n" + text, True),
        (lambda text: "---\nlicense: other\nlicense_name: acme\n---\n" + text, True),
        (lambda text: "license: |\n" + textwrap.indent(text, "  "), True),
        (lambda text: text + "\n\nAcme GmbH, Berlin\n", True),
        (lambda text: "# License, for research\n\n" + text, False),
        (lambda text: text + "\n\nNot for the military.\n", False),
        (lambda text: text + "\n\nSubject to the Acme Acceptable Use Policy.\n", False),
        (lambda text: text + "\n\nSee TERMS.md.\n", False),
        (lambda text: "License\n\n" + text.replace("You may", "You must", 1), False),
    ],
)
def test_words_around_a_license_change_nothing(rules: Rulebook, change: Callable[[str], str], same: bool) -> None:
    """A heading above the license or a name behind it, and its terms hold; words that could limit them alter it."""
    found = recognise(Words(Wording(change(APACHE))), rules)
    assert (found.id, found.match, found.same_terms) == ("apache-2.0", "modified", same)
    assert same or any(one.quote and one.line_start for one in found.deviations)


@pytest.mark.parametrize("mark", ["-", "*", "1."])
def test_items_of_a_list_keep_their_marks(mark: str) -> None:
    """A text of nothing but items is no comment: where each begins is still known."""
    items = ["You may use it", "You may not sell it", "You must credit Acme", "Tell us", "Ask us", "Pay us", "Thank us"]
    text = "\n".join(
        f"{n if mark == '1.' else mark}{'.' if mark == '1.' else ''} {item}" for n, item in enumerate(items, 1)
    )
    assert len(Wording(text).breaks) == len(items) - 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(position=st.floats(0, 1), word=st.sampled_from(["not", "only", "non-commercial", "Europe", "except"]))
def test_a_word_more_is_noticed(rules: Rulebook, position: float, word: str) -> None:
    """One word put in anywhere makes the text an altered copy, and the line is named."""
    head, tail = APACHE.split("TERMS AND CONDITIONS FOR USE", 1)
    words = tail.split("END OF TERMS")[0].split(" ")
    at = 8 + int(position * (len(words) - 9))  # behind the heading
    altered = head + "TERMS AND CONDITIONS FOR USE" + " ".join([*words[:at], word, *words[at:]])
    altered += "END OF TERMS" + tail.split("END OF TERMS")[1]
    found = recognise(Words(Wording(altered)), rules)
    assert (found.id, found.match, found.same_terms) == ("apache-2.0", "modified", False)
    assert any(one.line_start for one in found.deviations)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(number=st.integers(0, 200))
def test_a_sentence_less_is_noticed(rules: Rulebook, number: int) -> None:
    """A sentence left out makes the text an altered copy, and what is missing is named by its place."""
    words = Words(Wording(APACHE))
    start, end = words.places[1 + number % (len(words.places) - 2)]
    first, last = words.wording.span(start, end)
    found = recognise(Words(Wording(APACHE[:first] + APACHE[last:])), rules)
    assert (found.id, found.match, found.same_terms) == ("apache-2.0", "modified", False)
    assert found.deviations


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You may reproduce and distribute", "You may not reproduce and distribute"),
        ("END OF TERMS AND CONDITIONS", "10. You may not use the Work commercially.\n\nEND OF TERMS AND CONDITIONS"),
        ("END OF TERMS AND CONDITIONS", "END OF TERMS AND CONDITIONS\n\nAdditional terms: for research only."),
        ("Apache License\n", "Apache License\nNon-commercial use only\n"),
    ],
)
def test_an_altered_license_is_never_the_license(rules: Rulebook, old: str, new: str) -> None:
    """A prohibition put in, before, within or behind the terms, is not taken for the license, and never for free."""
    assert old in APACHE
    reading = read_text(APACHE.replace(old, new, 1), rules, HERE)
    assert reading.match.match == "modified"
    assert reading.freedom is not Freedom.FREE


def test_without_title_and_appendix_the_terms_are_the_same(rules: Rulebook) -> None:
    """What stands around the terms may be missing: it is said, and the terms hold."""
    body = APACHE[APACHE.index("TERMS AND CONDITIONS FOR USE") : APACHE.index("END OF TERMS")]
    reading = read_text(body + "END OF TERMS AND CONDITIONS\n", rules, HERE)
    assert (reading.match.id, reading.match.match, reading.match.same_terms) == ("apache-2.0", "modified", True)
    assert reading.match.deviations
    assert reading.freedom is Freedom.FREE


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("MIT License", True),
        ("The MIT License (MIT)", True),
        ("Acme License\n\nMIT License", True),
        ("MIT License, for research only", False),
        ("MIT License (non-commercial)", False),
    ],
)
@pytest.mark.parametrize("width", [0, 60, 72])
def test_a_title_above_the_terms_changes_nothing(rules: Rulebook, title: str, same: bool, width: int) -> None:
    """Title, copyright line, terms, however wrapped, are the license; a title that limits makes it another text."""
    terms = dict(LICENSES)["MIT"].split("[fullname]")[1]
    wrapped = (
        "\n\n".join(textwrap.fill(" ".join(part.split()), width) for part in terms.split("\n\n")) if width else terms
    )
    match = recognise(Words(Wording(f"{title}\n\nCopyright (c) 2026 Harbor Labs\n\n{wrapped}")), rules)
    assert match.id == "mit"
    assert (match.match == "exact" or match.same_terms) is same
    assert bool(match.deviations) is not same


def test_a_part_is_known_as_a_part(rules: Rulebook) -> None:
    """A third of a license is that license's, and not free: who knows what the rest of it says."""
    reading = read_text(APACHE[2000:6000], rules, HERE)
    assert (reading.match.id, reading.match.match) == ("apache-2.0", "modified")
    assert reading.match.part or reading.match.deviations
    assert reading.freedom is Freedom.UNKNOWN


@pytest.mark.parametrize(
    "text", ["", "\n", "hello", "See https://example.com/license.", "lorem ipsum " * 500, "\x00\ufffd" * 99]
)
def test_other_words_are_no_license(rules: Rulebook, text: str) -> None:
    """A wrong name is worse than none."""
    assert match(text, rules) == (None, False)


def _scanned(licscan: Licscan, folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(licscan("scan", folder, "--format", "json").out)["models"][0]
    return found


def test_the_text_outranks_the_tag(licscan: Licscan, make_model: Make) -> None:
    """A license text at hand decides; a tag that says otherwise is a conflict."""
    found = _scanned(licscan, make_model(card="---\nlicense: cc-by-nc-4.0\n---\n", LICENSE=APACHE))
    license_ = found["license"]
    assert isinstance(license_, dict)
    assert (license_["id"], license_["match"], license_["freedom"]) == ("apache-2.0", "exact", "free")
    assert [conflict["id"] for conflict in found["conflicts"]] == ["license-claims"]  # type: ignore[attr-defined]


def test_an_altered_text_is_not_what_the_tag_says(licscan: Licscan, make_model: Make) -> None:
    """A tag does not make an altered license the license: the level is unknown or lower, and the lines are named."""
    altered = APACHE.replace("You may reproduce and distribute", "You may not reproduce or distribute", 1)
    assert altered != APACHE
    found = _scanned(licscan, make_model(card="---\nlicense: apache-2.0\n---\n", LICENSE=altered))
    assert found["level"] in {"unknown", "restrictive"}
    assert found["license"]["match"] == "modified"  # type: ignore[index]
    gaps = {gap["id"]: gap["why"] for gap in found["gaps"]}  # type: ignore[attr-defined]
    assert "LICENSE: not word for word Apache License" in gaps["license-text-altered"]
    assert "line" in gaps["license-text-altered"]


def test_a_text_that_nobody_knows_is_not_free(licscan: Licscan, make_model: Make) -> None:
    """Beside a tag that says MIT, a long text that is none decides that the license is unknown, or stricter."""
    text = "1. Grant. We grant you a license to use the model. " + "You agree to many words that mean little. " * 30
    found = _scanned(licscan, make_model(LICENSE=text + "You may not use the model for commercial purposes."))
    assert found["level"] in {"unknown", "restrictive"}


@pytest.mark.parametrize(
    ("name", "words", "level"),
    [
        ("LICENSE", "You may not use this model for commercial purposes.", "restrictive"),
        ("LICENSE", "Have fun with it, all of you.", "permissive-open-weights"),
        ("LICENSE-CC-Attribution.txt", "You may not use this model for commercial purposes.", "restrictive"),
        (
            "THIRD_PARTY_NOTICES.txt",
            "You may not use this library for commercial purposes.",
            "permissive-open-weights",
        ),
        ("LICENSE-third-party.txt", "You may not use this library for commercial purposes.", "permissive-open-weights"),
    ],
)
def test_a_few_words_can_limit_too(licscan: Licscan, make_model: Make, name: str, words: str, level: str) -> None:
    """A license file of one sentence is read like any other, except in files that gather the licenses of others."""
    found = _scanned(licscan, make_model(card="---\nlicense: apache-2.0\n---\n", **{name: words}))
    assert found["level"] == level
    assert ("license-unrecognised" in str(found["gaps"])) == (not name.startswith("THIRD_PARTY"))


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("Copyright (c) 2026 Acme Labs, Inc. and contributors", True),
        ("Copyright 2026 The Regents of the\nUniversity of Nowhere. All rights reserved.", True),
        ("Copyright (c) 2026 Acme Labs. Not for commercial use.", False),
        ("Copyright (c) 2026 Acme Labs\nNon-commercial use only", False),
        ("Copyright (c) 2026 Acme Labs, academic use only", False),
    ],
)
def test_nothing_hides_in_a_copyright_line(rules: Rulebook, line: str, same: bool) -> None:
    """Who holds the rights changes nothing; a condition behind the name does."""
    assert match(f"{line}\n\n{APACHE}", rules)[1] == same


def test_a_pointer_is_a_name(licscan: Licscan, make_model: Make) -> None:
    """A license file of three words names a license."""
    found = _scanned(licscan, make_model(card="# x\n", LICENSE="Apache License\nVersion 2.0\n"))
    assert found["license"]["id"] == "apache-2.0"  # type: ignore[index]


def test_the_command_says_what_a_text_is(licscan: Licscan, tmp_path: Path) -> None:
    """`licscan license` names the license of a file, of an id, and of a name; what is neither is a usage error."""
    (tmp_path / "LICENSE").write_text(APACHE)
    done = licscan("license", tmp_path / "LICENSE", "mit", "Apache-2.0")
    assert done.code == 0
    assert "Apache License, Version 2.0: its terms word for word" in " ".join(done.out.split())
    assert "MIT License, from its record" in done.out
    both = json.loads(licscan("license", tmp_path / "LICENSE", "--format", "json").out)["licenses"]
    assert [(row["id"], row["match"], row["level"]) for row in both] == [
        ("apache-2.0", "modified", "permissive-open-weights")
    ]
    wrong = licscan("license", "no-such-license-at-all", "mit")
    assert wrong.code == 2
    assert "neither a file nor a license" in wrong.err
    assert "MIT License" in wrong.out


def test_two_licenses_are_compared(licscan: Licscan) -> None:
    """`licscan diff` says what becomes forbidden, owed and allowed, and what changes in terms that both have."""
    done = licscan("diff", "llama3", "llama3.1")
    assert done.code == 0
    assert "no longer forbidden:\n  No training on outputs" in done.out
    assert "position prefix (before: text Llama 3" in done.out
    changes = json.loads(licscan("diff", "mit", "cc-by-nc-4.0", "--format", "json").out)["changes"]
    kinds = {change["clause"]: change["kind"] for change in changes}
    assert kinds["non-commercial"] == "forbidden"
    assert kinds["commercial-use"] == "no longer allowed"
    assert licscan("diff", "mit", "no-such-license-anywhere").code == 2


def test_rules_are_listed_shown_and_tested(licscan: Licscan, tmp_path: Path) -> None:
    """`licscan rules` lists and shows records, tests a rule base, and makes a record of a text that loads as it is."""
    assert "llama3.1" in licscan("rules", "list").out
    assert "threshold" in licscan("rules", "list", "clauses").out
    shown = licscan("rules", "show", "mit").out
    assert "# rules/licenses/mit.yaml" in shown
    assert "fingerprints" not in shown
    assert licscan("rules", "show", "nothing").code == 2
    assert "all is well" in licscan("rules", "test").out
    (tmp_path / "Acme License.txt").write_text("Acme License 1.0\n\n" + "You may use it, and say that you did. " * 40)
    made = licscan("rules", "fingerprint", tmp_path / "Acme License.txt").out
    assert made.startswith("id: acme-license\n")
    clause = CLAUSE.format(id="c") + "find: ['\\bsells?\\b']\nexamples:\n  match: [%s]\n  ignore: [He walks.]\n"
    mine = rule_base(tmp_path / "mine", clauses__c=clause % "She sells it.", licenses__l=None, models__m=None)
    record = mine / "licenses" / "acme-license.yaml"
    record.parent.mkdir(exist_ok=True)
    record.write_text(made)
    done = licscan("rules", "test", mine)
    assert done.code == 2
    assert "acme-license.yaml" in done.err  # its freedom is for a person to say
    record.write_text(made.replace("freedom: unknown", "freedom: free"))
    done = licscan("rules", "test", mine)
    assert (done.code, "1 license, 1 clause type" in done.out) == (0, True), done.err
    (mine / "clauses" / "c.yaml").write_text(clause % "The weather is fine today.")
    done = licscan("rules", "test", mine)
    assert done.code == 2
    assert "not found in: The weather is fine today." in done.err


@pytest.mark.parametrize(
    "text", ["the Work or\na Contribution in it infringes", "as it is\nA Model of ours", "what\nI Use"]
)
def test_an_article_at_the_beginning_of_a_line_is_no_label(text: str) -> None:
    """A line that begins with a word of one letter goes on with the sentence before it."""
    wording = Wording(text)
    assert len(list(wording.sentences())) == 1


def test_a_letter_behind_a_sentence_is_a_label() -> None:
    """Where the sentence before has ended, a letter and a capital begin an item."""
    assert len(list(Wording("You must:\na Keep it;\nb Use it.").sentences())) == 3


def test_traditional_chinese_is_read_like_simplified(licscan: Licscan, tmp_path: Path) -> None:
    """The clauses are the same in both scripts; words that must be shown stay as the text has them."""
    text = "授權條款\n1. 您必須在產品介面的顯著位置標註「以青鸞模型構建」。\n2. 本授權條款以中華民國法律為準據法。\n"
    (tmp_path / "LICENSE").write_text(text)
    (tmp_path / "SIMPLIFIED").write_text(simplified(text))
    said = [
        json.loads(licscan("license", "--format", "json", tmp_path / name).out) for name in ("LICENSE", "SIMPLIFIED")
    ]
    clauses = [{one["id"]: one for one in each["clauses"]} for entry in said for each in entry["licenses"]]
    assert clauses[0].keys() == clauses[1].keys() == {"attribution-display", "governing-law"}
    assert clauses[0]["attribution-display"]["values"]["text"] == "以青鸞模型構建"
    assert clauses[0]["governing-law"]["values"]["jurisdiction"] == "中華民國"
    assert clauses[0]["governing-law"]["quote"] == "2. 本授權條款以中華民國法律為準據法。"


def test_a_text_in_one_script_is_not_copied() -> None:
    """What has nothing to put over is the same object; what has keeps its length."""
    assert all(simplified(one) is one for one in ("", "You may.", "您不得修改。"))
    assert simplified("著作權、軟體與乾淨") == "著作权、软体与干净"
    assert simplified("不得作商業用途") == "不得作商业用途"


PORTUGUESE = """LICENÇA DE USO DOS PESOS

É proibido ao Licenciado redistribuir os pesos do modelo ou publicar versões modificadas sem a autorização escrita do
autor. Ao usar o modelo, você deve incluir a atribuição indicada, e esta licença é regida pelas leis brasileiras.
"""


def test_a_text_in_another_language_says_so(licscan: Licscan, tmp_path: Path) -> None:
    """What was not searched for is said, by `license` and as a gap of a scan: nothing found is not nothing owed."""
    (tmp_path / "LICENSE").write_text(PORTUGUESE)
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    assert "neither in English nor in Chinese" in licscan("license", tmp_path / "LICENSE").out
    said = json.loads(licscan("license", "--format", "json", tmp_path / "LICENSE").out)["licenses"][0]
    assert (said["language_read"], said["freedom"]) == (False, "unknown")
    scanned = json.loads(licscan("scan", "--format", "json", tmp_path).out)["models"][0]
    assert any("neither English nor Chinese" in gap["why"] for gap in scanned["gaps"])


@pytest.mark.parametrize(
    "text", ["您不得将本模型用于商业用途。" * 4, "本授權條款以中華民國法律為準據法。" * 4, APACHE, "Short."]
)
def test_english_and_chinese_are_read(text: str) -> None:
    """Texts in both, and texts too short to tell, are no gap."""
    assert is_read(Wording(text))
