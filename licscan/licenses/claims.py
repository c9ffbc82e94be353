"""Claims given their meaning: each stated license looked up, those of a card's prose searched for names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from licscan.licenses.resolve import MENDED, NAMED, Meaning, resolve, symbol_of
from licscan.model import Claim, Gap, GapId, Kind, Place
from licscan.rulebook import Rulebook
from licscan.text import excerpt, name_key, name_tokens, url_key

_URL = re.compile(
    r"(?:https?://|www\.)[^\s()<>\"']+|\b(?:[\w-]+\.)+(?:org|com|io|ai|net|de)/[^\s()<>\"']+", re.IGNORECASE
)
# Places where a license is stated in sentences, not as a value.
PROSE = frozenset({Place.CARD_PROSE, Place.GATE_PROMPT})

_LONGEST_NAME = 12
_MOST_SHOWN = 3
# Somebody else's license, or one that is only compared; and the line that stands above many free licenses.
_NOT_OURS = re.compile(
    r"\b(?:base\s+model|original\s+(?:model|dataset|license)|upstream|compatible\s+with|unlike|instead\s+of|"
    r"all\s+rights\s+reserved|dependenc(?:y|ies)|third[- ]party|their\s+(?:own|respective))\b",
    re.IGNORECASE,
)
# What was, will be, or is denied is not granted.
_NOT_NOW = re.compile(
    r"\b(?:not|never|no\s+longer|will\s+be|would\s+be|plan(?:s|ned)?\s+to|intend(?:s|ed)?\s+to|once|until|formerly|previously|"
    r"used\s+to\s+be|unless|n't)\b",
    re.IGNORECASE,
)
# "Modified MIT License" is not MIT; only of BSD it is a name.
_ALTERED = re.compile(
    r"\b(?:modified|altered|amended|adapted|customi[sz]ed|custom)\s+(?:(?:version|copy|form)\s+of\s+(?:the\s+)?)?"
    r"(?!BSD)(?-i:[A-Z])[\w.+-]*(?:[^.]|\.\d){0,40}\blicen[cs]e",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"commercial|\bresearch\b|\bacademic\b|\beducational\b|\bevaluation\b", re.IGNORECASE)
_GRANT = re.compile(r"licen[cs]|\bunder\b|\breleased\b|\bdistributed\b", re.IGNORECASE)
# A license that is named in full, and that no record may be called: "released under the Acme Restricted License".
_NAMED = re.compile(
    r"\b(?:[Ll]icen[cs]ed|[Rr]eleased|[Dd]istributed|available|published|provided)\s+(?:\w+\s+){0,3}?under\s+(?:the\s+(?:terms\s+of\s+the\s+)?|an?\s+)?"
    r"(?P<name>(?:(?:[A-Z0-9][\w.+'-]*|of|and|for|on|the)\s+){1,8}?(?:License|Licence|Agreement|LICENSE)(?:\s+(?:Agreement|v?\d[\w.]*))*)"
)
_BARE = re.compile(r"(?P<name>[A-Z][\w.+' -]{3,80}\b(?:License|Licence|Agreement)(?:\s+\(?v?[\d.]+\)?)?)\.?")
_HALF = 0.4


class Resolved(NamedTuple):
    """Claims with their meaning, and what stayed unclear of them."""

    claims: tuple[Claim, ...]
    gaps: tuple[Gap, ...]


def resolved(claims: tuple[Claim, ...], rules: Rulebook) -> Resolved:
    """The claims with what they mean; prose that states no license is left out, and is a gap where it seemed to."""
    found: list[Claim] = []
    unclear: list[Claim] = []
    for claim in claims:
        if claim.place in {Place.RECORD, Place.REVIEW}:
            found.append(claim)
        elif claim.place not in PROSE:
            found.append(_with(claim, resolve(claim.stated, rules)))
        else:
            said = read_prose(claim.stated, rules, under_heading=claim.evidence.section is not None)
            if isinstance(said, Meaning):
                found.append(_with(claim, said))
            elif said is not None:
                found.append(claim.model_copy(update={"stated": said}))
            elif _seems_to_state(claim.stated, rules):
                unclear.append(claim)
    return Resolved(tuple(found), tuple(_unclear(unclear)))


def _with(claim: Claim, meaning: Meaning) -> Claim:
    if meaning.expression is None:
        return claim
    return claim.model_copy(update={"expression": meaning.expression, "confidence": meaning.confidence})


def _unclear(claims: list[Claim]) -> Iterator[Gap]:
    if claims:
        first = claims[:_MOST_SHOWN]
        quotes = "; ".join(
            f"line {one.evidence.lines[0] if one.evidence.lines else '?'}: {excerpt(one.stated, 120)!r}"
            for one in first
        )
        more = f" and {len(claims) - len(first)} more" if len(claims) > len(first) else ""
        why = f"{claims[0].evidence.path}: {quotes}{more}"
        yield Gap(id=GapId.LICENSE_PROSE_UNCLEAR, what="what the card's prose says of licenses", why=why)


def read_prose(sentence: str, rules: Rulebook, *, under_heading: bool = False) -> Meaning | str | None:
    """What a clause of prose states.

    Returns:
        The one license that it names as its own; the words of a license that it names in full and no record is called;
        None where it names none, several, somebody else's, or denies it.
    """
    limit = _limit(sentence, rules)
    if _NOT_OURS.search(sentence) or (_NOT_NOW.search(sentence) and limit is None):
        return None
    if _ALTERED.search(sentence):
        return _unknown_name(sentence, under_heading=under_heading)
    names, share = _names(_URL.sub(" ", sentence), rules)
    statements = {name for name in names if rules.licenses[name].kind is Kind.STATEMENT}
    named = most_special({*names, *_addressed(sentence, rules)} - statements, rules)
    if len(named) == 1 and (_GRANT.search(sentence) or share >= _HALF):
        return Meaning(symbol_of(rules.licenses[named.pop()]), NAMED if names else MENDED)
    if named:
        return None
    if len(statements) == 1 and share >= _HALF:
        return Meaning(symbol_of(rules.licenses[statements.pop()]), NAMED)
    return limit or _unknown_name(sentence, under_heading=under_heading)


def most_special(found: set[str], rules: Rulebook) -> set[str]:
    """The records without those that are only the family of another one."""
    families = {name for name in found if rules.licenses[name].kind is Kind.FAMILY}
    special = found - families
    return special | {name for name in families if special.isdisjoint(rules.licenses[name].members)}


def _seems_to_state(sentence: str, rules: Rulebook) -> bool:
    """Whether prose that stated nothing clear names some license all the same: worth a reader's look."""
    names, _ = _names(_URL.sub(" ", sentence), rules)
    return bool(names or _addressed(sentence, rules) or (_LIMIT.search(sentence) and _NOT_NOW.search(sentence)))


