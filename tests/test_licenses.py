"""Licenses: names to records and never a wrong one, expressions, and many claims to one conclusion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.licenses import conclude, read, resolve, resolved
from licscan.licenses.claims import read_prose
from licscan.licenses.expression import parse, write
from licscan.licenses.resolve import Meaning, record_of
from licscan.model import Claim, Evidence, Freedom, GapId, Place, Reciprocity, Subject, UnknownReason
from licscan.rulebook import Rulebook
from licscan.text import name_key, url_key

AT = Evidence(source="test", path="README.md")


def claim(stated: str, place: Place = Place.CARD_TAG, subject: Subject = Subject.WEIGHTS) -> Claim:
    return Claim(subject=subject, place=place, stated=stated, evidence=AT)


@pytest.mark.parametrize(
    ("stated", "expression"),
    [
        ("apache-2.0", "Apache-2.0"),
        ("Apache-2.0", "Apache-2.0"),
        ("APACHE 2", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The Apache 2.0 License", "Apache-2.0"),
        ("Apache Licence 2.0", "Apache-2.0"),
        ("Apachee License 2.0", "Apache-2.0"),
        ("http://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0"),
        ("mit", "MIT"),
        ('"MIT"', "MIT"),
        ("MIT License", "MIT"),
        ("https://opensource.org/licenses/MIT", "MIT"),
        ("[MIT](https://opensource.org/licenses/MIT)", "MIT"),
        ("llama3.1", "LicenseRef-llama3.1"),
        ("llama-3.1-community-license", "LicenseRef-llama3.1"),
        ("Llama 3.1 Community License Agreement", "LicenseRef-llama3.1"),
        ("LicenseRef-llama3.1", "LicenseRef-llama3.1"),
        ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
        ("CC BY NC 4.0", "CC-BY-NC-4.0"),
        ("Creative Commons Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
        ("CC_BY_SA_3p0", "CC-BY-SA-3.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode.de", "CC-BY-NC-SA-4.0"),
        ("cc0", "CC0-1.0"),
        ("bsl-1.0", "BSL-1.0"),
        ("gpl-3.0", "GPL-3.0-only"),
        ("GPL-3.0-or-later", "GPL-3.0-or-later"),
        ("GPLv3+", "GPL-3.0-or-later"),
        ("GPL v3 or any later version", "GPL-3.0-or-later"),
        ("GPL", "LicenseRef-gpl"),
        ("CC BY-SA", "LicenseRef-cc-by-sa"),
        ("AGPL-3.0 License (https://ultralytics.com/license)", "AGPL-3.0-only"),
        ("MIT License (MIT)", "MIT"),
        ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
        ("mit and apache 2.0", "MIT AND Apache-2.0"),
        ("(MIT AND CC-BY-4.0) OR GPL-2.0-only WITH Classpath-exception-2.0", "(MIT AND CC-BY-4.0) OR GPL-2.0-only WITH Classpath-exception-2.0"),
        ("MIT/Apache-2.0", "MIT AND Apache-2.0"),
        ("mit, cc-by-4.0", "MIT AND CC-BY-4.0"),
        ("MIT AND Foo License", "MIT AND LicenseRef-Foo-License"),
        ("apache-2.0 WITH Commons-Clause", "Apache-2.0 AND LicenseRef-Commons-Clause"),
        ("MIT with restrictions", "MIT AND LicenseRef-restrictions"),
        ("(MIT OR Apache-2.0) AND cc-by-nc-4.0", "(MIT OR Apache-2.0) AND CC-BY-NC-4.0"),
        ("openrail++", "LicenseRef-openrailpp"),
        ("public domain", "LicenseRef-public-domain"),
    ],
)  # fmt: skip
def test_knows_names(rules: Rulebook, stated: str, expression: str) -> None:
    """Ids, names, addresses, expressions and small misspellings mean the record that their author meant."""
    assert resolve(stated, rules).expression == expression


@pytest.mark.parametrize(
    "stated",
    ["", " ", "Foo License 1.0", "mit-like", "apache-2.1", "cc-by-6.0", "llama 9", "MIT but no evil",
     "my-apache-2.0-finetune", "Unlicensed", "[MIT](https://opensource.org/licenses/Apache-2.0)", "MIT (Apache-2.0)",
     "Apache-2.0 (no commercial use without permission)", "MIT (weights are CC-BY-NC-4.0)", "Apache 2.0 (modified)", "NC", "2022", "n/a",
     "Foo AND Bar", "x" * 5000, "license", "the license", "https://example.com/LICENSE", "OR OR", "MIT AND", "gpll"],
)  # fmt: skip
def test_names_nothing_wrongly(rules: Rulebook, stated: str) -> None:
    """What no record is called stays unrecognised: a wrong name is worse than none."""
    assert resolve(stated, rules).expression is None


@pytest.mark.parametrize("stated", ["modified-mit", "bsl-1.1", "minimax-h3-community", "odyssey-ai", "project-yuka"])
def test_a_name_whose_text_nobody_read_is_never_free(rules: Rulebook, stated: str) -> None:
    """Names that publishers gave to terms of their own stand for those alone, and say nothing of what they allow."""
    record = record_of(resolve(stated, rules).expression or "", rules)
    assert record is not None
    assert (record.freedom, record.complete, record.clauses) == (Freedom.UNKNOWN, False, ())


def test_every_name_means_its_own_record(rules: Rulebook) -> None:
    """Every id, title, alias and address of a record leads to that record."""
    for record in rules.licenses.values():
        wanted = read(resolve(f"LicenseRef-{record.id}", rules).expression or "", rules).records
        for name in (record.title, *record.aliases.hub, *record.aliases.names, *record.aliases.urls):
            found = resolve(name, rules).expression
            assert found is not None, (record.id, name)
            assert read(found, rules).records == wanted, (record.id, name)


@given(words=st.text(max_size=80))
def test_any_words_are_an_expression_or_nothing(rules: Rulebook, words: str) -> None:
    """Whatever is stated, what comes back is nothing, or an expression that can be read."""
    found = resolve(words, rules).expression
    assert found is None or read(found, rules).records


@given(st.text(max_size=80))
def test_keys_do_not_change_when_made_twice(text: str) -> None:
    """A key is its own key, so that records and claims are compared alike."""
    assert name_key(name_key(text)) == name_key(text)
    assert url_key(url_key(text)) == url_key(text)


SYMBOLS = st.sampled_from(["MIT", "Apache-2.0", "LicenseRef-x", "GPL-2.0-only WITH Classpath-exception-2.0"])
EXPRESSIONS = st.recursive(
    SYMBOLS, lambda inner: st.lists(inner, min_size=2, max_size=3).flatmap(
        lambda parts: st.sampled_from([f"({' AND '.join(parts)})", f"({' OR '.join(parts)})"])), max_leaves=6,
)  # fmt: skip


@given(EXPRESSIONS)
def test_expressions_survive_a_round_trip(text: str) -> None:
    """Written and parsed again, an expression means the same."""
    tree = parse(text)
    assert tree is not None
    assert parse(write(tree)) == tree


@pytest.mark.parametrize(
    ("expression", "freedom", "reciprocity"),
    [
        ("MIT", Freedom.FREE, Reciprocity.NONE),
        ("GPL-3.0-only", Freedom.FREE, Reciprocity.SHARE_ALIKE),
        ("AGPL-3.0-only", Freedom.FREE, Reciprocity.NETWORK),
        ("LicenseRef-llama3.1", Freedom.CONDITIONAL, Reciprocity.NONE),
        ("CC-BY-NC-4.0", Freedom.NONCOMMERCIAL, Reciprocity.NONE),
        ("MIT AND CC-BY-NC-4.0", Freedom.NONCOMMERCIAL, Reciprocity.NONE),
        ("MIT OR CC-BY-NC-4.0", Freedom.FREE, Reciprocity.NONE),
        ("MIT AND (CC-BY-NC-4.0 OR LicenseRef-llama3.1)", Freedom.CONDITIONAL, Reciprocity.NONE),
        ("MIT AND LicenseRef-nobody-knows", Freedom.UNKNOWN, Reciprocity.NONE),
        ("MIT OR GPL-3.0-only", Freedom.FREE, Reciprocity.NONE),
        ("GPL-3.0-only OR MIT", Freedom.FREE, Reciprocity.NONE),
        ("CC-BY-NC-4.0 AND LicenseRef-nobody-knows", Freedom.NONCOMMERCIAL, Reciprocity.NONE),
        ("MIT OR LicenseRef-nobody-knows", Freedom.FREE, Reciprocity.NONE),
        ("MIT AND AGPL-3.0-only", Freedom.FREE, Reciprocity.NETWORK),
        ("GPL-2.0-only WITH Classpath-exception-2.0", Freedom.FREE, Reciprocity.SHARE_ALIKE),
        ("LicenseRef-cc", Freedom.UNKNOWN, Reciprocity.NONE),
        ("LicenseRef-bsd", Freedom.FREE, Reciprocity.NONE),
        ("LicenseRef-gemma", Freedom.CONDITIONAL, Reciprocity.NONE),
    ],
)
def test_reads_expressions(rules: Rulebook, expression: str, freedom: Freedom, reciprocity: Reciprocity) -> None:
    """Together the strictest decides, of a choice the freest; a limitation that is known holds whatever else is not."""
    reading = read(expression, rules)
    assert (reading.freedom, reading.reciprocity) == (freedom, reciprocity)


@given(
    parts=st.lists(
        st.sampled_from(["MIT", "CC-BY-NC-4.0", "LicenseRef-llama3.1", "AGPL-3.0-only"]), min_size=1, max_size=4
    )
)
def test_more_licenses_never_make_freer(rules: Rulebook, parts: list[str]) -> None:
    """Whatever holds besides, the whole is as strict as each part; a choice is as free as its freest."""
    order = list(Freedom)
    each = [order.index(read(part, rules).freedom) for part in parts]
    assert order.index(read(" AND ".join(parts), rules).freedom) == max(each)
    assert order.index(read(" OR ".join(parts), rules).freedom) == min(each)


@pytest.mark.parametrize(
    ("sentence", "expression"),
    [
        ("This model is licensed under the Apache License, Version 2.0.", "Apache-2.0"),
        ("Released under CC BY-NC 4.0 (https://creativecommons.org/licenses/by-nc/4.0/).", "CC-BY-NC-4.0"),
        ("MIT", "MIT"),
        ("We thank our colleagues at MIT for their work on this.", None),
        ("The base model is licensed under the MIT license.", None),
        ("Code is MIT licensed, weights are under CC BY-NC 4.0.", None),
        ("It is not licensed under the MIT license.", None),
        ("Copyright (c) 2020. All rights reserved.", None),
        ("License: [More Information Needed]", None),
        ("The GNU General Public License v3.0 (GPL) license.", "GPL-3.0-only"),
    ],
)
def test_finds_the_one_license_of_a_sentence(rules: Rulebook, sentence: str, expression: str | None) -> None:
    """A sentence states a license where it names exactly one, as its own."""
    meaning = read_prose(sentence, rules)
    assert not isinstance(meaning, str)
    assert (meaning.expression if meaning else None) == expression


@pytest.mark.parametrize(
    ("sentence", "expression"),
    [
        ("This model may only be used for non-commercial research purposes.", "LicenseRef-stated-research-only"),
        ("The data is for academic use only.", "LicenseRef-stated-research-only"),
        ("Not for commercial use.", "LicenseRef-stated-noncommercial"),
    ],
)
def test_finds_limits_without_a_license(rules: Rulebook, sentence: str, expression: str) -> None:
    """A limit that is stated without any license is a statement of its own."""
    meaning = read_prose(sentence, rules)
    assert isinstance(meaning, Meaning)
    assert meaning.expression == expression


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("This model is released under the Acme Restricted License.", "Acme Restricted License"),
        ("The model is released under the Modified MIT License.", "Modified MIT License"),
        ("Licensed under a modified version of the Apache 2.0 License", None),
        (
            "Licensed under the Open Sharing of Weather Maps Agreement v1.0",
            "Open Sharing of Weather Maps Agreement v1.0",
        ),
    ],
)
def test_keeps_the_name_of_an_unknown_license(rules: Rulebook, sentence: str, name: str | None) -> None:
    """A license that is named in full and that no record is called is kept by its name, to be a gap."""
    assert read_prose(sentence, rules) == name


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not released under the MIT license.",
        "It was never licensed under the Apache 2.0 license.",
        "It is no longer available under the MIT license.",
        "The model will be released under the MIT license.",
        "We plan to release it under the MIT license once approved.",
        "Contact the MIT Media Lab.",
        "Foo Inc., Raleigh, NC.",
        "This issue is closed.",
        "Copyright 2022 Foo Inc.",
        "It originated at the MIT Media Lab under the guidance of many.",
        "The original model is under the MIT license.",
    ],
)
def test_takes_no_story_for_a_grant(rules: Rulebook, sentence: str) -> None:
    """What is denied, past, planned, somebody else's, or no license at all states none."""
    assert read_prose(sentence, rules, under_heading=True) is None


