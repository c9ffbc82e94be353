"""What changed between two looks at one model: that alone, and all of that."""

import random

from hypothesis import given
from hypothesis import strategies as st

from licscan.assess import assess
from licscan.changes import changes
from licscan.lineage import key
from licscan.model import Assessment, Change, Clause, Evidence, Model, Relation, WeightFile
from licscan.rulebook import Rulebook
from tests.test_inheritance import model

AT = Evidence(source="test", path="LICENSE")


def look(rules: Rulebook, wanted: Model, *others: Model) -> Assessment:
    return assess(wanted, {key(other.ref): other for other in others}, rules)


def found(before: Assessment, after: Assessment) -> dict[str, list[tuple[str | None, str | None]]]:
    shown: dict[str, list[tuple[str | None, str | None]]] = {}
    for change in changes(before, after):
        shown.setdefault(change.id, []).append((change.before, change.after))
    return shown


def test_nothing_changed(rules: Rulebook) -> None:
    """The same twice is no change."""
    one = look(rules, model("a/b", "llama3.1", ("x/y", Relation.FINETUNE)))
    assert found(one, one) == {}


def test_another_license_and_what_follows(rules: Rulebook) -> None:
    """Another license is told first, with where it stands; then the level, and the clauses that came and went."""
    before, after = look(rules, model("a/b", "apache-2.0")), look(rules, model("a/b", "llama3.1"))
    shown = list(changes(before, after))
    assert (shown[0].id, shown[0].before, shown[0].after) == ("license", "Apache-2.0", "LicenseRef-llama3.1")
    assert shown[0].evidence is not None
    assert shown[0].evidence.path == "README.md"
    assert (shown[1].id, shown[1].before, shown[1].after) == ("level-lowered", "permissive-open-weights", "restrictive")
    came = [change.after for change in shown if change.id == "clause" and change.before is None]
    assert any("threshold: metric monthly_active_users" in str(words) for words in came)
    back = found(after, before)
    assert back["level-raised"] == [("restrictive", "permissive-open-weights")]


def test_an_altered_text_is_another_license(rules: Rulebook) -> None:
    """The same name over an altered text is told."""
    one = look(rules, model("a/b", "mit"))
    altered = one.model_copy(update={"license": one.license.model_copy(update={"match": "modified"})})
    assert found(one, altered)["license"] == [("MIT", "MIT, altered")]


def test_words_that_nobody_knows_are_compared(rules: Rulebook) -> None:
    """From one unrecognised license to another is a change too."""
    before, after = look(rules, model("a/b", "Foo 1.0")), look(rules, model("a/b", "Bar 2.0"))
    assert found(before, after)["license"] == [("unrecognised (Foo 1.0)", "unrecognised (Bar 2.0)")]


def test_not_having_looked_is_no_change_of_license(rules: Rulebook) -> None:
    """Where nobody could look one of the two times, no license changed and no level fell."""
    seen = look(rules, model("a/b", "mit"))
    unseen = look(rules, model("a/b", None).model_copy(update={"seen": False}))
    for one, other in ((seen, unseen), (unseen, seen)):
        shown = found(one, other)
        assert "looked-at" in shown
        assert not {"license", "level-lowered", "level-raised", "clause"} & shown.keys()


def test_a_license_that_is_no_longer_stated_is_a_change(rules: Rulebook) -> None:
    """A tag that was taken away is told, and the level falls."""
    shown = found(look(rules, model("a/b", "mit")), look(rules, model("a/b", None)))
    assert shown["license"] == [("MIT", "none-stated")]
    assert shown["level-lowered"] == [("permissive-open-weights", "unknown")]


def clause(value: int, metric: str = "monthly_active_users") -> Clause:
    values = {"metric": metric, "value": value, "comparator": ">", "effect": "duty"}
    return Clause.model_validate({"id": "threshold", "values": values, "evidence": AT})


