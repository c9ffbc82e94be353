"""Models named in YAML: compose files, Kubernetes, Helm, workflows, configurations of training and serving.

From the parser's events, without recursion, every scalar the text that it is. What is no YAML (templates, pieces) is
read line by line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from licscan.errors import UnreadableError
from licscan.references import commands, shell
from licscan.references.code import read
from licscan.references.commands import Word
from licscan.references.keys import Role, role
from licscan.references.python_names import Look
from licscan.references.said import Found, Said

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 100
_MOST = 200_000

_COMMANDS = frozenset(
    "command args entrypoint run script cmd exec shell before_script postStart preStart extraArgs "
    "serverArgs vllmArgs engineArgs test".split()
)
_VARIABLE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(\S.*)")
_LINE = re.compile(r"[ \t]*(?:- +)?(?:- +)?([\"']?[A-Za-z_][\w./-]*[\"']?)[ \t]*:[ \t]+(.*)")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")


def wants(file_name: str) -> bool:
    """Whether a file is YAML, by its name."""
    low = file_name.lower()
    return (
        low.endswith((".yaml", ".yml", ".yaml.example", ".yml.example", ".yaml.tmpl", ".yaml.template"))
        and low != "pnpm-lock.yaml"
    )


def find(text: str, _path: str = "", _look: Look | None = None) -> Iterator[Found]:
    """The models that YAML names.

    Raises:
        UnreadableError: It nests beyond reason, or is larger than any configuration.
    """
    try:
        given = list(_said(text))
    except yaml.YAMLError:
        given = list(_by_line(text))
    yield from read(given)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    mapping: bool
    outer: str
    key: str | None = None
    beside: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    lists: dict[str, list[Word]] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.said: list[Said] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, str] = {}

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(
                event.value, (event.start_mark.line if event.start_mark else 0) + 1, block=event.style in {"|", ">"}
            )
            if event.anchor:
                self._anchors[event.anchor] = event.value
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin(mapping=isinstance(event, yaml.MappingStartEvent))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent) and self._open:
            # What the anchor stands for was said where it stands.
            top = self._open[-1]
            if top.mapping:
                top.key = None if top.key is not None else self._anchors.get(event.anchor or "", "")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._open.clear()

    def _begin(self, *, mapping: bool) -> None:
        if len(self._open) >= _DEEPEST:
            raise UnreadableError(f"nested deeper than {_DEEPEST}")
        top = self._open[-1] if self._open else None
        outer = ""
        if top is not None:
            outer = (top.key or "") if top.mapping else top.outer
            if (
                top.mapping
                and role(outer) is Role.WEAK
                and top.outer
                and role(top.outer) is not Role.WEAK
                and outer in {"default", "value", "config"}
            ):
                outer = top.outer
        if mapping and outer == "litellm_params" and top is not None:
            self._forget_alias(top)
        self._open.append(_Open(mapping, outer))

    def _forget_alias(self, top: _Open) -> None:
        """Beside `litellm_params` stands the name that users call a model by: what it is, the parameters say."""
        alias, line = top.beside.get("model_name"), top.lines.get("model_name")
        self.said = [said for said in self.said if (said.text, said.line) != (alias, line)]

    def _end(self) -> None:
        done = self._open.pop()
        top = self._open[-1] if self._open else None
        if done.mapping:
            self._pair(done)
            self._run(done)
        elif top is not None and top.mapping and top.key is not None:
            top.lists[top.key] = done.words
            if top.key not in _COMMANDS:
                self.said += commands.read(done.words)
        if top is not None and top.mapping:
            top.key = None

    def _pair(self, done: _Open) -> None:
        """`name: MODEL_ID` and `value: org/name`, as containers get their variables."""
        name, value = done.beside.get("name"), done.beside.get("value")
        if name and value and role(name) not in {Role.WEAK, Role.NEVER}:
            self.said.append(Said(value, done.lines["value"], name))

    def _run(self, done: _Open) -> None:
        """What a container runs: the command and its arguments, wherever each stands."""
        words: list[Word] = []
        for key in ("entrypoint", "command", "args"):
            words += done.lists.get(key, ())
        if words:
            self.said += commands.read(words)
        for key, some in done.lists.items():
            if key in _COMMANDS and key not in {"entrypoint", "command", "args"}:
                self.said += commands.read(some)

    def _scalar(self, text: str, line: int, *, block: bool) -> None:
        if not self._open:
            self._text("", text, line + block, _Open(mapping=False, outer=""))
            return
        top = self._open[-1]
        if not top.mapping:
            self._item(text, line + block, top)
        elif top.key is None:
            top.key = text
        else:
            top.beside.setdefault(top.key, text)
            top.lines.setdefault(top.key, line)
            self._text(top.key, text, line + block, top)
            top.key = None

    def _item(self, text: str, line: int, top: _Open) -> None:
        top.words.append(Word(text, line))
        if found := _VARIABLE.fullmatch(text):
            self.said.append(Said(found[2], line, found[1]))
        else:
            self._text("", text, line, top)

    def _text(self, key: str, text: str, line: int, top: _Open) -> None:
        path = (
            f"{top.outer}.{key}".strip(".") if role(key) in {Role.WEAK, Role.NEVER} and top.outer else key or top.outer
        )
        if " " not in text.strip() and "\n" not in text.strip():
            self.said.append(Said(text.strip(), line, path, beside=top.beside))
        elif key in _COMMANDS or top.outer in _COMMANDS:
            self.said += shell.said(text, line)
        elif "{" not in text[:1]:
            self.said += commands.embedded(text, line, key)


def _said(text: str) -> Iterator[Said]:
    reader = _Reader()
    for number, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if number > _MOST:
            raise UnreadableError(f"more than {_MOST} nodes")
        reader.take(event)
    yield from reader.said


def _by_line(text: str) -> Iterator[Said]:
    """Keys and values, line by line, and commands that stand among them."""
    lines = text.split("\n")
    outer: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        while outer and outer[-1][0] >= indent:
            outer.pop()
        found = _LINE.fullmatch(line)
        if found:
            key = found[1].strip("\"'")
            value = re.split(r"[ \t]#", found[2].strip(), maxsplit=1)[0].strip().strip("\"',")
            path = f"{outer[-1][1]}.{key}" if outer and role(key) in {Role.WEAK, Role.NEVER} else key
            beside = dict(_near(lines, number - 1))
            yield Said(value, number, path, beside=beside)
        elif line.rstrip().endswith(":"):
            outer.append((indent, line.strip().removeprefix("- ").rstrip(":").strip("\"'")))
        elif item := _ITEM.fullmatch(line):
            word = item[1].strip().strip("\"'")
            variable = _VARIABLE.fullmatch(word)
            yield (
                Said(variable[2], number, variable[1])
                if variable
                else Said(word, number, outer[-1][1] if outer else "")
            )
    yield from shell.said("\n".join(_plain(line) for line in lines))


def _near(lines: list[str], number: int) -> Iterator[tuple[str, str]]:
    for line in lines[max(0, number - 3) : number + 4]:
        if (found := _LINE.fullmatch(line)) and role(found[1]) is Role.REVISION:
            yield found[1], found[2].strip().strip("\"'")


def _plain(line: str) -> str:
    """A line without what YAML puts before and around words; keys with values are no commands."""
    stripped = re.sub(r"^(\s*)- +", r"\1", line).strip()
    if re.match(r"[\w.-]+:\s", stripped) or stripped.endswith(":"):
        return ""
    return stripped.strip("\"'") if not stripped.endswith("\\") else stripped.lstrip("\"'")
