"""What a pickle would import if it were loaded: read off its instructions, which are never carried out.

https://docs.python.org/3/library/pickletools.html; the table of instructions is that of the standard library.
"""

import pickletools
from typing import Final, NamedTuple

from licscan.formats.window import Window

_MOST_STEPS = 400_000
_MOST_NAMES = 2_000
_MOST_MEMO = 50_000
_LONGEST = 300
_LONGEST_LINE = 1 << 20
_KEPT = 400

# How wide the length before an argument is, by what `pickletools` says of it.
_COUNTED = {
    pickletools.TAKEN_FROM_ARGUMENT1: "B",
    pickletools.TAKEN_FROM_ARGUMENT4: "i",
    pickletools.TAKEN_FROM_ARGUMENT4U: "I",
    pickletools.TAKEN_FROM_ARGUMENT8U: "Q",
}
_TEXTS = frozenset(
    {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINSTRING", "BINSTRING", "UNICODE", "STRING"}
)
_PUTS = frozenset({"PUT", "BINPUT", "LONG_BINPUT"})
_GETS = frozenset({"GET", "BINGET", "LONG_BINGET"})
_UNKNOWN = "?"
_MARK = "\0mark"


class _Instruction(NamedTuple):
    """An instruction: how wide its argument is, and what it takes from the stack and leaves there."""

    name: str
    width: int | None
    to_mark: bool
    taken: int
    left: int


def _instruction(opcode: pickletools.OpcodeInfo) -> _Instruction:
    taken = [item.name for item in opcode.stack_before]
    to_mark = "mark" in taken
    count = taken.index("mark") if to_mark else len(taken)
    width = opcode.arg.n if opcode.arg else None
    return _Instruction(opcode.name, width, to_mark, count, len(opcode.stack_after))


_TABLE: Final = {opcode.code.encode("latin-1"): _instruction(opcode) for opcode in pickletools.opcodes}


class Listed(NamedTuple):
    """What the instructions of one pickle say.

    Attributes:
        imports: What it would import, as `module.name`, each once; a part that it computes is `?`.
        texts: The short texts in it, in order, as far as they are kept.
        first: The number that it begins with, where it begins with a long one.
        whole: Whether it was followed to its end.
    """

    imports: tuple[str, ...]
    texts: tuple[str, ...]
    first: int | None
    whole: bool


def list_pickle(window: Window) -> Listed:
    """Follow the instructions of the pickle at the place of a window, up to its end or a bound.

    Raises:
        ValueError: It is no pickle, or is cut off.
    """
    walk = _Walk(window)
    for _ in range(_MOST_STEPS):
        code = window.take(1)
        opcode = _TABLE.get(code)
        if opcode is None:
            raise ValueError(f"byte {code.hex()} at {window.position - 1:,} is no instruction of a pickle")
        walk.step(opcode)
        if opcode.name == "STOP":
            return walk.found(whole=True)
    return walk.found(whole=False)


class _Walk:
    """The part of a pickle machine that says which names meet: texts, the memo that repeats them, the stack."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._imports: dict[str, None] = {}
        self._texts: list[str] = []
        self._stack: list[str | None] = []
        self._memo: dict[int, str | None] = {}
        self._put = 0
        self._first: int | None = None
        self._steps = 0

    def found(self, *, whole: bool) -> Listed:
        """What was seen."""
        return Listed(tuple(self._imports), tuple(self._texts), self._first, whole)

    def step(self, opcode: _Instruction) -> None:
        """Read an instruction's argument, and what it does to the names on the stack."""
        self._steps += 1
        name = opcode.name
        text = self._argument(opcode)
        if name in _TEXTS:
            self._push(text)
            if text and len(self._texts) < _KEPT:
                self._texts.append(text)
        elif name in {"GLOBAL", "INST"}:
            self._import(text)
            self._change(opcode)
        elif name == "STACK_GLOBAL":
            parts = [part or _UNKNOWN for part in self._stack[-2:]]
            self._import(" ".join(parts) if len(parts) == 2 else _UNKNOWN)  # noqa: PLR2004 - module and name
            self._change(opcode)
        elif name == "MEMOIZE" or name in _PUTS:
            self._remember(self._put if name == "MEMOIZE" else _number(text))
        elif name in _GETS:
            self._push(self._memo.get(_number(text)))
        elif name in {"EXT1", "EXT2", "EXT4"}:
            self._import(f"copyreg extension-{text}")
            self._push(None)
        else:
            self._change(opcode)

    def _argument(self, opcode: _Instruction) -> str | None:
        """The argument, where it is a text or a number that counts here; anything else is passed over."""
        width, window = opcode.width, self._window
        if width is None:
            return None
        if width == pickletools.UP_TO_NEWLINE:
            line = window.line(_LONGEST_LINE)
            if opcode.name in {"GLOBAL", "INST"}:
                line = line + b" " + window.line(_LONGEST_LINE)
            return line[: 2 * _LONGEST].decode("utf-8", errors="replace").strip("'\"")
        if width >= 0:
            data = window.take(width)
            return str(int.from_bytes(data, "little"))
        length = window.number(_COUNTED[width])
        if length < 0 or length > window.left:
            raise ValueError(f"an argument of {length:,} bytes at byte {window.position:,}")
        if opcode.name in _TEXTS and length <= _LONGEST:
            return window.take(length).decode("utf-8", errors="replace")
        if opcode.name == "LONG1":
            number = int.from_bytes(window.take(length), "little", signed=True)
            self._first = number if self._steps <= 2 else self._first  # noqa: PLR2004 - after the protocol
            return None
        window.skip(length)
        return None

    def _change(self, opcode: _Instruction) -> None:
        """What any other instruction leaves on the stack."""
        if opcode.name == "MARK":
            self._stack.append(_MARK)
            return
        if opcode.to_mark:
            while self._stack and self._stack.pop() != _MARK:
                pass
        if opcode.taken:
            del self._stack[-opcode.taken :]
        self._stack += [None] * opcode.left

    def _push(self, text: str | None) -> None:
        self._stack.append(text)

    def _remember(self, place: int) -> None:
        self._put += 1
        top = self._stack[-1] if self._stack else None
        if top is not None and len(self._memo) < _MOST_MEMO:
            self._memo[place] = top

    def _import(self, text: str | None) -> None:
        module, _, name = (text or _UNKNOWN).partition(" ")
        if len(self._imports) < _MOST_NAMES:
            self._imports[f"{module}.{name}"[:_LONGEST] if name else module[:_LONGEST]] = None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else -1
