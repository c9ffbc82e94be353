"""The index of names: no name may mean two records, for a wrong name is worse than none."""

from collections.abc import Iterable, Iterator, Mapping

from licscan.model import License
from licscan.rulebook.reader import RuleFile
from licscan.rulebook.records import Names
from licscan.text import name_key, url_key

_SHORTEST = 2


def names(files: Mapping[str, RuleFile], records: Iterable[License]) -> Names:
    """Every name of every record.

    Raises:
        RuleError: Two records claim one name.
    """
    found: dict[str, dict[str, str]] = {"hub": {}, "spdx": {}, "keys": {}, "urls": {}}
    for record in records:
        _refuse_fragments(files[record.id], record)
        for kind, name, shown in _claimed(record):
            owner = found[kind].setdefault(name, record.id)
            if owner != record.id:
                what = f"{shown!r} already means {owner}"
                raise files[record.id].refusal(("aliases",), what, "a name belongs to one record, or to a family")
    return Names(**found)


def _refuse_fragments(file: RuleFile, record: License) -> None:
    """A comma that was not quoted leaves half a name: `Open RAIL-M License dated August 22, 2022`."""
    for name in record.aliases.names:
        key = name_key(name)
        if sum(letter.isalpha() for letter in key) < _SHORTEST:
            what = f"{name!r} leaves no more than {key!r}, which is no name"
            raise file.refusal(("aliases", "names"), what, "write names with commas in quotes, or leave it out")


def _claimed(record: License) -> Iterator[tuple[str, str, str]]:
    """Kind of index, key, and the name as it stands in the record."""
    listed = [name for name in (record.spdx, *record.aliases.spdx) if name]
    for name in record.aliases.hub:
        yield "hub", name.casefold(), name
    for name in listed:
        yield "spdx", name.casefold(), name
    # "or later" is more than a name: licscan.licenses.resolve reads it, and keeps it.
    exact = (name for name in listed if not name.endswith(("-or-later", "+")))
    for name in (record.id, record.title, *exact, *record.aliases.hub, *record.aliases.names):
        if key := name_key(name):
            yield "keys", key, name
    for address in (record.url, *record.aliases.urls):
        if address:
            yield "urls", url_key(address), address
