"""One walk over the syntax tree of a Python file: what is given to what, as yet unjudged."""

import ast
from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from licscan.references.python_names import Look, Names, Scope, dotted

_OPTIONS = frozenset("add_argument option Option argument add_option".split())
# Texts that are given to these are shown, compared or searched for, and load nothing.
_SHOWN = frozenset(
    "print info debug warning warn error exception critical log echo secho write startswith endswith match search sub "
    "compile fullmatch findall split replace append_text assertEqual assertIn assertNotIn assertTrue "
    "raises skip skipif  "
    "mark fail count index find set_description add_row markdown header subheader title TypeError ValueError KeyError "
    "RuntimeError NotImplementedError Exception Image open mkdir makedirs exists add_scalar".split()
)


class Given(NamedTuple):
    """A value that a key gets: a variable, attribute, parameter, item, or the default of an option."""

    key: str
    value: ast.expr
    scope: Scope


class Tree(NamedTuple):
    """What a file's tree holds, each with the scope that it stands in."""

    names: Names
    calls: list[tuple[ast.Call, Scope]]
    given: list[Given]
    tables: list[tuple[ast.Dict, Scope]]
    rows: list[tuple[ast.List | ast.Tuple, Scope]]
    constants: list[ast.Constant]
    documents: list[ast.Constant]


def read(module: ast.Module, hints: list[int], look: Look | None) -> Tree:
    """Walk a tree without recursion; nesting cannot exhaust the stack.

    Args:
        module: The tree.
        hints: The lines that could name a model. Of statements without one only simple assignments are remembered.
        look: Asks other files.
    """
    tree = Tree(Names(look), [], [], [], [], [], [])
    waiting: list[tuple[ast.AST, Scope]] = [(module, Scope())]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.stmt) and not _is_hinted(node, hints):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                _remember(node, scope)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                tree.names.take(node)
            continue
        visit = _VISITS.get(type(node))
        if visit is not None:
            scope = visit(node, scope, tree)
        if type(node) in _LEFT:
            continue
        for name in node._fields:
            below = getattr(node, name, None)
            if type(below) is list:
                waiting += [(one, scope) for one in below if isinstance(one, ast.AST)]
            elif isinstance(below, ast.AST) and type(below) not in _EMPTY:
                waiting.append((below, scope))
    return tree


def _is_hinted(node: ast.stmt, hints: list[int]) -> bool:
    first = node.lineno
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        first = node.decorator_list[0].lineno
    place = bisect_left(hints, first)
    return place < len(hints) and hints[place] <= (node.end_lineno or first)


def _remember(node: ast.Assign | ast.AnnAssign, scope: Scope) -> None:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, ast.Name) and isinstance(
        node.value, ast.Constant | ast.Name | ast.Call | ast.Dict | ast.List
    ):
        scope.give(target.id, node.value)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, tree: Tree) -> Scope:
    inner = Scope(scope)
    arguments = node.args
    named = [*arguments.posonlyargs, *arguments.args]
    pairs: list[tuple[ast.arg, ast.expr | None]] = list(
        zip(reversed(named), reversed(arguments.defaults), strict=False)
    )
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for argument, default in pairs:
        if default is not None:
            inner.give(argument.arg, default)
            tree.given.append(Given(argument.arg, default, scope))
    return inner


def _class(_node: ast.ClassDef, scope: Scope, _tree: Tree) -> Scope:
    return Scope(scope)


def _assign(node: ast.Assign, scope: Scope, tree: Tree) -> Scope:
    for target in node.targets:
        _give(target, node.value, scope, tree)
    return scope


def _annotated(node: ast.AnnAssign, scope: Scope, tree: Tree) -> Scope:
    if node.value is not None:
        _give(node.target, node.value, scope, tree)
    return scope


def _walrus(node: ast.NamedExpr, scope: Scope, tree: Tree) -> Scope:
    _give(node.target, node.value, scope, tree)
    return scope


