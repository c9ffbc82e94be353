"""For people at a terminal, from the gate: whether it passes and why, then each finding with what to do."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TextIO

from licscan.text import count, printable

_BOLD, _DIM, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_COLORS = {"error": "\x1b[31m", "warning": "\x1b[33m", "note": "\x1b[36m", "fail": "\x1b[1;31m", "pass": "\x1b[1;32m"}
_PLACES = 5
_WIDEST = 120
# So many findings that differ only in their model are shown as one.
_FOLDED = 3
# What is only not looked at yet is no matter of exceptions.
_LOCKED = "not-locked"
_WAIVE = "To let one pass until a day: licscan waive RULE MODEL (--help says how)"

Plain = Mapping[str, Any]


def write(
    report: Plain, stream: TextIO, *, verbose: bool = False, quiet: bool = False, width: int = 80, color: bool = False
) -> None:
    """Write the outcome of a check for people.

    Args:
        report: The JSON of the report.
        stream: Where to.
        verbose: Say all of notes and of what somebody let pass.
        quiet: Say nothing where it passes without a warning.
        width: How long lines may be.
        color: Whether the stream shows colors.
    """
    findings = list(_together(report["findings"]))
    told = [one for one in findings if one[0]["waiver"] is None]
    if quiet and report["summary"]["outcome"] == "pass" and all(one[0]["severity"] == "note" for one in told):
        return
    paint = _paint if color else _plain
    lines = _lines(report["summary"], findings, verbose=verbose, width=min(width, _WIDEST), paint=paint)
    stream.writelines(f"{line}\n" for line in lines)


def _lines(summary: Plain, findings: Sequence[list[Plain]], *, verbose: bool, width: int, paint: Any) -> Iterator[str]:
    outcome = summary["outcome"]
    yield from _wrapped(f"{outcome.upper()}: {summary['because']}", 0, width, lambda text: paint(text, outcome))
    open_ = [some for some in findings if some[0]["waiver"] is None]
    shown = [some for some in open_ if verbose or some[0]["severity"] != "note"]
    for some, others in ((some, []) for some in shown) if verbose else _folded(shown):
        yield ""
        yield from _finding(some, others, width, paint)
    if any(some[0]["severity"] == "error" and some[0]["model"] and some[0]["rule"] != _LOCKED for some in open_):
        yield ""
        yield _WAIVE
    notes = [some[0] for some in open_ if some[0]["severity"] == "note"]
    if notes and not verbose:
        yield ""
        yield from _wrapped(f"{_counted(notes)} (-v says all)", 0, width, lambda text: paint(text, "dim"))
    let = [some for some in findings if some[0]["waiver"] is not None]
    if let:
        yield ""
        yield from _let_pass(let, verbose=verbose, width=width, paint=paint)


def _finding(some: list[Plain], others: Sequence[list[Plain]], width: int, paint: Any) -> Iterator[str]:
    """A finding with its places; of others that say the same of other models, these and their places."""
    first = some[0]
    yield (
        paint(f"{first['severity']}[{printable(first['rule'])}]", first["severity"])
        + (f" {printable(_name(first['model']))}" if first["model"] else "")
        + (f" and {len(others)} more" if others else "")
    )
    yield from _wrapped(first["message"], 2, width)
    quote = (first["evidence"] or {}).get("quote")
    if quote:
        yield from _wrapped(
            f'it says: "{quote}"{_section(first["evidence"])}', 4, width, lambda text: paint(text, "dim")
        )
    yield from _wrapped(f"do: {first['remedy']}", 2, width)
    places = _where(some)
    for place in places[:_PLACES]:
        yield f"  at {printable(place)}"
    if len(places) > _PLACES:
        yield f"  and {count(len(places) - _PLACES, 'more place', 'more places')}"
    for other in others:
        places = _where(other)
        more = f" and {count(len(places) - _PLACES, 'more place', 'more places')}" if len(places) > _PLACES else ""
        at = f" at {', '.join(places[:_PLACES])}{more}" if places else ""
        yield from _wrapped(f"so too {_name(other[0]['model'])}{at}", 2, width)


def _where(some: Sequence[Plain]) -> list[str]:
    return [f"{one['path']}:{one['line']}" if one["line"] else one["path"] for one in some if one["path"]]


def _folded(shown: Sequence[list[Plain]]) -> Iterator[tuple[list[Plain], list[list[Plain]]]]:
    """Findings, those that say the same of several models together, at the place of the first.

    A lock that was made without a network says of every model that nobody looked at it: that is said once.
    """
    alike: dict[tuple[object, ...], list[list[Plain]]] = {}
    for some in shown:
        alike.setdefault(_alike(some[0]), []).append(some)
    for group in alike.values():
        if len(group) < _FOLDED:
            yield from ((some, []) for some in group)
        else:
            yield group[0], group[1:]


def _alike(one: Plain) -> tuple[object, ...]:
    """What a finding says, whatever model it says it of."""
    ref = one["model"]
    if not ref:
        return (id(one),)
    words = (one[name].replace(ref, "").replace(_name(ref), "") for name in ("message", "remedy"))
    return (one["severity"], one["rule"], *words, (one["evidence"] or {}).get("quote"))


def _let_pass(let: Sequence[list[Plain]], *, verbose: bool, width: int, paint: Any) -> Iterator[str]:
    """What somebody let pass: never silent, and no longer than it must be."""
    yield paint(f"Let pass ({len(let)}):", "bold")
    known = [some[0] for some in let if some[0]["waiver"].startswith("known since ")]
    for some in let:
        first = some[0]
        if verbose or first not in known:
            about = f"{first['rule']} for {_name(first['model'])}: " if first["model"] else f"{first['rule']}: "
            yield from _wrapped(about + first["waiver"], 2, width)
    if known and not verbose:
        yield f"  {count(len(known), 'finding')} {printable(known[0]['waiver'])} (-v says all)"


def _counted(notes: Sequence[Plain]) -> str:
    rules: dict[str, int] = {}
    for one in notes:
        rules[one["rule"]] = rules.get(one["rule"], 0) + 1
    return f"{count(len(notes), 'note')}: " + ", ".join(f"{number} {rule}" for rule, number in sorted(rules.items()))


def _together(findings: Sequence[Plain]) -> Iterator[list[Plain]]:
    """Findings that differ only in their place."""
    found: dict[tuple[object, ...], list[Plain]] = {}
    for one in findings:
        key = tuple(one[name] for name in ("rule", "severity", "model", "message", "remedy", "waiver"))
        found.setdefault(key, []).append(one)
    yield from found.values()


def _section(evidence: Plain) -> str:
    return f" ({evidence['section']})" if evidence.get("section") else ""


def _name(ref: str) -> str:
    return ref.removeprefix("hf:")


def _wrapped(words: str, indent: int, width: int, paint: Any = str) -> Iterator[str]:
    for line in textwrap.wrap(printable(words), max(20, width - indent), break_on_hyphens=False) or [""]:
        yield " " * indent + paint(line)


def _plain(text: str, _style: str) -> str:
    return text


def _paint(text: str, style: str) -> str:
    return f"{ {'dim': _DIM, 'bold': _BOLD}.get(style) or _COLORS[style] }{text}{_OFF}"
