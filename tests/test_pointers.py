"""License files that are no license but name one: what they name, and whether they say more."""

import json
from pathlib import Path

import pytest

from licscan.licenses import read_text
from licscan.model import Evidence
from licscan.rulebook import Rulebook
from tests.conftest import Licscan
from tests.test_texts import Make, _scanned

HERE = Evidence(source="test", path="LICENSE")
DEED = """# Model license

The weights of this model are licensed under the Creative Commons Attribution 4.0 International License (CC BY 4.0).

You are free to:
- Share: copy and redistribute the weights in any medium
- Adapt: build upon the weights for any purpose, even commercially

Under the following terms:
- Attribution: you must give appropriate credit, provide a link to the license, and indicate if changes were made.

Full text: https://creativecommons.org/licenses/by/4.0/legalcode
"""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Apache-2.0", "Apache-2.0"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("See https://www.apache.org/licenses/LICENSE-2.0", "Apache-2.0"),
        ("The model weights of Acme are licensed under CC BY NC 4.0.", "CC-BY-NC-4.0"),
        ("本模型采用 Apache-2.0 许可证。", "Apache-2.0"),
        ("Our weights are released under the Llama 3.1 Community License.", "LicenseRef-llama3.1"),
        ("The weights are under the MIT License.\n\nThe code is under the Apache License 2.0.", "MIT"),
        (DEED, "CC-BY-4.0"),
    ],
)
def test_a_text_names_a_license(rules: Rulebook, text: str, named: str) -> None:
    """It says nothing else; the freedom is that of the name where it limits, and never free by the text itself."""
    found = read_text(text, rules, HERE)
    assert found.pointer is not None
    assert found.pointer.reading.expression == named
    assert found.pointer.evidence.quote
    assert found.freedom.value in {"unknown", "noncommercial", "conditional"}


@pytest.mark.parametrize(
    "text",
    [
        "Licensed under Apache 2.0. You may not use it for commercial purposes.",
        "Licensed under the Apache License 2.0 with the following additional restrictions: ask us first.",
        "The weights are licensed under the MIT License. Every user has to send us a postcard.",
        "The weights are licensed under a license that is based on the MIT License.",
        DEED + "\nYou must not use the weights in the European Union.",
        DEED.replace("any purpose", "any purpose that we have agreed to"),
    ],
)
def test_who_says_more_is_not_taken_for_the_name(rules: Rulebook, text: str) -> None:
    """What stands beside the name may change everything."""
    found = read_text(text, rules, HERE)
    assert found.pointer is None or not found.pointer.alone


@pytest.mark.parametrize(
    "text",
    [
        "This is not licensed under the MIT License.",
        "The model is under the MIT License or the Apache License 2.0, ask us which.",
        "Please see the LICENSE file.",
        "Have fun.",
        "",
        "We like the MIT License. " * 200,
    ],
)
def test_what_names_none_is_no_pointer(rules: Rulebook, text: str) -> None:
    """What is denied, left open, or lost in many words is not named."""
    assert read_text(text, rules, HERE).pointer is None


@pytest.mark.parametrize(
    ("text", "license_id", "level", "gap"),
    [
        (DEED, "cc-by-4.0", "permissive-open-weights", False),
        ("The weights are licensed under CC BY-NC 4.0.", "cc-by-nc-4.0", "restrictive", False),
        (DEED + "\nYou must not use the weights in the European Union.", None, "restrictive", True),
        ("Weights: MIT License. Send us a postcard whenever you have used it.", "mit", "permissive-open-weights", True),
    ],
)
def test_a_scan_takes_what_a_file_names(
    licscan: Licscan, make_model: Make, text: str, license_id: str | None, level: str, gap: bool
) -> None:
    """What is said besides holds too, and is a gap."""
    found = _scanned(licscan, make_model(card="# x\n", LICENSE=text))
    assert found["license"]["id"] == license_id  # type: ignore[index]
    assert found["level"] == level
    assert ("and says more" in str(found["gaps"])) == gap


def test_the_command_shows_what_is_named(licscan: Licscan, tmp_path: Path) -> None:
    """With the words, their line, and how to read what they name."""
    (tmp_path / "LICENSE").write_text(DEED)
    shown = " ".join(licscan("license", tmp_path / "LICENSE").out.split())
    assert "no license itself: it names Creative Commons Attribution 4.0" in shown
    assert "licscan license cc-by-4.0" in shown
    row = json.loads(licscan("license", tmp_path / "LICENSE", "--format", "json").out)["licenses"][0]
    assert (row["id"], row["match"], row["candidate"]) == (None, "none", "free")
    assert (row["names"]["expression"], row["names"]["alone"], row["names"]["line_start"]) == ("CC-BY-4.0", True, 3)
    assert json.loads(licscan("license", "mit", "--format", "json").out)["licenses"][0]["names"] is None
