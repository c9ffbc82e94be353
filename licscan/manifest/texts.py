"""Which texts go with a model: its own repository's, those of its bases, and standard ones where both lack them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from licscan.licenses import expression as expressions
from licscan.licenses import symbol_of
from licscan.licenses.recognise import recognise
from licscan.licenses.resolve import record_of
from licscan.manifest.bill import Text
from licscan.manifest.standard import Standard, standards
from licscan.model import Assessment, Claim, Evidence, Gap, GapId, Kind, License, LicenseText, Model, Place
from licscan.prints import Words
from licscan.rulebook import Rulebook
from licscan.wording import Wording

_REMEMBERED = 4096
# What is shorter may only point to a license, and is no text of it.
_POINTER = 1_000
# What nobody published as a text: words of a card, a family of which the version is not stated.
_TEXTLESS = frozenset({Kind.STATEMENT, Kind.NOT_A_LICENSE})


class Wanted(NamedTuple):
    """A license or policy whose text must go with a model.

    Attributes:
        symbol: SPDX id or `LicenseRef-`.
        record: Its record, where there is one.
        inherited_from: The base that is under it; None for the model's own.
    """

    symbol: str
    record: License | None
    inherited_from: str | None


class Texts:
    """Finds texts, and remembers which license each is: models bring the same ones again and again.

    Args:
        rules: The rule base.
    """

    def __init__(self, rules: Rulebook) -> None:
        self._rules = rules
        self._known: dict[str, tuple[str, str]] = {}
        self._standards: dict[str, Standard | None] = {}

    def of(self, model: Assessment, facts: Model | None, bases: Mapping[str, Model]) -> tuple[Text, ...]:
        """The texts of a model, its own first; one without words for each that could not be had.

        Args:
            model: What is so about it.
            facts: What its source knows of it.
            bases: What the sources know of the models that it comes from, by reference.
        """
        stated = {one.evidence: one.expression for one in model.license.claims if one.place is Place.LICENSE_FILE}
        found = list(self._all(facts, None, stated))
        for wanted in self._wanted(model):
            if not any(text.symbol == wanted.symbol and not text.gap for text in found):
                found += self._elsewhere(wanted, model, facts, bases)
        for link in model.lineage:
            if link.binds:
                theirs = list(self._all(bases.get(link.base), link.base))
                found += [text for text in theirs if text.kind == "notice"]
        return tuple({(text.key, text.inherited_from): text for text in reversed(found)}.values())[::-1]

    def _all(
        self, facts: Model | None, inherited_from: str | None, stated: Mapping[Evidence, str | None] | None = None
    ) -> Iterator[Text]:
        """All texts that lie with a model; `stated` says what those of long ones are that were recognised before."""
        for text in facts.texts if facts else ():
            known = (stated or {}).get(text.evidence) if len(text.text or "") > _POINTER else None
            symbol, title = self._named(known, text) if known else self._which(text)
            yield Text(
                symbol=symbol if text.kind in {"license", "policy"} else None,
                title=title,
                kind=text.kind,
                words=text.text,
                evidence=text.evidence.model_copy(update={"sha256": text.sha256, "path": text.path}),
                inherited_from=inherited_from,
                gap=None if text.text is not None else _lost(text, facts),
            )

    def _named(self, symbol: str, text: LicenseText) -> tuple[str, str]:
        record = record_of(symbol, self._rules)
        return symbol, record.title if record else text.path

    def _which(self, text: LicenseText) -> tuple[str, str]:
        """The symbol and title of a text: those of the license that it is word for word, or of its own."""
        if text.text is None or text.kind not in {"license", "policy"}:
            return f"LicenseRef-text-{text.sha256[:12]}", text.path
        found = self._known.get(text.sha256)
        if found is None:
            match = recognise(Words(Wording(text.text)), self._rules)
            record = self._rules.licenses[match.id] if match.id else None
            exact = record is not None and (match.match == "exact" or match.same_terms)
            found = (symbol_of(record), record.title) if record and exact else _own(text, record)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text.sha256] = found
        return found

    def _wanted(self, model: Assessment) -> Iterator[Wanted]:
        """The licenses that hold, and the policies that they make part of themselves."""
        yield from self._of_expression(model.license.spdx, None)
        for link in model.lineage:
            if link.binds:
                yield from self._of_expression(link.license, link.base)

    def _of_expression(self, expression: str | None, inherited_from: str | None) -> Iterator[Wanted]:
        for symbol in symbols(expression):
            record = record_of(symbol, self._rules)
            yield Wanted(symbol, record, inherited_from)
            for name in record.incorporates if record else ():
                policy = self._rules.licenses[name]
                yield Wanted(symbol_of(policy), policy, inherited_from)

    def _elsewhere(
        self, wanted: Wanted, model: Assessment, facts: Model | None, bases: Mapping[str, Model]
    ) -> list[Text]:
        """A text that does not lie with the model: its base's, a standard one, or the gap that there is none."""
        record, base = wanted.record, wanted.inherited_from
        theirs = [text for text in self._all(bases.get(base), base) if text.symbol == wanted.symbol] if base else []
        if theirs:
            return theirs
        title = record.title if record else wanted.symbol
        kind = "policy" if record and record.kind is Kind.POLICY else "license"
        plain = Text(wanted.symbol, title, kind, url=record.url if record else None, inherited_from=base)
        if record and record.kind in _TEXTLESS:
            return [_stated(plain, model.license.claims, wanted.symbol)] if base is None else []
        known = self._standard(record) if record else None
        if known:
            return [replace(plain, words=known.words, evidence=known.evidence, standard=True)]
        # A copy of a model is under that model's license, whose text lies there.
        for name in dict.fromkeys(link.base for link in model.lineage if link.binds) if base is None else ():
            theirs = [text for text in self._all(bases.get(name), name) if text.symbol == wanted.symbol]
            if theirs:
                return theirs
        return [replace(plain, gap=self._gap(wanted, bases.get(base) if base else facts))]

    def _standard(self, record: License) -> Standard | None:
        """The standard text of a license, where a package has one that is the license word for word."""
        if record.id not in self._standards:
            some = standards(record.spdx) if record.spdx else ()
            self._standards[record.id] = next((one for one in some if self._is(one.words, record)), None)
        return self._standards[record.id]

    def _is(self, words: str, record: License) -> bool:
        match = recognise(Words(Wording(words)), self._rules)
        return record.id in {match.id, *match.also} and (match.match == "exact" or match.same_terms)

    def _gap(self, wanted: Wanted, facts: Model | None) -> Gap:
        record = wanted.record
        whose = f", the license of its base {wanted.inherited_from}" if wanted.inherited_from else ""
        if record and record.kind is Kind.FAMILY:
            why = f"it may be any of {', '.join(record.members) or 'several licenses'}"
        else:
            looked = "the repository does not hold it" if facts and facts.seen else "the repository was not looked at"
            where = f"; it stands at {record.url}" if record and record.url else ""
            why = f"{looked}, and no data package has it{where}"
        title = record.title if record else wanted.symbol
        return Gap(id=GapId.LICENSE_TEXT_NOT_AT_HAND, what=f"the text of {title}{whose}", why=why)


