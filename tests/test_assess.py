"""Assessments: the decision table row by row, bases that pull a level down, and what is owed."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import catalogue, lineage
from licscan.assess import assess
from licscan.lineage import key
from licscan.model import (
    Artefact,
    Artefacts,
    Assessment,
    Claim,
    DeclaredBase,
    DeclaredDataset,
    Evidence,
    Freedom,
    Gap,
    GapId,
    Level,
    Model,
    ModelRef,
    Openness,
    Organisation,
    Place,
    Relation,
    Subject,
    UnknownReason,
    WeightFile,
)
from licscan.rulebook import ModelFacts, Rulebook

AT = Evidence(source="test", path="README.md")
OPEN = Artefact(state=Openness.OPEN, evidence=AT)


def model(name: str = "a/b", license_: str | None = "mit", bases: tuple[str, ...] = (), **more: object) -> Model:
    claims: tuple[Claim, ...] = ()
    if license_ is not None:
        claims = (Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=license_, evidence=AT),)
    declared = tuple(
        DeclaredBase(
            stated=base, ref=ModelRef.parse(base) if "/" in base else None, relation=Relation.FINETUNE, evidence=AT
        )
        for base in bases
    )
    return Model(ref=ModelRef.parse(name), name=name, source="test", claims=claims, bases=declared, **more)  # type: ignore[arg-type]


def look(rules: Rulebook, wanted: Model, *others: Model) -> Assessment:
    return assess(wanted, {key(other.ref): other for other in others}, rules)


def facts(rules: Rulebook, match: str, license_: str | None, **more: object) -> Rulebook:
    """The rule base with one more family."""
    like = rules.models[0]
    fields = {
        "id": match,
        "title": match,
        "match": (match,),
        "license": license_,
        "reviewed": like.reviewed,
        "evidence": AT,
    }
    return rules.model_copy(update={"models": (*rules.models, ModelFacts.model_validate({**fields, **more}))})


COMPLETE = Artefacts(data=OPEN, code=OPEN, recipe=OPEN, data_information=OPEN)


@pytest.mark.parametrize(
    ("license_", "artefacts", "released", "level"),
    [
        ("MIT", COMPLETE, False, Level.CLOSED),
        ("LicenseRef-cc", COMPLETE, True, Level.UNKNOWN),
        ("CC-BY-NC-4.0", COMPLETE, True, Level.RESTRICTIVE),
        ("LicenseRef-llama3.1", COMPLETE, True, Level.RESTRICTIVE),
        ("LicenseRef-lgpllr", COMPLETE, True, Level.PERMISSIVE),
        ("MIT", COMPLETE, True, Level.FULLY_OPEN),
        ("MIT", COMPLETE.model_copy(update={"recipe": Artefact(state=Openness.PARTIAL)}), True, Level.PERMISSIVE),
        ("MIT", Artefacts(), True, Level.PERMISSIVE),
    ],
)
def test_follows_the_decision_table(
    rules: Rulebook, license_: str, artefacts: Artefacts, released: bool, level: Level
) -> None:
    """Each row of the table, from the rule base's own knowledge of a model."""
    known = facts(rules, "acme/*", license_, artefacts=artefacts, released=released)
    found = look(known, Model(ref=ModelRef.parse("acme/x"), name="x", source="rules", seen=False))
    assert found.level is level
    assert found.level_reasons[0]


def test_a_dataset_is_judged_by_its_own_license(rules: Rulebook) -> None:
    """A dataset has no training data of its own: its license decides, and no artefact is missing."""
    data = Claim(subject=Subject.DATA, place=Place.CARD_TAG, stated="cc-by-4.0", evidence=AT)
    found = look(rules, Model(ref=ModelRef.parse("dataset:a/b"), name="b", source="test", claims=(data,)))
    assert (found.level, found.level_reasons) == (
        Level.PERMISSIVE,
        ("Creative Commons Attribution 4.0 International Public License is free",),
    )
    assert found.gaps == ()


def test_a_choice_is_said(rules: Rulebook) -> None:
    """Of a choice the freest license is read, and the reason names the choice."""
    found = look(rules, model(license_="cc-by-nc-4.0 OR mit"))
    assert found.level is Level.PERMISSIVE
    assert "chosen from CC-BY-NC-4.0 OR MIT" in found.level_reasons[0]


