"""Models named in JavaScript, TypeScript, Rust, Go, and in other languages with calls, keys and quoted strings."""

import re
from collections.abc import Iterator

from licscan.references import code, tokens
from licscan.references.python_names import Look
from licscan.references.said import Broken, Found
from licscan.references.tokens import Language

_LANGUAGES: dict[str, Language] = {
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts"), tokens.JAVASCRIPT),
    ".rs": tokens.RUST,
    ".go": tokens.GO,
    **dict.fromkeys(
        (".java", ".kt", ".kts", ".cs", ".swift", ".dart", ".scala", ".groovy", ".php", ".cpp", ".cc"), tokens.CURLY
    ),
    **dict.fromkeys((".rb", ".ex", ".exs", ".jl", ".r", ".tf", ".hcl", ".nix"), tokens.RUBY),
}
# Single files of a component's template, script and style; only the script is code.
_COMPONENTS = (".vue", ".svelte", ".astro")
# So many characters a line nobody writes.
_LONG = 1_000
_SCRIPT = re.compile(r"<script[^>]*>|</script>")


def wants(file_name: str) -> bool:
    """Whether a file is source code of one of these languages, by its name; minified code is nobody's own."""
    low = file_name.lower()
    return (low.endswith(_COMPONENTS) or "." + low.rpartition(".")[2] in _LANGUAGES) and not low.endswith(
        (".min.js", ".bundle.js", ".d.ts")
    )


def find(text: str, path: str, _look: Look | None = None) -> Iterator[Found | Broken]:
    """The models that source code names.

    Args:
        text: The source, or a piece of it.
        path: Its name, which says the language.
    """
    if len(text) > _LONG * (text.count("\n") + 1):
        return iter([Broken("minified: made from other sources, and not searched")])
    if path.lower().endswith(_COMPONENTS):
        return code.find(_script(text), tokens.JAVASCRIPT)
    return code.find(text, _LANGUAGES["." + path.lower().rpartition(".")[2]])


def _script(text: str) -> str:
    """The script of a component, every line where it was."""
    parts = _SCRIPT.split(text)
    return "".join(part if number % 2 else "\n" * part.count("\n") for number, part in enumerate(parts))
