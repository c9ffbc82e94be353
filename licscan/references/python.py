"""Models named in Python: by its syntax tree where it parses, word by word where it does not. Never executed."""

import ast
import gc
import re
import textwrap
from collections.abc import Iterator, Mapping

from licscan.references import code, commands, hints, python_tree
from licscan.references.calls import LOADERS, called
from licscan.references.hosts import hosts
from licscan.references.judge import judge
from licscan.references.keys import Role, role
from licscan.references.providers import brand
from licscan.references.python_names import Look, Scope, qualified
from licscan.references.python_tree import Tree
from licscan.references.python_values import defaults, texts
from licscan.references.said import Broken, Found, Said

_GETTERS = frozenset("getenv get getattr setdefault pop".split())
_SILENT = frozenset((Role.WEAK, Role.NEVER, Role.REVISION))
_PROMPT = re.compile(r"^[ \t]*(?:>>> ?|\.\.\. ?|In \[\d+\]: ?)(.*)$", re.MULTILINE)


def wants(file_name: str) -> bool:
    """Whether a file is Python, by its name."""
    return file_name.endswith((".py", ".pyi", ".pyw"))


def find(text: str, _path: str = "", look: Look | None = None) -> Iterator[Found | Broken]:
    """The models that Python source names.

    Args:
        text: The source; lines end in LF.
        look: Asks other files of the tree what a name is there.
    """
    data = text.encode("utf-8", "replace")
    lines = hints.lines(data)
    if not lines:
        return
    module = parse(text)
    if module is None:
        # A piece of a file or of a session: its lines begin where those around them did.
        text = textwrap.dedent(_without_prompts(text))
        module = parse(text)
    if module is None:
        yield _broken(text)
        yield from code.find(text, code.PYTHON)
        return
    yield from _Reader(python_tree.read(module, lines, look), hosts(data)).find()


def parse(text: str) -> ast.Module | None:
    """The tree of a source; None where it is none, or nests beyond reason."""
    enabled = gc.isenabled()
    gc.disable()  # a tree is many small things, none of them garbage yet
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    finally:
        if enabled:
            gc.enable()


def _broken(text: str) -> Broken:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        what = str(getattr(error, "msg", error)) or type(error).__name__
        return Broken(f"not Python: line {line}: {what}" if line else f"not Python: {what}")
    return Broken("not Python")


def _without_prompts(text: str) -> str:
    return _PROMPT.sub(r"\1", text) if ">>>" in text or "In [" in text else text


