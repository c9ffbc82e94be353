"""Bills of materials of fifty models of all kinds, held against schemas and libraries that are not ours."""

import json
from pathlib import Path

import pytest

from licscan.manifest.bill import Author, Bill
from licscan.model import Relation
from licscan.rulebook import Rulebook
from tests import validators
from tests.bills import MIT, base, bill, data, fifty, model, text, weights
from tests.validators import SPDX3, VERSIONS, written

# One of each kind of element.
FEW = frozenset({"acme/adapter", "acme/texted", "acme/learned", "acme/taught", "org/pictures"})

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def everything(rules: Rulebook) -> Bill:
    models = fifty()
    assert len(models) >= 50
    return bill(models, rules)


@pytest.mark.parametrize("version", VERSIONS)
def test_cyclonedx_is_strictly_valid(everything: Bill, rules: Rulebook, version: str) -> None:
    """Every component is as the strict schemas have it; for a few, the validator of the CycloneDX library says so too."""
    assert validators.cyclonedx_schema(written(everything, "cyclonedx-json", version), version) == []
    assert validators.cyclonedx(written(everything, "cyclonedx-xml", version), "cyclonedx-xml", version) is None
    few = written(bill([one for one in fifty() if one.name in FEW], rules), "cyclonedx-json", version)
    assert validators.cyclonedx(few, "cyclonedx-json", version) is None


def test_the_schema_sees_into_model_cards(everything: Bill) -> None:
    """A wrong key in a model card, or an id that SPDX does not list, is an objection: that there is none says something."""
    document = json.loads(written(everything, "cyclonedx-json"))
    document["components"][0]["modelCard"]["modelParameters"]["taks"] = "typing error"
    assert validators.cyclonedx_schema(json.dumps(document), "1.6")
    del document["components"][0]["modelCard"]["modelParameters"]["taks"]
    document["components"][0]["licenses"] = [{"license": {"id": "Llama-3.1"}}]
    assert validators.cyclonedx_schema(json.dumps(document), "1.6")


@pytest.mark.parametrize("version", VERSIONS)
def test_another_library_reads_cyclonedx(everything: Bill, version: str) -> None:
    """The CycloneDX library for JavaScript has no objection either."""
    if not validators.has_javascript():
        pytest.skip("no node, or no @cyclonedx/cyclonedx-library where LICSCAN_NODE_MODULES says; make .node/stamp")
    assert validators.javascript(written(everything, "cyclonedx-json", version), version) is None


@pytest.mark.parametrize("form", ["spdx2-json", "spdx2-tv"])
def test_spdx2_is_valid(everything: Bill, form: str) -> None:
    """spdx-tools has no objection to any package, license or relationship."""
    assert validators.spdx2(written(everything, form), form) == []


def test_spdx3_is_valid(everything: Bill, rules: Rulebook) -> None:
    """The schema of SPDX 3.0.1 has no objection to fifty models, its shapes none to those of each kind of element."""
    if not SPDX3.is_dir():
        pytest.skip(f"no schema and shapes of SPDX 3.0.1 at {SPDX3}; set LICSCAN_SPDX3")
    assert validators.spdx3_schema(written(everything, "spdx3-json")) == []
    some = [
        one
        for one in fifty()
        if one.name in {"acme/adapter", "acme/texted", "acme/learned", "acme/taught", "org/pictures"}
    ]
    assert validators.spdx3_shapes(written(bill(some, rules), "spdx3-json")) == ""


def test_shapes_object_to_what_is_wrong(rules: Rulebook) -> None:
    """A dataset without its kind is an objection of the shapes: that there is none says something."""
    if not SPDX3.is_dir():
        pytest.skip(f"no schema and shapes of SPDX 3.0.1 at {SPDX3}; set LICSCAN_SPDX3")
    document = json.loads(written(bill([model("dataset:org/pictures", "mit")], rules), "spdx3-json"))
    for one in document["@graph"]:
        one.pop("dataset_datasetType", None)
    assert "datasetType" in validators.spdx3_shapes(json.dumps(document))


@pytest.mark.parametrize(("form", "kind"), [("spdx2-json", "spdx2"), ("spdx3-json", "spdx3")])
def test_minimum_elements_of_the_ntia_are_there(rules: Rulebook, tmp_path: Path, form: str, kind: str) -> None:
    """ntia-conformance-checker finds every minimum element for models of which they can be known."""
    from ntia_conformance_checker.sbom_checker import SbomChecker

    models = [
        model("acme/tuned", "mit", bases=(base("acme/mit", Relation.FINETUNE),), files=weights("a.safetensors", "b.safetensors")),
        model("acme/mit", "mit", texts=(text(MIT),), datasets=(data("org/data"),)),
    ]  # fmt: skip
    file = tmp_path / ("a.spdx.json" if kind == "spdx2" else "a.json")
    file.write_text(written(bill(models, rules, author=Author("Acme", "sbom@acme.example")), form))
    found = SbomChecker(str(file), compliance="ntia", sbom_spec=kind)
    assert (found.parsing_errors, found.validation_messages) == ([], [])
    assert [name for name, there in found.table_elements if not there] == []
    assert found.compliant


def test_what_the_bsi_asks_for_is_there(rules: Rulebook, tmp_path: Path) -> None:
    """ntia-conformance-checker finds all that TR-03183-2 demands, for hashed models with bases and data; not without hashes."""
    from ntia_conformance_checker.sbom_checker import SbomChecker

    files = weights("a.safetensors", "b.safetensors")
    hashed = tuple(file.model_copy(update={"sha512": "ab" * 64}) for file in files)
    file = tmp_path / "a.json"
    for some, compliant in ((hashed, True), (files, False)):
        models = [
            model("acme/tuned", "mit", bases=(base("acme/mit", Relation.FINETUNE),), files=some),
            model("acme/mit", "mit", datasets=(data("org/data"),), files=some),
        ]
        file.write_text(written(bill(models, rules, author=Author("Acme", "sbom@acme.example")), "spdx3-json"))
        found = SbomChecker(str(file), compliance="bsi", sbom_spec="spdx3")
        assert (found.parsing_errors, found.validation_messages) == ([], [])
        assert found.compliant is compliant
        asked = {name for name, there in found.table_elements if not there and "(" not in name}
        assert asked == (set() if compliant else {"Deployable Component Hashes"})
