"""The license texts of a public registry: those that have records are known, no other is taken for one, both agree."""

import importlib.util
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from licscan.clauses import search
from licscan.licenses.recognise import recognise
from licscan.model import Evidence
from licscan.prints import Words
from licscan.rulebook import Rulebook
from licscan.wording import Wording

_HEAD = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
# What the registry calls texts that have no SPDX id, and the records of the same words.
SAME = {
    "bigcode-open-rail-m-v1": "bigcode-openrail-m",
    "bigscience-open-rail-m": "bigscience-openrail-m",
    "bigscience-rail-1.0": "bigscience-bloom-rail-1.0",
    "etalab-2.0-fr": "etalab-2.0",
    "hfoil-1.0": "hfoil-1.0",
    "llama-2-license-2023": "llama2",
    "llama-license-2023": "llama1",
    "responsible-ai-source-1.0": "rail-source-1.0",
    "responsible-ai-source-1.1": "rail-source-1.1",
    "stable-diffusion-2022-08-22": "creativeml-openrail-m",
    # The same words with a name behind them, or a heading above.
    "aladdin-md5": "zlib",
    "apple-excl": "apple-ml-ferret",
}


_LEAST_SENTENCE = 40
# What stands before the terms: a preamble, a notice of copyright.
_ASIDE = re.compile(
    r"copyright|version \d|licensed under|apply|notice|preamble|http|everyone is permitted", re.IGNORECASE
)


class Text(NamedTuple):
    """A text of the registry."""

    key: str
    spdx: str
    words: str


def registry() -> Iterator[Text]:
    """The texts of the licensedcode-data package, each behind a head of YAML."""
    found = importlib.util.find_spec("licensedcode")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "data" / "licenses"
    for file in sorted(folder.glob("*.LICENSE")):
        head = _HEAD.match(file.read_text())
        if head and head[2].strip():
            yield Text(file.stem, str(yaml.safe_load(head[1]).get("spdx_license_key") or "").lower(), head[2])


@pytest.fixture(scope="module")
def texts() -> list[Text]:
    """All of them; fewer would mean that the package has changed its layout."""
    found = list(registry())
    assert len(found) > 2000
    return found


def wanted(text: Text, rules: Rulebook) -> str | None:
    """The record that a text should be known as; None where it has none."""
    known = {record.spdx.lower(): record.id for record in rules.licenses.values() if record.spdx}
    return SAME.get(text.key) or known.get(text.spdx)


def test_no_text_is_taken_for_another(texts: list[Text], rules: Rulebook) -> None:
    """Of 2,300 texts, those with a record are known word for word; every other is altered, a part, or unknown."""
    wrong: list[tuple[str, str | None]] = []
    met = 0
    for text in texts:
        match = recognise(Words(Wording(text.words)), rules)
        same = match.match == "exact" or match.same_terms
        record = wanted(text, rules)
        met += record is not None
        if (record is not None or same) and (match.id != record or not same):
            wrong.append((text.key, match.id))
    assert wrong == []
    assert met > 60


def test_a_sentence_less_is_noticed(texts: list[Text], rules: Rulebook) -> None:
    """A text that is known word for word is not known any more where a sentence of its terms is gone."""
    chance = random.Random(20261122)  # noqa: S311 - which sentences are tried is no secret
    unnoticed: list[tuple[str, str]] = []
    tried = 0
    for text in texts:
        if wanted(text, rules) is None:
            continue
        wording = Wording(text.words)
        whole = recognise(Words(wording), rules)
        if whole.match != "exact":
            continue
        appendix = re.search(r"how to apply (?:these|the|this)", wording.plain, re.IGNORECASE)
        terms = appendix.start() if appendix else len(wording.plain)
        begins = Words(wording).begins  # a title is no sentence of the terms
        long = [
            one for one in wording.sentences() if one.end - one.start > _LEAST_SENTENCE and begins < one.end < terms
        ]
        for sentence in chance.sample(long, min(len(long), 4)):
            start, end = wording.span(sentence.start, sentence.end)
            match = recognise(Words(Wording(text.words[:start] + text.words[end:])), rules)
            tried += 1
            # Three clauses of BSD without the third are the license of two.
            if match.id == whole.id and (match.match == "exact" or match.same_terms):
                unnoticed.append((text.key, wording.plain[sentence.start : sentence.end]))
    left = [one for one in unnoticed if not _ASIDE.search(one[1]) and not one[1].isupper()]
    assert not left, left
    assert tried > 200


def test_records_and_detectors_agree(texts: list[Text], rules: Rulebook) -> None:
    """What the records say of a text, and what the detectors find in it, are the same clauses, nearly always."""
    here = Evidence(source="registry")
    both: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    for text in texts:
        record = rules.licenses.get(wanted(text, rules) or "")
        if record is None or not record.complete:
            continue
        recorded = {clause.id for clause in record.clauses}
        found = {clause.id for clause in search(Wording(text.words), rules, here)}
        both.update(recorded & found)
        missed.update(recorded - found)
        extra.update(found - recorded)
    agreed = 2 * both.total() / (2 * both.total() + missed.total() + extra.total())
    print(f"records and detectors agree: F1 {agreed:.3f}; not found {dict(missed)}, not recorded {dict(extra)}")
    assert agreed >= 0.93