def test_says_that_a_restrictive_model_is_complete(rules: Rulebook) -> None:
    """A restrictive model whose data, code and recipe are open says so: BLOOM."""
    found = look(rules, model("bigscience/bloom", None, seen=False))
    assert found.level is Level.RESTRICTIVE
    assert "artefacts: complete" in found.level_reasons[0]


def test_never_says_fully_open_from_a_card(rules: Rulebook) -> None:
    """A card's own words never make a model fully open."""
    assert (
        look(rules, model(license_="mit", files=(WeightFile(path="m", format="onnx", size=1),))).level
        is Level.PERMISSIVE
    )


@pytest.mark.parametrize(
    ("license_", "seen", "reason"),
    [
        (None, True, UnknownReason.NONE_STATED),
        ("Foo 1.0", True, UnknownReason.UNRECOGNISED),
        (None, False, UnknownReason.NOT_LOOKED_AT),
    ],
)
def test_says_why_it_does_not_know(rules: Rulebook, license_: str | None, seen: bool, reason: UnknownReason) -> None:
    """An unknown level has its reason."""
    found = look(rules, model(license_=license_, seen=seen))
    assert (found.level, found.unknown_reason) == (Level.UNKNOWN, reason)


def test_a_base_pulls_the_level_down(rules: Rulebook) -> None:
    """A child is no more open than its base, says which base that is, and inherits what the base asks for."""
    found = look(rules, model(bases=("c/d",)), model("c/d", "llama3.1"))
    assert found.level is Level.RESTRICTIVE
    assert "c/d is restrictive" in found.level_reasons[-1]
    inherited = [duty for duty in found.obligations if duty.inherited_from == "hf:c/d"]
    assert any("Built with Llama" in duty.text for duty in inherited)
    assert [link.level for link in found.lineage] == [Level.RESTRICTIVE]


def test_a_base_that_states_nothing_makes_unknown(rules: Rulebook) -> None:
    """A base that was looked at and states no license leaves the child unknown."""
    found = look(rules, model(bases=("c/d",)), model("c/d", None))
    assert (found.level, found.unknown_reason) == (Level.UNKNOWN, UnknownReason.NONE_STATED)


def test_a_base_that_nobody_saw_is_a_gap(rules: Rulebook) -> None:
    """An unresolved base caps the level below fully open, and is a gap with its reason."""
    known = facts(rules, "acme/*", "MIT", artefacts=COMPLETE, bases=({"ref": "hf:no/body", "relation": "finetune"},))
    found = look(known, Model(ref=ModelRef.parse("acme/x"), name="x", source="rules", seen=False))
    assert found.level is Level.PERMISSIVE
    gaps = [gap for gap in found.gaps if gap.id is GapId.BASE_NOT_RESOLVED]
    assert len(gaps) == 1
    assert "no/body" in gaps[0].what


def test_a_base_that_is_no_name_is_a_gap(rules: Rulebook) -> None:
    """A path or placeholder as base is a gap that says so."""
    found = look(rules, model(bases=("C:\\x",)))
    assert [gap.why for gap in found.gaps if gap.id is GapId.BASE_NOT_RESOLVED] == [
        "README.md names it, and that is no model's name but a path, an address or a placeholder"
    ]


def test_cycles_end(rules: Rulebook) -> None:
    """Models that come from one another, or from themselves, are each looked at once."""
    found = look(
        rules,
        model(bases=("c/d", "A/B")),
        model("c/d", "mit", bases=("e/f",)),
        model("e/f", "mit", bases=("a/b", "c/d")),
    )
    links = [(link.child, link.base) for link in found.lineage]
    assert links == [(None, "hf:c/d"), ("hf:c/d", "hf:e/f"), ("hf:e/f", "hf:c/d")]


def test_bounds_are_said(rules: Rulebook) -> None:
    """More bases than are followed are a gap."""
    found = look(rules, model(bases=tuple(f"x/m{number}" for number in range(lineage.MOST + 5))))
    assert len(found.lineage) == lineage.MOST
    assert GapId.BASES_NOT_FOLLOWED in {gap.id for gap in found.gaps}
    chain = [model(f"x/m{number}", "mit", bases=(f"x/m{number + 1}",)) for number in range(lineage.DEEPEST + 5)]
    assert GapId.BASES_NOT_FOLLOWED in {gap.id for gap in look(rules, chain[0], *chain[1:]).gaps}


