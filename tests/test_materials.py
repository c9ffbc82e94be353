"""Bills of materials that others wrote: every form says the same, and none can do harm."""

import contextlib
import copy
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan import materials
from licscan.errors import UnreadableError
from licscan.materials import Bom, Part, paths, purl, read
from tests import boms

JSON = {"cyclonedx": boms.CYCLONEDX, "spdx2": boms.SPDX2, "spdx3": boms.SPDX3}
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([boms.MODEL, "model", "urn:model", "SPDXRef-model"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def model_of(bom: Bom) -> Part:
    (found,) = [part for part in bom.parts if part.kind == materials.MODEL and part.direct]
    return found


@pytest.mark.parametrize("name", boms.ALL)
def test_every_form_says_the_same(name: str) -> None:
    """Whatever the form: the model with version, license and digests, its base, its data; libraries are none of it."""
    bom = read(boms.ALL[name])
    model = model_of(bom)
    assert model.named.purls == (boms.MODEL,)
    assert (model.named.name, model.version) == ("harbor/pilot", boms.COMMIT)
    assert set(model.digests) == {f"sha256:{boms.SHA256}", f"sha512:{boms.SHA512}"}
    assert [(one.words, one.how) for one in model.licenses] in (
        [("Harbor License 1.0", "declared")],
        [("LicenseRef-harbor", "declared")],
    )
    assert [base.purls for base in model.bases] == [(boms.BASE,)]
    assert [data.purls for data in model.data] == [(boms.DATA,)]
    assert not any("transformers" in part.named.name for part in bom.parts)
    assert [part.named.purls for part in bom.parts if part.kind == materials.DATASET and not part.direct] == [
        (boms.DATA,)
    ]


@pytest.mark.parametrize("name", [name for name in boms.ALL if "spdx3" not in name and "rdf" not in name])
def test_a_model_is_found_at_the_line_of_its_name(name: str) -> None:
    """The line of a part is that of its package URL."""
    bom = read(boms.ALL[name])
    line = bom.lines[model_of(bom).path]
    assert boms.MODEL in boms.ALL[name].split("\n")[line - 1]


def test_a_package_of_rdf_is_found_where_it_begins() -> None:
    """The line of a package in RDF is that of its node, though the library that reads it knows none."""
    text = boms.ALL["shop.spdx.rdf"]
    bom = read(text)
    assert "#SPDXRef-model" in text.split("\n")[bom.lines[model_of(bom).path] - 1]


def test_an_element_of_spdx_3_is_found_where_it_begins() -> None:
    """The line of an element of a graph is that of its bracket."""
    text = boms.ALL["shop.spdx3.json"]
    bom = read(text)
    lines = text.split("\n")[bom.lines[model_of(bom).path] - 1 :]
    assert (lines[0].strip(), lines[1].strip()) == ("{", '"type": "ai_AIPackage",')


def test_a_graph_may_be_one_element_or_write_names_whole() -> None:
    """SPDX 3 without a graph, and with types and keys as addresses, is read alike."""
    whole = "https://spdx.org/rdf/3.0.1/terms/"
    one = {
        "@context": whole,
        "@type": f"{whole}AI/AIPackage",
        f"{whole}Core/name": "harbor/pilot",
        f"{whole}Software/packageUrl": boms.MODEL,
    }
    assert read(json.dumps(one)).parts[0].named == materials.Named("harbor/pilot", (boms.MODEL,))


def test_sets_of_data_inside_a_card_are_seen() -> None:
    """A card may describe its data in itself, without a component of its own."""
    bom = copy.deepcopy(boms.CYCLONEDX)
    bom["components"][1]["modelCard"]["modelParameters"]["datasets"] = [
        {"type": "dataset", "name": "own", "contents": {"url": "https://example.org/x"}}
    ]
    found = [part for part in read(json.dumps(bom)).parts if part.path[-2] == "datasets"]
    assert [(part.kind, part.named, part.direct) for part in found] == [
        ("dataset", materials.Named("own", (), ("https://example.org/x",)), False)
    ]


def test_what_is_named_as_models_are_is_one_whatever_its_type() -> None:
    """A component of any type whose package URL is a model's is a model; one that is nested is found, too."""
    inner = {"type": "library", "name": "x", "purl": "pkg:huggingface/harbor/anchor"}
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.2",
        "components": [{"type": "application", "name": "a", "components": [inner]}],
    }
    (part,) = read(json.dumps(bom)).parts
    assert (part.kind, part.path) == ("model", ("components", 0, "components", 0))
    assert materials.pointer(part.path) == "/components/0/components/0"


@pytest.mark.parametrize("family", JSON)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_wrong_types_anywhere_are_as_if_they_were_not_there(family: str, data: st.DataObject) -> None:
    """Whatever stands in place of any node, reading gives parts whose fields have their types, and scoring paths hold."""
    document = copy.deepcopy(JSON[family])
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(nodes(document)))
        holder[key] = data.draw(anything)
    try:
        bom = read(json.dumps(document))
    except UnreadableError:
        return
    for part in bom.parts:
        assert part.kind in {"model", "dataset"}
        assert isinstance(part.named.name, str)
        assert all(isinstance(one.words, str) for one in part.licenses)
        assert bom.lines[part.path] >= 1
        list(paths.Places(bom.document).find("licenses.license.id", part.tree))
        list(paths.Places(bom.document).find("relationships.hasDeclaredLicense.licenseExpression", part.tree))
        list(paths.Places(bom.document).find("/dependencies[ref=@bom-ref].dependsOn", part.tree))
    materials.files(bom)


