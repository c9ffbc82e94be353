"""The manifest for people: what licenses dictate stands in every format, whatever models are called, the same each time."""

import html
import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identify.vendor.licenses import LICENSES
from markdown_it import MarkdownIt

from licscan.licenses.recognise import recognise
from licscan.model import Activity, GapId, Kind, Organisation, Relation
from licscan.organisation import Amount
from licscan.prints import Words
from licscan.rulebook import Rulebook
from licscan.text import fold
from licscan.wording import Wording
from tests.conftest import Licscan
from tests.hub.repositories import card
from tests.hubs import Serve, repository
from tests.manifests import COMMIT, NOW, PEOPLE, bill, model, written
from tests.test_reports import HOSTILE, same_as_golden

MIT = dict(LICENSES)["MIT"].replace("[year] [fullname]", "2026 Harbor Labs")
LLAMA = "hf:meta-llama/Llama-3.1-8B-Instruct"
DICTATING = ("attribution-notice", "attribution-display", "naming-requirement")


class Page(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Text."""
        self.words.append(data)


def plain(text: str, form: str) -> str:
    """What a reader reads of a document, white space folded."""
    if form == "html":
        return fold(" ".join(Page(text).words))
    if form == "markdown":
        return fold(html.unescape(re.sub(r"\\(.)", r"\1", text)))
    return fold(text)


def said(rules: Rulebook, *names: str) -> list[str]:
    """The words that some records dictate."""
    return [
        str(clause.values["text"])
        for name in names
        for clause in rules.licenses[name].clauses
        if clause.id in DICTATING and clause.values.get("text")
    ]


@pytest.fixture(scope="module")
def all_licenses(rules: Rulebook) -> Any:
    """A model under each license of the rule base."""
    names = [name for name, record in rules.licenses.items() if record.kind is Kind.LICENSE]
    made = bill(rules, *(model(f"acme/m-{name}", f"LicenseRef-{name}") for name in names))
    return names, made


@pytest.mark.parametrize("form", PEOPLE)
def test_every_word_that_a_license_dictates_stands_in_every_format(
    rules: Rulebook, all_licenses: Any, form: str
) -> None:
    """Of all licenses of the rule base, every notice, display and name that is dictated is there, word for word."""
    names, made = all_licenses
    text = plain(written(made, form), form)
    words = said(rules, *names)
    assert len(words) > 90
    assert [one for one in words if fold(one) not in text] == []


def test_a_notice_stands_in_one_piece(rules: Rulebook, all_licenses: Any) -> None:
    """In plain text dictated words are one line, however long; everything else is at most 80 columns wide."""
    names, made = all_licenses
    dictated = {f"  {one}" for one in said(rules, *names)}
    lines = written(replace(made, texts=False), "notice").splitlines()
    assert dictated <= set(lines)
    assert [
        line for line in lines if len(line) > 80 and line not in dictated and not line.startswith("From: https")
    ] == []


@pytest.mark.parametrize("form", PEOPLE)
def test_the_same_input_gives_the_same_bytes(rules: Rulebook, form: str) -> None:
    """Assembled twice, a bill is written alike; another model gives it another number."""
    made = [bill(rules, model("acme/a", "mit"), model("acme/b", "llama3.1")) for _ in range(2)]
    assert written(made[0], form) == written(made[0], form) == written(made[1], form)
    other = bill(rules, model("acme/a", "mit"), model("acme/c", "llama3.1"))
    assert made[0].namespace == made[1].namespace != other.namespace
    assert str(made[0].serial) in made[0].serial_number


def test_a_fine_tune_owes_what_its_base_asks(rules: Rulebook) -> None:
    """Whatever license a fine-tune of Llama states, Llama's notice, display, name and terms are owed for it."""
    base = model("meta-llama/Llama-3.1-8B-Instruct", "llama3.1")
    made = bill(rules, model("acme/helm-8b", "apache-2.0", base=LLAMA), bases=[base])
    (one,) = made.components
    theirs = {duty.words for duty in one.duties if duty.inherited_from == LLAMA and duty.words}
    assert theirs == set(said(rules, "llama3.1"))
    assert {"license-copy", "state-changes"} <= {duty.clause for duty in one.duties if duty.license == "apache-2.0"}
    assert {text.symbol for text in one.texts} >= {
        "Apache-2.0",
        "LicenseRef-llama3.1",
        "LicenseRef-llama3.1-use-policy",
    }
    assert one.changes == (
        (
            "acme/helm-8b was made from meta-llama/Llama-3.1-8B-Instruct by fine-tuning; "
            "its weights are changed from those of that model."
        ),
    )


def test_an_adapter_changes_nothing(rules: Rulebook) -> None:
    """An adapter is laid over its base: nothing is said to be changed."""
    made = bill(rules, model("acme/lora", "mit", base=LLAMA, relation=Relation.ADAPTER))
    assert [one.changes for one in made.components] == [()]


@pytest.mark.parametrize(
    ("users", "shows"),
    [
        (None, "to be shown where this holds: applies above 100 million monthly active users"),
        (200_000_000, "Kimi K2\nacme/k"),
        (5, None),
    ],
)
def test_a_display_above_a_number_bears_its_condition(rules: Rulebook, users: int | None, shows: str | None) -> None:
    """Kimi K2's name is to be shown above a threshold alone: said with the condition, unless the numbers decide."""
    amounts = {"monthly_active_users": (Amount(users),), "monthly_revenue": (Amount(1, "USD"),)} if users else {}
    organisation = Organisation(amounts=amounts)
    made = bill(rules, model("acme/k", "LicenseRef-kimi-k2-modified-mit"), organisation=organisation)
    shown = "\n".join(filter(str.strip, Page(written(made, "html").partition('<h2 id="acme-k')[0]).words))
    assert shows in shown if shows else "Kimi K2" not in shown


def test_only_the_activities_that_are_wanted(rules: Rulebook) -> None:
    """Duties of other activities are left out; those of any use stay."""
    wanted = frozenset({Activity.HOST})
    (one,) = bill(rules, model("acme/a", "llama3.1"), activities=wanted).components
    assert all(not duty.activities or set(duty.activities) <= wanted for duty in one.duties)
    assert "attribution-display" in {duty.clause for duty in one.duties}
    assert "attribution-notice" not in {duty.clause for duty in one.duties}


def test_texts_come_from_the_repository_first(rules: Rulebook) -> None:
    """A license that lies with the model is the one that is passed on, with its holder; a standard one is not needed."""
    (one,) = bill(rules, model("acme/a", "mit", texts={"LICENSE": MIT})).components
    (text,) = one.texts
    assert (text.symbol, text.words, text.standard) == ("MIT", MIT, False)
    assert text.evidence
    assert (text.evidence.path, text.evidence.revision) == ("LICENSE", COMMIT)
    assert one.copyrights == ("Copyright (c) 2026 Harbor Labs",)
    assert one.gaps == ()


def test_a_standard_text_names_no_holder(rules: Rulebook) -> None:
    """Where nothing but a tag says MIT, the standard text is given, and that its copyright line is open is a gap."""
    (one,) = bill(rules, model("acme/a", "mit")).components
    (text,) = one.texts
    assert text.standard
    assert text.evidence
    assert text.evidence.source == "identify"
    assert [gap.id for gap in one.gaps] == [GapId.NOTICE_INCOMPLETE]


def test_a_text_that_nobody_has_is_a_gap_with_its_address(rules: Rulebook) -> None:
    """The text of a license that no package has, and that does not lie with the model, is named with its address."""
    (one,) = bill(rules, model("acme/a", "llama3.1")).components
    gaps = [gap for gap in one.gaps if gap.id is GapId.LICENSE_TEXT_NOT_AT_HAND]
    assert ["llama.com" in gap.why or "llama.meta.com" in gap.why for gap in gaps] == [True, True]
    assert all(text.words is None and text.gap for text in one.texts)


def test_the_texts_and_notices_of_a_base_go_with_its_child(rules: Rulebook) -> None:
    """A child that brings no texts passes on those of its base, the NOTICE file too."""
    base = model(
        "acme/base", "apache-2.0", texts={"LICENSE": dict(LICENSES)["Apache-2.0"], "NOTICE": "Made by Acme.\n"}
    )
    child = model("acme/child", base="hf:acme/base", relation=Relation.QUANTIZED)
    (one,) = bill(rules, child, bases=[base]).components
    assert one.concluded == "Apache-2.0"
    assert ("notice", "Made by Acme.\n") in {(text.kind, text.words) for text in one.texts}
    assert "Made by Acme." in written(bill(rules, child, bases=[base]), "notice")


def test_an_altered_text_is_its_own_license(rules: Rulebook) -> None:
    """An altered copy is passed on as it is, under a name of its own and never under that of the license."""
    altered = MIT.replace("without restriction", "for research only, without restriction")
    (one,) = bill(rules, model("acme/a", "mit", texts={"LICENSE": altered})).components
    mine = next(text for text in one.texts if text.words == altered)
    assert mine.symbol
    assert mine.symbol.startswith("LicenseRef-text-")
    assert mine.symbol in (one.concluded or "")


@pytest.mark.parametrize("form", PEOPLE)
def test_a_text_stands_once(rules: Rulebook, form: str) -> None:
    """Two models with the same text share it; with `texts` off it is only named."""
    models = [model(f"acme/{name}", "mit", texts={"LICENSE": MIT}) for name in ("a", "b")]
    assert written(bill(rules, *models), form).count("Permission is hereby granted") == 1
    without = written(bill(rules, *models, texts=False), form)
    assert "Permission is hereby granted" not in without
    assert COMMIT in without


def test_standard_texts_are_the_licenses_that_they_are_said_to_be(rules: Rulebook) -> None:
    """Nearly every license of the SPDX list has a standard text, and none whose words were lost in a package is given."""
    listed = {name: record.spdx for name, record in rules.licenses.items() if record.spdx}
    made = bill(rules, *(model(f"acme/m-{name}", spdx) for name, spdx in listed.items()))
    got = {text.symbol: text.words or "" for one in made.components for text in one.texts if text.standard}
    assert set(listed.values()) - set(got) <= {"OpenMDW-1.0"}
    for name, spdx in listed.items():
        if spdx in got:
            match = recognise(Words(Wording(got[spdx])), rules)
            assert name in {match.id, *match.also}
            assert match.match == "exact" or match.same_terms
    assert all("EXPRESSOR" not in words for words in got.values())


def test_blanks_are_filled_or_named(rules: Rulebook) -> None:
    """Where a license leaves a blank for a derivative's name, a derivative's name stands there; other blanks are gaps."""
    base = model("tiiuae/falcon-180B", "LicenseRef-falcon-180b")
    child = model("acme/hawk", "LicenseRef-falcon-180b", base="hf:tiiuae/falcon-180B")
    (one,) = bill(rules, child, bases=[base]).components
    words = {duty.words for duty in one.duties if duty.inherited_from and duty.clause == "attribution-display"}
    assert words == {"acme/hawk is built using Falcon LLM technology from the Technology Innovation Institute"}
    (grok,) = bill(rules, model("acme/grok", "LicenseRef-grok-2-community")).components
    assert [gap.what for gap in grok.gaps if gap.id is GapId.NOTICE_INCOMPLETE] == ["words for attribution-notice"]


@settings(max_examples=25)
@given(words=st.text(max_size=60), file=st.text(max_size=200))
def test_hostile_words_change_no_page(rules: Rulebook, words: str, file: str) -> None:
    """Whatever a name, a tag and a text hold, the page has the same elements, and nothing that acts or loads."""
    name = f"file:{words or 'x'}" if "\x00" not in words else "file:x"
    for one in (words, file, HOSTILE + words):
        made = bill(
            rules,
            model(name if name.strip() != "file:" else "file:x", one, texts={"LICENSE": one, "NOTICE": file}),
            name=one,
        )
        page = Page(written(made, "html"))
        assert {tag for tag, _ in page.tags} <= _ELEMENTS
        assert not any(
            key.startswith("on") or key in {"src", "action"} for _, attributes in page.tags for key in attributes
        )
        assert all(
            (attributes.get("href") or "#").startswith(("#", "https://huggingface.co/")) for _, attributes in page.tags
        )
        for form in PEOPLE:
            assert not re.search(r"[^\n\x20-\x7e]", re.sub(r"[^\W_]|[^\x00-\x9f]", "", written(made, form)))


_ELEMENTS = set(
    "html head meta title style body header h1 h2 h3 p main section dl dt dd a ul li blockquote details summary pre footer".split()
)


@settings(max_examples=40)
@given(
    words=st.text(max_size=60)
    | st.sampled_from(["[x](javascript:y)", "<b>", "`", "# a", "1. a", "- a", "@user", HOSTILE])
)
def test_hostile_words_are_words_in_markdown(rules: Rulebook, words: str) -> None:
    """No word of anybody else becomes markup, HTML or a link, and no text leaves its block."""
    made = bill(rules, model("acme/a", words, texts={"LICENSE": f"{words}\n```\n~~~~\n{words}"}), name=words)
    tokens = MarkdownIt("commonmark").parse(written(made, "markdown"))
    inner = [child for token in tokens for child in token.children or ()]
    assert not any(token.type.startswith("html") or token.type == "image" for token in [*tokens, *inner])
    assert {token.type for token in inner} <= {
        "text",
        "softbreak",
        "link_open",
        "link_close",
        "code_inline",
        "em_open",
        "em_close",
        "text_special",
    }
    assert all(
        (token.attrs.get("href") or "").__str__().startswith("https://huggingface.co/")
        for token in inner
        if token.type == "link_open"
    )
    assert sum(token.type == "fence" for token in tokens) == sum(
        1 for one in made.components for text in one.texts if text.words is not None
    )


def test_the_page_can_be_read_by_everybody(rules: Rulebook) -> None:
    """It has a language, a title, one first heading, headings in order, unique ids, links that lead somewhere."""
    made = bill(rules, model("acme/a", "llama3.1", base=LLAMA), model("acme/b", "mit"))
    page = Page(written(made, "html"))
    assert next(attributes for tag, attributes in page.tags if tag == "html")["lang"] == "en"
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(headings))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    refs = [
        str(attributes["href"])[1:]
        for tag, attributes in page.tags
        if tag == "a" and str(attributes["href"]).startswith("#")
    ]
    labels = [attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes]
    assert refs
    assert set(refs) | set(labels) <= set(ids)


