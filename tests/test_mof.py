"""The Model Openness Framework: the tool's own cases, the paper that stands in for the report, and bad descriptors."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import mof
from licscan.errors import UnreadableError
from licscan.model import Evidence, FilledFramework, FrameworkComponent
from licscan.rulebook import OpennessClasses, Rulebook
from licscan.text import printable
from tests.conftest import Licscan, safetensors


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


CARD = (
    """---
license: apache-2.0
datasets: [acme/corpus]
model-index:
- name: wren
  results:
  - metrics: [{type: accuracy, value: 0.5}]
---
# Wren

- **Paper:** https://arxiv.org/abs/2401.00001
- **Repository:** [wren](https://github.com/acme/wren)
- Runs with [llama.cpp](https://github.com/ggml-org/llama.cpp)

"""
    + "It is a small model of birdsong. " * 20
)
CODE = ("modeling_wren.py", "train.py", "inference.py", "eval/run_eval.py", "preprocess.py")


def released(folder: Path, card: str = CARD, files: tuple[str, ...] = CODE) -> Path:
    folder.mkdir()
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("#")
    (folder / "README.md").write_text(card)
    (folder / "config.json").write_text('{"model_type": "wren"}')
    (folder / "model.safetensors").write_bytes(safetensors())
    (folder / "checkpoint-100").mkdir(exist_ok=True)
    (folder / "checkpoint-100" / "model.safetensors").write_bytes(safetensors())
    return folder


def scanned(licscan: Licscan, *arguments: object) -> Any:
    done = licscan("scan", "--offline", "--format", "json", *arguments)
    assert done.code == 0, done.err
    return json.loads(done.out)["models"][0]["mof"]


def states(filled: Any) -> dict[str, str]:
    return {one["name"]: one["state"] for one in filled["components"]}


def test_fills_a_descriptor_from_what_is_there(tmp_path: Path, licscan: Licscan) -> None:
    """Files and card fill the components that they are; each has license and place, and nothing else counts."""
    mof_ = scanned(licscan, released(tmp_path / "wren"))
    assert mof_["class"] is None
    filled = mof_["filled"]
    assert states(filled) == {
        "Model architecture": "counted", "Model parameters (Final)": "counted", "Evaluation results": "counted",
        "Model card": "counted", "Training code": "counted", "Inference code": "counted", "Evaluation code": "counted",
        "Data preprocessing code": "counted", "Model parameters (Intermediate)": "counted", "Model metadata": "counted",
        "Datasets": "in-part", "Research paper": "license-not-established",
    }  # fmt: skip
    assert filled["basis"] == "evidence"
    assert filled["class"] == 0
    assert filled["progress"] == {"1": 0.0, "2": 0.0, "3": pytest.approx(400 / 6)}
    for one in filled["components"]:
        assert one["evidence"], one["name"]
        assert all(place["path"] or place["url"] for place in one["evidence"])
        assert one["state"] != "counted" or one["license"] == "Apache-2.0"
    assert set(filled["nothing_found"]) == {
        "Technical report",
        "Sample model outputs",
        "Supporting libraries and tools",
    }
    assert set(filled["not_looked_at"]) == {"Data card", "Evaluation data"}
    said = " ".join(gap["why"] for gap in filled["gaps"])
    assert "arxiv.org/abs/2401.00001" in said
    assert "github.com/acme/wren" in said
    assert "llama.cpp" not in said, "what others made is no part of it"


def test_every_component_is_told_once(tmp_path: Path, licscan: Licscan, classes: OpennessClasses) -> None:
    """Found, nothing found, or not looked at: each component is one of these, for a model on disk and for a name."""
    names = sorted(one.name for one in classes.components)
    for target, looked in (
        (released(tmp_path / "wren"), True),
        ("allenai/OLMo-2-1124-7B", False),
        ("acme/none", False),
    ):
        filled = scanned(licscan, target)["filled"]
        assert sorted([*states(filled), *filled["nothing_found"], *filled["not_looked_at"]]) == names
        assert bool(filled["nothing_found"]) is looked, "nobody looked at a name"


def test_what_was_filled_can_be_given_back(tmp_path: Path, licscan: Licscan) -> None:
    """The file that `--mof-out` writes is a descriptor that comes to the same; what is added to it counts."""
    model, file = released(tmp_path / "wren"), tmp_path / "wren.yaml"
    filled = scanned(licscan, model, "--mof-out", file)["filled"]
    back = scanned(licscan, model, "--mof", file)
    assert (back["class"], back["progress"]) == (filled["class"], filled["progress"])
    assert back["filled"] == filled
    added = [f"    - name: {name}\n      license: CC-BY-4.0\n" for name in ("Data card", "Technical report")]
    file.write_text(file.read_text() + "".join(added))
    assert scanned(licscan, model, "--mof", file)["class"] == 3


def test_a_license_that_is_not_open_does_not_count(tmp_path: Path, licscan: Licscan) -> None:
    """Under a license that limits use the same files come to nothing, and a repository without one to less still."""
    limited = scanned(licscan, released(tmp_path / "one", CARD.replace("apache-2.0", "cc-by-nc-4.0")))["filled"]
    assert states(limited)["Model card"] == states(limited)["Model parameters (Final)"] == "not-open"
    silent = scanned(licscan, released(tmp_path / "two", CARD.replace("license: apache-2.0\n", "")))["filled"]
    assert states(silent)["Model card"] == states(silent)["Training code"] == "license-not-established"
    assert limited["progress"] == silent["progress"] == {"1": 0, "2": 0, "3": 0}


def test_code_has_the_license_that_is_stated_for_code(tmp_path: Path, licscan: Licscan) -> None:
    """Code under MIT beside weights under another license counts; the weights do not."""
    card = (
        CARD.replace("apache-2.0", "cc-by-nc-4.0") + "\n\n## License\n\nThe code is released under the MIT License.\n"
    )
    filled = scanned(licscan, released(tmp_path / "wren", card))["filled"]
    assert states(filled)["Training code"] == "counted"
    assert states(filled)["Model parameters (Final)"] == "not-open"


def test_a_base_with_other_terms_binds_the_weights(tmp_path: Path, licscan: Licscan) -> None:
    """Weights with an open tag over Llama, or over a base that nobody knows, do not count."""
    for base in ("meta-llama/Llama-3.1-8B", "acme/nobody-knows"):
        card = CARD.replace("license: apache-2.0", f"license: apache-2.0\nbase_model: {base}")
        filled = scanned(licscan, released(tmp_path / base.rpartition("/")[2], card))["filled"]
        assert states(filled)["Model parameters (Final)"] == "in-part"
        assert base in next(one["why"] for one in filled["components"] if one["name"] == "Model parameters (Final)")


def test_a_card_of_front_matter_alone_describes_nothing(tmp_path: Path, licscan: Licscan) -> None:
    """A README without words, a `model-index` without values and a table without numbers are no card and no results."""
    card = "---\nlicense: mit\nmodel-index:\n- name: x\n  results: []\n---\n## Evaluation\n| a | b |\n|---|---|\n| x | y |\n"
    filled = scanned(licscan, released(tmp_path / "wren", card, ()))["filled"]
    assert {"Model card", "Evaluation results"} <= set(filled["nothing_found"])


@pytest.mark.parametrize("target", ["api:openai/gpt-4o", "dataset:acme/corpus"])
def test_what_is_no_release_has_no_framework(licscan: Licscan, tmp_path: Path, target: str) -> None:
    """Services and datasets are no releases of models: nothing is filled, and no descriptor written."""
    assert scanned(licscan, target)["filled"] is None
    done = licscan("scan", "--offline", target, "--mof-out", tmp_path / "x.yaml")
    assert done.code == 2
    assert not (tmp_path / "x.yaml").exists()


def test_a_descriptor_is_of_one_model(licscan: Licscan, tmp_path: Path) -> None:
    """Of several models no descriptor is written, nor to a place that is none."""
    done = licscan("scan", "--offline", "google/gemma-2-2b", "google/gemma-2-9b", "--mof-out", tmp_path / "x.yaml")
    assert (done.code, "by itself" in done.err) == (2, True)
    done = licscan("scan", "--offline", "google/gemma-2-2b", "--mof-out", tmp_path / "no" / "x.yaml")
    assert (done.code, "--mof-out" in done.err) == (2, True)


def test_the_terminal_says_that_it_is_a_lower_bound(tmp_path: Path, licscan: Licscan) -> None:
    """For people it is called filled from evidence, a lower bound; beside a descriptor each is told apart."""
    model, file = released(tmp_path / "wren"), tmp_path / "wren.yaml"
    licscan("scan", "--offline", model, "--mof-out", file)
    shown = " ".join(licscan("scan", "--offline", "-v", model, "--mof", file).out.split())
    assert "by the descriptor given: class none" in shown
    assert "filled from evidence (a lower bound, no claim of the publisher's): class none" in shown
    assert "Training code: counted, Apache-2.0: train.py" in shown


@given(st.text(), st.text())
def test_what_is_written_is_always_read(classes: OpennessClasses, name: str, why: str) -> None:
    """Whatever names and words of others stand in it, the file is one descriptor with one component."""
    one = FrameworkComponent(
        name="Model card", state="counted", license="MIT", why=why, evidence=(Evidence(source="hub", path=why or None),)
    )
    other = one.model_copy(update={"name": "Datasets", "state": "in-part"})
    filled = FilledFramework.model_validate({"class": 0, "progress": {}, "components": (one, other)})
    read = mof.read(mof.write(name, name or None, filled).encode(), classes)
    assert read.licenses == {"Model card": "MIT"}
    assert read.name == printable(name)
