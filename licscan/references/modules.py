"""What names of other Python files of a tree stand for."""

import ast
import os

from licscan.bounded import decode, read_file
from licscan.errors import UnreadableError
from licscan.references.python import parse
from licscan.references.python_names import Names, Scope
from licscan.references.python_values import texts

_LONGEST = 1 << 20
_MOST = 20_000


class Modules:
    """The constants of the Python files below a folder, read when somebody asks for them.

    Args:
        root: Nothing above is asked.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._constants: dict[str, dict[str, str]] = {}
        self.asked: set[str] = set()

    def look(self, path: str, module: str, level: int, name: str) -> str | None:
        """The value of a name in the module that a file imports; None where reading does not tell."""
        parts = module.split(".") if module else []
        for folder in self._folders(path, level):
            base = os.path.join(folder, *parts)
            for file in (
                (f"{base}.py", os.path.join(base, "__init__.py")) if parts else (os.path.join(base, "__init__.py"),)
            ):
                self.asked.add(file)
                if os.path.isfile(file):
                    return self._of(file).get(name)
        return None

    def _folders(self, path: str, level: int) -> list[str]:
        """Where a module may lie: beside the file if dots lead there, else in any folder around it, innermost first."""
        folder = os.path.dirname(path)
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return [folder] if self._is_inside(folder) else []
        found = []
        while self._is_inside(folder):
            found.append(folder)
            if folder == self._root or not folder or folder == os.path.dirname(folder):
                break
            folder = os.path.dirname(folder)
        return found

    def _is_inside(self, folder: str) -> bool:
        return folder == self._root or folder.startswith(self._root.rstrip("/") + "/") or self._root in {"", "."}

    def _of(self, file: str) -> dict[str, str]:
        if file not in self._constants:
            if len(self._constants) > _MOST:
                self._constants.clear()
            self._constants[file] = _read(file)
        return self._constants[file]


def _read(file: str) -> dict[str, str]:
    """The names that a module gives one text at its top level."""
    from pathlib import Path  # noqa: PLC0415

    try:
        content = read_file(Path(file), _LONGEST)
    except UnreadableError:
        return {}
    module = parse(decode(content.data)) if content.whole else None
    if module is None:
        return {}
    scope, names = Scope(), Names(None)
    for node in module.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    scope.give(target.id, node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            scope.give(node.target.id, node.value)
    found = {}
    for name, values in scope.names.items():
        known = texts(values[-1], scope, names)
        if len(known) == 1 and "*" not in known[0].text:
            found[name] = known[0].text
    return found