@pytest.mark.parametrize(
    ("claims", "expression", "unknown", "conflicts"),
    [
        ([], None, UnknownReason.NONE_STATED, 0),
        ([claim("other")], None, UnknownReason.NONE_STATED, 0),
        ([claim("{license}")], None, UnknownReason.NONE_STATED, 0),
        ([claim("Foo 1.0")], None, UnknownReason.UNRECOGNISED, 0),
        ([claim("mit")], "MIT", None, 0),
        ([claim("other"), claim("llama 3.1")], "LicenseRef-llama3.1", None, 0),
        ([claim("other"), claim("foo-1.0"), claim("https://opensource.org/licenses/MIT")], "MIT", UnknownReason.UNRECOGNISED, 0),
        ([claim("mit"), claim("https://acme.example/terms")], "MIT", None, 0),
        ([claim("mit"), claim("acme-noncommercial-research-license")], "MIT", UnknownReason.UNRECOGNISED, 0),
        ([claim("MIT OR GPL-3.0"), claim("gpl-3.0", Place.CARD_PROSE)], "MIT OR GPL-3.0-only", None, 0),
        ([claim("cc-by-nc-4.0"), claim("non-commercial use only", Place.WEIGHT_HEADER)], "CC-BY-NC-4.0", None, 0),
        ([claim("cc0-1.0"), claim("public domain", Place.WEIGHT_HEADER)], "CC0-1.0", None, 0),
        ([claim("apache-2.0"), claim("research only", Place.WEIGHT_HEADER)], "LicenseRef-stated-research-only", UnknownReason.CONFLICTING, 1),
        ([claim("mit"), claim("MIT License", Place.PACKAGE)], "MIT", None, 0),
        ([claim("apache-2.0"), claim("MIT", Place.PACKAGE)], "Apache-2.0", None, 1),
        ([claim("mit"), claim("cc-by-nc-4.0", Place.CARD_PROSE)], "CC-BY-NC-4.0", UnknownReason.CONFLICTING, 1),
        ([claim("AGPL-3.0", Place.WEIGHT_HEADER), claim("MIT", Place.PACKAGE)], "AGPL-3.0-only", None, 1),
        ([claim("mit", subject=Subject.CODE), claim("gemma")], "LicenseRef-gemma", None, 0),
        ([claim("gpl"), claim("gpl-3.0", Place.CARD_PROSE)], "GPL-3.0-only", None, 0),
        ([claim("mit"), claim("what is this", Place.WEIGHT_HEADER)], "MIT", None, 0),
        ([claim("foo-1.0"), claim("mit", Place.CARD_PROSE)], "MIT", UnknownReason.UNRECOGNISED, 0),
        ([claim("mit AND cc-by-nc-4.0"), claim("cc-by-nc-4.0", Place.CARD_PROSE)], "MIT AND CC-BY-NC-4.0", None, 0),
        ([claim("cc")], "LicenseRef-cc", UnknownReason.UNRECOGNISED, 0),
    ],
)  # fmt: skip
def test_concludes_from_claims(
    rules: Rulebook, claims: list[Claim], expression: str | None, unknown: UnknownReason | None, conflicts: int
) -> None:
    """What outranks what, what excludes what: the license, why it is unknown, and the conflicts."""
    found = conclude(resolved(tuple(claims), rules).claims, Subject.WEIGHTS, rules)
    assert (found.license.spdx, found.unknown, len(found.conflicts)) == (expression, unknown, conflicts)


