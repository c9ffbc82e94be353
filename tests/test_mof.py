"""The Model Openness Framework: the tool's own cases, the paper that stands in for the report, and bad descriptors."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import mof
from licscan.errors import UnreadableError
from licscan.rulebook import OpennessClasses, Rulebook
from tests.conftest import Licscan


@pytest.fixture(scope="module")
def classes(rules: Rulebook) -> OpennessClasses:
    assert rules.mof is not None
    return rules.mof


def descriptor(components: Mapping[str, str | None], **licenses: str) -> bytes:
    listed = [{"name": name, **({"license": said} if said is not None else {})} for name, said in components.items()]
    common = {kind: {"name": said} for kind, said in licenses.items()}
    return json.dumps({"release": {"name": "x", "license": common, "components": listed}}).encode()


def judged(data: bytes, classes: OpennessClasses) -> tuple[int | None, dict[str, float] | None]:
    found = mof.judge(mof.read(data, classes), classes)
    return found.class_, found.progress


def test_gives_what_the_tool_gives(corpus: Path, classes: OpennessClasses) -> None:
    """Class and percentages of every case are those of the Model Openness Tool."""
    cases = json.loads((corpus / "mof" / "cases.json").read_text())
    assert len(cases) == 13
    for case in cases:
        wanted = case["classification"]
        found = judged(json.dumps(case).encode(), classes)
        assert found[0] == wanted["class"], case["release"]["name"]
        assert found[1] == pytest.approx(wanted["progress"], abs=1e-9), case["release"]["name"]


def test_the_paper_stands_in_for_the_report(classes: OpennessClasses) -> None:
    """An open paper fills the place of the report in the classes that ask for one; a report never fills the paper's."""
    third = [one.name for one in classes.components if one.required and one.class_ == 3]
    without = dict.fromkeys((name for name in third if name != "Technical report"), "MIT")
    assert judged(descriptor(without), classes)[0] == 0
    assert judged(descriptor({**without, "Research paper": "CC-BY-4.0"}), classes)[0] == 3
    assert judged(descriptor({**without, "Research paper": "unlicensed"}), classes)[0] == 0
    required = dict.fromkeys((one.name for one in classes.components if one.required), "MIT")
    assert judged(
        descriptor({name: said for name, said in required.items() if name != "Technical report"}), classes
    ) == (1, {"1": 100, "2": 100, "3": 100})
    assert (
        judged(descriptor({name: said for name, said in required.items() if name != "Research paper"}), classes)[0] == 2
    )


def test_licenses_fall_through_unless_said(classes: OpennessClasses) -> None:
    """A component takes the license of its kind, then of the release; one that is said to have none takes none."""
    every = dict.fromkeys(one.name for one in classes.components)
    assert judged(descriptor(every, distribution="Apache-2.0"), classes)[0] == 1
    assert judged(descriptor(every, code="MIT", data="ODbL-1.0", document="CC-BY-4.0"), classes)[0] == 1
    assert judged(descriptor({**every, "Model card": "unlicensed"}, distribution="Apache-2.0"), classes)[0] == 0
    assert judged(descriptor({**every, "Model card": ""}, distribution="Apache-2.0"), classes)[0] == 0
    assert judged(descriptor(every, distribution="Apache 2.0"), classes)[0] == 0


def test_what_limits_use_is_not_open(classes: OpennessClasses) -> None:
    """Licenses that limit use, and names that SPDX does not have, are not open; OpenMDW is."""
    assert {"MIT", "Apache-2.0", "CC-BY-SA-4.0", "OpenMDW-1.0", "CC-BY-3.0-DE", "GPL-3.0-only"} <= classes.open
    assert not {"CC-BY-NC-4.0", "CC-BY-ND-4.0", "BUSL-1.1", "PDDL-1.0", "mit", "MulanPSL-1.0"} & classes.open


@given(st.data())
def test_one_more_open_component_never_lowers_the_class(classes: OpennessClasses, data: st.DataObject) -> None:
    """Whatever is published openly besides, no progress falls."""
    names = [one.name for one in classes.components]
    some = data.draw(st.sets(st.sampled_from(names)))
    more = some | {data.draw(st.sampled_from(names))}
    before = judged(descriptor(dict.fromkeys(some, "MIT")), classes)
    after = judged(descriptor(dict.fromkeys(more, "MIT")), classes)
    assert before[1] is not None
    assert after[1] is not None
    assert all(after[1][number] >= value for number, value in before[1].items())


@pytest.mark.parametrize("data", [b"", b"[]", b"release: 1", b"release: {components: 1}", b"{", b"x" * (1 << 21)])
def test_refuses_what_is_no_descriptor(classes: OpennessClasses, data: bytes) -> None:
    """What is no descriptor is refused."""
    with pytest.raises(UnreadableError):
        mof.read(data, classes)


def test_a_descriptor_is_shown_with_its_model(tmp_path: Path, licscan: Licscan, classes: OpennessClasses) -> None:
    """`scan --mof` puts class and progress beside the model that the descriptor names; another model gets none."""
    file = tmp_path / "mof.yaml"
    every = dict.fromkeys((one.name for one in classes.components), "MIT")
    said = json.loads(descriptor(every))
    said["release"]["huggingface"] = "https://huggingface.co/allenai/OLMo-7B"
    file.write_text(json.dumps(said))
    done = licscan("scan", "--offline", "--format", "json", "--mof", file, "allenai/OLMo-7B", "google/gemma-2-2b")
    assert [model["mof"]["class"] for model in json.loads(done.out)["models"]] == [1, None]
    done = licscan("scan", "--offline", "--mof", file, "google/gemma-2-2b", "google/gemma-2-9b")
    assert done.code == 2
    assert "names none of these models" in done.err
