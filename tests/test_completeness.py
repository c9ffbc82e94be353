"""Documents held against what others ask of them: what is there, what is missing, and where it would come from."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from licscan.completeness import Row, Score, Status, remedy, score
from licscan.errors import RuleError
from licscan.materials import Bom, read
from licscan.rulebook import Framework, Rulebook, RuleFile
from licscan.rulebook.elements import FAMILIES, frameworks
from tests import boms
from tests.conftest import Licscan
from tests.test_reports import same_as_golden

BSI, G7, EU = "bsi-tr-03183-2", "g7-sbom-for-ai", "eu-gpai-documentation"

HEAD = """id: own
title: Own
why: For us.
source: {title: Ours, publisher: We, published: 2026-01-01, url: "https://example.org", read: itself}
reviewed: {by: us, role: person, on: 2026-01-01}
elements:
"""


def own(elements: str) -> Framework:
    """A framework of these elements."""
    return frameworks([RuleFile("rules/frameworks/own.yaml", (HEAD + elements).encode())])["own"]


def rows(done: Score) -> dict[str, Row]:
    return {row.element.id: row for row in done.rows}


def of(bom: dict[str, Any]) -> Bom:
    return read(json.dumps(bom))


@pytest.fixture
def two() -> dict[str, Any]:
    """A document of two models, the second of which says nothing but its name."""
    bom = copy.deepcopy(boms.CYCLONEDX)
    bom["components"].append({"type": "machine-learning-model", "name": "harbor/bare"})
    return bom


def test_an_element_is_there_for_all_for_some_or_for_none(two: dict[str, Any]) -> None:
    """Present, partial with the names of those that lack it, missing, no place in the format, or nothing to have it."""
    done = rows(
        score(
            of(two),
            own("""
  - {id: name, title: N, group: G, cyclonedx: [name], origin: o}
  - {id: purl, title: N, group: G, cyclonedx: [purl], origin: o}
  - {id: cpe, title: N, group: G, cyclonedx: [cpe], origin: the vendor}
  - {id: elsewhere, title: N, group: G, spdx3: [name], origin: o}
  - {id: doc, title: N, group: G, of: document, cyclonedx: [/metadata.timestamp], origin: o}
  - {id: data, title: N, group: G, of: dataset, cyclonedx: [purl], origin: o}
"""),
        )
    )
    told = {name: (row.status.value, row.has, row.of) for name, row in done.items()}
    assert told == {
        "name": ("present", 2, 2),
        "purl": ("partial", 1, 2),
        "cpe": ("missing", 0, 2),
        "elsewhere": ("no-place", 0, 2),
        "doc": ("present", 1, 1),
        "data": ("present", 1, 1),
    }
    assert (done["purl"].lacking, done["purl"].found) == (("harbor/bare",), boms.MODEL)
    assert remedy(done["cpe"], of(two)) == "the vendor"
    assert remedy(done["elsewhere"], of(two)) == "CycloneDX has no field for it; SPDX 3 has one"
    two["components"] = [one for one in two["components"] if one["type"] != "data"]
    nothing = rows(
        score(of(two), own("  - {id: data, title: N, group: G, of: dataset, cyclonedx: [purl], origin: o}\n"))
    )
    assert nothing["data"].status is Status.NOT_APPLICABLE


def test_what_counts(two: dict[str, Any]) -> None:
    """Required elements count, additional ones and those that nothing could have do not; the share is a mean."""
    done = score(
        of(two),
        own("""
  - {id: name, title: N, group: G, cyclonedx: [name], origin: o}
  - {id: purl, title: N, group: G, cyclonedx: [purl], origin: o}
  - {id: cpe, title: N, group: G, need: additional, cyclonedx: [cpe], origin: o}
