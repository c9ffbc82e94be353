"""Bills of materials: what every format says of models, that nothing is lost on the way, and that it is the same at each run."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cyclonedx.model.bom import Bom
from hypothesis import given
from hypothesis import strategies as st
from spdx_tools.common.spdx_licensing import spdx_licensing
from spdx_tools.spdx.model import RelationshipType, SpdxNoAssertion

from licscan.bom.license_refs import LicenseRefs
from licscan.bom.parts import Part, parts
from licscan.bom.words import block, line
from licscan.manifest.bill import Author, Bill
from licscan.model import Relation
from licscan.rulebook import Rulebook
from tests import validators
from tests.bills import MIT, OWN_WORDS, base, bill, data, fifty, model, text, weights
from tests.conftest import ROOT
from tests.test_reports import same_as_golden
from tests.validators import BOMS, VERSIONS, read_spdx2, written

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def everything(rules: Rulebook) -> Bill:
    return bill(fifty(), rules)


@pytest.fixture(scope="module")
def listed(everything: Bill) -> dict[str, Part]:
    return {part.key: part for part in parts(everything)}


def golden(rules: Rulebook) -> Bill:
    """A product with an adapter, a model of own terms, one that is only a service, and data."""
    models = [
        model("acme/adapter", "mit", bases=(base("meta-llama/Llama-3.1-8B", Relation.ADAPTER),), files=weights("adapter.safetensors")),
        model("acme/own", "other", texts=(text("Acme License\n\nYou may not sell it.\n"),), files=weights("a.gguf", "b.gguf", form="gguf")),
        model("acme/both", "MIT AND LicenseRef-llama-3.1", datasets=(data("org/data"),)),
        model("api:openai/gpt-4o", None),
    ]  # fmt: skip
    return bill(models, rules, name="Product", author=Author("Acme Corporation", "sbom@acme.example"))


def components(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["bom-ref"]: one for one in document["components"]}


def packages(text_: str) -> dict[str, dict[str, Any]]:
    graph = json.loads(text_)["@graph"]
    return {one["spdxId"].partition("#")[2]: one for one in graph if "software_packageVersion" in one}


@pytest.mark.parametrize("form", BOMS)
def test_documents_look_the_same(rules: Rulebook, form: str) -> None:
    """The documents of one bill are the golden files, but for their number, which changes with every rule."""
    made = golden(rules)
    same_as_golden(f"bom.{form}.txt", written(made, form).replace(str(made.serial), "0" * 8))


def test_the_same_bill_gives_the_same_bytes(rules: Rulebook) -> None:
    """Another process, with other hashes of strings, writes the same bytes in every format."""
    code = """