def test_a_conflict_shows_both_sides_strictest_first(rules: Rulebook) -> None:
    """Of claims that exclude each other both are shown with their evidence, the stricter as the working reading."""
    claims = resolved((claim("mit"), claim("cc-by-nc-4.0", Place.WEIGHT_HEADER)), rules).claims
    (conflict,) = conclude(claims, Subject.WEIGHTS, rules).conflicts
    assert ["CC-BY-NC-4.0" in conflict.statements[0].says, "MIT" in conflict.statements[1].says] == [True, True]
    assert all(statement.evidence == AT for statement in conflict.statements)


def test_what_the_rule_base_says_yields_to_the_model(rules: Rulebook) -> None:
    """A record's license holds only where the model itself says nothing, and a difference is shown."""
    record = Claim(
        subject=Subject.WEIGHTS, place=Place.RECORD, stated="MIT", expression="MIT", confidence=1, evidence=AT
    )
    alone = conclude(resolved((record,), rules).claims, Subject.WEIGHTS, rules)
    assert (alone.license.spdx, alone.conflicts) == ("MIT", ())
    both = conclude(resolved((record, claim("gemma")), rules).claims, Subject.WEIGHTS, rules)
    assert (both.license.spdx, both.unknown, len(both.conflicts)) == ("LicenseRef-gemma", None, 1)


