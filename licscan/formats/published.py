"""What is published beside weights: by the names of files, and by what a card holds and points to."""

import re
from collections.abc import Iterator, Mapping

from licscan.formats.front_matter import FrontMatter
from licscan.formats.listing import Listing
from licscan.formats.names import is_card_name
from licscan.formats.weight_names import weight_format
from licscan.model import Evidence, Part, PartKind

_QUOTED = 300
_LONGEST = 1 << 18
_LONGEST_LINE = 2_000
# Of each kind so many are enough to show that it is there.
_MOST = 3
# With fewer words below the front matter nothing is described.
_SHORTEST_CARD = 50
_CODE = (".py", ".sh", ".ipynb", ".yaml", ".yml")
_DOCUMENTS = (".pdf", ".tex")
_MEDIA = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".wav", ".mp3", ".flac", ".txt", ".json", ".jsonl")
_NUMBERED = re.compile(r"(?:checkpoint|ckpt|step|epoch|iter|global_step)[-_]?\d+", re.IGNORECASE)
# What code is for, by the beginning of its file's or folder's name; the first that fits.
_PURPOSES = (
    (PartKind.ARCHITECTURE, re.compile(r"modell?ing_\w+\.py", re.IGNORECASE)),
    (
        PartKind.PREPROCESSING,
        re.compile(r"(?:pre_?process|prepare_data|clean_data|tokenize_data|dedup)", re.IGNORECASE),
    ),
    (PartKind.EVALUATION, re.compile(r"(?:run_)?eval(?:uat(?:e|ion))?(?![a-z])", re.IGNORECASE)),
    (PartKind.TRAINING, re.compile(r"(?:run_)?(?:pre_?)?(?:train(?:ing)?|fine_?tun(?:e|ing))(?![a-z])", re.IGNORECASE)),
    (
        PartKind.INFERENCE,
        re.compile(r"(?:run_)?(?:inference|generat(?:e|ion)|predict|handler)(?![a-z_])", re.IGNORECASE),
    ),
)
_RESULTS = re.compile(r"(?:all_|eval(?:uation)?_)results?\.json|evaluation_results?\.\w+", re.IGNORECASE)
_TITLES = (
    (PartKind.REPORT, re.compile(r"(?:.*[-_ ])?(?:tech(?:nical)?[-_ ]?report)[^/]*", re.IGNORECASE)),
    (PartKind.PAPER, re.compile(r"(?:.*[-_ ])?paper[^/]*", re.IGNORECASE)),
)
_BY_PATH = {
    "config.json": PartKind.CONFIGURATION,
    **dict.fromkeys(("requirements.txt", "environment.yml", "pyproject.toml"), PartKind.LIBRARIES),
}
_SAMPLES = frozenset({"samples", "sample_outputs", "generated_samples"})
_ADDRESS = re.compile(r"https?://[^\s)>\]\"'`|]+")
_PAPERS = re.compile(
    r"https?://(?:www\.)?(?:arxiv\.org/(?:abs|pdf)|openreview\.net|aclanthology\.org|doi\.org)/", re.IGNORECASE
)
_REPOSITORIES = re.compile(r"https?://(?:www\.)?(?:github\.com|gitlab\.com)/[\w.-]+/[\w.-]+", re.IGNORECASE)
# The words by which a card calls a link its own; others are links to tools and to the work of others.
_OWN_REPORT = re.compile(r"\b(?:tech(?:nical)?|model) report\b", re.IGNORECASE)
_OWN_PAPER = re.compile(r"(?:^[\s>*#-]*\W{0,4}|\bour |\[)paper\b", re.IGNORECASE)
_OWN_CODE = re.compile(
    r"(?:^[\s>*#-]*\W{0,4}|\[|\bour )(?:(?:official|training|source) )?(?:repository|repo|code|github)\b", re.IGNORECASE
)
_TABLE_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?\|?\s*")
_EVALUATED = re.compile(r"^#{1,6}\s.{0,80}\b(?:evaluation|benchmark|performance|results)", re.IGNORECASE)


def files(listing: Listing, whole: Evidence) -> Iterator[Part]:
    """What lies beside the weights, by the names of files.

    Args:
        listing: All files.
        whole: The model as evidence; the path of each file is added to it.
    """
    counted: dict[PartKind, int] = {}
    for file in listing.files:
        kind = _kind(file.path)
        if kind and counted.get(kind, 0) < _MOST:
            counted[kind] = counted.get(kind, 0) + 1
            yield Part(kind=kind, evidence=whole.model_copy(update={"path": file.path}))


