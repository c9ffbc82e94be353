"""Documents held against schemas and libraries that are not ours; `python -m tests.validators` does it model by model.

The schema and shapes of SPDX 3.0.1 are read where `LICSCAN_SPDX3` names their folder (three files of the specification,
`3.0.1/rdf/` of spdx.github.io: `schema.json`, `spdx-context.jsonld`, `spdx-model.ttl`), the CycloneDX library for JavaScript
where `LICSCAN_NODE_MODULES` names the folder that it is installed in.
"""

import contextlib
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from cyclonedx.validation.xml import XmlValidator
from spdx_tools.spdx.model import Document
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

from licscan.manifest import FORMATS
from licscan.manifest.bill import Bill

ROOT = Path(__file__).resolve().parent.parent
SPDX3 = Path(os.environ.get("LICSCAN_SPDX3", ROOT.parent / "shared" / "schemas" / "spdx3"))
NODE_MODULES = Path(os.environ.get("LICSCAN_NODE_MODULES", ROOT / ".node" / "node_modules"))
VERSIONS = {"1.6": SchemaVersion.V1_6, "1.7": SchemaVersion.V1_7}
BOMS = tuple(name for name, module in FORMATS.items() if module.startswith("licscan.bom."))

_READ_BACK = """
const CDX = require(process.argv[1]);
const text = require('fs').readFileSync(0, 'utf-8');
const spec = CDX.Spec.Version[process.argv[2] === '1.6' ? 'v1dot6' : 'v1dot7'];
new CDX.Validation.JsonStrictValidator(spec).validate(text).then(
  error => { console.log(JSON.stringify(error)); }, error => { console.log(String(error)); process.exit(1); });
"""


def written(bill: Bill, form: str, version: str | None = None) -> str:
    """A bill in a format."""
    stream = io.StringIO()
    more = {"spec_version": version} if version else {}
    importlib.import_module(FORMATS[form]).write(bill, stream, **more)
    return stream.getvalue()


def cyclonedx(text: str, form: str, version: str) -> object:
    """What the strict schema of CycloneDX objects to, by the validator of its library; None for nothing.

    For fifty models it takes twenty seconds over JSON; `cyclonedx_schema` has the same schema.
    """
    made = (JsonStrictValidator if form.endswith("json") else XmlValidator)(VERSIONS[version])
    return made.validate_str(text)


def cyclonedx_schema(text: str, version: str) -> list[str]:
    """What the strict JSON schema of CycloneDX objects to, by a validator that is quick."""
    return [str(error)[:2000] for error in _cyclonedx_schema(version).iter_errors(json.loads(text))]


@cache
def _cyclonedx_schema(version: str) -> Any:
    import jsonschema_rs

    folder = resources.files("cyclonedx.schema") / "_res"

    def named(address: str) -> Any:
        return json.loads((folder / address.rpartition("/")[2]).read_text(encoding="utf-8"))

    return jsonschema_rs.validator_for(
        named(f"bom-{version}.SNAPSHOT.schema.json"), validate_formats=True, retriever=named
    )


@cache
def read_spdx2(text: str, form: str) -> Document:
    """A document as the SPDX library reads it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        file = Path(folder) / ("a.spdx.json" if form.endswith("json") else "a.spdx")
        file.write_text(text, encoding="utf-8")
        return parse_file(str(file))


def spdx2(text: str, form: str) -> list[str]:
    """What the SPDX library objects to in a document of 2.3."""
    return [message.validation_message for message in validate_full_spdx_document(read_spdx2(text, form))]


def spdx3_schema(text: str) -> list[str]:
    """What the schema of SPDX 3.0.1 objects to."""
    return [str(error)[:2000] for error in _schema().iter_errors(json.loads(text))]


def spdx3_shapes(text: str) -> str:
    """What the shapes of SPDX 3.0.1 object to; nothing where they do not."""
    import pyshacl  # type: ignore[import-untyped, unused-ignore]
    import rdflib

    document = json.loads(text)
    document["@context"] = json.loads((SPDX3 / "spdx-context.jsonld").read_text())["@context"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
        conforms, _, report = pyshacl.validate(graph, shacl_graph=_shapes(), ont_graph=_shapes())
    return "" if conforms else str(report)


def javascript(text: str, version: str) -> object:
    """What the CycloneDX library for JavaScript objects to; None for nothing."""
    library = str(NODE_MODULES / "@cyclonedx" / "cyclonedx-library")
    command = ["node", "-e", _READ_BACK, library, version]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def has_javascript() -> bool:
    return bool(shutil.which("node")) and (NODE_MODULES / "@cyclonedx" / "cyclonedx-library").is_dir()


@cache
def _schema() -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(json.loads((SPDX3 / "schema.json").read_text()))


@cache
def _shapes() -> Any:
    import rdflib

    return rdflib.Graph().parse(SPDX3 / "spdx-model.ttl")


def objections(bill: Bill, *, quick: bool = False) -> list[str]:
    """Everything that anybody objects to in the documents of a bill."""
    found: list[object] = []
    for version in VERSIONS:
        for form in ("cyclonedx-json", "cyclonedx-xml"):
            text = written(bill, form, version)
            found += (
                cyclonedx_schema(text, version) if quick and form.endswith("json") else [cyclonedx(text, form, version)]
            )
            if form == "cyclonedx-json" and has_javascript():
                found.append(javascript(text, version))
    for form in ("spdx2-json", "spdx2-tv"):
        found += spdx2(written(bill, form), form)
    if SPDX3.is_dir():
        text = written(bill, "spdx3-json")
        found += [*spdx3_schema(text), spdx3_shapes(text)]
    return [str(one) for one in found if one]


def main() -> int:
    """Validate a document of each model, and one of all, in every format; of all alone with `--together`."""
    from licscan.rulebook import load
    from tests.bills import bill, fifty

    for what, there in (("SPDX 3.0.1", SPDX3.is_dir()), ("the library for JavaScript", has_javascript())):
        if not there:
            print(f"skipped: {what}: not at hand")
    rules, models, bad = load(), fifty(), 0
    each = [] if "--together" in sys.argv[1:] else [[one] for one in models]
    for some in [*each, models]:
        for objection in objections(bill(some, rules)):
            bad += 1
            print(f"{ascii(some[0].name) if len(some) == 1 else 'all'}: {objection[:1000]}")
    print(f"{len(models)} models, {bad} objections")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