@given(order=st.permutations(["mit", "cc-by-nc-4.0", "Foo 1.0", "other", "gpl-3.0"]))
def test_order_of_claims_does_not_matter(rules: Rulebook, order: list[str]) -> None:
    """Claims in any order lead to one conclusion."""
    places = {
        "mit": Place.CARD_TAG,
        "cc-by-nc-4.0": Place.CARD_PROSE,
        "Foo 1.0": Place.PACKAGE,
        "other": Place.CARD_TAG,
    }
    claims = resolved(tuple(claim(name, places.get(name, Place.WEIGHT_HEADER)) for name in order), rules).claims
    found = conclude(claims, Subject.WEIGHTS, rules)
    assert (found.license.spdx, found.unknown) == ("CC-BY-NC-4.0", UnknownReason.CONFLICTING)


@pytest.mark.parametrize(
    ("stated", "gap"),
    [
        ("Foo 1.0", GapId.LICENSE_UNRECOGNISED),
        ("Apachee License 2.0", GapId.LICENSE_SPELLING),
        ("mit, cc-by-4.0", GapId.LICENSE_SPELLING),
        ("gpl", GapId.LICENSE_VERSION_NOT_STATED),
        ("h-research", GapId.LICENSE_TERMS_NOT_RECORDED),
        ("other", GapId.LICENSE_NOT_STATED),
        ("MIT AND Foo", GapId.LICENSE_UNRECOGNISED),
    ],
)
def test_doubts_are_gaps(rules: Rulebook, stated: str, gap: GapId) -> None:
    """Whatever was not recognised, was mended, or leaves a version open is a gap that quotes the words."""
    gaps = conclude(resolved((claim(stated),), rules).claims, Subject.WEIGHTS, rules).gaps
    assert gap in {one.id for one in gaps}