def _give(target: ast.expr, value: ast.expr, scope: Scope, tree: Tree) -> None:
    if isinstance(target, ast.Name):
        scope.give(target.id, value)
        if scope.outer is not None:
            tree.names.attributes.setdefault(target.id, []).append(value)
        tree.given.append(Given(target.id, value, scope))
    elif isinstance(target, ast.Attribute):
        tree.names.attributes.setdefault(target.attr, []).append(value)
        tree.given.append(Given(dotted(target), value, scope))
    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        tree.given.append(Given(f"{dotted(target.value)}.{target.slice.value!s}", value, scope))
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its in zip(target.elts, value.elts, strict=True):
            _give(one, its, scope, tree)


def _loop(node: ast.For | ast.AsyncFor | ast.comprehension, scope: Scope, _tree: Tree) -> Scope:
    values = node.iter
    if isinstance(values, ast.Name):
        known = scope.values(values.id)
        values = known[0] if len(known) == 1 else values
    if isinstance(node.target, ast.Name) and isinstance(values, ast.List | ast.Tuple | ast.Set):
        for value in values.elts[:16]:
            scope.give(node.target.id, value)
    return scope


def _call(node: ast.Call, scope: Scope, tree: Tree) -> Scope:
    tree.calls.append((node, scope))
    function = node.func
    last = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    if last in _OPTIONS and node.args:
        _option(node, scope, tree)
    if last in _SHOWN:
        for argument in node.args:
            if isinstance(argument, ast.Constant):
                argument.shown = True  # type: ignore[attr-defined]
    return scope


def _option(node: ast.Call, scope: Scope, tree: Tree) -> None:
    flags = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    flag = max((one for one in flags if one), key=len, default="")
    default = next((word.value for word in node.keywords if word.arg == "default"), None)
    if not flag or default is None or not flag.lstrip("-").replace("-", "_").replace(".", "_").isidentifier():
        return
    tree.given.append(Given(flag, default, scope))
    dest = next((word.value for word in node.keywords if word.arg == "dest"), None)
    name = dest.value if isinstance(dest, ast.Constant) else flag.lstrip("-").replace("-", "_")
    tree.names.attributes.setdefault(str(name), []).append(default)


def _table(node: ast.Dict, scope: Scope, tree: Tree) -> Scope:
    tree.tables.append((node, scope))
    for key in node.keys:
        if isinstance(key, ast.Constant):
            key.shown = True  # type: ignore[attr-defined]
    return scope


def _row(node: ast.List | ast.Tuple, scope: Scope, tree: Tree) -> Scope:
    if len(node.elts) > 1:
        tree.rows.append((node, scope))
    return scope


def _comparison(node: ast.Compare, scope: Scope, _tree: Tree) -> Scope:
    for side in (node.left, *node.comparators):
        for one in side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else (side,):
            if isinstance(one, ast.Constant):
                one.shown = True  # type: ignore[attr-defined]
    return scope


def _statement(node: ast.Expr, scope: Scope, tree: Tree) -> Scope:
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        node.value.shown = True  # type: ignore[attr-defined]
        if ">>>" in node.value.value:
            tree.documents.append(node.value)
    return scope


def _constant(node: ast.Constant, scope: Scope, tree: Tree) -> Scope:
    if isinstance(node.value, str) and "/" in node.value and not getattr(node, "shown", False):
        tree.constants.append(node)
    return scope


def _import(node: ast.Import | ast.ImportFrom, scope: Scope, tree: Tree) -> Scope:
    tree.names.take(node)
    return scope


_VISITS: dict[type[ast.AST], Callable[..., Scope]] = {
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.NamedExpr: _walrus,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.comprehension: _loop,
    ast.Call: _call,
    ast.Dict: _table,
    ast.List: _row,
    ast.Tuple: _row,
    ast.Compare: _comparison,
    ast.Expr: _statement,
    ast.Constant: _constant,
    ast.Import: _import,
    ast.ImportFrom: _import,
}
_LEFT = frozenset((ast.Constant, ast.Import, ast.ImportFrom, ast.Name, ast.Pass, ast.Global))
_EMPTY = frozenset((ast.Load, ast.Store, ast.Del))
