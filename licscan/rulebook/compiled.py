"""The whole rule base: every file read, every reference between files checked, compiled once per content."""

import contextlib
import gc
import hashlib
import os
from collections.abc import Iterator
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from pathlib import Path
from zlib import crc32

import platformdirs

from licscan import leftovers
from licscan.errors import RuleError
from licscan.place import installed, rule_files, shipped
from licscan.rulebook import checks
from licscan.rulebook.book import Rulebook
from licscan.rulebook.build import clause_rule, license_record, model_facts, provider
from licscan.rulebook.detectors import packed
from licscan.rulebook.elements import frameworks
from licscan.rulebook.frameworks import OpennessClasses
from licscan.rulebook.naming import names
from licscan.rulebook.needles import Frequencies
from licscan.rulebook.objections import whole_policies
from licscan.rulebook.patterns import Patterns, phrases
from licscan.rulebook.reader import RuleFile
from licscan.rulebook.records import FreedomRules, LevelTable

Files = list[tuple[str, str, bytes]]


def load(root: Traversable | None = None, *, cache: Path | None = None) -> Rulebook:
    """The rule base, from its compiled form where the files have not changed since that was made.

    Args:
        root: Folder of rule files; the shipped one by default.
        cache: Folder for compiled forms; by default what was installed with the program, then the user's cache folder.

    Raises:
        RuleError: A rule file is wrong; the message names file, line and key.
    """
    files = list(rule_files(root or shipped()))
    digest = _digest(files)
    compiled = _place(cache, digest)
    for place in (compiled,) if cache else (installed() / compiled.name, compiled):
        with contextlib.suppress(OSError, ValueError):  # a ValidationError is one
            found = _opened(place.read_bytes())
            if place is compiled:
                leftovers.used(compiled)
            return found
    whole = read(files, digest)
    _keep(compiled, whole)
    return _opened(whole)


def install(folder: Path) -> Path:
    """Write the compiled form of the shipped rules where the program, once installed, finds it; it takes some seconds.

    Args:
        folder: What `licscan.place.installed` says of the program.

    Returns:
        The file; what other rules were compiled to is taken away.

    Raises:
        RuleError: A rule file is wrong.
        OSError: The folder cannot be written.
    """
    files = list(rule_files(shipped()))
    digest = _digest(files)
    place = _place(folder, digest)
    for other in folder.glob("rules-*.licscan"):
        if other != place:
            other.unlink()
    if not place.exists():
        _write(place, read(files, digest))
    return place


def _opened(whole: bytes) -> Rulebook:
    """A rule base from its compiled form: a line with its check, the rules, and what texts are searched with.

    Raises:
        ValueError: It is not whole.
    """
    head, _, rest = whole.partition(b"\n")
    first, check = map(int, head.split())
    if crc32(rest) != check:
        raise ValueError("the compiled rules are damaged")
    # Nothing of it is garbage, and looking for some among so many new values takes longer than reading them.
    collects = gc.isenabled()
    gc.disable()
    try:
        return Rulebook.model_validate_json(rest[:first]).searching_with(rest[first:])
    finally:
        if collects:
            gc.enable()


def _place(cache: Path | None, digest: str) -> Path:
    try:
        folder = cache or platformdirs.user_cache_path("licscan")
    except RuntimeError:  # a user without a home
        folder = Path(os.devnull)
    return folder / f"rules-{digest}.licscan"


def read(files: Files, digest: str) -> bytes:
    """The rule base from the bytes of its files, in its compiled form.

    Raises:
        RuleError: One of them is wrong, or they do not agree.
    """
    opened: dict[str, list[RuleFile]] = {}
    for folder, path, data in files:
        opened.setdefault(folder, []).append(RuleFile(path, data))
    known = phrases({str(file.fields["id"]): file for file in opened.get("phrases", ())})
    files_of_clauses = opened.get("clauses", [])
    sample = Frequencies(example for file in files_of_clauses for example in _examples(file))
    patterns = Patterns(known, sample)
    clauses = {rule.id: rule for rule in (clause_rule(file, patterns) for file in files_of_clauses)}
    checks.every_limit_is_readable(files_of_clauses, clauses)
    levels = {str(file.fields["id"]): file for file in opened.get("levels", ())}
    for name in ("freedom", "table"):
        if name not in levels:
            raise RuleError("is missing", where=f"rules/levels/{name}.yaml", remedy="every rule base needs it")
    freedom = levels["freedom"].make(FreedomRules, levels["freedom"].fields)
    checks.every_clause_counts(levels["freedom"], freedom, clauses)
    table = levels["table"].make(LevelTable, levels["table"].fields)
    checks.every_case_has_a_level(levels["table"], table)
    license_files = {str(file.fields["id"]): file for file in opened.get("licenses", ())}
    records = {name: license_record(file, clauses) for name, file in license_files.items()}
    named = names(license_files, records.values())
    models = [(file, model_facts(file)) for file in opened.get("models", ())]
    for file, facts in models:
        checks.every_license_has_a_record(file, facts, records, named)
    policies = whole_policies(opened.get("policies", ()), clauses)
    providers = [(file, provider(file)) for file in opened.get("providers", ())]
    checks.every_prefix_means_one_provider(providers)
    rules = Rulebook(
        version=_version(files, digest),
        licenses=checks.check_licenses(license_files, records, freedom),
        names=named,
        clauses=clauses,
        freedom=freedom,
        levels=table,
        mof=levels["mof"].make(OpennessClasses, levels["mof"].fields) if "mof" in levels else None,
        policies=policies,
        frameworks=frameworks(opened.get("frameworks", ())),
        models=tuple(fact for _, facts in models for fact in facts),
        providers=tuple(one for _, one in providers),
    )
    stated = rules.model_dump_json(exclude_defaults=True).encode()
    whole = stated + packed(patterns.detectors())
    return b"%d %d\n" % (len(stated), crc32(whole)) + whole


def _examples(file: RuleFile) -> Iterator[str]:
    """The sentences that a clause type must and must not find: a sample of what licenses say."""
    stated = file.fields.get("examples")
    for some in stated.values() if isinstance(stated, dict) else ():
        yield from (one for one in some if isinstance(one, str)) if isinstance(some, list) else ()


def _digest(files: Files) -> str:
    """Changes whenever a rule file, or the program that reads it, does."""
    whole = hashlib.sha256()
    program = [(name, file) for name in ("model", "rulebook") for file in (package_files("licscan") / name).iterdir()]
    program.append(("", package_files("licscan") / "condition.py"))
    source = ((name, file.name, file.read_bytes()) for name, file in program if file.name.endswith(".py"))
    for _, path, data in [*sorted(source), *files]:
        whole.update(f"\0{path}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()[:16]


def _version(files: Files, digest: str) -> str:
    """The newest review of any record and the digest: what a report names as its rule base."""
    days = (line.partition(b"on: 20") for _, _, data in files for line in data.splitlines() if b"reviewed:" in line)
    newest = max(("20" + rest[:8].decode(errors="replace") for _, found, rest in days if found), default="undated")
    return f"{newest}+{digest[:8]}"


def _keep(compiled: Path, whole: bytes) -> None:
    """Write the compiled form; a cache that cannot be written is no error."""
    with contextlib.suppress(OSError):
        _write(compiled, whole)
        leftovers.clear(compiled.parent.glob("rules-*.licscan"))


def _write(compiled: Path, whole: bytes) -> None:
    """Write where others see it whole or not at all."""
    part = compiled.with_suffix(f".{os.getpid()}.part")
    compiled.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(whole)
    part.replace(compiled)
