"""licscan: license and provenance compliance for AI models.

In tests and notebooks:

    import licscan

    report = licscan.check(".", policy="commercial-product")
    assert not report.failing, report.summary["because"]
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from licscan.model import Report

__version__ = "0.1.0"


def check(
    path: str | Path | Iterable[str | Path] = ".",
    *,
    policy: str | None = None,
    config: str | Path | None = None,
    lock: str | Path | None = None,
    what_if: Iterable[str] = (),
) -> "Report":
    """What the gate finds: every model that code names, held against licscan.lock and a policy, offline.

    Args:
        path: Files and folders.
        policy: A policy of the rule base, or a file; that of the configuration by default.
        config: The configuration; the one nearest above the path by default.
        lock: The lock; the one nearest above the path by default.
        what_if: Facts of the organisation, such as `monthly_active_users=5M`.

    Returns:
        The report. `report.failing` are the findings that make the gate fail; `report.summary` says `outcome`,
        `because` and `exit_code`.

    Raises:
        licscan.errors.LicscanError: The path, the configuration, the lock or the policy cannot be read.
    """
    # Nothing is imported before somebody asks: the command line starts from this module too.
    from licscan import gate  # noqa: PLC0415
    from licscan.model import Report  # noqa: PLC0415

    paths = (path,) if isinstance(path, str | Path) else tuple(path)
    asked = gate.Asked(
        paths=tuple(map(Path, paths)),
        policy=policy,
        config=Path(config) if config else None,
        lock=Path(lock) if lock else None,
        what_if=tuple(what_if),
    )
    return Report.model_validate(gate.check(asked).report)