import json
from licscan.rulebook import load
from tests.bills import bill, fifty
from tests.validators import BOMS, written
made = bill(fifty()[28:], load())
print(json.dumps({form: written(made, form) for form in BOMS}))"""
    again = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=again, capture_output=True, check=True)
    made = bill(fifty()[28:], rules)
    assert json.loads(done.stdout) == {form: written(made, form) for form in BOMS}


@pytest.mark.parametrize("version", VERSIONS)
def test_cyclonedx_says_everything(everything: Bill, listed: dict[str, Part], version: str) -> None:
    """Every model is a machine-learning-model with its card, commit, purl, digests, ancestors, data and properties."""
    document = json.loads(written(everything, "cyclonedx-json", version))
    found = components(document)
    assert document["specVersion"] == version
    for part in listed.values():
        if not part.asked:
            continue
        one = found[part.key]
        assert one["type"] == ("data" if part.is_data else "machine-learning-model")
        assert (one.get("version"), one.get("purl")) == (part.version, part.purl)
        assert [(pair["name"], pair["value"]) for pair in one["properties"]][: len(part.properties)] == [
            *part.properties
        ]
        ancestors = {other["bom-ref"] for other in one.get("pedigree", {}).get("ancestors", ())}
        assert ancestors == {f"{part.key}-from-{link.base}" for link in part.bases}
        if not part.is_data:
            datasets = one["modelCard"].get("modelParameters", {}).get("datasets", ())
            assert [other["ref"] for other in datasets] == [*part.datasets]
            assert {*part.datasets} <= {*found}
        hashes = [*one.get("hashes", ()), *(each for file in one.get("components", ()) for each in file["hashes"])]
        assert len(hashes) == sum(len(file.digests) for file in part.files)


@pytest.mark.parametrize("version", VERSIONS)
def test_xml_and_json_say_the_same(everything: Bill, version: str) -> None:
    """CycloneDX XML and JSON, read by the library, are one bill; model cards, which it drops, are the same by hand."""
    from_json = json.loads(written(everything, "cyclonedx-json", version))
    root = ET.fromstring(written(everything, "cyclonedx-xml", version))  # noqa: S314 - written a moment ago
    first = Bom.from_json(from_json)  # type: ignore[attr-defined]
    second = Bom.from_xml(root)  # type: ignore[attr-defined]
    assert {one.bom_ref.value: one for one in first.components} == {one.bom_ref.value: one for one in second.components}
    assert first.metadata.component == second.metadata.component
    assert {*first.dependencies} == {*second.dependencies}
    space = {"c": f"http://cyclonedx.org/schema/bom/{version}"}
    for one in root.iterfind("c:components/c:component", space):
        card = components(from_json)[one.attrib["bom-ref"]].get("modelCard", {}).get("modelParameters", {})
        assert [other.text for other in one.iterfind(".//c:modelCard//c:ref", space)] == [
            other["ref"] for other in card.get("datasets", ())
        ]
        assert one.findtext(".//c:modelCard//c:task", None, space) == card.get("task")


def test_tag_value_and_json_say_the_same(everything: Bill) -> None:
    """SPDX 2.3 in both forms, read back, is one document, but for the mark that ends a text in one of them."""
    one = read_spdx2(written(everything, "spdx2-json"), "spdx2-json")
    other = read_spdx2(written(everything, "spdx2-tv"), "spdx2-tv")
    assert one.creation_info == other.creation_info
    assert one.relationships == other.relationships
    for mine, theirs in ((one.packages, other.packages), (one.annotations, other.annotations)):
        assert str(mine) == str(theirs).replace("<\\\\/text>", "</text>")
    for first, second in zip(one.extracted_licensing_info, other.extracted_licensing_info, strict=True):
        assert first.license_id == second.license_id
        assert (first.extracted_text or "").replace("</text>", "<\\/text>") == second.extracted_text


def test_spdx2_says_everything(everything: Bill, listed: dict[str, Part]) -> None:
    """Every model, base and dataset is a package, and what comes from what a relationship."""
    document = read_spdx2(written(everything, "spdx2-json"), "spdx2-json")
    found = {one.spdx_id: one for one in document.packages}
    links = Counter(
        (one.spdx_element_id, one.relationship_type, str(one.related_spdx_element_id)) for one in document.relationships
    )
    assert {f"SPDXRef-{key}" for key in listed} <= found.keys()
    for part in listed.values():
        one = found[f"SPDXRef-{part.key}"]
        assert (one.name, one.version, one.files_analyzed) == (part.name, part.version, False)
        card = part.described.card
        told = [part.purl] if part.purl else []
        assert [str(ref.locator) for ref in one.external_references] == [*told, *([card.url] if card else [])]
        for link in part.bases:
            kind = (
                RelationshipType.OTHER
                if link.relation is Relation.TRAINED_ON_OUTPUTS
                else RelationshipType.DESCENDANT_OF
            )
            assert links[one.spdx_id, kind, f"SPDXRef-{link.base}"]
        for key in part.datasets:
            assert links[one.spdx_id, RelationshipType.OTHER, f"SPDXRef-{key}"]
        if part.concluded is None:
            assert isinstance(one.license_concluded, SpdxNoAssertion)
    noted = {one.spdx_id: one.annotation_comment for one in document.annotations}
    for part in listed.values():
        pairs = [*part.properties, ("licscan:dependencies", "unknown" if part.complete else "incomplete")]
        lines = noted[f"SPDXRef-{part.key}"].split("\n")
        assert {f"{name}={value}" for name, value in pairs} <= {*lines}
        for file in part.files:
            own = noted[f"SPDXRef-{file.key if len(part.files) > 1 else part.key}"].split("\n")
            assert {f"{name}={value}" for name, value in file.pairs()} <= {*own}


def test_spdx3_has_every_mandatory_field(everything: Bill, listed: dict[str, Part]) -> None:
    """What the AI and Dataset profiles demand is there for every model and dataset, and both licenses of each."""
    text_ = written(everything, "spdx3-json")
    graph = json.loads(text_)["@graph"]
    found = packages(text_)
    agents = {one["spdxId"] for one in graph if one["type"] == "Organization"}
    assert found.keys() == listed.keys()
    common = {
        "suppliedBy",
        "releaseTime",
        "software_downloadLocation",
        "software_packageVersion",
        "software_primaryPurpose",
    }
    for key, part in listed.items():
        wanted = common | ({"dataset_datasetType", "builtTime", "originatedBy"} if part.is_data else set())
        assert wanted <= found[key].keys()
        assert found[key]["type"] == ("dataset_DatasetPackage" if part.is_data else "ai_AIPackage")
        assert found[key]["suppliedBy"] in agents
        pairs = found[key]["extension"][0]["extension_cdxProperty"]
        assert tuple((one["extension_cdxPropName"], one["extension_cdxPropValue"]) for one in pairs) == part.properties
    links = Counter(
        (one["from"].partition("#")[2], one["relationshipType"]) for one in graph if one["type"] == "Relationship"
    )
    for key, part in listed.items():
        assert links[key, "hasDeclaredLicense"] == links[key, "hasConcludedLicense"] == 1
        assert links[key, "trainedOn"] == bool(part.datasets)
        learned = sum(link.relation is Relation.TRAINED_ON_OUTPUTS for link in part.bases)
        assert (links[key, "descendantOf"], links[key, "other"]) == (len(part.bases) - learned, learned)
    (document,) = (one for one in graph if one["type"] == "SpdxDocument")
    assert {"ai", "dataset", "core", "software", "simpleLicensing"} == {*document["profileConformance"]}


def test_a_license_that_spdx_does_not_list_comes_with_its_text(rules: Rulebook) -> None:
    """Own terms are a LicenseRef with their words in SPDX, a name with them in CycloneDX, and never an id."""
    one = bill([model("acme/texted", "other", texts=(text(OWN_WORDS),))], rules)
    words = block(OWN_WORDS).strip()
    (extracted,) = read_spdx2(written(one, "spdx2-json"), "spdx2-json").extracted_licensing_info
    assert re.fullmatch(r"LicenseRef-text-[0-9a-f]{12}", str(extracted.license_id))
    assert extracted.extracted_text == words
    (element,) = (
        each
        for each in json.loads(written(one, "spdx3-json"))["@graph"]
        if each["type"] == "simplelicensing_SimpleLicensingText"
    )
    assert element["simplelicensing_licenseText"] == words
    for version in VERSIONS:
        (found,) = json.loads(written(one, "cyclonedx-json", version))["components"]
        assert {each["license"]["acknowledgement"] for each in found["licenses"]} <= {"declared", "concluded"}
        assert all("id" not in each["license"] for each in found["licenses"])
        assert any(each["license"].get("text", {}).get("content") == words for each in found["licenses"])


def test_two_texts_of_one_name_are_two_licenses() -> None:
    """Another copy of a text under the same name gets an id of its own, the same copy again does not."""
    from licscan.manifest.bill import Text

    refs = LicenseRefs(lambda _: False)
    first, second = (Text("LicenseRef-x", "X", "license", words) for words in ("one thing", "another"))
    assert refs.expression("LicenseRef-x", [first]) == "LicenseRef-x"
    assert refs.expression("LicenseRef-x", [second]) != "LicenseRef-x"
    assert refs.expression("LicenseRef-x", [first]) == "LicenseRef-x"
    assert {one.text for one in refs.extracted.values()} == {"one thing", "another"}


def test_an_id_that_validators_do_not_know_yet_is_written_so_that_they_accept_it(rules: Rulebook) -> None:
    """OpenMDW-1.0, which SPDX lists, is a LicenseRef that says so in SPDX 2.3, and itself in SPDX 3 and CycloneDX."""
    one = bill([model("acme/open", "openmdw-1.0")], rules)
    document = read_spdx2(written(one, "spdx2-json"), "spdx2-json")
    assert str(document.packages[0].license_concluded) == "LicenseRef-OpenMDW-1.0"
    assert "SPDX lists this license as OpenMDW-1.0" in str(document.extracted_licensing_info[0].comment)
    assert '"simplelicensing_licenseExpression": "OpenMDW-1.0"' in written(one, "spdx3-json")
    (found,) = json.loads(written(one, "cyclonedx-json"))["components"]
    assert {each["license"]["id"] for each in found["licenses"]} == {"OpenMDW-1.0"}


def test_composites_stay_expressions(rules: Rulebook) -> None:
    """Licenses that hold together are one expression; what of it SPDX does not list has its text, in both versions."""
    one = bill([model("acme/both", "MIT AND LicenseRef-llama-3.1")], rules)
    for version in VERSIONS:
        (found,) = json.loads(written(one, "cyclonedx-json", version))["components"]
        (stated,) = found["licenses"]
        assert (stated["expression"], stated["acknowledgement"]) == ("MIT AND LicenseRef-llama-3.1", "concluded")
        texts = stated.get("expressionDetails") or [each["license"] for each in found["evidence"]["licenses"]]
        assert any(each.get("text", {}).get("content") for each in texts)
    assert (
        str(read_spdx2(written(one, "spdx2-json"), "spdx2-json").packages[0].license_concluded)
        == "MIT AND LicenseRef-llama-3.1"
    )


def test_declared_and_concluded_are_both_said(rules: Rulebook) -> None:
    """Where a card says one thing and the text another, each is said for what it is."""
    one = bill([model("acme/two", "MIT", texts=(text(OWN_WORDS),))], rules)
    (found,) = json.loads(written(one, "cyclonedx-json"))["components"]
    assert {each["license"]["acknowledgement"] for each in found["licenses"]} == {"declared", "concluded"}
    stated = [
        json.loads(pair["value"])["stated"] for pair in found["properties"] if pair["name"] == "licscan:license:claim"
    ]
    assert "MIT" in stated


def test_an_adapter_needs_its_base(rules: Rulebook) -> None:
    """The base of an adapter is a component that it depends on; that of a fine-tune stands in the pedigree alone."""
    adapter = model("acme/adapter", "mit", bases=(base("meta-llama/Llama-3.1-8B", Relation.ADAPTER),))
    tuned = model("acme/tuned", "mit", bases=(base("google/gemma-2-9b", Relation.FINETUNE),))
    document = json.loads(written(bill([adapter, tuned], rules), "cyclonedx-json"))
    names = {key: f"{one['group']}/{one['name']}" for key, one in components(document).items()}
    needs = {
        names[one["ref"]]: [names[key] for key in one["dependsOn"]]
        for one in document["dependencies"]
        if one["ref"] in names
    }
    assert needs == {"acme/adapter": ["meta-llama/Llama-3.1-8B"], "acme/tuned": [], "meta-llama/Llama-3.1-8B": []}


def test_a_model_of_the_bill_is_its_childs_base(rules: Rulebook) -> None:
    """A base that the document is about is not written a second time."""
    models = [
        model("acme/mit", "mit", texts=(text(MIT),)),
        model("acme/quantized", None, bases=(base("acme/mit", Relation.QUANTIZED),)),
    ]
    graph = json.loads(written(bill(models, rules), "spdx3-json"))["@graph"]
    names = [one["name"] for one in graph if one["type"] == "ai_AIPackage"]
    assert sorted(names) == ["acme/mit", "acme/quantized"]


def test_whom_a_document_is_by(rules: Rulebook) -> None:
    """Author and address stand where each format has a place for them."""
    one = golden(rules)
    assert (
        json.loads(written(one, "cyclonedx-json"))["metadata"]["manufacturer"]["contact"][0]["email"]
        == "sbom@acme.example"
    )
    assert "Creator: Organization: Acme Corporation (sbom@acme.example)\n" in written(one, "spdx2-tv")
    graph = json.loads(written(one, "spdx3-json"))["@graph"]
    (info,) = (each for each in graph if each["type"] == "CreationInfo")
    (author,) = (each for each in graph if each.get("spdxId") in info["createdBy"])
    assert author["externalIdentifier"][0]["identifier"] == "sbom@acme.example"


def test_every_property_is_documented(listed: dict[str, Part]) -> None:
    """docs/manifest-properties.md has a line for each name, whatever stands behind its last colon."""
    page = (ROOT / "docs" / "manifest-properties.md").read_text()
    files = {pair[0] for part in listed.values() for file in part.files for pair in file.pairs()}
    for name in {pair[0] for part in listed.values() for pair in part.properties} | files:
        head, _, last = name.rpartition(":")
        assert f"`{name}`" in page or f"`:{last}`" in page or re.search(rf"`{re.escape(head)}:[A-Z]+`", page), name


@given(st.text())
def test_no_text_breaks_xml(words: str) -> None:
    """A text of several lines and a name are in XML what they are in JSON, whatever characters they had."""
    element = ET.Element("a", name=line(words))
    element.text = block(words)
    again = ET.fromstring(ET.tostring(element))  # noqa: S314 - written a moment ago
    assert (again.text or "", again.attrib["name"]) == (block(words), line(words))
    assert "\n" not in line(words)


@given(
    st.one_of(
        st.text(), st.from_regex(r"(MIT|Apache-2\.0|LicenseRef-x|\(|\)| AND | OR | WITH |é|\+){1,8}", fullmatch=True)
    )
)
def test_any_words_become_an_expression(words: str) -> None:
    """Whatever somebody calls a license is written as an expression that the SPDX library parses, every id known."""
    refs = LicenseRefs(spdx_licensing.known_symbols.__contains__)
    written_ = refs.expression(words)
    if written_ is None:
        assert not words.strip()
        return
    symbols = {str(symbol) for symbol in spdx_licensing.license_symbols(spdx_licensing.parse(written_), decompose=True)}
    assert all(symbol in spdx_licensing.known_symbols or symbol in refs.extracted for symbol in symbols)
    assert all(re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", id_) and one.text for id_, one in refs.extracted.items())


def test_nothing_at_all_is_a_document_too(rules: Rulebook) -> None:
    """A bill without models is valid in every format."""
    assert validators.objections(bill([], rules), quick=True) == []
