"""Models that bills of materials list are targets like any others: for scan, check, lock and verify."""

import copy
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from licscan.references import Place, Trouble, search
from tests import boms
from tests.conftest import Licscan, process, safetensors


def found(path: Path) -> list[tuple[str, str, str | None]]:
    return [
        (one.found.scheme, one.found.name, one.found.revision)
        for one in search(path, keep=False)
        if isinstance(one, Place)
    ]


def troubles(path: Path) -> list[Trouble]:
    return [one for one in search(path, keep=False) if isinstance(one, Trouble)]


@pytest.mark.parametrize("name", boms.ALL)
def test_a_document_of_any_form_names_its_models(name: str, tmp_path: Path) -> None:
    """Named, or in a tree: the model at its commit; neither its base and data, nor what is no model."""
    file = tmp_path / name
    file.write_text(boms.ALL[name])
    assert found(file) == [("hf", "harbor/pilot", boms.COMMIT)]
    assert found(tmp_path) == [("hf", "harbor/pilot", boms.COMMIT)]
    assert troubles(tmp_path) == []


@pytest.mark.parametrize("name", ["report.json", "x.xml", "tags.txt", "odd"])
def test_a_document_that_is_named_is_known_by_its_content(name: str, tmp_path: Path) -> None:
    """Whatever a file is called, who names it has it read."""
    file = tmp_path / name
    file.write_text({".xml": boms.CYCLONEDX_XML, ".txt": boms.SPDX2_TAGS}.get(file.suffix, boms.ALL["shop.cdx.json"]))
    assert found(file) == [("hf", "harbor/pilot", boms.COMMIT)]


def test_a_document_may_be_longer_than_code(tmp_path: Path) -> None:
    """Ten thousand packages stand before the model, and it is found."""
    bom = copy.deepcopy(boms.CYCLONEDX)
    library = {"type": "library", "name": "library", "description": "x" * 80, "purl": "pkg:pypi/library@1.0"}
    bom["components"] = [library] * 10_000 + bom["components"]
    file = tmp_path / "bom.json"
    file.write_text(json.dumps(bom))
    assert file.stat().st_size > 1 << 20
    assert found(tmp_path) == [("hf", "harbor/pilot", boms.COMMIT)]


def component(**fields: Any) -> str:
    return json.dumps({"bomFormat": "CycloneDX", "components": [{"type": "machine-learning-model", **fields}]})


@pytest.mark.parametrize(
    ("fields", "meant"),
    [
        ({"name": "harbor/pilot"}, ("hf", "harbor/pilot", None)),
        ({"group": "harbor", "name": "pilot"}, ("hf", "harbor/pilot", None)),
        (
            {"name": "pilot", "version": boms.COMMIT.upper(), "bom-ref": "pkg:huggingface/harbor/pilot"},
            ("hf", "harbor/pilot", boms.COMMIT),
        ),
        ({"name": "pilot", "version": "1.0", "purl": "pkg:huggingface/harbor/pilot"}, ("hf", "harbor/pilot", None)),
        (
            {
                "name": "Pilot",
                "externalReferences": [{"type": "website", "url": "https://huggingface.co/harbor/pilot/tree/v2"}],
            },
            ("hf", "harbor/pilot", "v2"),
        ),
        (
            {
                "name": "Pilot",
                "externalReferences": [{"type": "vcs", "url": "git+https://huggingface.co/harbor/pilot@abc123"}],
            },
            ("hf", "harbor/pilot", "abc123"),
        ),
        ({"name": "gpt-4o", "publisher": "OpenAI"}, ("api", "openai/gpt-4o", None)),
        ({"name": "x", "purl": "pkg:ollama/llama3.1@8b"}, ("ollama", "llama3.1:8b", None)),
        ({"name": "x", "purl": "pkg:generic/x", "group": "harbor"}, ("hf", "harbor/x", None)),
    ],
)
def test_a_model_is_known_by_whatever_leads_to_it(
    fields: dict[str, Any], meant: tuple[str, str, str | None], tmp_path: Path
) -> None:
    """Package URL, address, name: the first that leads somewhere; a version counts where it is a commit."""
    file = tmp_path / "bom.json"
    file.write_text(component(**fields))
    assert found(file) == [meant]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "our internal model"},
        {"name": "model.safetensors"},
        {"name": "x", "purl": "pkg:huggingface/a%2F..%2F..%2Fb/c"},
        {"name": "x", "purl": "pkg:huggingface/a/b%1b[31m"},
        {"name": "x", "purl": "pkg:huggingface/a--b/c"},
        {"name": "x", "purl": "pkg:ollama/a%20b"},
        {"name": "x", "externalReferences": [{"type": "website", "url": "https://huggingface.co/docs/transformers"}]},
        {"name": "\x1b[2J"},
        {},
    ],
)
def test_a_model_that_nothing_leads_to_is_a_gap(fields: dict[str, Any], tmp_path: Path) -> None:
    """No guess is made: the gap says which, and in which line, fit to be printed."""
    file = tmp_path / "bom.json"
    file.write_text(component(**fields))
    assert found(file) == []
    (trouble,) = troubles(file)
    assert trouble.gap == "model-not-identified"
    assert "in line 1" in trouble.why
    assert trouble.why.isprintable()


