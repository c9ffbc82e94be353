"""Patterns of rule files: phrases written out, every pattern compiled once to see that it can be."""

from collections.abc import Iterable, Mapping
from typing import Any

from licscan.rulebook.cutting import NAMED, cut, is_loose
from licscan.rulebook.expressions import checked
from licscan.rulebook.needles import Frequencies, needles_of
from licscan.rulebook.reader import Path, RuleFile
from licscan.rulebook.records import Cases, ClauseRule, Part, Pattern, Phrase

Phrases = Mapping[str, Phrase]

_DEEPEST = 8


def phrases(files: Mapping[str, RuleFile]) -> dict[str, Phrase]:
    """The phrases, each with those that it is made of written out."""
    found = {name: file.make(Phrase, file.fields) for name, file in files.items()}
    whole: dict[str, Phrase] = {}
    for name, phrase in found.items():
        words = [_written_out(files[name], ("words", index), word, found) for index, word in enumerate(phrase.words)]
        whole[name] = phrase.model_copy(update={"words": tuple(words)})
    return whole


def compiled(file: RuleFile, rule: ClauseRule, known: Phrases, sample: Frequencies) -> ClauseRule:
    """A clause type with its phrases written out; refused where a pattern or a group means nothing.

    Args:
        file: Where it stands.
        rule: The clause type.
        known: The phrases.
        sample: What says which words are rare.
    """
    find = tuple(
        _pattern(file, ("find", index), rule, pattern, known, sample=sample) for index, pattern in enumerate(rule.find)
    )
    unless = tuple(_checked(file, ("unless", index), text, known) for index, text in enumerate(rule.unless))
    return rule.model_copy(update={"find": find, "unless": unless})


def _pattern(
    file: RuleFile, at: Path, rule: ClauseRule, pattern: Pattern, known: Phrases, *, sample: Frequencies
) -> Pattern:
    for key in ("parts", "gaps"):
        if getattr(pattern, key):
            raise file.refusal((*at, key), "are found by themselves", "remove them")
    here = (*at, "pattern")
    texts, gaps = cut(pattern.pattern, lambda text: _written_out(file, here, text, known))
    made = [_compiled(file, here, text, known) for text in texts]
    for gap in gaps:
        _compiled(file, here, gap.unit, known)
    groups = [name for one in made for name in one.groupindex]
    for name in (*groups, *pattern.values):
        if name not in rule.values:
            raise file.refusal((*at, "pattern"), f"{name} is no value of {rule.id}", "add it, or rename the group")
    if sum(one.pattern.count("(?P<") for one in made) != len(set(groups)):
        raise file.refusal((*at, "pattern"), "has a group twice", "write it as two patterns")
    values: dict[str, str | list[str] | Cases] = {}
    for name, value in pattern.values.items():
        if isinstance(value, Cases):
            place = (*at, "values", name)
            cases = {case: _checked(file, place, text_, known) for case, text_ in value.cases.items()}
            values[name] = value.model_copy(update={"cases": cases})
        else:
            values[name] = value
    others = {
        key: tuple(_checked(file, (*at, key), one, known) for one in getattr(pattern, key))
        for key in ("needs", "unless")
    }
    parts = tuple(_part(text, sample) for text in texts)
    return pattern.model_copy(update={"values": values, "parts": parts, "gaps": tuple(gaps), **others})


def _part(text: str, sample: Frequencies) -> Part:
    groups = needles_of(text, sample)
    share = sample.share(groups[0]) if groups else sample.total
    return Part(text=text, needles=_sorted(groups), share=share, loose=is_loose(text))


def _sorted(groups: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(group)) for group in groups)


def _checked(file: RuleFile, at: Path, text: str, known: Phrases) -> str:
    whole: str = _compiled(file, at, text, known).pattern
    return whole


def _compiled(file: RuleFile, at: Path, text: str, known: Phrases) -> Any:
    """A pattern with its phrases written out, as RE2 takes it."""
    try:
        return checked(_written_out(file, at, text, known))
    except ValueError as error:
        remedy = "see https://github.com/google/re2/wiki/Syntax; cut one that is too large in two"
        raise file.refusal(at, f"is no pattern: {error}", remedy) from error


def _written_out(file: RuleFile, at: Path, text: str, known: Phrases) -> str:
    for _ in range(_DEEPEST):
        if not NAMED.search(text):
            return text
        for name in NAMED.findall(text):
            if name not in known:
                raise file.refusal(at, f"{{{name}}} is no phrase", "add rules/phrases/<id>.yaml")
        text = NAMED.sub(lambda found: "(?:" + "|".join(known[found[1]].words) + ")", text)
    raise file.refusal(at, "is made of phrases in a circle", "break it")
