"""Terms travel: what a model declares beyond its bases is a conflict, and what they leave is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan import catalogue
from licscan.assess import assess
from licscan.errors import UsageError
from licscan.inheritance import binds
from licscan.lineage import key
from licscan.model import (
    Assessment,
    Claim,
    DeclaredBase,
    Evidence,
    Gap,
    GapId,
    Level,
    Model,
    ModelRef,
    Place,
    Relation,
    Subject,
)
from licscan.rulebook import Rulebook

AT = Evidence(source="test", path="README.md")
TAUGHT = Relation.TRAINED_ON_OUTPUTS
# Licenses over which everything may be declared, for those that give less.
FREE = ["mit", "apache-2.0", "bsd-3-clause", "cc-by-4.0"]


def model(name: str, license_: str | None, *bases: tuple[str, Relation]) -> Model:
    claims: tuple[Claim, ...] = ()
    if license_ is not None:
        claims = (Claim(subject=Subject.WEIGHTS, place=Place.CARD_TAG, stated=license_, evidence=AT),)
    declared = tuple(
        DeclaredBase(stated=base, ref=ModelRef.parse(base), relation=relation, evidence=AT) for base, relation in bases
    )
    return Model(ref=ModelRef.parse(name), name=name, source="test", claims=claims, bases=declared)


def over(
    rules: Rulebook,
    own: str | None,
    *theirs: str | None,
    relation: Relation = Relation.FINETUNE,
    name: str = "a/Llama-3-x",
) -> Assessment:
    """A model under one license whose bases are under others."""
    bases = [model(f"x/base{number}", license_) for number, license_ in enumerate(theirs)]
    child = model(name, own, *((base.name, relation) for base in bases))
    return assess(child, {key(base.ref): base for base in bases}, rules)


def conflicts(found: Assessment) -> list[str]:
    return [conflict.id for conflict in found.conflicts]


@pytest.mark.parametrize("own", FREE)
@pytest.mark.parametrize("base", ["llama3.1", "gemma", "cc-by-nc-4.0", "LicenseRef-qwen-research"])
def test_more_freedom_than_the_base_leaves_is_a_conflict(rules: Rulebook, own: str, base: str) -> None:
    """A free tag over Llama, Gemma or a non-commercial base shows both texts, the base's as the working reading."""
    found = over(rules, own, base)
    (conflict,) = (one for one in found.conflicts if one.id == "base-license")
    theirs, declared = conflict.statements
    assert "hf:x/base0" in theirs.says
    assert (theirs.evidence.path or "").startswith("rules/licenses/")
    assert (declared.evidence.path, own in declared.says) == ("README.md", True)


def test_who_published_both_may_license_its_own_otherwise(rules: Rulebook) -> None:
    """The conflict stands, since the base may hold other people's work; that one publisher stands behind both is said."""
    same = over(rules, "mit", "gemma", name="x/child")
    other = over(rules, "mit", "gemma", name="a/child")
    said = [one.statements[0].says for found in (same, other) for one in found.conflicts if one.id == "base-license"]
    assert ["x published both" in words for words in said] == [True, False]


@pytest.mark.parametrize(
    ("own", "base"),
    [
        ("apache-2.0", "gpl-3.0"),
        ("mit", "agpl-3.0"),
        ("gpl-3.0", "agpl-3.0"),
        ("mit", "cc-by-sa-4.0"),
        ("cc-by-4.0", "cc-by-sa-4.0"),
        ("cc-by-nc-4.0", "cc-by-nc-sa-4.0"),
        ("mit", "lgpl-3.0"),
        ("mit", "mpl-2.0"),
    ],
)
def test_what_derivatives_must_give_back_is_not_lost(rules: Rulebook, own: str, base: str) -> None:
    """A derivative that gives back less than its base's license asks for is a conflict with the clause as evidence."""
    found = over(rules, own, base)
    (conflict,) = found.conflicts
    assert conflict.id == "base-reciprocity"
    assert (conflict.statements[0].evidence.path or "").startswith("rules/licenses/")


