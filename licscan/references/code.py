"""Models named in source code, read word by word: every language with calls, keys and strings, whole or in pieces."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from licscan.references import commands, hints, tokens
from licscan.references.hosts import hosts
from licscan.references.judge import judge
from licscan.references.keys import Role, role
from licscan.references.providers import brand
from licscan.references.said import Broken, Found, Said
from licscan.references.tokens import PYTHON, Kind, Language, Token

_DEEPEST = 400
# Calls that hand on what they are given: what is said to them is said to whoever gets their value.
_SAME = frozenset(
    "String.from String::from format! str Some Ok Path PathBuf::from to_string into from string ptr.String "
    "aws.String StringPtr  "
    "String new getenv os.getenv os.environ.get env.get unwrap_or unwrap_or_else unwrap_or_default "
    "getOrDefault orElse cmp.Or  "
    "std::env::var Optional.of Optional.ofNullable z.string default as_str concat! Deno.env.get Field "
    "option_env! required".split()
)
_TYPES = frozenset("string String str char var let const val mut static final auto".split())
_WORDS = frozenset(
    "if for while return await new in of not and or async yield else match switch case typeof throw export "
    "default".split()
)
_SHOWN = frozenset(
    "print println! console.log console.error console.warn console.info log fmt.Println fmt.Printf "
    "log.Printf puts eprintln! info! assert_eq! assert! describe it test expect".split()
)
_PARTS_GIVEN_APART = ("model", "repo", "dataset")


@dataclass(slots=True)
class _Frame:
    """A bracket that is open: who is called, which key gets what, and what was said in it so far."""

    sign: str
    call: str = ""
    outer: str = ""
    key: str = ""
    place: int = 0
    shown: bool = False
    same: bool = False
    said: list[Said] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    words: list[commands.Word] = field(default_factory=list)


def find(text: str, language: Language, outer: str = "") -> Iterator[Found | Broken]:
    """The models that a text names.

    Args:
        text: Source code, or a piece of it.
        language: How it writes strings and comments.
        outer: The key that everything in it is given to.
    """
    data = f"{outer} =\n{text}".encode("utf-8", "replace")
    if not hints.lines(data):
        return
    cut = list(tokens.cut(text, language))
    if len(cut) > tokens.MOST // 2 and next(itertools.islice(language.tokens.finditer(text), tokens.MOST, None), None):
        yield Broken(f"more than {tokens.MOST:,} words and signs: only the first of them were read")
    reader = _Reader(_bound(cut), outer)
    reader.read(cut)
    if reader.deep:
        yield Broken(f"nested deeper than {_DEEPEST}: only read up to there")
    traits = frozenset(filter(None, map(brand, _imported(text)))) | hosts(data)
    yield from read(reader.said, traits)


def said(text: str, language: Language, line: int) -> Iterator[Said]:
    """What a piece of code that begins at a line of another file says."""
    cut = list(tokens.cut(text, language))
    reader = _Reader(_bound(cut), "")
    reader.read(cut)
    yield from (one._replace(line=one.line + line - 1) for one in reader.said)


_IMPORT = re.compile(r"""(?:import|from|require\(|use)\s*["']?([\w@/.:-]+)|from\s*["']([\w@/.-]+)""")


def _imported(text: str) -> Iterator[str]:
    for found in _IMPORT.finditer(text):
        yield found[1] or found[2]


def _bound(cut: list[Token]) -> dict[str, Token]:
    """The strings that names are given, wherever they are written: `const MODEL = "..."`."""
    bound: dict[str, Token] = {}
    for number in range(2, len(cut)):
        string = cut[number]
        if string.kind is not Kind.STRING or cut[number - 1].text not in {"=", ":="}:
            continue
        after = cut[number + 1].text if number + 1 < len(cut) else ""
        if after in {"+", ".", "%"}:
            continue
        name = _target(cut, number - 2)
        if name:
            bound[name] = string
    return bound


def _target(cut: list[Token], number: int) -> str:
    """The name before an equals sign, past its type: `MODEL: &str`, `model string`."""
    last = ""
    for back in range(number, max(-1, number - 6), -1):
        token = cut[back]
        if token.kind is Kind.NAME:
            if token.text in {"const", "let", "var", "static", "final", "mut", "val"}:
                break
            last = token.text if token.text not in _TYPES or not last else last
        elif token.text not in {":", "&", "<", ">", "?"}:
            break
    return last


class _Reader:
    """Follows the brackets, and notes what every string is given to."""

    def __init__(self, bound: dict[str, Token], outer: str) -> None:
        self.said: list[Said] = []
        self.deep = False
        self._bound = bound
        self._outer = outer
        self._open = [_Frame("", outer=outer)]

    def read(self, cut: list[Token]) -> None:
        previous = Token(Kind.SIGN, "", 0)
        for number, token in enumerate(cut):
            if len(self._open) > _DEEPEST:
                self.deep = True
                break
            after = cut[number + 1] if number + 1 < len(cut) else Token(Kind.SIGN, "", 0)
            if token.kind is Kind.STRING:
                self._string(token, previous, after)
            elif token.kind is Kind.SIGN:
                self._sign(token, previous)
            elif token.kind is Kind.NAME:
                self._name(token, previous, after)
            elif len(self._open) == 1 or self._open[-1].sign == "{":
                self._open[-1].key = ""
            if token.kind is not Kind.LINE:
                previous = token
        while self._open:
            self._close()

    def _sign(self, token: Token, previous: Token) -> None:
        frame = self._open[-1]
        sign = token.text
        if sign in {"(", "[", "{"}:
            self._begin(sign, previous)
        elif sign in {")", "]", "}"}:
            if len(self._open) > 1:
                self._close()
        elif sign == ",":
            frame.place += 1
            frame.key = ""
        elif sign == ";":
            frame.key = ""
        elif sign in {"=", ":=", ":", "=>"}:
            self._key(sign, previous, frame)

    def _begin(self, sign: str, previous: Token) -> None:
        frame = self._open[-1]
        called = sign == "(" and previous.kind is Kind.NAME and previous.text not in _WORDS
        if called and (previous.text in _SAME or previous.text.rpartition(".")[2] in _SAME):
            inner = _Frame(sign, frame.call, frame.outer, frame.key, frame.place, frame.shown, same=True)
        elif called:
            inner = _Frame(
                sign,
                previous.text.replace("::", ".").replace("?.", ".").replace("->", "."),
                shown=previous.text in _SHOWN,
            )
            inner.outer = ""
        else:
            given = f"{frame.outer}.{frame.key}".strip(".") if frame.key else frame.outer
            inner = _Frame(sign, frame.call, given, shown=frame.shown, place=99 if frame.call else 0)
        self._open.append(inner)

    def _key(self, sign: str, previous: Token, frame: _Frame) -> None:
        if sign == "=>" and frame.sign == "(":
            return
        if (
            sign == "="
            and frame.key
            and previous.kind is Kind.NAME
            and previous.text in {*_TYPES, frame.key.rpartition(".")[2]}
        ):
            return
        if previous.kind is Kind.NAME:
            if sign == ":" and frame.key and frame.sign != "{" and frame.sign:
                return
            if (
                sign in {"=", ":="}
                and frame.key
                and previous.text[:1].isupper()
                and frame.sign in {"", "{", "("}
                and previous.text in _CAPITAL_TYPES
            ):
                return
            frame.key = previous.text

    def _name(self, token: Token, previous: Token, after: Token) -> None:
        frame = self._open[-1]
        if (
            token.text not in self._bound
            or after.text in {"(", "=", ":", ".", ":=", "=>"}
            or previous.text in {".", "const", "let", "var"}
        ):
            return
        promising = frame.call or (frame.key and role(frame.key) not in {Role.WEAK, Role.NEVER})
        if promising and (frame.key or frame.sign == "("):
            bound = self._bound[token.text]
            self._say(tokens.value(bound.text), bound.line, frame)

    def _string(self, token: Token, previous: Token, after: Token) -> None:
        frame = self._open[-1]
        if frame.same and frame.sign == "(" and not frame.key and after.text == ",":
            frame.key = tokens.value(token.text)
            return
        if after.text in {":", "=>"} and previous.text in {"{", ",", "", "}", ";"} and (frame.sign in {"{", ""}):
            frame.key = tokens.value(token.text)
            return
        if after.text == "=" and previous.text in {"", "]", "\n"}:
            frame.key = tokens.value(token.text)
            return
        if previous.text in {"==", "===", "!=", "!==", "import", "from", "in"} or after.text in {
            "==",
            "===",
            "!=",
            "!==",
        }:
            return
        text = tokens.value(token.text)
        if after.text == "+":
            text += "*"
        elif previous.text == "+":
            text = f"*{text}"
        self._say(text, token.line, frame)

    def _say(self, text: str, line: int, frame: _Frame) -> None:
        if frame.sign == "[":
            frame.words.append(commands.Word(text, line))
        if frame.shown:
            return
        if "\n" in text or " " in text:
            self.said += commands.embedded(text, line, frame.key or frame.outer)
            return
        key = frame.key
        if frame.outer and (not key or role(key) is Role.WEAK):
            key = f"{frame.outer}.{key}" if key else frame.outer
        place = frame.place if not frame.key and frame.sign == "(" else None
        if not key and place is None and frame.call:
            place = 99
        if frame.key:
            frame.beside.setdefault(frame.key, text)
        frame.said.append(Said(text, line, key, frame.call, place, frame.beside))

    def _close(self) -> None:
        frame = self._open.pop()
        if frame.words:
            self.said += commands.read(frame.words)
        _options(frame)
        last = frame.call.rpartition(".")[2].lower()
        bare = [said for said in frame.said if said.place is not None and "/" not in said.text]
        if (
            frame.sign == "("
            and last in _PARTS_GIVEN_APART
            and len(bare) > 1
            and [one.place for one in bare[:2]] == [0, 1]
        ):
            self.said.append(bare[0]._replace(text=f"{bare[0].text}/{bare[1].text}", key="model_id", place=None))
        if frame.same and self._open:
            self._open[-1].said += frame.said
            return
        self.said += frame.said


def _options(frame: _Frame) -> None:
    """`add_argument("--model", default=...)`: the flag is the key."""
    flag = next((one.text for one in frame.said if one.place is not None and one.text.startswith("-")), None)
    if flag is not None:
        frame.said = [one._replace(key=flag, call="") if one.key == "default" else one for one in frame.said]


_CAPITAL_TYPES = frozenset(("String", "Optional", "Option"))


def read(given: Iterable[Said], traits: frozenset[str] = frozenset()) -> Iterator[Found]:
    """The models that texts name, each once a line."""
    seen: dict[tuple[int, str, str], Found] = {}
    for said in given:
        found = judge(said, traits)
        if found is not None:
            key = (found.line, found.scheme, found.name.lower())
            if key not in seen or seen[key].revision is None:
                seen[key] = found
    yield from sorted(seen.values(), key=lambda found: found.line)


__all__ = ["PYTHON", "find", "read"]
