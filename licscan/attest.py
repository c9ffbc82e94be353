"""A statement about a copy of a model: its digests, and with them its license, its level, and the rules that say so."""

import contextlib
from pathlib import Path

from licscan import __version__
from licscan.clock import clock
from licscan.digests import FileStatus
from licscan.errors import LicscanError, UsageError
from licscan.integrity import FAILING, Checked
from licscan.model import Assessment
from licscan.rulebook import Rulebook, load
from licscan.scan import Scan, Settings
from licscan.verify import statement


def attest(checked: Checked) -> dict[str, object]:
    """The statement about a copy; its license and level are those that its own files and the rule base give.

    Raises:
        UsageError: A file is not what was promised, or was written to meanwhile: nobody could rely on the statement.
    """
    bad = [one.path for one in checked.verdicts if one.status in FAILING or one.status is FileStatus.CHANGED]
    if bad:
        what = (
            f"not attested: {len(bad)} {'files are' if len(bad) > 1 else 'file is'} not what was promised, or changed"
        )
        raise UsageError(what, where=checked.name, remedy="see which, and get them anew")
    rules = load()
    return statement.make(checked, _about(checked, rules), clock().isoformat(), __version__)


def _about(checked: Checked, rules: Rulebook) -> dict[str, object]:
    commit = checked.ref.rpartition("@")[2] if "@" in checked.ref else None
    about: dict[str, object] = {"commit": commit, "rules": rules.version}
    model = _assessed(Path(checked.root), rules)
    if model is None:
        return {**about, "license": None, "level": None}
    license_ = {"id": model.license.id, "spdx": model.license.spdx, "title": model.license.title}
    return {**about, "license": license_, "level": model.level.value}


def _assessed(root: Path, rules: Rulebook) -> Assessment | None:
    """What is so of the model in a folder; None where none is seen there."""
    with contextlib.closing(Scan(rules, Settings(offline=True))) as scan:
        try:
            found = scan.find([str(root)])
        except LicscanError:
            return None
        whole = [ref for ref in found.refs if ref.scheme == "file" and Path(ref.name).absolute() == root.absolute()]
        return next((seen.assessment for seen in scan.look(whole)), None)