@pytest.mark.parametrize("form", PEOPLE)
def test_golden(rules: Rulebook, form: str) -> None:
    """The formats are as they were looked at: kept in tests/golden."""
    base = model("meta-llama/Llama-3.1-8B-Instruct", "llama3.1", texts={"NOTICE": "A notice of the base.\n"})
    made = bill(
        rules,
        model("acme/helm-8b", "apache-2.0", base=LLAMA),
        model("acme/k", "LicenseRef-kimi-k2-modified-mit", texts={"NOTICE": "Made by k.\n"}),
        model("acme/sd", "LicenseRef-stability-community-2024"),
        model("file:models/own <b>", "my own [license]"),
        bases=[base],
        texts=False,
    )
    same_as_golden(f"manifest-{form}.txt", written(made, form))


def test_the_command(licscan: Licscan, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command writes what a run found; with --strict a text that could not be had is exit code 3."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: llama3.1\n---\n")
    (folder / "model.gguf").write_bytes(b"")
    assert licscan("scan", "net", "--offline").code == 0
    done = licscan("manifest")
    assert done.code == 0
    assert done.out.startswith("NOTICE\nModels\n")
    assert "  Built with Llama\n" in done.out
    assert licscan("manifest", "--strict").code == 3
    page = licscan(
        "manifest", "net", "--offline", "--format", "html", "--output", tmp_path / "about.html", "--name", "A & B"
    )
    assert (page.code, page.out) == (0, "")
    assert "<title>A &amp; B: AI models and their licenses</title>" in (tmp_path / "about.html").read_text()
    assert "Built with Llama" not in licscan("manifest", "--activity", "internal").out


