"""Models named in Markdown and in lists of requirements: by addresses, in front matter, in blocks of code."""

import re
from collections.abc import Iterator

from licscan.references import (
    addresses,
    code,
    commands,
    dockerfile,
    documents,
    languages,
    python,
    shell,
    yaml_documents,
)
from licscan.references.python_names import Look
from licscan.references.said import Broken, Found

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|modelscope\.cn)/[^\s<>()\[\]\"'`|\\,;]+[^\s<>()\[\]\"'`|\\,;.:!?*]"
)
_PICTURE = re.compile(r"(?i)\.(?:png|jpe?g|gif|svg|webp|bmp|ico|mp4|webm|mov|wav|mp3)(?:[?#].*)?$")
_INLINE = re.compile(r"(?<!`)`([^`\n]{8,300})`(?!`)")
_FENCE = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)[^\n]*$", re.MULTILINE)
_SHELLS = frozenset("bash sh shell console zsh terminal shell-session".split())
_CODE = {
    "js": "x.js",
    "javascript": "x.js",
    "ts": "x.ts",
    "typescript": "x.ts",
    "tsx": "x.ts",
    "jsx": "x.js",
    "rust": "x.rs",
    "rs": "x.rs",
    "go": "x.go",
    "java": "x.java",
}


def wants(file_name: str) -> bool:
    """Whether a file is Markdown or a list of requirements, by its name."""
    low = file_name.lower()
    return low.endswith((".md", ".mdx", ".markdown", ".rmd", ".qmd")) or is_requirements(low)


def is_requirements(low: str) -> bool:
    """Whether a file, by its name in lower case, lists what pip installs."""
    return low.endswith(".txt") and ("require" in low or "constraints" in low)


def find(text: str, path: str, _look: Look | None = None) -> Iterator[Found]:
    """The models that Markdown, or a list of requirements, names."""
    if is_requirements(path.lower()):
        text = re.sub(r"(?m)(?:^|\s)#.*$", "", text)
        yield from _addresses(text, 1)
        return
    line, begun = 1, 0
    if text.startswith("---\n") and (end := text.find("\n---", 3)) > 0:
        yield from (one._replace(line=one.line + 1) for one in yaml_documents.find(text[4:end]))
        begun, line = end, 1 + text.count("\n", 0, end)
    fence: re.Match[str] | None = None
    for found in _FENCE.finditer(text, begun):
        part = text[begun : found.start()]
        if fence is None:
            yield from _prose(part, line)
            fence = found
        elif found[2].startswith(fence[2]) and not found[3]:
            yield from _block(part, line, fence[3].lower())
            fence = None
        else:
            continue
        line += text.count("\n", begun, found.end())
        begun = found.end()
    yield from _prose(text[begun:], line)


def _prose(text: str, line: int) -> Iterator[Found]:
    yield from _addresses(text, line)
    yield from _commands(text, line)


def _addresses(text: str, line: int) -> Iterator[Found]:
    counted = 0
    for found in _ADDRESS.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if not _PICTURE.search(found[0]) and (meant := addresses.read(found[0])):
            yield Found(line, *meant)


def _commands(text: str, line: int) -> Iterator[Found]:
    """The models that commands between backquotes name, such as those that download one."""
    counted = 0
    for found in _INLINE.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield from code.read(commands.embedded(found[1], line))


def _block(text: str, line: int, language: str) -> Iterator[Found]:
    """The models that a block of code names; of one that does not say its language, its commands alone."""
    some: Iterator[Found | Broken]
    if language in {"python", "py", "python3", "pycon", "ipython"}:
        some = python.find(text)
    elif language in _SHELLS:
        some = shell.find(re.sub(r"(?m)^[ \t]*[$#>] ", "", text))
    elif language in {"yaml", "yml"}:
        some = yaml_documents.find(text)
    elif language in {"dockerfile", "docker"}:
        some = dockerfile.find(text)
    elif language in {"json", "jsonc", "json5", "toml"}:
        some = documents.find(text, f"x.{language}")
    elif language in _CODE:
        some = languages.find(text, _CODE[language])
    elif not language or language in {"text", "txt", "plain", "plaintext", "powershell", "ps1", "cmd", "bat"}:
        some = code.read(commands.embedded(re.sub(r"(?m)^[ \t]*[$#>] ", "", text), 1))
    else:
        return
    yield from (one._replace(line=one.line + line - 1) for one in some if isinstance(one, Found))
