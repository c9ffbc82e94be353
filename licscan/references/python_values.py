"""The texts that a Python expression may have, as far as reading it can tell."""

import ast
import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from licscan.references.python_names import Names, Scope, dotted
from licscan.references.said import UNKNOWN

_DEEPEST = 8
_MOST = 16

# Calls whose value is, where nothing else is set, one of their arguments.
_DEFAULTS = frozenset(
    "getenv get getattr pop setdefault Option Field field Argument Query Body Header env str_env config".split()
)
_SAME = frozenset(
    "str Path PurePath fspath Literal cast HttpUrl deepcopy strip rstrip lstrip removesuffix removeprefix lower".split()
)


class Text(NamedTuple):
    """A text that an expression may have, and the line where it stands; `*` in it is not known."""

    text: str
    line: int


def texts(node: ast.expr | None, scope: Scope, names: Names, depth: int = 0) -> list[Text]:
    """The texts that an expression may have; empty where reading it does not tell."""
    if node is None or depth > _DEEPEST:
        return []
    reader = _READERS.get(type(node))
    return reader(node, scope, names, depth + 1)[:_MOST] if reader else []


def _constant(node: ast.Constant, _scope: Scope, _names: Names, _depth: int) -> list[Text]:
    return [Text(node.value, node.lineno)] if isinstance(node.value, str) else []


def _formatted(node: ast.JoinedStr, scope: Scope, names: Names, depth: int) -> list[Text]:
    parts: list[list[str]] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            known = [text.text for text in texts(part.value, scope, names, depth)] if part.format_spec is None else []
            parts.append(known[:4] or [UNKNOWN])
        elif isinstance(part, ast.Constant):
            parts.append([str(part.value)])
    return _joined(parts, node.lineno)


def _joined(parts: list[list[str]], line: int) -> list[Text]:
    some = itertools.islice(itertools.product(*parts), _MOST)
    return [Text("".join(one), line) for one in some if any(part != UNKNOWN for part in one)]


def _operation(node: ast.BinOp, scope: Scope, names: Names, depth: int) -> list[Text]:
    left = [text.text for text in texts(node.left, scope, names, depth)]
    if isinstance(node.op, ast.Add):
        right = [text.text for text in texts(node.right, scope, names, depth)]
        if not left and not right:
            return []
        return _joined([left[:4] or [UNKNOWN], right[:4] or [UNKNOWN]], node.lineno)
    if isinstance(node.op, ast.Mod) and left:
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        filled = left[0]
        for value in values:
            known = texts(value, scope, names, depth)
            filled = filled.replace("%s", known[0].text if known else UNKNOWN, 1)
        return [Text(filled, node.lineno)] if "%" not in filled else []
    return []


def _name(node: ast.Name, scope: Scope, names: Names, depth: int) -> list[Text]:
    values = scope.values(node.id)
    if values:
        return _remembered((id(values), node.id), values, scope, names, depth)
    value = names.elsewhere(node.id)
    return [Text(value, node.lineno)] if value else []


def _attribute(node: ast.Attribute, scope: Scope, names: Names, depth: int) -> list[Text]:
    if isinstance(node.value, ast.Name):
        value = names.elsewhere(node.value.id, node.attr)
        if value:
            return [Text(value, node.lineno)]
    values = names.attributes.get(node.attr)
    return _remembered((0, node.attr), values, scope, names, depth) if values else []


def _remembered(key: tuple[int, str], values: list[ast.expr], scope: Scope, names: Names, depth: int) -> list[Text]:
    """The texts of what a name is given, worked out once; nothing while that is being done."""
    known: list[Text] | None = names.memory.get(key)
    if known is None:
        names.memory[key] = []
        known = names.memory[key] = _all(values, scope, names, depth)
    return known


