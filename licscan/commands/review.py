"""`licscan review`: what somebody decided about a model, kept beside all that was decided before."""

import datetime
import difflib
import json
from functools import partial
from pathlib import Path

import click

from licscan import lineage
from licscan.anew import decided
from licscan.clock import clock
from licscan.commands.output import opened
from licscan.errors import UsageError
from licscan.licenses.expression import parse, terms
from licscan.licenses.resolve import NAMED, record_of, resolve, symbol_of
from licscan.model import Assessment, Decision, ModelRef, ModelReview
from licscan.reviews import by_model, state, text_of
from licscan.rulebook import Rulebook, load
from licscan.store import Store
from licscan.text import printable

_WORDS = {
    Decision.APPROVED: "approved",
    Decision.REJECTED: "rejected",
    Decision.CURATED: "curated",
    Decision.WITHDRAWN: "what was decided is withdrawn",
}


@click.command(epilog="Exit codes: 0 done; 2 wrong call.")
@click.argument("model", required=False)
@click.option("--approve", "decision", flag_value="approved", help="It may be used.")
@click.option("--reject", "decision", flag_value="rejected", help="It may not be used.")
@click.option("--withdraw", "decision", flag_value="withdrawn", help="Take back what was decided about it.")
@click.option("--by", metavar="NAME", help="Who decides.")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--conditions", multiple=True, metavar="TEXT", help="Under which condition it is approved.")
@click.option("--expires", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which that holds.")
@click.option("--license", "license_", metavar="ID", help="The license that it is under, where licscan finds another.")
@click.option("--list", "listed", is_flag=True, help="Show what was decided, and where it stands today.")
@click.option("--db", metavar="FILE|URL", envvar="LICSCAN_DB", help="The database; your own by default.")
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write there instead.")
@click.option("--format", "form", type=click.Choice(("terminal", "json")), default="terminal", show_default=True)
def command(
    model: str | None,
    *,
    decision: str | None,
    by: str | None,
    reason: str | None,
    conditions: tuple[str, ...],
    expires: datetime.datetime | None,
    license_: str | None,
    listed: bool,
    db: str | None,
    output: Path | None,
    form: str,
) -> None:
    """Approve or reject a model, or say which license it is under, and why.

    MODEL is one that a run has looked at, as licscan scan prints it. The decision is kept with the revision, the
    license and the digest of the license text that were looked at; when one of them changes, it is open again. Nothing
    that was decided is ever changed: licscan audit shows all of it.

    \b
    Examples:
      licscan review meta-llama/Llama-3.1-8B --approve --by "Jane Doe, counsel" \\
        --reason "read for our use, LEGAL-17" --conditions "no service in the EU" --expires 2027-06-30
      licscan review acme/model --license Apache-2.0 --by "Jane Doe" --reason "the publisher wrote so, LEGAL-18"
      licscan review --list
    """
    wanted = _ref(model) if model else None
    if listed:
        if decision or license_:
            raise UsageError("--list decides nothing", remedy="leave it out to decide")
        _show(wanted, db, output, form)
        return
    if wanted is None or not (decision or license_):
        remedy = "name the model, and --approve, --reject, --withdraw or --license; or --list"
        raise UsageError("nothing is decided", remedy=remedy)
    rules = load()
    made = ModelReview(
        model=wanted.at(None),
        revision=None,
        license=None,
        text_sha256=None,
        decision=Decision(decision or "curated"),
        by=by or "",
        reason=reason or "",
        conditions=conditions,
        expires=expires.date() if expires else None,
        decided=clock(),
        concluded=_meant(license_, rules) if license_ else None,
    )
    _check(made)
    with Store(db) as store:
        made = _of_what(made, wanted, store, rules)
        store.decide(made)
    click.echo(printable(_line(made)))


def _ref(model: str) -> ModelRef:
    """The model that is meant: a path that is there wins, as in a scan, and is called as one made here calls it."""
    path = Path(model.removeprefix("file:"))
    if not model.startswith("file:") and not path.exists():
        return ModelRef.parse(model)
    whole, here = path.absolute(), Path.cwd()
    return ModelRef.parse(f"file:{whole.relative_to(here) if whole.is_relative_to(here) else path}")


def _show(wanted: ModelRef | None, db: str | None, output: Path | None, form: str) -> None:
    with Store(db, to_write=False) as store, opened(output, form) as stream:
        stream.write(_json(store, wanted) if form == "json" else _text(store, wanted))


def _check(made: ModelReview) -> None:
    """Refuse a decision that says too little, or things that exclude each other."""
    if not made.by.strip() or not made.reason.strip():
        raise UsageError("nobody could tell who decided that, or why", remedy="give --by and --reason")
    if made.expires and made.expires < made.decided.date():
        raise UsageError("is over", where=f"--expires {made.expires}", remedy="choose a day that comes")
    if made.decision is Decision.WITHDRAWN and (made.concluded or made.conditions or made.expires):
        raise UsageError("what is withdrawn has no license, conditions or end", remedy="leave them out")


def _of_what(made: ModelReview, wanted: ModelRef, store: Store, rules: Rulebook) -> ModelReview:
    """The decision with what was looked at: the last run's finding, under the license that it says.

    Raises:
        UsageError: No run has looked at the model, or its facts cannot be read to be judged by another license.
    """
    relative = wanted.scheme == "file" and not Path(wanted.name).is_absolute()
    episode = store.history(wanted, str(Path.cwd()) if relative else None)[-1]
    found = store.found(episode)
    text = text_of(found)
    made = made.model_copy(
        update={
            "model": found.ref.at(None),
            "revision": found.revision,
            "text_sha256": text.sha256 if text else None,
            "run": episode.run,
        }
    )
    day = made.decided.date()
    now = decided(partial(store.facts, episode.run), rules, [*store.reviews(), made], day)(found)
    if made.concluded and now.license.spdx != made.concluded:
        raise UsageError(
            f"cannot be judged by another license: what run {episode.run} kept of it is not enough",
            where=str(wanted),
            remedy=f"licscan scan --refresh {wanted}",
        )
    return made.model_copy(update={"license": now.license.spdx})


def _meant(name: str, rules: Rulebook) -> str:
    """The expression that a license's name means.

    Raises:
        UsageError: It means none, or one of which there is no record.
    """
    if name in rules.licenses:
        return symbol_of(rules.licenses[name])
    meaning = resolve(name, rules)
    tree = parse(meaning.expression) if meaning.expression else None
    known = tree is not None and all(record_of(term.symbol, rules) for term in terms(tree))
    if meaning.expression is None or meaning.confidence < NAMED or not known:
        near = difflib.get_close_matches(name.casefold(), rules.licenses, n=3)
        remedy = f"did you mean {', '.join(near)}?" if near else "see licscan rules list, or add a record"
        raise UsageError("is no license of the rule base", where=f"--license {name!a}", remedy=remedy)
    return meaning.expression


def _decisions(store: Store, wanted: ModelRef | None) -> list[list[ModelReview]]:
    """All decisions, those about one model together."""
    name = lineage.name(wanted) if wanted else None
    return [some for key, some in by_model(store.reviews()).items() if name in {None, key}]


def _last(store: Store, some: list[ModelReview]) -> Assessment | None:
    """What the last run found of a model that was decided about."""
    try:
        episode = store.history(some[-1].model)[-1]
    except UsageError:
        return None
    facts = partial(store.facts, episode.run)
    return decided(facts, load(), store.reviews(), clock().date())(store.found(episode))


def _text(store: Store, wanted: ModelRef | None) -> str:
    lines = []
    for some in _decisions(store, wanted):
        found = _last(store, some)
        now = state(found, some, clock().date()) if found else None
        stands = f"{now.state}{f': {now.because}' if now.because else ''}" if now else "no run has looked at it"
        lines.append(f"{some[0].model}: {stands}")
        lines += [f"  {_line(one)}" for one in some]
    return "".join(f"{printable(line)}\n" for line in lines) or "nothing was decided yet\n"


def _json(store: Store, wanted: ModelRef | None) -> str:
    rows = []
    for some in _decisions(store, wanted):
        found = _last(store, some)
        now = state(found, some, clock().date()) if found else None
        stands = {"state": now.state.value if now else None, "because": now.because if now else None}
        rows.append({"model": str(some[0].model), **stands, "history": [one.model_dump(mode="json") for one in some]})
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _line(one: ModelReview) -> str:
    seen = [f"revision {one.revision}" if one.revision else "no revision", one.license or "no license established"]
    seen += [f"text sha256 {one.text_sha256}"] if one.text_sha256 else []
    conditions = f"; on condition: {'; '.join(one.conditions)}" if one.conditions else ""
    until = f", until {one.expires}" if one.expires else ""
    license_ = f", under {one.concluded}" if one.concluded else ""
    what = f"{_WORDS[one.decision]}{license_} by {one.by} on {one.decided:%Y-%m-%d}{until}: {one.reason}{conditions}"
    return f"{one.model} {what} ({', '.join(seen)})"