@given(licenses=st.lists(st.sampled_from(["mit", "gemma", "cc-by-nc-4.0", "Foo", None]), min_size=1, max_size=5))
def test_order_of_bases_does_not_matter(rules: Rulebook, licenses: list[str | None]) -> None:
    """The level depends on which bases there are, not on their order."""
    bases = [model(f"x/m{number}", license_) for number, license_ in enumerate(licenses)]
    names = [base.name for base in bases]
    levels = {
        look(rules, model(bases=tuple(order)), *bases).level
        for order in itertools.islice(itertools.permutations(names), 6)
    }
    assert len(levels) == 1


@given(
    own=st.sampled_from(["mit", "gemma", "cc-by-nc-4.0", "gpl-3.0"]),
    bases=st.lists(st.sampled_from(["mit", "gemma", "cc-by-nc-4.0", "Foo", None]), max_size=4),
    more=st.sampled_from(["mit", "gemma", "cc-by-nc-4.0", None]),
)
def test_one_more_base_never_raises_the_level(
    rules: Rulebook, own: str, bases: list[str | None], more: str | None
) -> None:
    """The level is the minimum over the model and its bases."""
    others = [model(f"x/m{number}", license_) for number, license_ in enumerate([*bases, more])]
    names = tuple(other.name for other in others)
    order = list(Level)
    before = look(rules, model(license_=own, bases=names[:-1]), *others)
    after = look(rules, model(license_=own, bases=names), *others)
    assert order.index(after.level) <= order.index(before.level)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", Level.RESTRICTIVE),
        ("google/gemma-2-2b-it", Level.RESTRICTIVE),
        ("Qwen/Qwen2.5-3B-Instruct", Level.RESTRICTIVE),
        ("qwen/qwen2.5-7b-instruct", Level.PERMISSIVE),
        ("mistralai/Mistral-7B-Instruct-v0.3", Level.PERMISSIVE),
        ("allenai/OLMo-2-1124-7B", Level.FULLY_OPEN),
        ("EleutherAI/pythia-1.4b", Level.FULLY_OPEN),
        ("bigscience/bloom-560m", Level.RESTRICTIVE),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-8B", Level.RESTRICTIVE),
        ("stabilityai/stable-diffusion-xl-base-1.0", Level.RESTRICTIVE),
        ("sentence-transformers/all-MiniLM-L6-v2", Level.PERMISSIVE),
        ("acme/support-chat-7b", Level.UNKNOWN),
    ],
)
def test_levels_of_the_models_that_the_demo_names(rules: Rulebook, name: str, level: Level) -> None:
    """The rule base knows the models that the demo names, and not the one that is made up."""
    assert look(rules, model(name, None, seen=False)).level is level


def test_facts_hold_for_their_days(rules: Rulebook) -> None:
    """Of two records of one name the one of the day answers; without a day the newest, and that is a gap."""
    known = facts(rules, "acme/*", "MIT", until=datetime.date(2024, 5, 29))
    known = facts(known, "acme/*", "Apache-2.0", starting=datetime.date(2024, 5, 30), revisions=("f" * 40,))
    licenses = {}
    for name in ("acme/x", "acme/x@2024-05-01", "acme/x@2024-06-01", f"acme/x@{'f' * 40}"):
        found = catalogue.search(ModelRef.parse(name), known)
        assert found is not None
        licenses[name] = (found.facts.license, bool(found.gaps))
    assert list(licenses.values()) == [
        ("Apache-2.0", True),
        ("MIT", False),
        ("Apache-2.0", False),
        ("Apache-2.0", False),
    ]


def test_a_day_before_all_records_is_not_answered(rules: Rulebook) -> None:
    """What holds today need not have held then: a day before the first record has no answer."""
    found = look(rules, model("google/gemma-2-2b-it@2020-01-01", None, seen=False))
    assert (found.level, found.unknown_reason) == (Level.UNKNOWN, UnknownReason.NOT_LOOKED_AT)
    (gap,) = [
        gap
        for gap in look(rules, model("allenai/OLMo-2-1124-7B@deadbeef", None, seen=False)).gaps
        if gap.id is GapId.REVISION_NOT_ESTABLISHED
    ]
    assert gap.why.startswith("no record knows deadbeef")