def nodes(document: Any) -> list[tuple[Any, Any]]:
    """Every place of a document: what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    waiting = [document]
    while waiting:
        one = waiting.pop()
        for key, value in one.items() if isinstance(one, dict) else enumerate(one):
            found.append((one, key))
            if isinstance(value, dict | list):
                waiting.append(value)
    return found


@given(value=anything, indent=st.sampled_from([None, 0, 2]), ascii_=st.booleans())
@settings(max_examples=200, deadline=None)
def test_lines_of_json_are_those_that_json_has(value: Any, indent: int | None, ascii_: bool) -> None:
    """Each key and item is found at the line where it stands, whatever strings hold: quotes, brackets, line ends."""
    from licscan.materials import json_text

    document = {"x": value, "mark": [']"}{\\', {"last": 1}]}
    text = json.dumps(document, indent=indent, ensure_ascii=ascii_)
    found = json_text.lines(text, [("mark", 1, "last"), ("mark", 1), ("x",)])
    lines = text.split("\n")
    assert '"last"' in lines[found["mark", 1, "last"] - 1]
    assert '"x"' in lines[found["x",] - 1]


@given(text=st.text())
@settings(max_examples=200, deadline=None)
def test_any_tags_can_be_read(text: str) -> None:
    """Tags and values in any order, with texts that never end, give a document or nothing, never a fault."""
    read(f"SPDXVersion: SPDX-2.3\n{text}\nPackageName: {text}\nPackageComment: <text>{text}")


@given(text=st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_document_or_none(text: str) -> None:
    """Whatever a text is, it is read, or refused in words."""
    for whole in (
        text,
        f'{{"bomFormat": "CycloneDX"{text}',
        f'<bom xmlns="http://cyclonedx.org/schema/bom/1.6">{text}',
        f"spdxVersion: SPDX-2.3\n{text}",
    ):
        with contextlib.suppress(UnreadableError):
            assert read(whole).parts is not None


BOM = 'xmlns="http://cyclonedx.org/schema/bom/1.6"'
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
HOSTILE = {
    "a billion laughs": f'<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY l0 "ha">{LAUGHS}]><bom {BOM}>&l9;</bom>',
    "a file of this machine": f'<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]><bom {BOM}>&x;</bom>',
    "a document type elsewhere": f'<!DOCTYPE bom SYSTEM "http://example.org/x.dtd"><bom {BOM}/>',
    "elements in elements": f"<bom {BOM}>" + "<components><component>" * 100_000,
    "elements without end": f"<bom {BOM}><components>" + "<c/>" * 310_000 + "</components></bom>",
    "brackets in brackets": '{"bomFormat": "CycloneDX", "components": ' + "[" * 200_000,
    "broken JSON": '{"bomFormat": "CycloneDX", ',
    "not a mapping": '["bomFormat", {"bomFormat": "CycloneDX"}]',
    "half of an XML": f"<bom {BOM}><components>",
    "YAML in YAML": "spdxVersion: SPDX-2.3\npackages: " + "[" * 50_000,
    "aliases of aliases": "spdxVersion: SPDX-2.3\na: &a [x]\n"
    + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)),
    "RDF of nothing": '<rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"/>',
    "RDF with entities": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#">&l9;</rdf:RDF>',
    "half of an RDF": boms.ALL["shop.spdx.rdf"][:3000],
    "nothing": "",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_would_do_harm_is_refused_in_words(what: str) -> None:
    """Bombs, foreign files and broken documents are refused within a second or two, and nothing is fetched."""
    begun = time.process_time()
    with pytest.raises(UnreadableError):
        read(HOSTILE[what])
    assert time.process_time() - begun < 5


def test_circles_end() -> None:
    """Models that come from themselves, or from one another, and documents that list themselves are read once."""
    graph = copy.deepcopy(boms.SPDX3)
    graph["@graph"] += [
        {
            "type": "Relationship",
            "spdxId": "urn:c1",
            "from": "urn:base",
            "to": ["urn:model", "urn:base"],
            "relationshipType": "descendantOf",
        },
        {
            "type": "Relationship",
            "spdxId": "urn:c2",
            "from": "urn:c2",
            "to": ["urn:c2"],
            "relationshipType": "trainedOn",
        },
    ]
    bom = read(json.dumps(graph))
    assert {part.named.name for part in bom.parts} == {"harbor/pilot", "harbor/keel", "logbook"}
    assert (
        len(
            list(
                paths.Places(bom.document).find(
                    "relationships.descendantOf.relationships.descendantOf.name", model_of(bom).tree
                )
            )
        )
        == 2
    )


def test_nested_components_have_a_bottom() -> None:
    """Components nested deeper than any product are not followed to the end."""
    node: dict[str, Any] = {"type": "machine-learning-model", "name": "deepest"}
    for _ in range(150):
        node = {"type": "machine-learning-model", "name": "m", "components": [node]}
    parts = read(json.dumps({"bomFormat": "CycloneDX", "components": [node]})).parts
    assert 100 <= len(parts) < 150


def test_what_xml_says_of_its_encoding_is_past() -> None:
    """A document is decoded before it is read: one that claims another encoding is read all the same."""
    text = boms.CYCLONEDX_XML.replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert model_of(read(text)).version == boms.COMMIT


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("pkg:huggingface/a/b@C0FFEE", ("hf", "a/b", "c0ffee")),
        ("pkg:huggingface/gpt2", ("hf", "gpt2", None)),
        ("pkg:huggingface/a/b@main", ("hf", "a/b", None)),
        ("pkg:huggingface/datasets/a/b", ("dataset", "a/b", None)),
        ("pkg:ollama/llama3.1@8b", ("ollama", "llama3.1:8b", None)),
        ("pkg:modelscope/a/b", ("modelscope", "a/b", None)),
        ("pkg:pypi/torch@2", None),
        ("pkg:huggingface/", None),
        ("pkg:", None),
        ("https://huggingface.co/a/b", None),
        ("pkg:huggingface/" + "a" * 2000, None),
    ],
)
def test_package_urls_of_models(text: str, meant: tuple[str, str, str | None] | None) -> None:
    """What a package URL names, and what it does not."""
    assert purl.read(text) == meant


@pytest.mark.parametrize("path", ["", "/", ".", "a..b", "a.", "a[b]", "a[=x]", "[a=b]", "a[b=]", "a b"])
def test_what_is_no_path_is_refused(path: str) -> None:
    """A path that means nothing is an error, not a search for nothing."""
    with pytest.raises(ValueError, match="path"):
        paths.parse(path)


def test_paths_find_what_stands_there() -> None:
    """Lists are looked through, fields compared, the part's own values meant by `@`; SPDX's words for nothing are none."""
    part = {
        "bom-ref": "m",
        "a": [{"k": "x", "v": "1"}, {"k": "y", "v": "NOASSERTION"}, {"k": "z", "v": ["3", ""]}],
        "empty": {},
    }
    document = {"dependencies": [{"ref": "m", "dependsOn": ["d"]}, {"ref": "n", "dependsOn": ["e"]}]}
    assert list(paths.Places(document).find("a.v", part)) == ["1", "3"]
    assert list(paths.Places(document).find("a[k=y|z].v", part)) == ["3"]
    assert list(paths.Places(document).find("empty", part)) == []
    assert list(paths.Places(document).find("/dependencies[ref=@bom-ref].dependsOn", part)) == ["d"]
    assert list(paths.Places(document).find("/dependencies[ref=@missing].dependsOn", part)) == []


def test_names_of_files() -> None:
    """Files whose names say what they are; JSON is known by what is in it."""
    for name in (
        "bom.xml",
        "x.cdx.xml",
        "sbom.xml",
        "a-sbom-1.2.xml",
        "aibom.xml",
        "x.spdx",
        "x.spdx.yaml",
        "x.spdx.yml",
        "x.jsonld",
    ):
        assert materials.is_named_so(name), name
    for name in ("pom.xml", "bombing.xml", "layout.xml", "sbom-config.yaml", "bom.json", "spdx.py"):
        assert not materials.is_named_so(name), name
