"""What files are by their names: cards, license files, policies, notices, configurations."""

import re
from typing import Literal

# How much of a file is read at most.
CARD_LIMIT = 2 << 20
TEXT_LIMIT = 1 << 20
CONFIG_LIMIT = 8 << 20

TextKind = Literal["policy", "notice", "license"]

_CARD = re.compile(r"readme(?:\.(?:md|markdown|mdx|txt|rst))?|model_?card\.md", re.IGNORECASE)
_TEXTS: tuple[tuple[TextKind, re.Pattern[str]], ...] = (
    ("policy", re.compile(r"(?:acceptable[_-]?)?use[_-]?policy.*|.*prohibited[_-]?use.*|aup(?:\..*)?", re.IGNORECASE)),
    ("notice", re.compile(r"(?:third[_-]?party[_-]?)?notices?(?:[._-].*)?", re.IGNORECASE)),
    (
        "license",
        re.compile(
            r"(?:.*[._-])?(?:(?:un)?licen[cs]es?|copying|eula|terms(?:[_-]of[_-]use)?)(?:[._-].*)?", re.IGNORECASE
        ),
    ),
)
# Code and data whose names speak of licenses, and no text of one.
_NO_TEXTS = re.compile(
    r".*\.(?:py|pyc|js|ts|json|jsonl|ya?ml|toml|csv|tsv|png|jpe?g|gif|svg|ico|css|sh|c|h|cpp|rs|go)", re.IGNORECASE
)
CONFIGS = (
    "config.json",
    "adapter_config.json",
    "model_index.json",
    "modules.json",
    "mergekit_config.yml",
    "mergekit_config.yaml",
    "mergekit_moe_config.yml",
    "Modelfile",
)


def is_card_name(name: str) -> bool:
    """Whether a file is a card by its name."""
    return bool(_CARD.fullmatch(name))


def is_read(path: str) -> bool:
    """Whether a file is read whole: a card, a license or policy, a configuration, at the top of the model."""
    folder, _, name = path.rpartition("/")
    if folder:
        return folder.casefold() in {"licenses", "license"} and text_kind(name) is not None
    return is_card_name(name) or name in CONFIGS or text_kind(name) is not None


def text_kind(name: str) -> TextKind | None:
    """What a file is by its name: license, use policy, notice; None for other files."""
    if _NO_TEXTS.fullmatch(name):
        return None
    return next((kind for kind, pattern in _TEXTS if pattern.fullmatch(name)), None)


def is_spoken(path: str) -> bool:
    """Whether a file inside an archive says something of the model in it, wherever it lies there."""
    name = path.rpartition("/")[2]
    return is_card_name(name) or text_kind(name) is not None
