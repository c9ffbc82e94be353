"""Real input: 1,301 cards and 8,179 records of the Hub, every one an assessment or a gap with its reason."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from licscan.assess import assess
from licscan.formats import card
from licscan.formats.bounded import decode
from licscan.licenses import resolve
from licscan.model import Assessment, Evidence, GapId, Level, Model, ModelRef, Subject, UnknownReason
from licscan.rulebook import Rulebook
from tests.conftest import summary


def card_model(path: Path, scheme: str, subject: Subject) -> Model:
    """A card as a model of which nothing else is known."""
    facts = card.read(decode(path.read_bytes()), Evidence(source="card", path=path.name), subject)
    ref = ModelRef(scheme=scheme, name=f"corpus/{path.stem[-40:].strip('-.').replace('--', '-')}")
    return _model(ref, facts)


def hub_model(record: dict[str, object]) -> Model:
    """A record of the Hub: its tags and its license field, as the front matter that they were made from."""
    tags = [str(tag) for tag in record["tags"]]  # type: ignore[attr-defined]
    pairs = [tag.split(":", 2) for tag in tags]
    based = [parts for parts in pairs if parts[0] == "base_model" and len(parts) == 3]
    relations = {parts[1] for parts in based}
    # The card's own list has bases that the Hub made no tag of.
    named = [name.strip() for name in str(record.get("base_model") or "").split(",") if name.strip()]
    metadata = {
        "license": record["license"],
        "tags": tags,
        "pipeline_tag": record["pipeline_tag"],
        "base_model": list(dict.fromkeys([*(parts[2] for parts in based), *named])),
        "base_model_relation": relations.pop() if len(relations) == 1 else None,
        "datasets": [tag.partition(":")[2] for tag in tags if tag.startswith("dataset:")],
    }
    facts = card.read_metadata(metadata, Evidence(source="hub", path="README.md"))
    return _model(ModelRef.parse(f"hf:{record['id']}"), facts)


def _model(ref: ModelRef, facts: card.CardFacts) -> Model:
    return Model(
        ref=ref, name=ref.name, source="corpus", modality=facts.modality, claims=tuple(facts.claims),
        bases=tuple(facts.bases), datasets=tuple(facts.datasets), gaps=tuple(facts.gaps),
    )  # fmt: skip


Record = Callable[[str, object], None]


def check(found: Iterable[Assessment], what: str, record_property: Record) -> Counter[str]:
    """Every assessment says what it says; how many there are of each level and gap is printed at the end of the run."""
    assessments = list(found)
    for one in assessments:
        assert one.level_reasons
        assert (one.level is Level.UNKNOWN) == (one.unknown_reason is not None)
        if one.unknown_reason is UnknownReason.NONE_STATED:
            assert GapId.LICENSE_NOT_STATED in {gap.id for gap in one.gaps}
        if one.unknown_reason is UnknownReason.UNRECOGNISED:
            doubts = {
                GapId.LICENSE_UNRECOGNISED,
                GapId.LICENSE_VERSION_NOT_STATED,
                GapId.LICENSE_TERMS_NOT_RECORDED,
            }
            assert doubts & {gap.id for gap in one.gaps}
        if one.unknown_reason is UnknownReason.CONFLICTING:
            assert one.conflicts
        assert all(gap.what and gap.why for gap in one.gaps)
        Assessment.model_validate_json(one.model_dump_json())
    totals = summary(assessments)
    shown = "".join(f"\n  {key}: {totals[key]}" for key in ("levels", "gaps", "conflicts"))
    record_property("summary", f"{what}: {totals['models']}{shown}")
    return Counter(one.level.value for one in assessments)


def test_every_card_is_an_assessment(corpus: Path, rules: Rulebook, record_property: Record) -> None:
    """No card of the corpus fails; what cannot be read or is not stated is a gap with its reason."""
    kinds = (("models", "hf", Subject.WEIGHTS), ("datasets", "dataset", Subject.DATA))
    files = [
        (path, scheme, subject)
        for folder, scheme, subject in kinds
        for path in sorted((corpus / "cards" / folder).glob("*.md"))
    ]
    assert len(files) == 1301
    levels = check((assess(card_model(*file), {}, rules) for file in files), "cards", record_property)
    assert levels[Level.PERMISSIVE.value] > 400
    assert levels[Level.FULLY_OPEN.value] == 0


def test_every_hub_record_is_an_assessment(corpus: Path, rules: Rulebook, record_property: Record) -> None:
    """No record of the Hub fails; each has a level and its reasons."""
    lines = (corpus / "hub" / "models-2026-08.jsonl").read_text().splitlines()
    assert len(lines) == 8179
    levels = check((assess(hub_model(json.loads(line)), {}, rules) for line in lines), "Hub records", record_property)
    assert levels[Level.PERMISSIVE.value] > 4000


def test_every_name_of_the_hub_has_a_record(corpus: Path, rules: Rulebook) -> None:
    """Whatever stands in the license field of a record of the Hub is a license, a name for several, or none at all."""
    lines = (corpus / "hub" / "models-2026-08.jsonl").read_text().splitlines()
    stated = {claim.stated for line in lines for claim in hub_model(json.loads(line)).claims}
    assert len(stated) > 150
    assert [words for words in sorted(stated) if resolve(words, rules).expression is None] == []


def test_cards_of_known_trouble_are_gaps(corpus: Path) -> None:
    """The cards whose front matter does not parse are gaps that say where, and what could be saved is claimed."""
    broken = {}
    for path in sorted((corpus / "cards" / "models").glob("*.md")):
        model = card_model(path, "hf", Subject.WEIGHTS)
        for gap in model.gaps:
            if gap.id is GapId.CARD_BROKEN:
                broken[path.stem] = [claim.stated for claim in model.claims][:1]
    assert len(broken) >= 4
    assert broken["66ca903d64d5bebf"] == ["apache-2.0"]
    assert broken["872d7344ca947196"] == ["[mit](https://model.baai.ac.cn/use-agreement)"]