@pytest.mark.parametrize(
    ("own", "base"),
    [
        ("mit", "apache-2.0"),
        ("apache-2.0", "mit"),
        ("gpl-3.0", "mit"),
        ("gpl-3.0", "lgpl-3.0"),
        ("agpl-3.0", "gpl-3.0"),
        ("cc-by-sa-4.0", "cc-by-4.0"),
        ("cc-by-nc-sa", "cc-by-nc-sa-4.0"),
        ("cc-by-nc-4.0", "apache-2.0"),
        ("llama3.1", "llama3.1"),
        ("llama3.1", "llama3"),
        ("cc-by-nc-4.0", "llama3.1"),
        ("mit", None),
        ("mit", "Foo 1.0"),
        ("Foo 1.0", "cc-by-nc-4.0"),
        (None, "llama3.1"),
        ("apache-2.0 AND llama3.1", "llama3.1"),
    ],
)
def test_no_conflict_where_there_is_none(rules: Rulebook, own: str | None, base: str | None) -> None:
    """Stricter, the same, of the same family, unknown, or the base's own license among several: no false alarm."""
    assert conflicts(over(rules, own, base)) == []


def test_a_choice_beside_the_license_of_the_base_is_more_freedom(rules: Rulebook) -> None:
    """Who may choose a free license instead of the base's is given more than the base leaves."""
    assert conflicts(over(rules, "apache-2.0 OR llama3.1", "llama3.1")) == ["base-license"]


@given(own=st.sampled_from([*FREE, "gpl-3.0", "llama3.1", "cc-by-nc-4.0", None]), base=st.sampled_from(FREE))
def test_everything_may_be_declared_over_what_is_free(rules: Rulebook, own: str | None, base: str) -> None:
    """No license is a conflict over one that withholds nothing and asks for nothing back."""
    assert conflicts(over(rules, own, base)) == []


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ("gpl-3.0", "cc-by-nc-4.0", True),
        ("cc-by-nc-4.0", "gpl-3.0", True),
        ("gpl-3.0", "llama3.1", True),
        ("gpl-2.0", "mpl-2.0", True),
        ("gpl-3.0", "mit", False),
        ("gpl-3.0", "gpl-2.0", False),
        ("mit", "apache-2.0", False),
        ("llama3.1", "gemma", False),
        ("gpl-3.0", None, False),
    ],
)
def test_merges_of_licenses_that_exclude_each_other(
    rules: Rulebook,
    one: str,
    other: str | None,
    excluded: bool,
) -> None:
    """A base that wants the whole under its own license excludes one that does not allow that, once, in either order."""
    found = conflicts(over(rules, "unknown", one, other, relation=Relation.MERGE))
    assert found.count("merge-licenses") == excluded
    assert "merge-licenses" not in conflicts(over(rules, "unknown", one, other))


def teachers(rules: Rulebook, ban: str) -> list[str]:
    """Licenses with a ban on training with outputs: without exception, with one, and with a wider idea of deriving."""
    found = {"plain": [], "exception": [], "deriving": []}  # type: dict[str, list[str]]
    for record in rules.licenses.values():
        values = {clause.id: clause.values for clause in record.clauses}
        if "output-training-ban" in values and record.kind == "license":
            derives = values.get("derivative-scope", {}).get("outputs_trained") is True
            kind = "deriving" if derives else "exception" if values["output-training-ban"].get("exception") else "plain"
            found[kind].append(f"LicenseRef-{record.id}")
    assert found[ban], ban
    return found[ban]


def test_a_teacher_that_bans_it_is_a_conflict(rules: Rulebook) -> None:
    """Trained on the outputs of a model whose license bans that: a conflict, and the level is the model's own."""
    for license_ in teachers(rules, "plain"):
        found = over(rules, "mit", license_, relation=TAUGHT)
        assert conflicts(found) == ["outputs-training"], license_
        assert found.level == over(rules, "mit").level
        assert [link.binds for link in found.lineage] == [False]
        assert any("trained on outputs" in note for note in found.notes)
        assert not any(clause.inherited_from for clause in found.clauses)