class _Reader:
    """Turns what a tree holds into models."""

    def __init__(self, tree: Tree, traits: frozenset[str]) -> None:
        self._tree = tree
        self._found: dict[tuple[int, str, str], Found] = {}
        self._handled: set[int] = set()
        modules = {module for module, _, _ in tree.names.imported.values()}
        self._traits = traits | frozenset(filter(None, map(brand, modules)))

    def find(self) -> list[Found]:
        for call, scope in self._tree.calls:
            self._call(call, scope)
        for key, value, scope in self._tree.given:
            self._given(key, value, scope)
        for table, scope in self._tree.tables:
            self._table("", table, scope)
        for row, scope in self._tree.rows:
            self._row(row, scope)
        for constant in self._tree.constants:
            if id(constant) not in self._handled:
                self._say(Said(constant.value, constant.lineno))  # type: ignore[arg-type]
        for document in self._tree.documents:
            self._document(document)
        return sorted(self._found.values(), key=lambda found: found.line)

    def _say(self, said: Said) -> None:
        found = judge(said, self._traits)
        if found is not None:
            key = (found.line, found.scheme, found.name.lower())
            if key not in self._found or self._found[key].revision is None:
                self._found[key] = found

    def _give(self, value: ast.expr, scope: Scope, said: Said) -> None:
        """Judge every text that a value may have."""
        if isinstance(value, ast.Constant):
            if isinstance(value.value, str):
                self._handled.add(id(value))
                self._say(said._replace(text=value.value, line=value.lineno))
            return
        for text, line in texts(value, scope, self._tree.names):
            self._say(said._replace(text=text, line=line))
        if isinstance(value, ast.List | ast.Tuple | ast.Set):
            self._handled.update(id(one) for one in value.elts)

    def _call(self, call: ast.Call, scope: Scope) -> None:
        if not call.args and not call.keywords:
            return
        name = qualified(call, scope, self._tree.names)
        last = name.rpartition(".")[2]
        beside = self._beside(call, scope) if call.keywords else {}
        if last in _GETTERS and call.args and isinstance(call.args[0], ast.Constant):
            key = call.args[0].value
            for value in defaults(call, last) if isinstance(key, str) and role(key) not in _SILENT else ():
                self._give(value, scope, Said("", 0, str(key)))
            return
        for word in call.keywords:
            if word.arg:
                self._argument(word.value, scope, Said("", 0, word.arg, name, None, beside))
        for place, argument in enumerate(call.args[:3]):
            self._argument(argument, scope, Said("", 0, "", name, place, beside))
        if last == "model" and len(call.args) > 1:
            self._apart(call, name)

    def _argument(self, value: ast.expr, scope: Scope, said: Said) -> None:
        if isinstance(value, ast.Dict):
            return
        direct = isinstance(value, ast.Constant | ast.JoinedStr)
        if direct or called(said)[0] not in {None, Role.WEAK} or (said.key and role(said.key) not in _SILENT):
            self._give(value, scope, said)

    def _apart(self, call: ast.Call, name: str) -> None:
        """`client.model("owner", "name")`."""
        owner, plain = (one.value if isinstance(one, ast.Constant) else None for one in call.args[:2])
        if isinstance(owner, str) and isinstance(plain, str) and "/" not in owner + plain:
            self._say(Said(f"{owner}/{plain}", call.lineno, "model_id", name))

    def _beside(self, call: ast.Call, scope: Scope) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for word in call.keywords:
            if word.arg and isinstance(word.value, ast.Constant | ast.Name | ast.Attribute):
                if isinstance(word.value, ast.Constant) and not isinstance(word.value.value, str):
                    continue
                known = texts(word.value, scope, self._tree.names)
                if len(known) == 1:
                    found[word.arg] = known[0].text
        return found

    def _given(self, key: str, value: ast.expr, scope: Scope) -> None:
        if isinstance(value, ast.Dict):
            self._table(key, value, scope)
        elif isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
            return  # a name for a name: it is said where its value stands
        elif isinstance(value, ast.Constant | ast.JoinedStr) or role(key) not in _SILENT:
            self._give(value, scope, Said("", 0, key))

    def _table(self, outer: str, table: ast.Dict, scope: Scope) -> None:
        beside = {
            key.value: value.value
            for key, value in zip(table.keys, table.values, strict=True)
            if isinstance(key, ast.Constant)
            and isinstance(key.value, str)
            and isinstance(value, ast.Constant)
            and isinstance(value.value, str)
        }
        for key, value in zip(table.keys, table.values, strict=True):
            if not isinstance(key, ast.Constant | ast.Name | ast.Attribute) or isinstance(
                value, ast.Name | ast.Attribute | ast.Subscript | ast.Dict
            ):
                continue
            name = key.value if isinstance(key, ast.Constant) else ""
            inner = name if isinstance(name, str) else ""
            if role(inner) is Role.WEAK and outer:
                inner = f"{outer}.name" if role(outer) not in _SILENT else inner
            if isinstance(value, ast.Constant) and id(value) in self._handled:
                continue
            if inner and (isinstance(value, ast.Constant | ast.JoinedStr) or role(inner) not in _SILENT):
                self._give(value, scope, Said("", 0, inner, beside=beside))

    def _row(self, row: ast.List | ast.Tuple, scope: Scope) -> None:
        """A list that is a command: `["ollama", "pull", "llama3"]`."""
        words: list[commands.Word] = []
        for one in row.elts:
            known = texts(one, scope, self._tree.names) if not isinstance(one, ast.List | ast.Tuple) else []
            words.append(commands.Word(known[0].text if known else "*", one.lineno))
        for said in commands.read(words):
            self._say(said)

    def _document(self, document: ast.Constant) -> None:
        """Examples in a docstring, as doctest runs them."""
        lines = str(document.value).split("\n")
        found = (re.match(r"\s*(?:>>>|\.\.\.) ?(.*)", line) for line in lines)
        source = "\n".join(one[1] if one else "" for one in found)
        for one in find(source):
            if isinstance(one, Broken):
                continue
            self._found.setdefault(
                (document.lineno + one.line - 1, one.scheme, one.name.lower()),
                one._replace(line=document.lineno + one.line - 1),
            )


__all__ = ["LOADERS", "find", "parse", "wants"]