def test_a_base_is_judged_at_the_day_of_the_child(rules: Rulebook) -> None:
    """A base without a revision comes under the terms that it had on the child's day."""
    known = facts(rules, "x/base", "LicenseRef-llama3.1", until=datetime.date(2024, 12, 31))
    known = facts(known, "x/base", "MIT", starting=datetime.date(2025, 1, 1))
    known = facts(known, "x/child", "MIT", bases=({"ref": "hf:x/base", "relation": "finetune"},))
    levels = [look(known, model(f"x/child@{day}", None, seen=False)).level for day in ("2024-06-01", "2025-06-01")]
    assert levels == [Level.RESTRICTIVE, Level.PERMISSIVE]


def test_an_unread_card_is_not_silence(rules: Rulebook) -> None:
    """Where the card could not be read, nobody looked; that it states nothing is not known."""
    gap = Gap(id=GapId.FILE_UNREADABLE, what="what README.md says", why="README.md: permission denied")
    assert look(rules, model(license_=None, gaps=(gap,))).unknown_reason is UnknownReason.NOT_LOOKED_AT


def test_notes_reach_the_reader(rules: Rulebook) -> None:
    """What a record says besides, and that consent is asked for, is part of the assessment."""
    notes = look(rules, model("EleutherAI/pythia-1.4b", None, seen=False)).notes
    assert any("license of the Pile" in note for note in notes)
    assert any("consent" in note for note in look(rules, model("google/gemma-2-2b-it", None, seen=False)).notes)


def test_the_definition_of_open_source_ai_is_reported(rules: Rulebook) -> None:
    """The three requirements are met, not met, or not established; never called compliant."""
    olmo = look(rules, model("allenai/OLMo-2-1124-7B", None, seen=False)).osaid
    assert (olmo.data_information, olmo.code, olmo.parameters) == (True, True, True)
    llama = look(rules, model("meta-llama/Llama-3.1-8B", None, seen=False)).osaid
    assert (llama.data_information, llama.code, llama.parameters) == (None, False, False)
    card = look(rules, model()).osaid
    assert (card.data_information, card.code, card.parameters) == (None, None, True)


def test_obligations_name_the_words_and_the_place(rules: Rulebook) -> None:
    """An obligation is a sentence with the license's own words, its activity, and the record as evidence."""
    found = look(rules, model(license_="llama3.1"))
    display = next(duty for duty in found.obligations if duty.clause == "attribution-display")
    assert display.text.startswith('Show "Built with Llama" on a related website')
    assert display.evidence.path == "rules/licenses/llama3.1.yaml"
    assert display.evidence.section == "1.b.i"
    assert [threshold.limit for threshold in found.thresholds] == [
        "above 700 million monthly active users on 2024-07-23: a separate license is needed"
    ]


def test_no_sentence_has_an_open_place(rules: Rulebook) -> None:
    """Every obligation of every record is a whole sentence, whatever values the record leaves out."""
    for record in rules.licenses.values():
        found = look(rules, model(license_=f"LicenseRef-{record.id}"))
        for duty in found.obligations:
            assert "{" not in duty.text
            assert "None" not in duty.text
            assert duty.text.endswith((".", '."'))


def test_every_statement_has_evidence(rules: Rulebook) -> None:
    """Claims, clauses, obligations and links say where they stand."""
    found = look(rules, model(license_="gemma", bases=("meta-llama/Llama-3.1-8B",)))
    places = [
        *(claim.evidence for claim in found.license.claims),
        *(clause.evidence for clause in found.clauses),
        *(duty.evidence for duty in found.obligations),
        *(link.declared_by for link in found.lineage),
        *(threshold.evidence for threshold in found.thresholds),
    ]
    assert len(places) > 10
    assert all(place.source and place.path for place in places)


KNOWN = ["mit", "apache-2.0", "gpl-3.0", "gemma", "llama3.1", "cc-by-nc-4.0", "LicenseRef-kimi-k2-modified-mit"]


