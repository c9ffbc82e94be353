"""Commands that load models: which of their words names one. Words come from shells, containers and lists in code."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from licscan.references.keys import Role, role
from licscan.references.said import Said


class Word(NamedTuple):
    """A word of a command, and its line."""

    text: str
    line: int


class Command(NamedTuple):
    """A command whose arguments name models by their place.

    Attributes:
        words: How it begins.
        key: What its argument is, as a key; `Said.key` carries it on.
        several: Whether every argument names one.
    """

    words: tuple[str, ...]
    key: str
    several: bool = False


# Keys that stand for a kind of name where a command says which: judged as any other key is.
_OLLAMA, _HUB, _OCI, _MODEL, _MODELSCOPE = "ollama_model", "hf_repo_id", "oci_model", "model", "modelscope_model"

# One command a line; what follows names a model.
_BY_PLACE = {
    _OLLAMA: """
        ollama pull, ollama run, ollama show, ollama push, ollama stop, ollama launch
    """,
    _HUB: """
        hf download, huggingface-cli download, hf cache verify, hf models info
    """,
    _OCI: """
        docker model pull, docker model run, docker model push, docker model inspect, docker model configure
    """,
    _MODEL: """
        vllm serve, vllm chat, trtllm-serve serve, trtllm-serve, transformers serve, transformers chat,
        transformers-cli chat, transformers-cli download, lmdeploy serve api_server, lmdeploy chat,
        mlc_llm serve, mlc_llm chat, ramalama run, ramalama pull, ramalama serve, lms get, lms load,
        gh models run, openllm serve, openllm run, bentoml models pull, mistralrs serve, litgpt download,
        litgpt chat, litgpt finetune, litgpt finetune_lora, litgpt generate, litgpt serve, tune download,
        sglang serve, nexa run, nexa pull, localai run, local-ai run, lemonade-server run, lemonade-server pull,
        foundry model run, foundry model download
    """,
}
_COMMANDS = [
    Command(tuple(written.split()), key)
    for key, written in ((key, one) for key, some in _BY_PLACE.items() for one in some.split(","))
]
_COMMANDS += [Command(("ollama", verb), _OLLAMA, several=True) for verb in ("rm", "cp")]
_HEADS: dict[str, list[Command]] = {}
for _one in sorted(_COMMANDS, key=lambda one: -len(one.words)):
    _HEADS.setdefault(_one.words[0], []).append(_one)

# Flags that mean something else than their name says, by command; the empty command is every other.
_HF_FLAGS = {
    "-hf": _HUB,
    "-hfr": _HUB,
    "--hf-repo": _HUB,
    "-hfd": _HUB,
    "-hfrd": _HUB,
    "--hf-repo-draft": _HUB,
    "-hfv": _HUB,
    "--hf-repo-v": _HUB,
    "-dr": _OCI,
    "--docker-repo": _OCI,
}
_LLAMA = {
    **_HF_FLAGS,
    "-m": "model_path",
    "--model": "model_path",
    "-md": "model_path",
    "--model-draft": "model_path",
    "-mm": "model_path",
    "--mmproj": "model_path",
    "--lora": "model_path",
    "-a": "",
}
_FLAGS: dict[str, dict[str, str]] = {
    "vllm": {"-tp": ""},
    "aider": {"-m": ""},
    "llm": {"-m": _MODEL},
    "codex": {"-m": _MODEL},
    "sgpt": {},
    "lm_eval": {"--model": "", "--model_args": "--model_args"},
    "accelerate": {},
    "mlx_lm.generate": {"--model": "hf_model"},
    "hf": {"--local-dir": "", "-d": ""},
    "huggingface-cli": {"--local-dir": ""},
    "curl": {"-m": "", "--model": ""},
    "docker": {"-m": ""},
    "ollama": {"-f": "", "--file": ""},
    "whisper": {"--model": "", "--model_dir": ""},
    "modelscope": {"--model": _MODELSCOPE, "--dataset": ""},
}
# Flags that set a variable for what is run.
_VARIABLES = frozenset(("-e", "--env"))
# Flags without an argument, after which a word is one of the command's own.
_SWITCHES = frozenset(
    "--quiet -q --verbose -v --insecure --force-download --resume-download --trust-remote-code "
    "--enable-lora --detach -d -it  "
    "--keepalive --hidethinking --debug --backend --enforce-eager --disable-log-requests "
    "--enable-prefix-caching --nowordwrap".split()
)
_END = frozenset(
    ("&&", "||", ";", "|", "&", ")", "(", "{", "}", "do", "then", "done", "fi", ">", ">>", "2>&1", "<", "`")
)
_WRAPPERS = frozenset(
    "sudo exec eval nohup time env bash sh -c -lc uv uvx pipx npx run poetry uvicorn python python3 -m "
    "wait command then do if ! && nice timeout CMD ENTRYPOINT RUN".split()
)

_EMBEDDED = re.compile(
    r"(?:^|[\n\"';|&(]|\b(?:exec|eval|sudo|then|do) )\s*[\"']?(?:\$ |!)?(?:exec )?"
    r"(?:ollama (?:pull|run)|hf download|huggingface-cli download|docker model (?:pull|run)|vllm serve|"
    r"llama-(?:server|cli) )"
)
_MODELFILE = re.compile(r"(?im)\A\s*FROM[ \t]+\S+[ \t]*$")


def read(words: Sequence[Word]) -> Iterator[Said]:
    """What the words of one or several commands give to whom."""
    for part in _parts(words):
        yield from _flags(part)
        yield from _arguments(part)


def _parts(words: Sequence[Word]) -> Iterator[list[Word]]:
    part: list[Word] = []
    for word in words:
        if word.text in _END:
            if part:
                yield part
            part = []
        else:
            part.append(word)
    if part:
        yield part


def _name(text: str) -> str:
    return text.rpartition("/")[2] if text.startswith(("/", "./")) else text


def _flags(words: list[Word]) -> Iterator[Said]:
    command = next((_name(word.text) for word in words if word.text not in _WRAPPERS and "=" not in word.text), "")
    own = (
        _LLAMA
        if command.startswith(("llama-", "llama.cpp", "llamafile")) or command in {"main", "server"}
        else _FLAGS.get(command, {})
    )
    beside = {_plain(word.text): after.text for word, after in itertools.pairwise(words) if word.text.startswith("--")}
    for word in words:
        flag, sign, text = word.text.partition("=")
        if flag.startswith("--") and sign:
            beside[_plain(flag)] = text
    for number, word in enumerate(words):
        flag, sign, text = word.text.partition("=")
        line = word.line
        if not flag.startswith("-") or flag == "-":
            continue
        if not sign:
            if number + 1 >= len(words) or words[number + 1].text.startswith("--"):
                continue
            text, line = words[number + 1]
        key = own.get(flag, _HF_FLAGS.get(flag, flag if flag.startswith("--") else ""))
        if flag in _VARIABLES and "=" in text:
            variable, _, value = text.partition("=")
            yield Said(_unquoted(value), line, variable)
        elif key == "--model_args":
            yield from _pairs(text, line)
        elif key and role(key) not in {Role.WEAK, Role.NEVER, Role.REVISION}:
            yield Said(_unquoted(text), line, key, beside=beside)


def _plain(flag: str) -> str:
    return flag.lstrip("-").replace("-", "_")


def _pairs(text: str, line: int) -> Iterator[Said]:
    """`pretrained=org/name,revision=main`, as lm-evaluation-harness takes it."""
    pairs = dict(pair.partition("=")[::2] for pair in text.split(","))
    for key in ("pretrained", "peft", "tokenizer", "model"):
        if key in pairs:
            yield Said(pairs[key], line, "model_name_or_path", beside=pairs)


def _arguments(words: list[Word]) -> Iterator[Said]:
    for number, word in enumerate(words):
        for command in _HEADS.get(_name(word.text), ()):
            end = number + len(command.words)
            if tuple(one.text for one in words[number + 1 : end]) == command.words[1:]:
                yield from _named(words[end:], command)
                return


def _named(words: list[Word], command: Command) -> Iterator[Said]:
    beside: dict[str, str] = {}
    given: list[Word] = []
    skip = False
    for number, word in enumerate(words):
        if skip:
            skip = False
        elif word.text.startswith("-") and len(word.text) > 1:
            flag, sign, text = word.text.partition("=")
            if sign:
                beside[_plain(flag)] = text
            elif flag not in _SWITCHES and number + 1 < len(words) and not words[number + 1].text.startswith("-"):
                beside[_plain(flag)] = words[number + 1].text
                skip = True
        else:
            given.append(word)
    for word in given if command.several else given[:1]:
        yield Said(_unquoted(word.text), word.line, command.key, beside=beside)


def _unquoted(text: str) -> str:
    return text.strip("\"'`,")


def embedded(text: str, line: int, key: str = "") -> Iterator[Said]:
    """What a longer text in code or configuration says, where it is a command or a Modelfile."""
    if _MODELFILE.search(text[:2000]) and (
        "modelfile" in key.lower() or re.search(r"(?im)^(?:SYSTEM|PARAMETER|TEMPLATE|ADAPTER|MESSAGE)\b", text)
    ):
        for number, part in enumerate(text.split("\n")):
            if found := re.match(r"(?i)\s*(?:FROM|ADAPTER)[ \t]+(\S+)", part):
                yield Said(found[1], line + number, "ollama_model")
    elif _EMBEDDED.search(text):
        for number, part in enumerate(text.replace("\\\n", "  ").split("\n")):
            yield from read([Word(word, line + number) for word in part.split() if word != "\\"])
