"""License expressions as others read them: ids that they know, a `LicenseRef-` with its text for everything else."""

import hashlib
import re
from collections.abc import Callable, Iterable

from licscan.bom.words import block, line
from licscan.licenses.expression import AllOf, AnyOf, Node, Term, parse, write
from licscan.manifest.bill import Text

_REF = "LicenseRef-"
_LONGEST = 80


class Extracted:
    """A license that a format's list does not have, written out.

    Attributes:
        id: `LicenseRef-...`, once in a document.
        name: What it is called.
        text: Its text, or a sentence that says where to get it.
        url: Where its steward publishes it.
        comment: What a reader must know besides.
        held: Whether the text is the license's own.
    """

    __slots__ = ("comment", "held", "id", "name", "text", "url")

    def __init__(self, id_: str, name: str, text: Text | None, comment: str | None) -> None:
        self.id = id_
        self.name = line(name)
        self.url = text.url if text else None
        self.comment = comment
        self.held = text is not None and text.words is not None
        words = text.words if text and text.words is not None else None
        self.text = block(words).strip() if words and words.strip() else self._elsewhere()

    def _elsewhere(self) -> str:
        where = f" Its steward publishes it at {self.url}" if self.url else ""
        return f"The text of {self.name} was not at hand when this document was made.{where}"


class LicenseRefs:
    """The licenses of one document that its format's list does not have, as its expressions come to name them.

    Attributes:
        extracted: What was named so far, by id.
    """

    def __init__(self, known: Callable[[str], bool], listed: Callable[[str], bool] = bool) -> None:
        """Start a document.

        Args:
            known: Whether those who read the format know an id of a license or exception.
            listed: Whether SPDX lists an id by now, whoever knows it.
        """
        self.extracted: dict[str, Extracted] = {}
        self._known = known
        self._listed = listed
        self._words: dict[str, str] = {}

    def expression(self, stated: str | None, texts: Iterable[Text] = ()) -> str | None:
        """What a license is called in this document; None for none.

        Args:
            stated: An expression over SPDX ids and `LicenseRef-<record id>`, or other words.
            texts: Texts at hand, the likeliest first.
        """
        if stated is None or not stated.strip():
            return None
        tree = parse(stated)
        if tree is None:
            return self._ref(_slug(stated, always=True), stated, None, None)
        return write(self._written(tree, tuple(texts)))

    def _written(self, node: Node, texts: tuple[Text, ...]) -> Node:
        if isinstance(node, AllOf | AnyOf):
            return type(node)(tuple(self._written(part, texts) for part in node.parts))
        if node.exception is None:
            return Term(self._symbol(node.symbol, texts))
        if self._known(node.exception):
            return Term(self._symbol(node.symbol, texts), node.exception)
        return Term(self._symbol(f"{node.symbol}-with-{node.exception}", texts))

    def _symbol(self, symbol: str, texts: tuple[Text, ...]) -> str:
        if self._known(symbol):
            return symbol
        found = [text for text in texts if text.symbol == symbol]
        text = next((one for one in found if one.words is not None), found[0] if found else None)
        comment = None
        if not symbol.startswith(_REF) and self._listed(symbol):
            comment = f"SPDX lists this license as {symbol}; not all that read this format know the id yet."
        title = text.title if text else symbol.removeprefix(_REF)
        return self._ref(_slug(symbol.removeprefix(_REF)), title, text, comment)

    def _ref(self, slug: str, title: str, text: Text | None, comment: str | None) -> str:
        """The id under which a text stands: another copy with other words gets another one."""
        id_ = _REF + slug
        if text is not None and text.words is not None:
            digest = hashlib.sha256(" ".join(text.words.split()).encode(errors="surrogatepass")).hexdigest()
            if self._words.setdefault(id_, digest) != digest:
                id_ = f"{id_}-{digest[:8]}"
        there = self.extracted.get(id_)
        if there is None or (not there.held and text is not None and text.words is not None):
            self.extracted[id_] = Extracted(id_, title, text, comment)
        return id_


def is_listed(id_: str) -> bool:
    """Whether SPDX lists an id, by the newest copy of its list that is at hand: that of the CycloneDX library."""
    from cyclonedx.spdx import is_supported_id  # noqa: PLC0415 - 60 ms, for ids that others do not know

    return bool(is_supported_id(id_))


def refs_in(expression: str) -> list[str]:
    """The `LicenseRef-` ids of an expression, in order, each once."""
    return list(dict.fromkeys(re.findall(r"LicenseRef-[A-Za-z0-9.-]+", expression)))


def is_single(expression: str) -> bool:
    """Whether an expression names one license, and no exception."""
    return " " not in expression


def _slug(words: str, *, always: bool = False) -> str:
    """Words as an id may be written: letters, digits, `-` and `.`; with a digest where that takes something away."""
    slug = re.sub(r"[^A-Za-z0-9.]+", "-", words)[:_LONGEST].strip("-.")
    if slug == words and not always:
        return slug
    digest = hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{slug}-{digest}" if slug else digest