@given(own=st.sampled_from(KNOWN), more=st.sampled_from(KNOWN), base=st.sampled_from([*KNOWN, None]))
def test_one_more_limitation_never_raises_the_level(rules: Rulebook, own: str, more: str, base: str | None) -> None:
    """A license that holds besides leaves a model no more open, alone or over a base."""
    order = list(Level)
    others = [model("x/base", base)] if base else []
    names = tuple(other.name for other in others)
    before = look(rules, model(license_=own, bases=names), *others)
    after = look(rules, model(license_=f"{own} AND {more}", bases=names), *others)
    assert order.index(after.level) <= order.index(before.level)


@given(own=st.sampled_from([*KNOWN, None]), bases=st.lists(st.sampled_from(KNOWN), min_size=1, max_size=3))
def test_a_child_has_the_restrictions_of_its_bases(rules: Rulebook, own: str | None, bases: list[str]) -> None:
    """Clauses, duties, thresholds and limitations of every base are those of the child, under the base's name."""
    others = [
        model(f"x/m{number}", license_, bases=(f"x/m{number + 1}",) if number + 1 < len(bases) else ())
        for number, license_ in enumerate(bases)
    ]
    child = look(rules, model("a/b", own, bases=("x/m0",)), *others)
    for number, license_ in enumerate(bases):
        alone, name = look(rules, model(f"x/m{number}", license_)), f"hf:x/m{number}"
        for field in ("clauses", "obligations", "thresholds", "limitations"):
            inherited = {
                str(getattr(one, "limit", None) or getattr(one, "text", None) or one.id)
                for one in getattr(child, field)
                if one.inherited_from == name
            }
            own_terms = {
                str(getattr(one, "limit", None) or getattr(one, "text", None) or one.id)
                for one in getattr(alone, field)
            }
            assert inherited == own_terms, (field, name)


@given(licenses=st.lists(st.sampled_from([*KNOWN, None]), min_size=2, max_size=4, unique=True))
def test_order_of_bases_changes_no_term(rules: Rulebook, licenses: list[str | None]) -> None:
    """Terms and conflicts depend on which bases there are, not on their order."""
    bases = [model(f"x/m{number}", license_) for number, license_ in enumerate(licenses)]
    names = tuple(base.name for base in bases)
    one, other = (look(rules, model(bases=order), *bases) for order in (names, names[::-1]))
    for field in ("clauses", "obligations", "thresholds", "limitations", "conflicts", "lineage"):
        assert sorted(map(repr, getattr(one, field))) == sorted(map(repr, getattr(other, field))), field


def quantized(license_: str | None, *bases: str) -> Model:
    copy = model("a/x-gguf", license_, bases=bases)
    return copy.model_copy(
        update={"bases": tuple(base.model_copy(update={"relation": Relation.QUANTIZED}) for base in copy.bases)}
    )


def test_a_quantized_copy_without_a_license_has_that_of_its_base(rules: Rulebook) -> None:
    """Bytes in another format are under the terms of the model that they were made from, and say so."""
    found = look(rules, quantized(None, "x/base"), model("x/base", "llama3.1"))
    assert (found.level, found.license.spdx) == (Level.RESTRICTIVE, "LicenseRef-llama3.1")
    assert "quantized copy of hf:x/base" in found.level_reasons[0]
    assert found.conflicts == ()
    free = look(rules, quantized(None, "x/base"), model("x/base", "mit"))
    assert free.level is Level.PERMISSIVE


def test_a_copy_of_it_is_not_known_what_stays_unknown(rules: Rulebook) -> None:
    """Two bases, one that nobody knows, or a fine-tune without a license: none of them gives the copy a license."""
    one, other = model("x/base", "mit"), model("x/other", "mit")
    for wanted, around in (
        (quantized(None, "x/base", "x/other"), (one, other)),
        (quantized(None, "x/base"), ()),
        (quantized(None, "x/base"), (model("x/base", None),)),
        (model("a/b", None, bases=("x/base",)), (one,)),
    ):
        found = look(rules, wanted, *around)
        assert (found.level, found.license.spdx) == (Level.UNKNOWN, None)
    stated = look(rules, quantized("gpl-3.0", "x/base"), one)
    assert stated.license.spdx == "GPL-3.0-only"


