"""The model that a card says in words that it was made from, where its front matter names none."""

import re

from licscan.formats.front_matter import FrontMatter
from licscan.formats.hub_names import model_ref
from licscan.model import DeclaredBase, Evidence, Relation

# What describes the model itself stands at the head of its card; further down others are spoken of.
_FIRST_LINES = 60
_LONGEST_LINE = 2_000
_QUOTED = 300
_MADE = re.compile(
    r"\b(?P<how>fine-?\s?tun\w+|quanti[sz]\w+|convert\w+|distil\w+|merged?|lora|adapter|abliterated|derived)\b"
    r"[^.|\n]{0,60}?\b(?:of|from|on|for|over)\b[^.|\n]{0,40}?(?:\[[^\]\n]{1,120}\]\()?"
    r"(?P<url>https?://(?:www\.)?(?:huggingface\.co|hf\.co)/"
    r"(?!(?:datasets|spaces|papers|docs|blog|collections|learn|tasks)/)[\w.-]+/[\w.-]*\w)",
    re.IGNORECASE,
)
_RELATIONS = (
    ("fine", Relation.FINETUNE),
    ("quanti", Relation.QUANTIZED),
    ("convert", Relation.QUANTIZED),
    ("distil", Relation.DISTILLED),
    ("merge", Relation.MERGE),
    ("lora", Relation.ADAPTER),
    ("adapter", Relation.ADAPTER),
)


def base(matter: FrontMatter, here: Evidence) -> DeclaredBase | None:
    """The first model of the Hub that the head of a card links to as what this one was made from.

    Args:
        matter: The card, taken apart.
        here: The card as evidence; line and words are added to it.
    """
    for number, whole in enumerate(matter.body.split("\n", _FIRST_LINES)[:_FIRST_LINES], matter.body_line):
        line = whole[:_LONGEST_LINE]
        found = _MADE.search(line) if "://" in line else None
        if found and (ref := model_ref(found["url"])):
            how = found["how"].casefold()
            relation = next((one for head, one in _RELATIONS if how.startswith(head)), Relation.UNSTATED)
            quote = " ".join(line.split())[:_QUOTED]
            evidence = here.model_copy(update={"lines": (number, number), "quote": quote})
            return DeclaredBase(stated=ref.name, ref=ref, relation=relation, evidence=evidence)
    return None
