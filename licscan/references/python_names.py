"""What the names of a Python file stand for: assignments, parameters, options, imports, by scope."""

import ast
from collections.abc import Callable
from typing import Any

# The value of a name in another file of the tree: module as written, how many dots before it, the name.
Look = Callable[[str, int, str], str | None]


class Scope:
    """The names that a module, class or function gives values to."""

    __slots__ = ("names", "outer")

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.names: dict[str, list[ast.expr]] = {}

    def give(self, name: str, value: ast.expr) -> None:
        """Remember a value that a name may have."""
        self.names.setdefault(name, []).append(value)

    def values(self, name: str) -> list[ast.expr]:
        """The values that a name may have: those of the innermost scope that knows it."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return []


class Names:
    """What is known of a file as a whole.

    Attributes:
        imported: Local name to the module, the dots before it, and the name there (empty for a module).
        attributes: Attribute to the values that something in this file gives it: `self.model`, options of argparse.
        look: Asks other files.
        memory: What was found out so far, by scope and name.
    """

    __slots__ = ("attributes", "imported", "look", "memory")

    def __init__(self, look: Look | None) -> None:
        self.imported: dict[str, tuple[str, int, str]] = {}
        self.attributes: dict[str, list[ast.expr]] = {}
        self.look = look
        # What names were found to stand for: names for names for names would be followed without end.
        self.memory: dict[tuple[int, str], list[Any]] = {}

    def take(self, node: ast.Import | ast.ImportFrom) -> None:
        """Remember what an import brings."""
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.imported[alias.asname or alias.name] = (node.module or "", node.level, alias.name)
        else:
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                self.imported[name] = (alias.name if alias.asname else name, 0, "")

    def elsewhere(self, name: str, attribute: str = "") -> str | None:
        """The value that an imported name, or an attribute of an imported module, has in its own file."""
        if self.look is None or name not in self.imported:
            return None
        module, level, there = self.imported[name]
        if attribute and there:  # `from package import module`
            module = f"{module}.{there}" if module else there
        wanted = attribute or there
        return self.look(module, level, wanted) if wanted else None


def dotted(node: ast.expr) -> str:
    """A name as it is written, `a.b.c`; what is no name in it is left out."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def qualified(call: ast.Call, scope: Scope, names: Names) -> str:
    """The name of what is called, after where it comes from: `modelscope.AutoModel.from_pretrained`."""
    written = dotted(call.func)
    root = written.partition(".")[0]
    if not root:
        return written
    if root in names.imported:
        module, _, there = names.imported[root]
        origin = f"{module}.{there}" if there else module
        return origin + written[len(root) :]
    if root != written:
        for value in scope.values(root):
            if isinstance(value, ast.Call):
                made = dotted(value.func)
                made_root = made.partition(".")[0]
                if made_root in names.imported:
                    made = f"{names.imported[made_root][0]}.{made}"
                return f"{made}.{written}"
    return written