def test_licenses_of_datasets_are_told_and_decide_nothing(rules: Rulebook) -> None:
    """A dataset's own license stands beside it; the level of the model is as without it."""
    data = Claim(subject=Subject.DATA, place=Place.CARD_TAG, stated="cc-by-nc-4.0", evidence=AT)
    dataset = Model(ref=ModelRef.parse("dataset:x/data"), name="x/data", source="test", claims=(data,))
    declared = (
        DeclaredDataset(stated="x/data", ref=dataset.ref, evidence=AT),
        DeclaredDataset(stated="x/gone", ref=ModelRef.parse("dataset:x/gone"), evidence=AT),
    )
    found = look(rules, model(datasets=declared), dataset)
    assert [(one.name, one.freedom, one.seen) for one in found.datasets] == [
        ("dataset:x/data", "noncommercial", True),
        ("dataset:x/gone", "unknown", False),
    ]
    assert found.level is look(rules, model()).level
    (gap,) = (gap for gap in found.gaps if gap.id is GapId.DATASETS_NOT_LOOKED_AT)
    assert gap.why == "declared: x/gone"


def test_terms_of_today_are_told_beside_those_of_the_day(rules: Rulebook) -> None:
    """A base that is under another license today than on the child's day is noted; one that names a revision is not."""
    known = facts(rules, "x/base", "LicenseRef-llama3.1", until=datetime.date(2024, 12, 31))
    known = facts(known, "x/base", "MIT", starting=datetime.date(2025, 1, 1))
    old = look(known, model("a/Llama-b@2024-06-01", "llama3.1", bases=("x/base",)))
    assert old.level is Level.RESTRICTIVE
    assert any("was under LicenseRef-llama3.1 on 2024-06-01, and is under MIT today" in note for note in old.notes)
    new = look(known, model("a/b@2025-06-01", "mit", bases=("x/base",)))
    assert (new.level, any("today" in note for note in new.notes)) == (Level.PERMISSIVE, False)


def test_a_limitation_that_is_inherited_is_meant_for_the_kind_of_the_base(rules: Rulebook) -> None:
    """A text model of Llama 3.3 does not come under the sentence on the EU, nor does what was made of it."""
    said = Organisation(territories=("DE",))
    for own, base, status in (
        ("multimodal", "text", "does-not-apply"),
        ("text", "multimodal", "applies"),
        ("text", None, "does-not-apply"),
        (None, None, "tell-us"),
    ):
        below = model("x/base", "llama3.3", modality=base)
        child = model("a/Llama-b", "mit", bases=("x/base",), modality=own)
        found = assess(child, {key(below.ref): below}, rules, said)
        assert {one.status for one in found.limitations if one.clause == "territory-exclusion"} == {status}


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("facebook/dinov3-vitb16-pretrain-lvd1689m", "dinov3-license"),
        ("moonshotai/Kimi-K3", "kimi-k3"),
        ("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-NVFP4", "nvidia-nemotron-open-model-license"),
        ("MiniMaxAI/MiniMax-M3", "minimax-community"),
        ("Lightricks/LTX-2", "ltx-2-community-license-agreement"),
        ("krea/Krea-2-Turbo", "krea-2-community-license"),
        ("Qwen/Qwen3.8-2.4T-A95B", "qwen3.8-max"),
    ],
)
def test_a_license_that_nobody_read_is_unknown(rules: Rulebook, name: str, tag: str) -> None:
    """Where a license is known by name alone, the level is unknown, the record says so, and nothing else is made up."""
    assert catalogue.search(ModelRef.parse(f"hf:{name}"), rules) is None, "no record of a family guesses"
    found = assess(model(f"hf:{name}", tag), {}, rules)
    assert (found.level, found.unknown_reason) == (Level.UNKNOWN, UnknownReason.UNRECOGNISED)
    assert found.license.freedom is Freedom.UNKNOWN
    assert (found.clauses, found.obligations, found.thresholds) == ((), (), ())
    assert any("text was not read" in note for note in found.notes)
    assert any(gap.id is GapId.LICENSE_TERMS_NOT_RECORDED for gap in found.gaps)
    over = assess(model("hf:acme/wren", "mit", (f"hf:{name}",)), {}, rules)
    assert over.level is Level.PERMISSIVE
    assert any(gap.id is GapId.BASE_NOT_RESOLVED for gap in over.gaps)