def symbols(expression: str | None) -> tuple[str, ...]:
    """The licenses that an expression names, each once."""
    tree = expressions.parse(expression) if expression else None
    return tuple(dict.fromkeys(term.symbol for term in expressions.terms(tree))) if tree else ()


def _own(text: LicenseText, record: License | None) -> tuple[str, str]:
    """A text that no record knows word for word is a license of its own, named by its digest, as in assessments."""
    near = f", not word for word {record.title}" if record else ""
    return f"LicenseRef-text-{text.sha256[:12]}", f"{text.path}{near}"


def _lost(text: LicenseText, facts: Model | None) -> Gap:
    name = facts.name if facts else text.path
    why = f"only its digest was kept of {name}; scan the model again"
    return Gap(id=GapId.LICENSE_TEXT_NOT_AT_HAND, what=f"the text of {text.path}", why=why)


def _stated(plain: Text, claims: Iterable[Claim], symbol: str) -> Text:
    """Terms that are no more than words of a card: those words."""
    claim = next((one for one in claims if one.expression == symbol), None)
    words = (claim.evidence.quote or claim.stated) if claim else None
    if claim is None or not words:
        why = "it is no published text, and the words that state it were not kept"
        return replace(plain, gap=Gap(id=GapId.LICENSE_TEXT_NOT_AT_HAND, what=f"the words of {plain.title}", why=why))
    return replace(plain, words=words, evidence=claim.evidence.model_copy(update={"sha256": None}))