def test_with_all_texts_strict_passes(licscan: Licscan, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every text is at hand and nothing is open that should not be, --strict is content."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    (folder / "LICENSE").write_text(MIT)
    (folder / "model.pt").write_bytes(b"")
    done = licscan("manifest", "net", "--offline", "--strict")
    assert "Copyright (c) 2026 Harbor Labs" in done.out
    assert "Permission is hereby granted" in done.out
    assert NOW.strftime("%Y-%m-%d") in done.out


def test_words_stand_in_the_texts_of_licenses(rules: Rulebook, corpus: Any) -> None:
    """What the rule base says a license dictates stands in the license's own text."""
    found = 0
    for name, record in rules.licenses.items():
        file = corpus / "licenses" / "texts" / f"{name}.txt"
        if not file.is_file():
            continue
        text = _bare(file.read_text(errors="replace"))
        for words in said(rules, name):
            found += 1
            assert _bare(words) in text, f"{record.id}: {words}"
    assert found > 80


def _bare(words: str) -> str:
    """Words without typography: quotation marks, emphasis, white space."""
    return re.sub(r"\W", "", words).casefold()


def test_texts_are_those_of_the_commit(serve: Serve, licscan: Licscan) -> None:
    """A model of a hub brings its license, its notice and its base's, each with the commit at which it was read."""
    files: dict[str, bytes | str | None] = {
        "README.md": card(license="mit", base_model="acme/base"), "LICENSE": MIT, "NOTICE": "Made by acme.\n"
    }  # fmt: skip
    serve(
        repository("acme/own", files),
        repository("acme/base", {"README.md": card(license="apache-2.0"), "NOTICE": "Made by the base.\n"}),
    )
    done = licscan("manifest", "acme/own")
    assert done.code == 0
    commit = re.search(r"^Commit: ([0-9a-f]{40})$", done.out, re.MULTILINE)
    assert commit
    assert f"(LICENSE at {commit[1]})" in fold(done.out)
    for words in (
        "Copyright (c) 2026 Harbor Labs\n",
        "Made by acme.\n",
        "Made by the base.\n",
        "Made from: hf:acme/base",
    ):
        assert words in done.out
    assert "Text 3: Apache License, Version 2.0 (the standard text, from identify)" in fold(done.out)
    # The last run, from what the database kept: the same.
    assert licscan("manifest", "--offline").out == done.out


def test_a_lock_is_enough_for_what_is_owed(licscan: Licscan, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a tree with a lock, what is owed is known without a database; texts that only repositories have are missed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("M.from_pretrained('meta-llama/Llama-3.1-8B-Instruct')\n")
    assert licscan("lock", "--offline").code == 0
    done = licscan("manifest", ".")
    assert (done.code, "  Built with Llama\n" in done.out, "the text of Llama 3.1" in done.out) == (0, True, True)
    assert licscan("manifest", ".", "--strict").code == 3


def test_what_was_collected_has_no_texts(licscan: Licscan, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a model that a collected report speaks of, what is owed is known; nobody looked whether it holds its texts."""
    monkeypatch.chdir(tmp_path)
    licscan("scan", "meta-llama/Llama-3.1-8B", "--offline", "--db", "a.db", "--format", "json", "--output", "r.json")
    assert licscan("collect", "r.json", "--db", "b.db").code == 0
    done = licscan("manifest", "--db", "b.db")
    assert (done.code, "  Built with Llama\n" in done.out) == (0, True)
    assert "the repository was not looked at, and no data package has it" in fold(done.out)


def test_words_that_are_all_there_is_are_the_text(rules: Rulebook) -> None:
    """Where a card's words are all that states the terms, these words are passed on; what names none is no statement."""
    models = (model("acme/a", "for research only"), model("acme/b", "research only"), model("acme/c", "other"))
    one, two, three = bill(rules, *models).components
    assert [text.words for text in (*one.texts, *two.texts)] == ["for research only", "research only"]
    assert one.texts[0].key != two.texts[0].key
    assert (three.declared, three.texts) == ((), ())
    assert "License: not established" in written(bill(rules, models[2]), "notice")
