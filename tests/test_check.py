"""The gate: what is named in a tree, held against a policy, offline, with one exit code for each outcome."""

import json
from pathlib import Path

import pytest

from tests.conftest import Licscan


def tree(folder: Path, *names: str) -> Path:
    lines = [f"AutoModel.from_pretrained({name!r})" for name in names]
    folder.mkdir(parents=True)
    (folder / "app.py").write_text("\n".join(["from transformers import AutoModel", *lines]) + "\n")
    return folder


@pytest.mark.parametrize(
    ("names", "options", "code", "first"),
    [
        (["allenai/OLMo-2-1124-7B"], [], 0, "pass: nothing fails in 1 model"),
        (["google/gemma-2-2b-it"], [], 0, "pass: nothing fails in 1 model"),
        (["Qwen/Qwen2.5-72B"], ["--what-if", "monthly_active_users=5M"], 0, "pass"),
        (["Qwen/Qwen2.5-72B"], ["--what-if", "monthly_active_users=800M"], 1, "fail: 1 objection in 1 model"),
        (["Qwen/Qwen2.5-72B"], ["--what-if", "monthly_active_users=800M", "--exit-zero"], 0, "fail"),
        (["somebody-new/never-heard-of-7b"], [], 1, "fail: 1 objection in 1 model"),
        ([], [], 0, "pass: no model is named here"),
        ([], ["--require-models"], 4, "pass: no model is named here"),
        (["allenai/OLMo-2-1124-7B"], ["--strict"], 3, "pass"),
        (["allenai/OLMo-2-1124-7B"], ["--policy", "none"], 2, ""),
    ],
)
def test_every_outcome_has_its_code(
    licscan: Licscan, tmp_path: Path, names: list[str], options: list[str], code: int, first: str
) -> None:
    """The exit code is that of the contract, the first line says pass or fail, and nothing is asked of a network."""
    done = licscan("check", tree(tmp_path / "t", *names), *options)
    assert done.code == code
    assert done.out.startswith(first)


def test_the_code_is_the_same_in_every_format(licscan: Licscan, tmp_path: Path) -> None:
    """As JSON it is the report, with findings at the places that name the model, and the same exit code."""
    folder = tree(tmp_path / "t", "Qwen/Qwen2.5-72B")
    done = licscan("check", folder, "--what-if", "monthly_active_users=800M", "--format", "json", "--offline")
    report = json.loads(done.out)
    assert done.code == 1
    places = {(found["rule"], Path(found["path"]).name, found["line"]) for found in report["findings"]}
    assert ("threshold", "app.py", 2) in places
    assert [Path(mention["path"]).name for mention in report["mentions"]] == ["app.py"]


def test_an_agreement_lets_a_number_pass(licscan: Licscan, tmp_path: Path) -> None:
    """A contract that replaces the threshold is shown as the waiver of the finding, and nothing fails."""
    config = tmp_path / "licscan.toml"
    config.write_text(
        '[organisation]\nmonthly_active_users = "800M"\n[[agreements]]\nlicensor = "Alibaba"\nmodels = ["hf:Qwen/*"]\n'
        'reference = "contract 7"\nreplaces = ["threshold"]\n'
    )
    folder = tree(tmp_path / "t", "Qwen/Qwen2.5-72B")
    done = licscan("check", folder, "--config", config, "--format", "json")
    waived = [found["waiver"] for found in json.loads(done.out)["findings"] if found["rule"] == "threshold"]
    assert (done.code, waived) == (0, ["agreement contract 7 with Alibaba"])