def test_values_of_a_clause(rules: Rulebook) -> None:
    """A number that changed is told as before and after, by what it counts; what is gone says so."""
    one = look(rules, model("a/b", "mit"))
    before = one.model_copy(update={"clauses": (clause(700), clause(5, "employees"))})
    after = one.model_copy(update={"clauses": (clause(5, "employees"), clause(100))})
    ((was, is_),) = found(before, after)["clause"]
    assert ("value 700" in str(was), "value 100" in str(is_)) == (True, True)
    ((was, is_),) = found(before, one.model_copy(update={"clauses": before.clauses[:1]}))["clause"]
    assert ("employees" in str(was), is_) == (True, None)


@given(st.lists(st.integers(0, 5), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_clauses_does_not_matter(rules: Rulebook, numbers: list[int], chance: random.Random) -> None:
    """The same clauses in another order are no change; one more is one change."""
    one = look(rules, model("a/b", "mit"))
    clauses = [clause(number) for number in numbers]
    shuffled = clauses[:]
    chance.shuffle(shuffled)
    before = one.model_copy(update={"clauses": tuple(clauses)})
    assert found(before, one.model_copy(update={"clauses": tuple(shuffled)})) == {}
    more = one.model_copy(update={"clauses": (clause(99), *shuffled)})
    assert [was for was, _ in found(before, more)["clause"]] == [None]


def file(path: str = "m.safetensors", size: int = 5, **more: str) -> WeightFile:
    return WeightFile.model_validate({"path": path, "format": "safetensors", "size": size, **more})


def files(rules: Rulebook, before: list[WeightFile], after: list[WeightFile]) -> list[tuple[str | None, str | None]]:
    one = look(rules, model("a/b", "mit"))
    pair = (one.model_copy(update={"files": tuple(some)}) for some in (before, after))
    return found(*pair).get("file", [])


def test_files_and_their_digests(rules: Rulebook) -> None:
    """A file that came, went or has other bytes is told with its digests."""
    first, other = "a" * 64, "b" * 64
    assert files(rules, [file(sha256=first)], [file(sha256=first)]) == []
    assert files(rules, [file(sha256=first)], [file(sha256=other)]) == [
        (f"m.safetensors (sha256:{first})", f"m.safetensors (sha256:{other})")
    ]
    assert files(rules, [file(size=5)], [file(size=6)]) == [("m.safetensors (5 bytes)", "m.safetensors (6 bytes)")]
    assert files(rules, [], [file("new")]) == [(None, "new (5 bytes)")]
    assert files(rules, [file("old", sha256=first)], []) == [(f"old (sha256:{first})", None)]


def test_knowing_more_of_a_file_is_no_change(rules: Rulebook) -> None:
    """A digest that is known now and was not before, or one of another kind, says nothing of the bytes."""
    digest = "a" * 64
    for one, other in (
        (file(), file(sha256=digest)),
        (file(promised=f"sha256:{digest}"), file(sha256=digest)),
        (file(promised="git-sha1:" + "c" * 40), file(sha256=digest)),
    ):
        assert files(rules, [one], [other]) == files(rules, [other], [one]) == []
    assert files(rules, [file(promised=f"sha256:{digest}")], [file(sha256="b" * 64)])
    assert files(rules, [file(promised="git-sha1:c", size=5)], [file(sha256=digest, size=6)])


def test_bases_and_gaps(rules: Rulebook) -> None:
    """A base that is declared anew is told, and what cannot be established any more."""
    alone = look(rules, model("a/b", "mit"))
    derived = look(rules, model("a/b", "mit", ("x/y", Relation.FINETUNE)))
    shown = found(alone, derived)
    assert shown["base"] == [(None, "hf:x/y")]
    assert (None, "base-not-resolved") in shown["gap"]
    kinds = {change.id for change in changes(derived, alone)}
    assert kinds == {"base", "gap"}
    assert all(isinstance(change, Change) for change in changes(derived, alone))