def test_a_broken_document_is_a_gap(tmp_path: Path) -> None:
    """One that cannot be read is said, with the line."""
    file = tmp_path / "bom.json"
    file.write_text('{"bomFormat": "CycloneDX",\n"components": [}')
    (trouble,) = troubles(file)
    assert (trouble.gap, trouble.why) == ("file-unreadable", "line 2: no sound JSON")


def test_scan_looks_at_the_models_of_a_document(licscan: Licscan, tmp_path: Path) -> None:
    """`licscan scan bom.json` reports each model with file and line, and says which it could not identify."""
    bom = copy.deepcopy(boms.CYCLONEDX)
    bom["components"].append({"type": "machine-learning-model", "name": "own"})
    file = tmp_path / "bom.json"
    file.write_text(json.dumps(bom, indent=1))
    done = licscan("scan", file, "--offline", "--format", "json", "--strict")
    report = json.loads(done.out)
    assert done.code == 3
    assert [model["ref"] for model in report["models"]] == [f"hf:harbor/pilot@{boms.COMMIT}"]
    (mention,) = report["mentions"]
    assert boms.MODEL in file.read_text().split("\n")[mention["line"] - 1]
    assert [gap["id"] for gap in report["gaps"]] == ["model-not-identified"]


def scanned(licscan: Licscan, file: Path, *stated: dict[str, Any], name: str) -> dict[str, Any]:
    file.write_text(component(name=name, licenses=list(stated)))
    (model,) = json.loads(licscan("scan", file, "--offline", "--format", "json").out)["models"]
    assert isinstance(model, dict)
    return model


def test_what_a_document_states_of_a_license_is_a_claim(licscan: Licscan, tmp_path: Path) -> None:
    """It decides where nobody else says anything; where it contradicts, that is a conflict, and decides nothing."""
    file = tmp_path / "bom.json"
    alone = scanned(licscan, file, {"license": {"id": "MIT", "acknowledgement": "declared"}}, name="harbor/pilot")
    assert (alone["license"]["id"], alone["license"]["freedom"], alone["conflicts"]) == ("mit", "free", [])
    (claim,) = alone["license"]["claims"]
    assert (claim["place"], claim["evidence"]["path"], claim["evidence"]["lines"]) == ("bom", str(file), [1, 1])
    assert "not-looked-at" in {gap["id"] for gap in alone["gaps"]}
    agreed = scanned(licscan, file, {"expression": "LicenseRef-llama3.1"}, name="meta-llama/Llama-3.1-8B")
    assert (agreed["license"]["id"], agreed["conflicts"]) == ("llama3.1", [])
    denied = scanned(licscan, file, {"license": {"id": "MIT"}}, name="meta-llama/Llama-3.1-8B")
    assert (denied["license"]["id"], denied["level"]) == (agreed["license"]["id"], agreed["level"])
    assert [(one["id"], len(one["statements"])) for one in denied["conflicts"]] == [("license-claims", 2)]
    odd = scanned(licscan, file, {"license": {"name": "LicenseRef-own-1"}}, name="harbor/pilot")
    assert (odd["license"]["claims"], odd["unknown_reason"]) == ([], "not-looked-at")


def test_several_licenses_of_a_document_hold_together(licscan: Licscan, tmp_path: Path) -> None:
    """A list of licenses is all of them."""
    found = scanned(
        licscan,
        tmp_path / "bom.json",
        {"license": {"id": "MIT"}},
        {"license": {"id": "Apache-2.0"}},
        name="harbor/pilot",
    )
    assert found["license"]["spdx"] == "MIT AND Apache-2.0"


def test_the_gate_sees_the_models_of_a_document(
    licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree that carries a bill of materials names its models: without a lock the gate fails, and says where."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sbom.cdx.json").write_text(boms.ALL["shop.cdx.json"])
    done = licscan("check", "--format", "json")
    report = json.loads(done.out)
    assert (done.code, [one["ref"] for one in report["mentions"]]) == (1, [f"hf:harbor/pilot@{boms.COMMIT}"])


