"""Parts of licenses: named after what has most of their words, and where those do not tell, all of them said."""

import json
from pathlib import Path

import pytest

from licscan.licenses.recognise import Match, recognise
from licscan.prints import Words
from licscan.rulebook import Rulebook
from licscan.wording import Wording
from tests.conftest import Licscan
from tests.test_registry import registry


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The texts of the registry by their keys."""
    return {text.key: text.words for text in registry()}


def _part(words: str, first: float, last: float) -> str:
    return words[int(len(words) * first) : int(len(words) * last)]


def _match(words: str, rules: Rulebook) -> Match:
    return recognise(Words(Wording(words)), rules)


def test_a_beginning_is_no_copy_of_a_shorter_license_that_is_alike(texts: dict[str, str], rules: Rulebook) -> None:
    """Of ECL 2.0 four tenths are about as long as Apache 2.0 is short of: its own patent words decide."""
    found = _match(_part(texts["ecl-2.0"], 0, 0.4), rules)
    assert (found.id, found.match, found.part, found.twins) == ("ecl-2.0", "modified", True, ())


@pytest.mark.parametrize(("key", "twin"), [("gpl-3.0", "agpl-3.0"), ("agpl-3.0", "gpl-3.0")])
def test_what_stands_in_two_licenses_alike_is_said_of_both(
    texts: dict[str, str], rules: Rulebook, key: str, twin: str
) -> None:
    """The middle of the GPL is that of the AGPL; the whole is not."""
    found = _match(_part(texts[key], 0.3, 0.6), rules)
    assert {found.id, *found.twins} >= {key, twin}
    assert _match(texts[key] + "\nYou may not sell it to the moon.\n", rules)[:2] == (key, "modified")
    assert _match(texts[key] + "\nYou may not sell it to the moon.\n", rules).twins == ()


def test_the_reader_is_told_that_it_cannot_be_told(texts: dict[str, str], licscan: Licscan, tmp_path: Path) -> None:
    """On the terminal, in JSON, and as a gap of a scan."""
    (tmp_path / "LICENSE").write_text(_part(texts["gpl-3.0"], 0.3, 0.6))
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    told = licscan("license", tmp_path / "LICENSE").out
    assert "may as well have been taken from" in " ".join(told.split())
    (said,) = json.loads(licscan("license", "--format", "json", tmp_path / "LICENSE").out)["licenses"]
    assert {said["id"], *said["twins"]} >= {"gpl-3.0", "agpl-3.0"}
    scanned = json.loads(licscan("scan", "--format", "json", tmp_path).out)["models"][0]
    assert any("its words do not tell" in gap["why"] for gap in scanned["gaps"])
