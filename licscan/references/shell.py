"""Models named in shell scripts: in commands, their flags, and the variables that they use."""

import re
from collections.abc import Iterator

from licscan.references import code, commands, tokens
from licscan.references.code import read
from licscan.references.commands import Word
from licscan.references.keys import Role, role
from licscan.references.python_names import Look
from licscan.references.said import UNKNOWN, Found, Said
from licscan.references.tokens import Language

_ASSIGNED = re.compile(
    r"(?:export |local |readonly |declare (?:-\w+ )?|set |setenv |\$env:)?([A-Za-z_]\w*)=(.*)", re.DOTALL
)
_VARIABLE = re.compile(r"\$\{(\w+)(?::?[-=]([^{}]*))?\}|\$\{[^{}]*\}|\$(\w+)|\$\([^()]*\)|\{\{[^{}]*\}\}|%(\w+)%")
# Quoted parts, what is quoted in one of them once more, and everything up to white space; operators stand alone.
_WORD = re.compile(
    r"""(?x)
      (?P<space>[ \t]+)
    | (?P<comment>(?<![^\s;&|(])\#[^\n]*)
    | (?P<end>&&|\|\||[;&|()`<>]|\n)
    | (?P<text>(?:"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|\\[\s\S]|\$\{[^{}\n]*\}|\{\{[^{}]*\}\}|[^\s"'\\;&|()`<>])+)"""
)
_MANY = 20_000
_LIST = re.compile(r"(?m)^[ \t]*(?:export |local |readonly |declare -\w+ )?([A-Za-z_]\w*)=\(([^()]{1,20000})\)")
_WHOLE = re.compile(r"\$\{(\w+)\[[@*]\]\}|\$(\w+)")
_MOST_VALUES = 200
_SPOKEN = frozenset("echo printf log info warn error say".split())


def wants(file_name: str) -> bool:
    """Whether a file is a shell script, by its name."""
    return file_name.endswith((".sh", ".bash", ".zsh", ".ksh", ".fish", ".bat", ".cmd", ".ps1", ".command"))


def find(text: str, _path: str = "", _look: Look | None = None) -> Iterator[Found]:
    """The models that a script names.

    Args:
        text: The script, or a part of one; lines end in LF.
    """
    yield from read(said(text))


def said(text: str, line: int = 1, variables: dict[str, tuple[str, int]] | None = None) -> Iterator[Said]:
    """What the commands of a script are given.

    Args:
        text: The script.
        line: The line that it begins at.
        variables: Values, each with its line, that hold where it begins.
    """
    known = dict(variables or {})
    loops: dict[str, list[Word]] = {}
    lists = _lists(text, line)
    for words in _commands(text, line):
        if words[0].text == "for" and len(words) > 3 and words[2].text == "in":  # noqa: PLR2004 - for NAME in VALUE
            loops[words[1].text] = _values(words[3:], lists)
            continue
        yield from _assignments(words, known)
        if words[0].text in _SPOKEN:
            continue
        yield from _looped(words, loops, known)
        filled = [Word(_filled(word.text, known)[0], _filled(word.text, known)[1] or word.line) for word in words]
        yield from commands.read([Word(_unquoted(word.text), word.line) for word in filled])
        for word in filled:
            if (language := _language(word.text)) is not None:
                yield from code.said(_unquoted(word.text), language, word.line)
            elif _nested(word.text):
                yield from said(_unquoted(word.text), word.line, known)
            elif "huggingface.co/" in word.text or "hf.co/" in word.text:
                yield Said(_unquoted(word.text).rpartition("git+")[2], word.line)


def _looped(words: list[Word], loops: dict[str, list[Word]], known: dict[str, tuple[str, int]]) -> Iterator[Said]:
    """What a command in a loop is given, once for each value of the loop, where that value stands."""
    told = {name for word in words for found in _VARIABLE.finditer(word.text) if (name := found[1] or found[3])}
    for name in told & loops.keys():
        for value in loops[name]:
            given = known | {name: (_unquoted(value.text), value.line)}
            filled = (_filled(word.text, given) for word in words)
            yield from commands.read(
                [Word(_unquoted(text), at or word.line) for word, (text, at) in zip(words, filled, strict=True)]
            )


def _lists(text: str, line: int) -> dict[str, list[Word]]:
    """The values of arrays: `MODELS=(a b)`."""
    found: dict[str, list[Word]] = {}
    for one in _LIST.finditer(text):
        begun = line + text.count("\n", 0, one.start(2))
        found[one[1]] = [word for words in _commands(one[2], begun) for word in words]
    return found


def _values(words: list[Word], lists: dict[str, list[Word]]) -> list[Word]:
    """What a loop goes through; of an array, its values."""
    values: list[Word] = []
    for word in words:
        array = _WHOLE.fullmatch(word.text.strip("\"'"))
        values += lists.get(array[1] or array[2], [word]) if array else [word]
    return values[:_MOST_VALUES]


def _language(word: str) -> Language | None:
    """The language of a quoted word that is code: what is sent as JSON, and what `python -c` runs."""
    inner = word.strip("\"'").lstrip()
    if word[:1] in {'"', "'"} and inner.startswith("{") and ":" in inner:
        return tokens.JSON
    return tokens.PYTHON if word[:1] in {'"', "'"} and "import " in inner and "(" in inner else None


def _nested(word: str) -> bool:
    """Whether a quoted word is a command itself: `bash -c "vllm serve ..."`."""
    return len(word) > len("vllm serve") and word[0] in "\"'" and any(space in word for space in " \n")


def _assignments(words: list[Word], known: dict[str, tuple[str, int]]) -> Iterator[Said]:
    beside = {name.lower(): value for name, (value, _) in known.items() if role(name) is Role.REVISION}
    for word in words:
        found = _ASSIGNED.fullmatch(word.text)
        if found is None:
            if word.text in {"export", "local", "readonly", "declare", "set", "env", "ENV", "-e", "--env", "-gx", "-x"}:
                continue
            if not word.text.startswith("-"):
                return
            continue
        value = _filled(_unquoted(found[2]), known)[0]
        known[found[1]] = (value, word.line)
        if role(found[1]) is Role.REVISION:
            beside["revision"] = value
        yield Said(value, word.line, found[1], beside=beside)


def _filled(text: str, known: dict[str, tuple[str, int]]) -> tuple[str, int]:
    """A word with its variables filled in, and the line of the value where the word is nothing else."""
    line = 0

    def fill(found: re.Match[str]) -> str:
        nonlocal line
        name = found[1] or found[3] or ""
        if name in known:
            value, where = known[name]
            if found[0] == text.strip("\"'"):
                line = where
            return value
        return found[2] if found[2] is not None else UNKNOWN

    return (_VARIABLE.sub(fill, text), line) if "$" in text or "{{" in text or "%" in text else (text, 0)


def _commands(text: str, line: int) -> Iterator[list[Word]]:
    """The words of each command; a backslash at the end of a line goes on."""
    words: list[Word] = []
    at, counted = line, 0
    for number, found in enumerate(_WORD.finditer(text)):
        if number > _MANY:
            break
        kind = found.lastgroup
        if kind in {"space", "comment"}:
            continue
        at += text.count("\n", counted, found.start())
        counted = found.start()
        if kind == "end":
            if words:
                yield words
            words = []
        elif found[0] not in {"\\\n", "\\"}:
            written = found[0].replace("\\\n", "")
            if written:
                words.append(Word(written, at))
    if words:
        yield words


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text.replace('"', "").replace("'", "") if " " not in text else text.strip("\"'")