def test_the_gate_reads_documents_without_the_types_of_reports(tmp_path: Path) -> None:
    """Plain values are enough: neither pydantic nor any format library is imported."""
    (tmp_path / "sbom.cdx.json").write_text(boms.ALL["shop.cdx.json"])
    code = (
        "import sys; from pathlib import Path; from licscan.gate.mentions import search; "
        f"found = search([Path({str(tmp_path)!r})], Path({str(tmp_path)!r})); "
        "print(len(found.places), [name for name in ('pydantic', 'spdx_tools', 'cyclonedx') if name in sys.modules])"
    )
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 []\n"


@pytest.mark.parametrize("name", ["shop.cdx.json", "shop.cdx.xml", "shop.spdx.json", "shop.spdx"])
def test_digests_of_a_document_are_promises(name: str, licscan: Licscan, tmp_path: Path) -> None:
    """`licscan verify --against` says of a file whether it is the one that the document lists."""
    folder = tmp_path / "model"
    folder.mkdir()
    weights = folder / "pilot.safetensors"
    weights.write_bytes(safetensors({"format": "pt"}))
    text = boms.ALL[name]
    for algorithm, stated in (("sha256", boms.SHA256), ("sha512", boms.SHA512)):
        text = text.replace(stated, hashlib.new(algorithm, weights.read_bytes()).hexdigest())
    bom = tmp_path / name
    bom.write_text(text)
    done = licscan("verify", folder, "--against", bom, "--offline", "--format", "json")
    (file,) = json.loads(done.out)["copies"][0]["files"]
    assert (done.code, file["status"], name in {one["source"] for one in file["promises"]}) == (0, "verified", True)
    weights.write_bytes(safetensors({"format": "tf"}))
    assert licscan("verify", folder, "--against", bom, "--offline").code == 1


def test_a_document_that_speaks_of_other_files(licscan: Licscan, tmp_path: Path) -> None:
    """A file of the only model is missing; of several models, only what is here counts; two digests are none."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "x.safetensors").write_bytes(safetensors())
    bom = tmp_path / "bom.json"

    def against(document: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
        bom.write_text(json.dumps(document))
        done = licscan("verify", folder, "--against", bom, "--offline", "--format", "json")
        (checked,) = json.loads(done.out)["copies"]
        return {file["path"]: file["status"] for file in checked["files"]}, checked["notes"]

    assert against(boms.CYCLONEDX) == ({"pilot.safetensors": "missing", "x.safetensors": "unverified"}, [])
    several = copy.deepcopy(boms.CYCLONEDX)
    several["components"].append({"type": "machine-learning-model", "name": "harbor/other"})
    assert against(several) == ({"x.safetensors": "unverified"}, ["bom.json: gives no digest of a file that is here"])
    hashes = [[{"alg": "SHA-256", "content": sign * 64}] for sign in "ab"]
    files = [{"type": "file", "name": "x.safetensors", "hashes": one} for one in hashes]
    _, notes = against({"bomFormat": "CycloneDX", "components": files})
    assert "bom.json: gives several digests for x.safetensors" in notes


def test_what_we_write_we_read(licscan: Licscan, tmp_path: Path) -> None:
    """The models of our own documents come back, in every format, with base, data, license and digests."""
    folder = tmp_path / "pilot"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama"}')
    weights = folder / "pilot.safetensors"
    weights.write_bytes(safetensors({"format": "pt"}))
    digest = hashlib.sha512(weights.read_bytes()).hexdigest()
    for form in ("spdx2-json", "spdx2-tv", "spdx3-json", "cyclonedx-json", "cyclonedx-xml"):
        bom = tmp_path / f"bom-{form}"
        assert licscan("manifest", folder, "--offline", "--sha512", "--format", form, "--output", bom).code == 0
        done = licscan("manifest", "--check", bom, "--framework", "bsi-tr-03183-2", "--format", "json")
        (file,) = json.loads(done.out)["files"]
        assert (done.code, file["models"]) == (0, 1)
        (element,) = [one for one in file["frameworks"][0]["elements"] if one["id"] == "component-hash"]
        assert (element["status"], element["found"]) == ("present", digest)
        assert licscan("verify", folder, "--against", bom, "--offline").code == 0


def test_a_real_process_reads_a_document(tmp_path: Path) -> None:
    """From the shell, with a name that no terminal should see."""
    file = tmp_path / "bom.json"
    file.write_text(component(name="\x1b[31mred"))
    done = process("scan", str(file), "--offline")
    assert "\x1b[31mred" not in done.stdout + done.stderr
