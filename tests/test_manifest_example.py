"""The example of a product: its NOTICE and its about page say what each of its licenses dictates, sentence by sentence."""

import os
import re
import shutil
from pathlib import Path

import pytest

from licscan.manifest import FORMATS
from licscan.rulebook import Rulebook
from licscan.text import fold
from tests.conftest import ROOT
from tests.manifests import PEOPLE, bill, model, written
from tests.test_gate_examples import run, shell
from tests.test_manifest import plain, said

__all__ = ["shell"]

EXAMPLE = ROOT / "examples" / "manifest"
LICENSES = {
    "meta-llama/Llama-3.1-8B-Instruct": "llama3.1",
    "google/gemma-3-4b-it": "gemma-terms-2025-03-24",
    "stabilityai/stable-diffusion-3.5-large": "stability-community-2024",
    "moonshotai/Kimi-K2-Instruct": "kimi-k2-modified-mit",
    "helm-8b": "llama3.1",  # it says apache-2.0 of itself, and is made from Llama
}
# Where a license says which words to show or to keep, and these words.
_DICTATES = re.compile(
    r"(?:prominently display|such copies:|following notice:|also include)\s+[\"“](?P<words>[^\"”]+)[\"”]", re.IGNORECASE
)


def document(form: str) -> str:
    """The example's document of a format."""
    return (EXAMPLE / {"notice": "NOTICE", "html": "about.html"}[form]).read_text()


def part(name: str) -> str:
    """What the NOTICE says of one model."""
    return next(one for one in document("notice").split("=" * 80) if one.strip().startswith(name))


def test_the_example_is_what_the_command_writes(tmp_path: Path, shell: dict[str, str]) -> None:
    """NOTICE and about page are those that the script makes; `LICSCAN_GOLDEN=write` writes them anew."""
    shutil.copytree(EXAMPLE, tmp_path / "manifest")
    done = run(tmp_path / "manifest", "run.sh", shell)
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("NOTICE", "about.html"):
        made = _timeless((tmp_path / "manifest" / name).read_text())
        if os.environ.get("LICSCAN_GOLDEN") == "write":
            (EXAMPLE / name).write_text(made)
        assert made == (EXAMPLE / name).read_text()


def _timeless(text: str) -> str:
    """A document without the version of rules and program, and the day."""
    return re.sub(r"Made by licscan \S+ rules \S+\s+on \S+\s", "Made by licscan. ", text)


@pytest.mark.parametrize("form", ["notice", "html"])
@pytest.mark.parametrize("name", LICENSES)
def test_every_sentence_that_the_rules_know(rules: Rulebook, name: str, form: str) -> None:
    """All words that the license of a model dictates stand in the NOTICE and on the page."""
    words = said(rules, LICENSES[name])
    assert words
    text = plain(part(name) if form == "notice" else document(form), form)
    assert [one for one in words if one not in text] == []


@pytest.mark.parametrize("name", LICENSES)
def test_every_sentence_that_the_license_dictates(corpus: Path, name: str) -> None:
    """What the license's own text wants shown or kept stands in the NOTICE, with that model, and on the page."""
    text = fold((corpus / "licenses" / "texts" / f"{LICENSES[name]}.txt").read_text())
    found = [one["words"] for one in _DICTATES.finditer(text)]
    assert found
    for words in found:
        assert f"\n  {words}\n" in part(name)
        assert words in plain(document("html"), "html")


def test_conditions_stand_with_the_words() -> None:
    """What is owed above a number alone is not shown as if it were owed: the number stands with it."""
    page = plain(document("html"), "html")
    assert "Kimi K2: to be shown where this holds: applies above 100 million monthly active users" in page
    assert "above 100 million monthly active users" in " ".join(part("moonshotai/Kimi-K2-Instruct").split())


@pytest.mark.parametrize("name", LICENSES)
def test_the_license_of_each_goes_with_it_or_is_missed(name: str) -> None:
    """The text of each license is named with where it stands, or as missing with its address."""
    said_of_it = " ".join(part(name).split())
    assert "Text 1:" in said_of_it or "the text of" in said_of_it
    if "the text of" in said_of_it:
        assert "http" in said_of_it or "may be any of" in said_of_it


@pytest.mark.parametrize("form", PEOPLE)
def test_with_the_texts_at_hand_all_of_them_are_passed_on(rules: Rulebook, corpus: Path, form: str) -> None:
    """Where repositories hold their licenses, every line of these is in the document, and no text is missing."""
    texts = {name: (corpus / "licenses" / "texts" / f"{name}.txt").read_text() for name in set(LICENSES.values())}
    policies = {
        "llama3.1": "llama3.1-use-policy",
        "gemma-terms-2025-03-24": "gemma-prohibited-use",
    }
    models = []
    for name, license_ in LICENSES.items():
        held = {"LICENSE": texts[license_]}
        if license_ in policies:
            held["USE_POLICY.md"] = (corpus / "licenses" / "texts" / f"{policies[license_]}.txt").read_text()
        models.append(model(name if "/" in name else f"acme/{name}", texts=held))
    made = bill(rules, *models)
    assert {gap.id.value for one in made.components for gap in one.gaps} == set()
    document = _squeezed(plain(written(made, form), form))
    for text in texts.values():
        assert [line for line in text.splitlines() if _squeezed(line) not in document] == []


def _squeezed(words: str) -> str:
    return re.sub(r"[^\w]", "", words)


def test_people_have_three_formats() -> None:
    """The formats that are checked here are those for people."""
    assert set(PEOPLE) <= set(FORMATS)
