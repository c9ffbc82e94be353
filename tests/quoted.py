"""Records told where in their license the words of their clauses stand: `python -m tests.quoted FOLDER...`.

Each text below the folders whose words a record knows is searched for that record's clauses, and where they were found is
written into the record. A record of which no text is at hand keeps what it has.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from licscan.clauses import locate
from licscan.formats.bounded import decode
from licscan.licenses import places_of
from licscan.model import Evidence, License
from licscan.place import shipped
from licscan.prints import Words
from licscan.rulebook import Rulebook, load
from licscan.wording import Wording

_HERE = Evidence(source="text")


class Form(NamedTuple):
    """A form of a license's text, and where its clauses stand in it.

    Attributes:
        record: The license.
        digest: Of the form's words.
        title: How many letters stand before the terms.
        quotes: The places.
    """

    record: License
    digest: str
    title: int
    quotes: str


def found(texts: Iterable[str], rules: Rulebook) -> Iterator[Form]:
    """Where the clauses of records stand, in those forms of which a text is at hand.

    Args:
        texts: The texts; several copies of one form are well: their layout may mislead, and most of them are right.
        rules: The rule base.
    """
    known: dict[str, list[License]] = {}
    for record in rules.licenses.values():
        for one in record.fingerprints:
            known.setdefault(one.digest, []).append(record)
    copies: dict[str, list[Words]] = {}
    for text in texts:
        words = Words(Wording(text))
        if words.digest in known:
            copies.setdefault(words.digest, []).append(words)
    for digest, some in copies.items():
        for record in known[digest]:
            yield Form(record, digest, some[0].inside[0], _most(_places(record, words, rules) for words in some))


def _places(record: License, words: Words, rules: Rulebook) -> str:
    only = {clause.id for clause in record.clauses}
    return places_of(record.clauses, locate(words.wording, rules, _HERE, only), words)


def _most(several: Iterable[str]) -> str:
    """Of each clause type the places that most copies give it; of as many, those of the fewer words."""
    votes: dict[str, Counter[str]] = {}
    for quotes in several:
        for said in filter(None, quotes.split(", ")):
            votes.setdefault(said.partition(" ")[0], Counter())[said] += 1
    return ", ".join(min(some, key=lambda one: (-some[one], _size(one), one)) for some in votes.values())


def _size(said: str) -> int:
    ends = (place.split("-") for place in said.split(" ")[1:] if place != "-")
    return sum(int(last) - int(first) for first, last in ends)


def written(record: str, digest: str, title: int, quotes: str) -> str:
    """A record's file with the places in one of its fingerprints, those that stood there taken away.

    Args:
        record: The file.
        digest: Of the fingerprint.
        title: How many words stand before its terms.
        quotes: The places.
    """
    start = record.index(f'digest: "{digest}"')
    end = record.index("sentences:", start)
    kept = re.sub(r" title: \d+,|quotes: [^\n]*\n\s*", "", record[start:end])
    # Before the line of the sentences, which is the next.
    head, line = kept.rstrip(), kept[len(kept.rstrip()) :]
    said = (f" title: {title}," if title else "") + (f'{line}quotes: "{quotes}",' if quotes else "")
    return record[:start] + head + said + line + record[end:]


def main(folders: list[str]) -> None:
    """Write the places into the records of the shipped rules."""
    files = (path for name in folders for path in Path(name).rglob("*") if path.is_file())
    texts = (decode(path.read_bytes()) for path in sorted(files))
    changed = 0
    for form in found(texts, load()):
        file = Path(str(shipped())) / "licenses" / f"{form.record.id}.yaml"
        before = file.read_text()
        after = written(before, form.digest, form.title, form.quotes)
        file.write_text(after)
        changed += after != before
    print(f"{changed} records told where their clauses stand")


if __name__ == "__main__":
    main(sys.argv[1:])
