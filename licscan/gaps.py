"""What stays open of a model: of itself, its bases, its data and its bytes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from licscan import lineage, openness
from licscan.alone import Alone, subject_of
from licscan.around import Around, Base, Bases
from licscan.model import DeclaredBase, DeclaredDataset, FileStatus, Gap, GapId, Level, Model, Subject
from licscan.text import count


def gaps(own: Alone, bases: list[Base], around: Around, *, cut: bool) -> Iterator[Gap]:
    """Everything that could not be established of a model.

    Args:
        own: What is so of it by itself.
        bases: The models that it comes from, each once.
        around: What it is assessed with.
        cut: Whether there are more bases than were followed.
    """
    # A service has no files to look at: once the rule base knows it, nothing of its own is left open.
    answered = own.known is not None and own.model.ref.scheme == "api"
    yield from (gap for gap in own.model.gaps if not (answered and gap.id is GapId.NOT_LOOKED_AT))
    yield from own.conclusion.gaps
    yield from own.known.gaps if own.known else ()
    unread = [text.path for text in own.model.texts if text.text is None]
    if unread:
        why = f"only the digests are kept of {', '.join(unread)}"
        yield Gap(id=GapId.LICENSE_TEXT_NOT_COMPARED, what="whether the license texts are what is claimed", why=why)
    yield from _unverified(own.model)
    is_data = subject_of(own.model) is Subject.DATA
    served = own.level is Level.CLOSED  # nobody has the weights, whatever else there were
    if not (is_data or served) and (
        missing := [name for name in openness.missing(own.artefacts) if "nothing found" in name]
    ):
        named = ", ".join(missing).replace(" (nothing found)", "")
        why = f"neither the model nor the rule base says anything of {named}"
        yield Gap(id=GapId.ARTEFACTS_NOT_ESTABLISHED, what="whether it can be rebuilt", why=why)
    for base in bases:
        yield from _base_gap(base.declared.base, base.own, around.bases)
    if cut:
        why = f"more than {lineage.MOST} bases, or deeper than {lineage.DEEPEST}"
        yield Gap(id=GapId.BASES_NOT_FOLLOWED, what="the terms of all its bases", why=why)
    yield from _data_gap(own.model.datasets, around)


def _unverified(model: Model) -> Iterator[Gap]:
    if all(file.status is FileStatus.VERIFIED for file in model.files):
        return
    promised = sum(file.promised is not None for file in model.files)
    files = count(len(model.files), "weight file")
    statuses = Counter(file.status for file in model.files if file.status is not FileStatus.UNVERIFIED)
    rest = ", ".join(f"{number} {status}" for status, number in statuses.items())
    why = f"{files}, {promised or 'none'} with a digest by the publisher; {rest or 'no bytes were compared'}"
    yield Gap(id=GapId.WEIGHTS_UNVERIFIED, what="whether these are the bytes that were published", why=why)


def _data_gap(datasets: Iterable[DeclaredDataset], around: Around) -> Iterator[Gap]:
    names = [
        one.stated
        for one in datasets
        if one.ref is None or not ((model := around.bases.get(lineage.key(one.ref))) and model.seen)
    ]
    if names:
        shown = ", ".join(names[:3]) + (f", and {len(names) - 3} more" if len(names) > 3 else "")  # noqa: PLR2004
        yield Gap(id=GapId.DATASETS_NOT_LOOKED_AT, what="the licenses of the training data", why=f"declared: {shown}")


def _base_gap(base: DeclaredBase, theirs: Alone | None, bases: Bases) -> Iterator[Gap]:
    """What is open about a base: nothing at all is known of it, or passing trouble may have hidden what it says."""
    what = f"the terms of its base {base.stated}"
    model = bases.get(lineage.key(base.ref)) if base.ref else None
    passing = next((gap for gap in model.gaps if gap.id.passing), None) if model else None
    if passing:
        yield Gap(id=passing.id, what=what, why=passing.why)
        return
    if theirs is not None:
        return
    where = base.evidence.path or base.evidence.source
    if base.ref is None:
        why = f"{where} names it, and that is no model's name but a path, an address or a placeholder"
    else:
        reason = f"was not looked at ({model.gaps[0].why})" if model and model.gaps else "was not looked at"
        why = f"{where} names it; it {reason}, and the rule base has no record of it"
    yield Gap(id=GapId.BASE_NOT_RESOLVED, what=what, why=why)
