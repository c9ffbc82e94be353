"""Whatever a hub says of a model, licscan makes an assessment of it, or says that it cannot."""

import contextlib
import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.assess import assess
from licscan.errors import UnreadableError
from licscan.model import Assessment, Model, ModelRef
from licscan.rulebook import Rulebook
from licscan.sources.hub import record
from licscan.sources.hub.read import read
from tests.hub import records
from tests.hub.repositories import Repository, card, safetensors, standard
from tests.hubs import Look, Serve, as_json, repository

Path = tuple[str | int, ...]


def a_model() -> Repository:
    """A model that says something in every field."""
    readme = card(
        license=["mit"], base_model="acme/tiny", datasets=["a/b"], extra_gated_prompt="Under the MIT license."
    )
    files: dict[str, bytes | str | None] = {
        "README.md": readme,
        "LICENSE": "MIT\n",
        "config.json": "{}",
        "model.safetensors": safetensors({"license": "mit"}),
        "q.gguf": b"GGUF",
    }
    return repository("acme/model", files, gated="auto")


MODEL = a_model()
SAID = records.info(MODEL, MODEL.commits[-1], blobs=True)


def paths(value: object, at: Path = ()) -> Iterator[Path]:
    """The places of all values in JSON."""
    if at:
        yield at
    if isinstance(value, dict):
        for key, one in value.items():
            yield from paths(one, (*at, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from paths(one, (*at, number))


words = st.text(st.characters(codec=None, exclude_categories=()), max_size=8) | st.sampled_from(
    ["\ud800", "\x00", "\x1b[31m", "../..", "x" * 5000, "hf:a/b@c", "base_model:adapter:", "license:", "0" * 40]
)
numbers = st.sampled_from([0, -1, 2**63, 10**400, 1.5, 1e300, float("nan"), float("inf"), True])
values = st.recursive(
    st.none() | numbers | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
places = st.sampled_from(sorted(paths(SAID), key=str))
changes = st.lists(st.tuples(places, values | st.just(...)), min_size=1, max_size=3)


def with_changes(said: dict[str, Any], changed: list[tuple[Path, Any]]) -> dict[str, Any]:
    """JSON with other values in some places; `...` takes a place out."""
    found = copy.deepcopy(said)
    for (*above, last), value in changed:
        with contextlib.suppress(KeyError, IndexError, TypeError):
            holder: Any = found
            for step in above:
                holder = holder[step]
            if value is ...:
                del holder[last]
            else:
                holder[last] = value
    return found


def is_whole(found: Assessment, model: Model) -> None:
    """It can be written, and read again as what it was."""
    assert Assessment.model_validate_json(found.model_dump_json(by_alias=True)).ref == found.ref
    assert Model.model_validate_json(model.model_dump_json()) == model


def kept(info: object, *, card_too: bool, head: bytes | None = None) -> dict[str, bytes]:
    """The answers that a hub gave, as they are kept."""
    known = {"endpoint": "https://hub.invalid", "anonymous": True, "listed": True, "troubles": {}, "cut": {}}
    files = {f"file/{path}": file.data for path, file in MODEL.commits[-1].files.items() if path != "README.md"}
    readme = {"file/README.md": MODEL.commits[-1].files["README.md"].data} if card_too else {}
    heads = {"head/model.safetensors": head or MODEL.commits[-1].files["model.safetensors"].data}
    answers = {"record": json.dumps(known).encode(), "info": json.dumps(info).encode()}
    return {**files, **readme, **heads, **answers}


@given(changes, st.booleans(), st.sampled_from([None, MODEL.commits[-1].sha]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_record_is_assessed(
    rules: Rulebook, changed: list[tuple[Path, Any]], card_too: bool, revision: str | None
) -> None:
    """Whatever stands in a record in place of what should, there is an assessment that can be written."""
    answers = kept(with_changes(SAID, changed), card_too=card_too)
    model = read(ModelRef(scheme="hf", name="acme/model", revision=revision), answers, "hub")
    is_whole(assess(model, {}, rules), model)


@given(values)
def test_any_answer_is_a_record(said: object) -> None:
    """Any JSON at all is read as a record, without failing, into texts that can be kept."""
    found = record.read_record(json.loads(json.dumps(said)))
    for words_ in (found.id, found.task, found.approval, *found.tags, *(file.path for file in found.files or ())):
        assert words_ is None or words_.encode()


@given(values, st.sampled_from(["__metadata__", "weight"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_header_is_assessed(rules: Rulebook, said: object, key: str) -> None:
    """Whatever a header of weights holds, there is an assessment that can be written."""
    text = json.dumps({key: said}).encode()
    answers = kept(SAID, card_too=True, head=len(text).to_bytes(8, "little") + text)
    model = read(ModelRef.parse("hf:acme/model"), answers, "hub")
    is_whole(assess(model, {}, rules), model)


@given(
    st.dictionaries(
        st.sampled_from(["record", "info", "tree/0", "tree/x", "file/README.md", "head/q.gguf"]),
        st.binary(max_size=20) | values.map(lambda value: json.dumps(value).encode()),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_kept_wrongly_is_refused(rules: Rulebook, spoilt: dict[str, bytes]) -> None:
    """Answers that were kept and have been spoilt since are read, or refused in one way."""
    try:
        model = read(ModelRef.parse("hf:acme/model"), {**kept(SAID, card_too=True), **spoilt}, "hub")
    except UnreadableError:
        return
    is_whole(assess(model, {}, rules), model)


NESTED = "[" * 900 + "]" * 900
SERVED: list[dict[str, Any]] = [
    {"siblings": None},
    {"siblings": [{"rfilename": 7}, None, {"rfilename": "README.md", "size": "x", "lfs": 7}]},
    {"siblings": [{"rfilename": "README.md", "blobId": "x" * 40, "lfs": {"sha256": 1, "size": -1}}]},
    {"cardData": [1], "tags": {"a": "b"}, "gated": 3},
    {"cardData": {"license": {"a": ["mit", float("nan")]}, "base_model": [None, "x" * 9000]}, "gguf": "yes"},
    {"sha": "x", "lastModified": "yesterday", "gated": ["auto"], "disabled": "no"},
    {"cardData": json.loads(NESTED), "pipeline_tag": ["\ud800"], "gguf": {"a": 10**400}},
    {"tags": ["base_model:adapter:\ud800", "base_model:", "license:" + "x" * 99_999] * 400},
    {"id": "ACME/Model", "modelId": 3, "siblings": ["README.md"]},
]


@pytest.mark.parametrize("number", range(len(SERVED)))
def test_any_record_that_is_served_is_assessed(serve: Serve, look: Look, hasty: None, number: int) -> None:
    """A hub that says such things over the wire gets its models assessed, never a fault of licscan."""
    assert hasty is None
    one = a_model()
    one.metadata = SERVED[number]
    hub = serve(one)
    hub.tell("/api/models/acme/model", as_json(records.info(one, one.commits[-1], blobs=True)))
    (seen,) = look.all(["acme/model"])
    assert "failed" not in {gap.id.value for gap in seen.assessment.gaps}
    assert seen.loaded.model.seen
    is_whole(seen.assessment, seen.loaded.model)


def test_the_records_of_the_test_hub_are_read_whole() -> None:
    """A record as it should be has nothing that is left out."""
    for one in standard().list_all("models"):
        found = record.read_record(records.info(one, one.commits[-1], blobs=True))
        assert (found.left_out, found.sized, found.sha) == (0, True, one.commits[-1].sha)
