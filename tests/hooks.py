"""`python -m tests.hooks BIN`: both hooks with the real pre-commit, and the files for GitHub and GitLab by their schemas.

It installs licscan and all that it needs from the package index, and so is no part of the test suite (`make hooks`).
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT

# Files of examples and at the root, by what describes them: those of check-jsonschema are the hosts' own.
_SCHEMAS = {
    "action.yml": "vendor.github-actions",
    "examples/ci/refresh-lock.yml": "vendor.github-workflows",
    "examples/ci/gitlab-ci.yml": "vendor.gitlab-ci",
}
_CONFIG = "repos:\n- repo: {root}\n  rev: {rev}\n  hooks:\n  - id: {hook}\n"


def main(pre_commit: str) -> None:
    """Run both hooks over a commit that must be blocked and one that must pass.

    Args:
        pre_commit: The program.

    Raises:
        SystemExit: A hook did otherwise.
    """
    check = str(Path(pre_commit).with_name("check-jsonschema"))
    for file, schema in _SCHEMAS.items():
        _done([check, "--builtin-schema", schema, file], ROOT)
    _done([pre_commit, "validate-manifest", ".pre-commit-hooks.yaml"], ROOT)
    _done([pre_commit, "validate-config", "examples/air-gapped/.pre-commit-config.yaml"], ROOT)
    print("action, workflow, GitLab job and hooks: as their schemas want them")
    rev = _done(["git", "rev-parse", "HEAD"], ROOT).stdout.strip()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "repository"
        folder.mkdir()
        env = {**os.environ, "PRE_COMMIT_HOME": str(Path(name) / "home"), "HF_HUB_OFFLINE": "1"}
        env |= {"LICSCAN_DB": str(Path(name) / "x.db"), "XDG_CACHE_HOME": str(Path(name) / "cache")}
        _done(["git", "init", "--quiet"], folder)
        (folder / "app.py").write_text("M.from_pretrained('Qwen/Qwen2.5-7B')\n")
        for hook in ("licscan", "licscan-files"):
            (folder / ".pre-commit-config.yaml").write_text(_CONFIG.format(root=ROOT, rev=rev, hook=hook))
            (folder / "licscan.lock").unlink(missing_ok=True)
            _done(["git", "add", "-A"], folder)
            blocked = _done([pre_commit, "run", "--all-files"], folder, env, code=1)
            _expect("lock-missing" in blocked.stdout, blocked.stdout)
            _done([sys.executable, "-m", "licscan", "lock", "--offline"], folder, {**env, "PYTHONPATH": str(ROOT)})
            _done(["git", "add", "-A"], folder)
            passed = _done([pre_commit, "run", "--all-files"], folder, env)
            _expect("Passed" in passed.stdout, passed.stdout)
            print(f"{hook}: blocked without a lock, passed with one")


def _done(
    command: list[str], folder: Path, env: dict[str, str] | None = None, code: int = 0
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    _expect(done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


if __name__ == "__main__":
    main(sys.argv[1])