def _unknown_name(sentence: str, *, under_heading: bool) -> str | None:
    found = _NAMED.search(sentence)
    bare = _BARE.fullmatch(sentence.strip(" *_-")) if under_heading and found is None else None
    name = (found or bare)["name"].strip() if found or bare else ""  # type: ignore[index]  # one of them is there
    return name if len(name_key(name).split()) > 1 else None


def _limit(sentence: str, rules: Rulebook) -> Meaning | None:
    """A limit that is stated without a license: "for non-commercial research purposes only"."""
    if not _LIMIT.search(sentence):
        return None
    found = {name for name in _all_names(sentence, rules) if rules.licenses[name].kind is Kind.STATEMENT}
    return Meaning(symbol_of(rules.licenses[min(found)]), MENDED) if found else None


def _addressed(sentence: str, rules: Rulebook) -> set[str]:
    keys = (url_key(match.group().rstrip(".,;:")) for match in _URL.finditer(sentence))
    return {rules.names.urls[key] for key in keys if key in rules.names.urls}


def _names(sentence: str, rules: Rulebook) -> tuple[set[str], float]:
    """Licenses and families whose names stand in a sentence, and which share of its words these are."""
    tokens = name_tokens(sentence)
    found: set[str] = set()
    covered = 0
    for name, length in _matches(tokens, rules):
        kinds = {Kind.LICENSE, Kind.FAMILY, Kind.STATEMENT} if length > 1 else {Kind.LICENSE, Kind.FAMILY}
        alone = length > 1 or len(tokens) == 1
        if rules.licenses[name].kind in kinds and (alone or _beside_license(sentence, name, rules)):
            found.add(name)
            covered += length
    return found, covered / len(tokens) if tokens else 0.0


def _all_names(sentence: str, rules: Rulebook) -> set[str]:
    return {name for name, length in _matches(name_tokens(sentence), rules) if length > 1}


def _matches(tokens: list[str], rules: Rulebook) -> Iterator[tuple[str, int]]:
    """Records whose names stand in a row of tokens, the longest at each place, with their length."""
    at = 0
    while at < len(tokens):
        for length in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            found = rules.names.keys.get(" ".join(tokens[at : at + length]))
            if found:
                yield found, length
                at += length - 1
                break
        at += 1


def _beside_license(sentence: str, name: str, rules: Rulebook) -> bool:
    """Whether a name of one word stands where a license does: "MIT license", "under MIT", not "the MIT Media Lab"."""
    words = "|".join(re.escape(key) for key, owner in rules.names.keys.items() if owner == name and " " not in key)
    before = r"\b(?:under|licen[cs]e\W{0,3}|is)\s*(?:the\s+|an?\s+)?"
    pattern = rf"\b(?:{words})[\s-]+(?:software\s+)?licen[cs]|{before}(?:{words})\b(?!\s+(?-i:[A-Z]))"
    return bool(words) and re.search(pattern, sentence, re.IGNORECASE) is not None