def _subscript(node: ast.Subscript, scope: Scope, names: Names, depth: int) -> list[Text]:
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    holders = [node.value] if isinstance(node.value, ast.Dict | ast.List | ast.Tuple) else []
    if isinstance(node.value, ast.Name):
        holders += [
            value for value in scope.values(node.value.id) if isinstance(value, ast.Dict | ast.List | ast.Tuple)
        ]
    found: list[ast.expr] = []
    for holder in holders:
        if isinstance(holder, ast.Dict):
            pairs = zip(holder.keys, holder.values, strict=True)
            found += [
                value for name, value in pairs if key is None or (isinstance(name, ast.Constant) and name.value == key)
            ]
        elif isinstance(key, int) and -len(holder.elts) <= key < len(holder.elts):
            found.append(holder.elts[key])
    return _all(found, scope, names, depth)


def _choice(node: ast.IfExp, scope: Scope, names: Names, depth: int) -> list[Text]:
    return _all((node.body, node.orelse), scope, names, depth)


def _either(node: ast.BoolOp, scope: Scope, names: Names, depth: int) -> list[Text]:
    return _all(node.values, scope, names, depth)


def _walrus(node: ast.NamedExpr, scope: Scope, names: Names, depth: int) -> list[Text]:
    return texts(node.value, scope, names, depth)


def _several(node: ast.List | ast.Tuple | ast.Set, scope: Scope, names: Names, depth: int) -> list[Text]:
    return _all(node.elts, scope, names, depth)


def _call(node: ast.Call, scope: Scope, names: Names, depth: int) -> list[Text]:
    last = dotted(node.func).rpartition(".")[2]
    if last in _DEFAULTS:
        return _all(defaults(node, last), scope, names, depth)
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else None
    if last == "join" and isinstance(receiver, ast.Constant) and len(node.args) == 1:
        if isinstance(node.args[0], ast.List | ast.Tuple) and isinstance(receiver.value, str):
            parts = [
                [text.text for text in texts(one, scope, names, depth)][:4] or [UNKNOWN] for one in node.args[0].elts
            ]
            return [
                Text(one.text, one.line)
                for one in _joined([part for item in parts for part in ([receiver.value], item)][1:], node.lineno)
            ]
        return []
    if last == "format" and isinstance(receiver, ast.Constant) and isinstance(receiver.value, str):
        return [Text(_filled(receiver.value), node.lineno)] if "{" in receiver.value else []
    if last in _SAME:
        if node.args and (receiver is None or last in {"Path", "cast", "fspath", "deepcopy"}):
            return texts(node.args[-1], scope, names, depth) if len(node.args) <= 1 + (last == "cast") else []
        return texts(receiver, scope, names, depth) if receiver is not None and not node.args else []
    return []


def defaults(node: ast.Call, last: str) -> list[ast.expr]:
    """The arguments of `os.getenv` and its like that count where nothing else is set."""
    found = [word.value for word in node.keywords if word.arg == "default"]
    place = 2 if last == "getattr" else 0 if last in {"Option", "Field", "Argument", "Query", "Body"} else 1
    if not found and len(node.args) > place:
        found.append(node.args[place])
    return found


def _filled(pattern: str) -> str:
    out, depth = [], 0
    for sign in pattern:
        if sign == "{":
            depth += 1
            out.append(UNKNOWN)
        elif sign == "}":
            depth -= 1
        elif depth == 0:
            out.append(sign)
    return "".join(out)


def _all(nodes: Sequence[ast.expr], scope: Scope, names: Names, depth: int) -> list[Text]:
    found: list[Text] = []
    for node in nodes[:_MOST]:
        found += texts(node, scope, names, depth)
    return found


_READERS: dict[type[ast.AST], Callable[..., list[Text]]] = {
    ast.Constant: _constant,
    ast.JoinedStr: _formatted,
    ast.BinOp: _operation,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.IfExp: _choice,
    ast.BoolOp: _either,
    ast.NamedExpr: _walrus,
    ast.List: _several,
    ast.Tuple: _several,
    ast.Set: _several,
    ast.Call: _call,
}