def test_a_ban_with_an_exception_is_a_question(rules: Rulebook) -> None:
    """Where the ban has an exception, whether it was met is a gap, not a conflict."""
    for license_ in teachers(rules, "exception"):
        found = over(rules, "mit", license_, relation=TAUGHT)
        assert conflicts(found) == [], license_
        assert GapId.OUTPUTS_EXCEPTION in {gap.id for gap in found.gaps}
    assert not over(rules, "mit", "apache-2.0", relation=TAUGHT).conflicts


def test_a_license_that_counts_learning_as_deriving_binds(rules: Rulebook) -> None:
    """A teacher whose license calls what learned from its outputs a derivative is a base: its terms travel."""
    derivers = [
        f"LicenseRef-{record.id}"
        for record in rules.licenses.values()
        if record.kind == "license"
        and any(clause.values.get("outputs_trained") is True for clause in record.clauses)
        and record.freedom in {"conditional", "noncommercial"}
    ]
    assert derivers
    for license_ in derivers:
        found = over(rules, "mit", license_, relation=TAUGHT)
        assert "base-license" in conflicts(found), license_
        assert found.level == "restrictive"
        assert any(clause.inherited_from == "hf:x/base0" for clause in found.clauses)


def test_who_derives_from_its_teacher_is_asked_nothing_more(rules: Rulebook) -> None:
    """A fine-tune that also learned from its own base's outputs is under that base's terms as a whole."""
    (license_, *_) = teachers(rules, "exception")
    base = model("x/base", license_)
    child = model("a/Llama-x", license_, ("x/base", Relation.FINETUNE), ("x/base", TAUGHT))
    found = assess(child, {key(base.ref): base}, rules)
    assert GapId.OUTPUTS_EXCEPTION not in {gap.id for gap in found.gaps}


@pytest.mark.parametrize(
    ("name", "relation", "misnamed"),
    [
        ("a/Llama-x", Relation.FINETUNE, False),
        ("a/llama3-x", Relation.ADAPTER, False),
        ("a/My-Llama", Relation.FINETUNE, True),
        ("llama/Assistant", Relation.MERGE, True),
        ("a/base0-GGUF", Relation.QUANTIZED, False),
        ("a/other-GGUF", Relation.QUANTIZED, True),
        ("a/base0-tuned", Relation.FINETUNE, True),
    ],
)
def test_the_names_of_derivatives(
    rules: Rulebook,
    name: str,
    relation: Relation,
    misnamed: bool,
) -> None:
    """A derivative without the words that its base's license dictates is a conflict; a copy under the base's name is none."""
    found = over(rules, "llama3.1", "llama3.1", relation=relation, name=name)
    assert conflicts(found) == (["derivative-name"] if misnamed else [])


def test_of_bases_under_one_license_the_nearest_is_shown(rules: Rulebook) -> None:
    """A chain of models under one license is one conflict, not one for each link."""
    near, far = model("x/near", "llama3.1", ("x/far", Relation.FINETUNE)), model("x/far", "llama3.1")
    child = model("a/Llama-x", "mit", ("x/near", Relation.FINETUNE))
    (conflict,) = assess(child, {key(one.ref): one for one in (near, far)}, rules).conflicts
    assert "hf:x/near" in conflict.statements[0].says


def test_weights_bind_whatever_is_known() -> None:
    """A base whose weights were taken over binds; one that only taught does not, while nothing says so."""
    assert all(binds(relation, None) is (relation is not TAUGHT) for relation in Relation)


def test_gaps_are_values(rules: Rulebook) -> None:
    """What stays open is a gap with its reason, for a base that nobody could look at."""
    child = model("a/x", "mit", ("no/body", Relation.FINETUNE))
    gaps: tuple[Gap, ...] = assess(child, {}, rules).gaps
    assert [gap.id for gap in gaps if "no/body" in gap.what] == [GapId.BASE_NOT_RESOLVED]


