"""Packages of npm that carry models: what they state of their license is said of the models, and only of those."""

import json
from pathlib import Path
from typing import Any

import pytest

from licscan.errors import UnreadableError
from licscan.formats import node_package
from licscan.model import Place
from tests import stores
from tests.conftest import onnx


def package(top: Path, fields: object, below: str = "dist/model.onnx") -> Path:
    """A package with a model below it; the model's folder."""
    path = top / below
    path.parent.mkdir(parents=True)
    path.write_bytes(onnx())
    (top / "package.json").write_text(fields if isinstance(fields, str) else json.dumps(fields, indent=1))
    return path.parent


FIELDS = {"name": "vad", "version": "0.0.31", "license": "ISC"}


@pytest.mark.parametrize("top", ["node_modules/vad", "node_modules/@acme/vad", "package"])
@pytest.mark.parametrize("below", ["model.onnx", "dist/models/model.onnx"])
def test_the_license_of_a_package_is_a_claim(top: str, below: str, tmp_path: Path) -> None:
    """Installed with or without a scope, or unpacked from its archive: its license is claimed of the model in it."""
    (claim,) = stores.load(package(tmp_path / top, FIELDS, below)).claims
    assert (claim.stated, claim.place, claim.evidence.lines) == ("ISC", Place.PACKAGE, (4, 4))
    assert claim.evidence.path == "../" * below.count("/") + "package.json"
    assert claim.evidence.quote == "vad 0.0.31: license: ISC"


@pytest.mark.parametrize(
    ("fields", "stated"),
    [
        ({"license": "(MIT OR Apache-2.0)"}, ["(MIT OR Apache-2.0)"]),
        ({"license": {"type": "MIT", "url": "https://x"}}, ["MIT"]),
        ({"licenses": [{"type": "MIT"}, {"type": "BSD"}]}, ["MIT", "BSD"]),
        ({"license": "UNLICENSED"}, ["UNLICENSED"]),
        ({"license": ["MIT", 7, None, {}]}, ["MIT"]),
        ({"license": ""}, []),
        ({}, []),
    ],
)
def test_every_way_to_state_it(fields: dict[str, Any], stated: list[str], tmp_path: Path) -> None:
    """An expression, an object, a list of them as older packages have it; nothing where nothing is stated."""
    place = package(tmp_path / "package", {"name": "x", "version": "1", **fields})
    assert [claim.stated for claim in stores.load(place).claims] == stated


def test_what_is_no_package_of_others(tmp_path: Path) -> None:
    """The file of an own project says nothing of the weights that lie in it, nor does one of the packages around."""
    assert not stores.load(package(tmp_path / "project", FIELDS)).claims
    outer = tmp_path / "node_modules" / "outer"
    package(outer, {**FIELDS, "license": "GPL-3.0"}, "model.onnx")
    inner = package(outer / "node_modules" / "inner", FIELDS)
    assert [claim.stated for claim in stores.load(inner).claims] == ["ISC"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": 1, "version": "1"}', '{"version": "1"}', "[" * 100_000])
def test_broken_files(text: str, tmp_path: Path) -> None:
    """What names no package at a version is refused, and costs the model nothing but that claim."""
    place = package(tmp_path / "package", text)
    with pytest.raises(UnreadableError):
        node_package.read(tmp_path / "package" / "package.json")
    assert not stores.load(place).claims


def test_a_changed_package_is_another_revision(tmp_path: Path) -> None:
    """Where a package states another license, its models are at another revision."""
    place = package(tmp_path / "package", FIELDS)
    before = stores.load(place).ref
    (tmp_path / "package" / "package.json").write_text(json.dumps({**FIELDS, "license": "MIT"}))
    assert stores.load(place).ref != before