"""),
    )
    assert (done.complete, done.wanted, done.share) == (1, 2, 0.75)
    assert [row.element.id for row in done.rows if row.is_open] == ["purl"]


def test_a_value_must_look_as_it_should(two: dict[str, Any]) -> None:
    """A pattern holds for the whole value: a SHA-256 is no SHA-512, a name is no address."""
    framework = own(
        "  - {id: hash, title: N, group: G, cyclonedx: [hashes.content], like: '[0-9a-f]{128}', origin: o}\n"
    )
    assert rows(score(of(two), framework))["hash"].found == boms.SHA512
    two["components"][1]["hashes"].pop()
    assert rows(score(of(two), framework))["hash"].status is Status.MISSING


@pytest.mark.parametrize(
    ("version", "fits"), [("1.5", False), ("1.6", True), ("1.10", True), ("", False), ("x", False)]
)
def test_a_format_must_be_new_enough(version: str, fits: bool) -> None:
    """Versions are compared as numbers; a family that is not named does not do at all."""
    framework = own('  - {id: format, title: N, group: G, of: document, formats: {cyclonedx: "1.6"}, origin: o}\n')
    row = rows(score(of({**boms.CYCLONEDX, "specVersion": version}), framework))["format"]
    assert (row.status is Status.PRESENT) is fits
    assert rows(score(of(boms.SPDX3), framework))["format"].status is Status.MISSING


def test_json_and_xml_score_the_same(rules: Rulebook) -> None:
    """One document in two forms has one score, element by element; so have the three forms of SPDX 2."""
    for names in (("shop.cdx.json", "shop.cdx.xml"), ("shop.spdx.json", "shop.spdx", "shop.spdx.yaml")):
        for framework in rules.frameworks.values():
            told = [
                {name: (row.status, row.has) for name, row in rows(score(read(boms.ALL[one]), framework)).items()}
                for one in names
            ]
            assert all(one == told[0] for one in told[1:]), framework.id


def test_bases_are_not_asked_for_what_models_are(rules: Rulebook) -> None:
    """A model that only stands for what another comes from lacks nothing."""
    done = rows(score(read(boms.ALL["shop.spdx3.json"]), rules.frameworks[G7]))
    assert (done["model-license"].status, done["model-license"].of) == (Status.PRESENT, 1)


def test_the_bsi_wants_sha_512_and_new_formats(rules: Rulebook) -> None:
    """What tells the directive from others: the algorithm, the formats, and somebody who can be written to."""
    framework = rules.frameworks[BSI]
    good, old = rows(score(of(boms.CYCLONEDX), framework)), rows(score(of(boms.SPDX2), framework))
    assert (good["format"].status, old["format"].status) == (Status.PRESENT, Status.MISSING)
    assert (good["component-hash"].status, good["component-creator"].found) == (
        Status.PRESENT,
        "https://example.org/harbor",
    )
    assert rows(score(of(boms.SPDX3), framework))["sbom-creator"].found == "crew@example.org"
    assert old["component-creator"].status is Status.MISSING


def test_frameworks_say_where_they_come_from(rules: Rulebook) -> None:
    """Each names document, publisher, day and address; what was only retold is a draft; every element says whence."""
    assert set(rules.frameworks) == {BSI, G7, EU}
    assert len(rules.frameworks[G7].elements) == 50
    for framework in rules.frameworks.values():
        assert framework.source.url.startswith("https://")
        assert (framework.source.read == "itself") is (framework.source.through is None)
        for element in framework.elements:
            assert element.origin
            assert element.draft or framework.source.read != "retold"
            assert element.formats or any(element.places(family) for family in FAMILIES)


@pytest.mark.parametrize(
    ("element", "what"),
    [
        (
            "{id: a, title: N, group: G, cyclonedx: [name], origin: o}\n  - {id: a, title: N, group: G, cyclonedx: [name], origin: o}",
            "stands twice",
        ),
        ("{id: a, title: N, group: G, cyclonedx: ['na me'], origin: o}", "not a path"),
        ("{id: a, title: N, group: G, origin: o}", "neither where it stands"),
        ("{id: a, title: N, group: G, cyclonedx: [name], like: '(', origin: o}", "is no pattern"),
        ("{id: a, title: N, group: G, of: document, cyclonedx: [name], origin: o}", "begins at a part"),
        ("{id: a, title: N, group: G, of: document, formats: {cyclonedx: new}, origin: o}", "is no version"),
        ("{id: a, title: N, group: G, formats: {cyclonedx: '1.6'}, origin: o}", "belongs to the document"),
        ("{id: a, title: N, group: G, cyclonedx: [name]}", "field required"),
        ("{id: a, title: N, group: G, cyclonedx: [name], origin: o, orign: o}", "is no key"),
    ],
)
def test_a_framework_that_is_wrong_is_refused(element: str, what: str) -> None:
    """With file, line and key."""
    with pytest.raises(RuleError, match=what) as caught:
        own(f"  - {element}\n")
    assert caught.value.where.startswith("rules/frameworks/own.yaml:")


@pytest.fixture
def bom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bom.json").write_text(boms.ALL["shop.cdx.json"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    return "bom.json"


@pytest.mark.parametrize("form", ["terminal", "markdown"])
def test_a_score_looks_the_same(form: str, bom: str, licscan: Licscan) -> None:
    """The report of a document is the golden file."""
    done = licscan("manifest", "--check", bom, "--framework", BSI, "--format", form)
    assert done.code == 0
    same_as_golden(f"completeness-{form}.txt", done.out)


def test_a_score_as_json(bom: str, licscan: Licscan) -> None:
    """All frameworks by default; every element with its state, and where it would come from unless it is there."""
    done = licscan("manifest", "--check", bom, "--format", "json")
    (file,) = json.loads(done.out)["files"]
    assert {key: file[key] for key in ("path", "format", "version", "form", "models", "datasets")} == {
        "path": "bom.json", "format": "cyclonedx", "version": "1.6", "form": "json", "models": 1, "datasets": 1,
    }  # fmt: skip
    assert [one["id"] for one in file["frameworks"]] == sorted([BSI, G7, EU])
    for framework in file["frameworks"]:
        counted = [
            one for one in framework["elements"] if one["need"] == "required" and one["status"] != "not-applicable"
        ]
        assert framework["wanted"] == len(counted)
        assert framework["complete"] == sum(one["status"] == "present" for one in counted)
        assert all((one["from"] is None) is (one["status"] == "present") for one in counted)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--strict",), 3),
        (("--framework", "none"), 2),
        (("--format", "html"), 2),
        (("--run", "1"), 2),
        (("harbor/pilot",), 2),
    ],
)
def test_exit_codes(options: tuple[str, ...], code: int, bom: str, licscan: Licscan) -> None:
    """0 scored, 2 a wrong call, 3 with --strict where something is missing."""
    assert licscan("manifest", *options, "--check", bom).code == code


def test_what_is_no_document_is_refused(tmp_path: Path, licscan: Licscan) -> None:
    """A file that is missing, something else or broken is 2 and says so; a document without models is 4."""
    file = tmp_path / "bom.json"
    assert licscan("manifest", "--check", file).code == 2
    for text in ("{}", "hello", '{"bomFormat": "CycloneDX",\n'):
        file.write_text(text)
        done = licscan("manifest", "--check", file)
        assert (done.code, str(file) in done.err) == (2, True)
    file.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.6"}')
    assert licscan("manifest", "--check", file).code == 4
    assert licscan("manifest", "--format", "terminal").code == 2


def test_names_of_any_kind_do_no_harm(tmp_path: Path, licscan: Licscan) -> None:
    """Neither a terminal nor Markdown is led astray by what a document holds."""
    hostile = "\x1b[31m<img src=x>|`@everyone`"
    file = tmp_path / "bom.json"
    file.write_text(
        json.dumps(
            {
                "bomFormat": "CycloneDX",
                "components": [
                    {"type": "machine-learning-model", "name": hostile, "version": hostile},
                    {"type": "machine-learning-model", "name": "b"},
                ],
            }
        )
    )
    shown = licscan("manifest", "--check", file, "-v").out
    assert "\x1b" not in shown
    written = licscan("manifest", "--check", file, "--format", "markdown").out
    assert all(sign not in written for sign in ("\x1b", "<img", "@everyone"))
    assert json.loads(licscan("manifest", "--check", file, "--format", "json").out)