def tagged(name: str, license_: str | None, *bases: tuple[str, Relation]) -> Model:
    return model(f"hf:{name}", license_, *((f"hf:{base}", relation) for base, relation in bases))


@pytest.mark.parametrize(
    ("base", "family"),
    [
        ("unsloth/Meta-Llama-3.1-8B-Instruct", "Llama 3.1"),
        ("unsloth/Llama-3.2-3B-Instruct-unsloth-bnb-4bit", "Llama 3.2"),
        ("mlx-community/Llama-3.3-70B-Instruct-4bit", "Llama 3.3"),
        ("TheBloke/Llama-2-7B-GGUF", "Llama 2"),
        ("unsloth/gemma-2-9b-it-bnb-4bit", "Gemma 2"),
        ("unsloth/Qwen2.5-3B-Instruct", "Qwen2.5 3B"),
    ],
)
def test_a_copy_of_a_known_model_hides_no_terms(rules: Rulebook, base: str, family: str) -> None:
    """Over a copy by somebody else that nobody looked at, a free tag is a conflict with the family that its name is of."""
    found = assess(tagged("acme/wren", "apache-2.0", (base, Relation.FINETUNE)), {}, rules)
    assert found.level is Level.RESTRICTIVE
    conflict = next(one for one in found.conflicts if one.id == "base-license")
    assert family in conflict.statements[0].says
    assert [(link.base, link.child) for link in found.lineage[1:2]] == [(found.lineage[1].base, f"hf:{base}")]
    assert found.lineage[1].base.startswith(family)
    assert found.lineage[1].declared_by.section == "by name"
    assert any(base in note and "by its name" in note for note in found.notes)
    assert any(gap.id is GapId.BASE_NOT_RESOLVED and base in gap.what for gap in found.gaps), "nobody looked at it"


def test_a_name_grants_nothing(rules: Rulebook) -> None:
    """A copy without a license gets none from a name, and no level rises by one, however free the family is."""
    for relation in (Relation.QUANTIZED, Relation.FINETUNE):
        found = assess(tagged("acme/wren", None, ("unsloth/Qwen3-8B", relation)), {}, rules)
        assert (found.level, found.license.spdx) == (Level.UNKNOWN, None)
    free = assess(tagged("acme/wren", "apache-2.0", ("unsloth/Olmo-3-7B-Instruct", Relation.FINETUNE)), {}, rules)
    assert free.level is Level.PERMISSIVE


@pytest.mark.parametrize(
    "base", ["acme/wren-7b", "acme/model", "acme/llama", "acme/my-best-model-4bit", "acme/bert-base"]
)
def test_a_common_word_is_no_name_of_a_family(rules: Rulebook, base: str) -> None:
    """A name without a family's version in it means nothing: the base stays open, and nothing is added."""
    found = assess(tagged("acme/owl", "mit", (base, Relation.FINETUNE)), {}, rules)
    assert [link.base for link in found.lineage] == [f"hf:{base}"]
    assert found.level is Level.PERMISSIVE


def test_what_was_looked_at_speaks_for_itself(rules: Rulebook) -> None:
    """A copy that somebody could look at says itself what it comes from; its name adds nothing."""
    copy = tagged("unsloth/Llama-3.1-8B", "mit", ("acme/wren", Relation.QUANTIZED))
    found = assess(tagged("acme/owl", "mit", (copy.ref.name, Relation.FINETUNE)), {key(copy.ref): copy}, rules)
    assert [link.base for link in found.lineage] == [str(copy.ref), "hf:acme/wren"]


@given(st.text(max_size=40))
def test_any_name_of_a_base_is_read(rules: Rulebook, name: str) -> None:
    """Whatever a base is called, the reading of its name ends, and is a model that the rule base knows, or none."""
    try:
        ref = ModelRef.parse(f"hf:acme/{name}")
    except UsageError:
        return
    named = catalogue.namesake(ref, rules)
    assert named is None or (named.ref and catalogue.search(named.ref, rules))
