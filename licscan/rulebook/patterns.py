"""Patterns of rule files: phrases written out, every pattern compiled once to see that it can be."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from licscan.rulebook.cutting import NAMED, cut, is_loose, ways
from licscan.rulebook.detectors import Cases, Chain, Detector, Detectors, Part
from licscan.rulebook.expressions import checked
from licscan.rulebook.needles import Frequencies, needles_of
from licscan.rulebook.reader import Path, RuleFile
from licscan.rulebook.records import ClauseFile, Pattern, Phrase

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


class Patterns:
    """The patterns of all clause types, gathered file by file: every text is checked and kept once.

    Args:
        known: The phrases.
        sample: What says which words are rare.
    """

    def __init__(self, known: Phrases, sample: Frequencies) -> None:
        self._known = known
        self._sample = sample
        self._groups: dict[frozenset[str], int] = {}
        self._parts: dict[str, int] = {}
        self._made: list[Part] = []
        self._patterns: list[Detector] = []
        self._guards: dict[tuple[Chain, ...], int] = {}
        self._checked: dict[str, Any] = {}

    def add(self, file: RuleFile, rule: ClauseFile) -> None:
        """The patterns of a clause type.

        Args:
            file: Where it stands.
            rule: The clause type.

        Raises:
            RuleError: A pattern or a group means nothing.
        """
        unless = [self._guard(file, ("unless", index), text) for index, text in enumerate(rule.unless)]
        for index, pattern in enumerate(rule.find):
            self._patterns.append(self._pattern(file, ("find", index), rule, pattern, unless))

    def detectors(self) -> Detectors:
        """What texts are searched with."""
        asides, ends, resumes = (
            self._known[name].words if name in self._known else () for name in ("aside", "end", "resume")
        )
        places = tuple(self._ways(aside, str) for aside in asides)
        return Detectors(
            groups=tuple(tuple(sorted(group)) for group in self._groups),
            parts=tuple(self._made),
            patterns=tuple(self._patterns),
            guards=tuple(self._guards),
            asides=places,
            ends=ends,
            resumes=resumes,
        )

    def _pattern(self, file: RuleFile, at: Path, rule: ClauseFile, pattern: Pattern, unless: Iterable[int]) -> Detector:
        here = (*at, "pattern")
        texts, gaps = cut(pattern.pattern, lambda text: _written_out(file, here, text, self._known))
        made = [self._compiled(file, here, text) for text in texts]
        for gap in gaps:
            self._compiled(file, here, gap.unit)
        groups = [name for one in made for name in one.groupindex]
        for name in (*groups, *pattern.values):
            if name not in rule.values:
                raise file.refusal((*at, "pattern"), f"{name} is no value of {rule.id}", "add it, or rename the group")
        if sum(text.count("(?P<") for text in texts) != len(set(groups)):
            raise file.refusal((*at, "pattern"), "has a group twice", "write it as two patterns")
        values: dict[str, str | list[str] | Cases] = {}
        for name, value in pattern.values.items():
            if isinstance(value, Cases):
                place = (*at, "values", name)
                cases = {case: self._written(file, place, text) for case, text in value.cases.items()}
                values[name] = value.model_copy(update={"cases": cases})
            else:
                values[name] = value
        own = [self._guard(file, (*at, "unless"), text) for text in pattern.unless]
        return Detector(
            clause=rule.id,
            parts=tuple(map(self._part, texts)),
            gaps=tuple(gaps),
            values=values,
            needs=tuple(self._guard(file, (*at, "needs"), text) for text in pattern.needs),
            unless=(*unless, *own),
            anywhere=pattern.anywhere,
            across=pattern.across,
        )

    def _part(self, text: str) -> int:
        place = self._parts.get(text)
        if place is None:
            place = self._parts[text] = len(self._parts)
            needles = needles_of(text, self._sample)
            share = self._sample.share(needles[0]) if needles else self._sample.total
            places = tuple(self._groups.setdefault(group, len(self._groups)) for group in needles)
            self._made.append(Part(text=text, needles=places, share=share, loose=is_loose(text)))
        return place

    def _guard(self, file: RuleFile, at: Path, text: str) -> int:
        def written_out(part: str) -> str:
            return _written_out(file, at, part, self._known)

        for way in ways(text, written_out):
            texts, gaps = cut(way, written_out)
            for one in (*texts, *(gap.unit for gap in gaps)):
                self._compiled(file, at, one)
        return self._ways(text, written_out)

    def _ways(self, text: str, written_out: Callable[[str], str]) -> int:
        """What must stand beside a pattern, or must not, by its place: kept once, each of its ways cut at its gaps."""
        chains = []
        for way in ways(text, written_out):
            texts, gaps = cut(way, written_out)
            chains.append(Chain(parts=tuple(map(self._part, texts)), gaps=tuple(gaps)))
        return self._guards.setdefault(tuple(chains), len(self._guards))

    def _written(self, file: RuleFile, at: Path, text: str) -> str:
        whole = _written_out(file, at, text, self._known)
        self._compiled(file, at, whole)
        return whole

    def _compiled(self, file: RuleFile, at: Path, text: str) -> Any:
        """A pattern, its phrases written out, as RE2 takes it."""
        found = self._checked.get(text)
        if found is None:
            try:
                found = self._checked[text] = checked(text)
            except ValueError as error:
                remedy = "see https://github.com/google/re2/wiki/Syntax; cut one that is too large in two"
                raise file.refusal(at, f"is no pattern: {error}", remedy) from error
        return found


def _written_out(file: RuleFile, at: Path, text: str, known: Phrases) -> str:
    for _ in range(_DEEPEST):
        if not NAMED.search(text):
            return text
        for name in NAMED.findall(text):
            if name not in known:
                raise file.refusal(at, f"{{{name}}} is no phrase", "add rules/phrases/<id>.yaml")
        text = NAMED.sub(lambda found: "(?:" + "|".join(known[found[1]].words) + ")", text)
    raise file.refusal(at, "is made of phrases in a circle", "break it")
