"""Models named in Python: literal names in the calls that load them.

Read by `ast`, never executed. Names that are built from variables are left to a later version.
"""

import ast
from collections.abc import Iterator

from licscan.errors import UnreadableError
from licscan.formats.hub_names import model_ref
from licscan.model import Mention

_LONGEST = 2 << 20

# Calls that load what their first argument names: as the last part of a dotted name.
_METHODS = frozenset({"from_pretrained", "from_single_file", "load_lora_weights", "load_adapter", "from_hub"})
_FUNCTIONS = {
    "hf_hub_download": "repo_id",
    "snapshot_download": "repo_id",
    "model_info": "repo_id",
    "SentenceTransformer": "model_name_or_path",
    "CrossEncoder": "model_name_or_path",
    "LLM": "model",
    "WhisperModel": "model_size_or_path",
    "load_dataset": "path",
}
# Where the first argument is the base, already loaded, and the second names the adapter.
_ADAPTERS = frozenset({"PeftModel", "PeftModelForCausalLM", "PeftModelForSequenceClassification"})
_OWNERS = {"SentenceTransformer": "sentence-transformers", "CrossEncoder": "cross-encoder"}
_KEYWORDS = ("pretrained_model_name_or_path", "pretrained_model_or_path", "repo_id")
_NAMES = (*_METHODS, *_FUNCTIONS, "pipeline")


def wants(file_name: str) -> bool:
    """Whether a file is Python, by its name."""
    return file_name.endswith((".py", ".pyi", ".pyw"))


def find(text: str, path: str) -> Iterator[Mention]:
    """The models that Python source names in calls that load them.

    Args:
        text: The source.
        path: How the file is called in the mentions.

    Raises:
        UnreadableError: It is not Python, nested beyond reason, or too long.
    """
    if len(text) > _LONGEST:
        raise UnreadableError(f"longer than {_LONGEST >> 20} MiB", where=path)
    if not any(name in text for name in _NAMES):
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        what = f"line {line}: {getattr(error, 'msg', error)}" if line else str(error) or type(error).__name__
        raise UnreadableError(f"not Python: {what}", where=path) from error
    for node in _calls(tree):
        yield from _mention(node, path)


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call, in the order of lines."""
    waiting = [tree]
    found = []
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            found.append(node)
        waiting += ast.iter_child_nodes(node)
    return iter(sorted(found, key=lambda call: (call.lineno, call.col_offset)))


def _mention(call: ast.Call, path: str) -> Iterator[Mention]:
    name = _last_name(call.func)
    keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    if name == "from_pretrained" and _last_name(getattr(call.func, "value", call.func)) in _ADAPTERS:
        node = keywords.get("model_id") or (call.args[1] if len(call.args) > 1 else None)
    elif name in _METHODS:
        node = next((keywords[key] for key in _KEYWORDS if key in keywords), None) or _first(call)
    elif name == "pipeline":
        node = keywords.get("model") or (call.args[1] if len(call.args) > 1 else None)
    elif name in _FUNCTIONS:
        node = keywords.get(_FUNCTIONS[name]) or _first(call)
    else:
        return
    text = _literal(node)
    if text is None:
        return
    # The library's own rule for names without an owner.
    text = text if "/" in text else f"{_OWNERS[name]}/{text}" if name in _OWNERS else ""
    if not text:
        return
    dataset = name == "load_dataset" or _literal(keywords.get("repo_type")) == "dataset"
    ref = model_ref(text, "dataset" if dataset else "hf")
    if ref is not None and node is not None:
        revision = _literal(keywords.get("revision")) or ref.revision
        yield Mention(path=path, line=node.lineno, ref=ref.at(revision))


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _first(call: ast.Call) -> ast.expr | None:
    return call.args[0] if call.args else None


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