def _kind(path: str) -> PartKind | None:
    """What a file is by its name; None for cards, which are read, and for all that its name does not tell."""
    folder, _, name = path.rpartition("/")
    lower = name.casefold()
    if weight_format(name):
        return PartKind.CHECKPOINTS if any(map(_NUMBERED.fullmatch, folder.split("/"))) else None
    if path in _BY_PATH or _RESULTS.fullmatch(name):
        return _BY_PATH.get(path, PartKind.RESULTS)
    if lower.endswith(_DOCUMENTS):
        return next((kind for kind, pattern in _TITLES if pattern.fullmatch(name)), None)
    if folder.casefold() in _SAMPLES and lower.endswith(_MEDIA):
        return PartKind.SAMPLES
    return _purpose(path) if lower.endswith(_CODE) else None


def _purpose(path: str) -> PartKind | None:
    """What code is for, by its own name, else by that of its top folder."""
    folder, _, name = path.partition("/")
    names = (path.rpartition("/")[2], folder) if name else (path,)
    return next((kind for one in names for kind, pattern in _PURPOSES if pattern.match(one)), None)


def card(name: str, matter: FrontMatter, here: Evidence) -> Iterator[Part]:
    """What a card is, holds and points to.

    Args:
        name: The file.
        matter: The card, taken apart.
        here: The card as evidence.
    """
    if not is_card_name(name):
        return
    if len(matter.body[:_LONGEST].split(None, _SHORTEST_CARD)) >= _SHORTEST_CARD:
        yield Part(kind=PartKind.CARD, evidence=here)
    for entry in matter.entries:
        if entry.key == "model-index" and _has_metric(entry.value):
            yield Part(kind=PartKind.RESULTS, evidence=_at(here, entry.line, "model-index"))
        elif entry.key == "widget" and isinstance(entry.value, list) and any("output" in one for one in entry.value):
            yield Part(kind=PartKind.SAMPLES, evidence=_at(here, entry.line, "widget"))
    lines = [line[:_LONGEST_LINE] for line in matter.body[:_LONGEST].split("\n")]
    yield from _tables(lines, matter.body_line, here)
    yield from _links(lines, matter.body_line, here)


def _has_metric(value: object) -> bool:
    """Whether a `model-index` holds a result with a value, or only the skeleton that tools leave."""
    models = value if isinstance(value, list) else []
    results = (one for model in models if isinstance(model, Mapping) for one in _items(model.get("results")))
    metrics = (one for result in results for one in _items(result.get("metrics")))
    return any(str(metric.get("value") or "").strip() for metric in metrics)


def _items(value: object) -> Iterator[Mapping[str, object]]:
    yield from (one for one in (value if isinstance(value, list) else []) if isinstance(one, Mapping))


def _tables(lines: list[str], first: int, here: Evidence) -> Iterator[Part]:
    """A table with numbers below a heading that speaks of evaluation."""
    heading: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        if line.startswith("#"):
            heading = (number, line) if _EVALUATED.match(line) else None
        elif heading and "-" in line and "|" in line and _TABLE_RULE.fullmatch(line):
            row = lines[number + 1] if number + 1 < len(lines) else ""
            if "|" in row and any(letter.isdigit() for letter in row):
                yield Part(kind=PartKind.RESULTS, evidence=_at(here, first + heading[0], heading[1].strip("# ")))
                return


def _links(lines: list[str], first: int, here: Evidence) -> Iterator[Part]:
    """What the card calls its own report, paper or code, and says to lie elsewhere; each address once."""
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if "://" not in line:
            continue
        for found in _ADDRESS.finditer(line):
            address = found.group().rstrip(".,;*_")
            kind = _pointed_to(address, line[max(0, found.start() - 120) : found.start()])
            if kind and address not in seen and len(seen) < _MOST:
                seen.add(address)
                evidence = _at(here, first + number, line)
                yield Part(kind=kind, linked=True, evidence=evidence.model_copy(update={"url": address[:_QUOTED]}))


def _pointed_to(address: str, before: str) -> PartKind | None:
    """What a link leads to, by its address and the words before it."""
    if _REPOSITORIES.match(address):
        return PartKind.REPOSITORY if _OWN_CODE.search(before) else None
    if _OWN_REPORT.search(before) and (_PAPERS.match(address) or address.casefold().endswith(".pdf")):
        return PartKind.REPORT
    return PartKind.PAPER if _PAPERS.match(address) and _OWN_PAPER.search(before) else None


def _at(here: Evidence, line: int, quote: str) -> Evidence:
    words = " ".join(quote.split())
    words = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    return here.model_copy(update={"lines": (line, line) if line else None, "quote": words})
