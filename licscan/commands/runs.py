"""A run: models looked at, judged, and kept one by one."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from licscan import mof
from licscan.changes import changes
from licscan.errors import OutdatedError, UnreadableError, UsageError
from licscan.judge import findings
from licscan.model import Assessment, Change, Gap, GapId, Mention, ModelRef, OpennessFramework
from licscan.policy import Judge
from licscan.rulebook import Rulebook
from licscan.scan import Scan, Seen, Settings, threads
from licscan.store import Store
from licscan.targets import Targets

_JOBS = 8


class Run:
    """Looks, and keeps what is found model by model."""

    def __init__(
        self, scan: Scan, store: Store, rules: Rulebook, settings: Settings, judge: Judge, *, quiet: bool
    ) -> None:
        self._scan = scan
        self._store = store
        self._rules = rules
        self._frameworks: dict[ModelRef, OpennessFramework] = {}
        self._settings = settings
        self._judge = judge
        self._quiet = quiet

    def look(self, targets: tuple[str, ...], found: Targets, jobs: int | None) -> int:
        """Look at models, or at those that a killed run of the same request left; the number of the run."""
        listed = targets if "-" not in targets else tuple(map(str, found.refs))
        settings = self._settings
        request = [*listed, f"offline={settings.offline}", f"since={settings.since}", f"refresh={settings.refresh}"]
        # Another hub, or one that may be asked again, is another request.
        request += [
            f"{name}={os.environ.get(name, '').rpartition('@')[2]}" for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE")
        ]
        request += [f"token={'HF_TOKEN' in os.environ}", f"verify={settings.verify}", f"hash={settings.hash_all}"]
        request += ["sha512=True"] if settings.sha512 else []
        run = self._begin(request)
        done = self._store.resume(run, found.refs)
        # Threads where many were asked for, or where most of the time is waiting for a network.
        number = jobs or (_JOBS if self._scan.asks_network(found.refs) else 1)
        seen = self._scan.look(found.refs, threads(number) if number > 1 else map, done)
        return self._keep(run, seen, len(found.refs) - len(done), found.mentions)

    def again(self, run: int, found: Targets) -> int:
        """Assess anew what a run kept; the number of the new run."""
        made = self._begin([f"replay={run}"])
        return self._keep(made, self._scan.look_again(self._store.kept(run)), len(found.refs), found.mentions)

    def _begin(self, request: list[str]) -> int:
        return self._store.begin(request, str(Path.cwd()), self._rules.version, self._settings.now)

    def _keep(self, run: int, seen: Iterator[Seen], total: int, mentions: tuple[Mention, ...]) -> int:
        named: dict[ModelRef, list[Mention]] = {}
        for mention in mentions:
            named.setdefault(mention.ref, []).append(mention)
        for one in self._shown(seen, total):
            asked = one.loaded.asked or one.assessment.ref
            said = self._frameworks.get(asked, one.assessment.mof)
            framework = said.model_copy(update={"filled": one.assessment.mof.filled})
            assessment = one.assessment.model_copy(update={"mof": framework})
            assessment, changed = self._compared(run, assessment)
            objections = list(findings(self._judge, assessment, changed, named.get(asked, ())))
            self._store.save(run, one.position, one.loaded, assessment, one.bases, findings=objections)
        return run

    def describe(self, files: Sequence[Path], found: Targets) -> None:
        """Judge the models that descriptors of the Model Openness Framework name; the only model needs no name.

        Raises:
            UsageError: A file is no descriptor, or names none of the models.
        """
        if not files:
            return
        classes = self._rules.mof
        if classes is None:
            raise UsageError("has no levels/mof.yaml", where="the rule base", remedy="leave out --mof, or add it")
        for file in files:
            try:
                descriptor = mof.read(file.read_bytes(), classes)
            except OSError as error:
                raise UsageError(
                    (error.strerror or str(error)).lower(), where=str(file), remedy="check --mof"
                ) from error
            except UnreadableError as error:
                raise UsageError(error.what, where=str(file), remedy=error.remedy) from error
            names = set(mof.names(descriptor))
            meant = [ref for ref in found.refs if {ref.name.casefold(), ref.name.rpartition("/")[2].casefold()} & names]
            meant = meant or list(found.refs if len(found.refs) == 1 else ())
            if not meant:
                remedy = f"scan {descriptor.url or descriptor.name or 'the model that it describes'}"
                raise UsageError("names none of these models", where=str(file), remedy=remedy)
            self._frameworks |= dict.fromkeys(meant, mof.judge(descriptor, classes))

    def _compared(self, run: int, model: Assessment) -> tuple[Assessment, tuple[Change, ...]]:
        """A model, and what changed since the last run before this one; a gap where that cannot be read any more."""
        try:
            before = self._store.before(run, model.ref, str(Path.cwd()))
        except OutdatedError as error:
            gap = Gap(id=GapId.EARLIER_NOT_COMPARED, what="what changed since the last run", why=error.what)
            return model.model_copy(update={"gaps": (*model.gaps, gap)}), ()
        return model, tuple(changes(before, model)) if before else ()

    def _shown(self, seen: Iterator[Seen], total: int) -> Iterator[Seen]:
        """The models, with progress on standard error where that is a terminal."""
        if self._quiet or not sys.stderr.isatty() or "TERM" not in os.environ:
            return seen
        from licscan.commands.progress import bar  # noqa: PLC0415 - 60 ms, for people who watch

        return bar(seen, total, self._scan.waiting)
