"""Cards: front matter as the Hub cuts it, licenses in every key and shape, prose that speaks of this model."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.formats import card
from licscan.formats.bounded import decode, read_file
from licscan.formats.front_matter import split
from licscan.formats.hub_names import model_ref
from licscan.formats.prose import search
from licscan.model import Evidence, GapId, Place, Relation, Subject

AT = Evidence(source="test", path="README.md", sha256="0" * 64)


def facts(text: str, subject: Subject = Subject.WEIGHTS) -> card.CardFacts:
    return card.read(text, AT, subject)


def stated(text: str) -> list[tuple[str, Subject, int]]:
    tags = (claim for claim in facts(text).claims if claim.place is Place.CARD_TAG)
    return [(claim.stated, claim.subject, (claim.evidence.lines or (0, 0))[0]) for claim in tags]


@pytest.mark.parametrize(
    ("text", "keys", "body"),
    [
        ("---\na: b\n---\n# T\n", ["a"], "# T\n"),
        ("\n\n---\na: b\n---\n# T", ["a"], "# T"),
        ("---\na: b\n---", ["a"], ""),
        ("---\n---\n# T", [], "# T"),
        ("# T\n---\na: b\n---\n", [], "# T\n---\na: b\n---\n"),
        ("---\n# nothing but a comment\n---\nx", [], "x"),
    ],
)
def test_cuts_front_matter_as_the_hub_does(text: str, keys: list[str], body: str) -> None:
    """Front matter is what stands between two lines of dashes at the head, blank lines before it allowed."""
    matter = split(text)
    assert [entry.key for entry in matter.entries] == keys
    assert matter.body == body
    assert matter.problem is None
    assert text.split("\n")[matter.body_line - 1 :] == body.split("\n") or not body


@pytest.mark.parametrize(
    ("yaml", "line", "says"),
    [
        ("<<<<<<< HEAD\nlicense: mit\n=======\nlicense: apache-2.0\n>>>>>>> other", 2, "merge conflict"),
        ("license: mit\n<<DATASET>>\n", 4, "could not find"),
        ("license: [mit](https://example.com)", 2, "did not find"),
        ("license: mit\nx: " + "[" * 1000, 3, "nested deeper"),
        ("license: mit\nx: \x07", 3, "does not allow"),
        ("- a\n- b\nlicense: mit", 4, "expected"),
    ],
)
def test_saves_what_it_can_of_broken_front_matter(yaml: str, line: int, says: str) -> None:
    """Broken YAML is a gap with its line, and the license lines in it are claims all the same."""
    found = facts(f"---\n{yaml}\n---\n# T\n")
    gap = next(gap for gap in found.gaps if gap.id is GapId.CARD_BROKEN)
    assert says in gap.why
    assert f"line {line}" in gap.why
    assert any("mit" in claim.stated for claim in found.claims)


def test_shows_both_sides_of_a_merge_conflict() -> None:
    """Of a card with merge markers both licenses are claimed, each with its line."""
    text = "---\n<<<<<<< HEAD\nlicense: mit\n=======\nlicense: apache-2.0\n>>>>>>> other\n---\n"
    assert stated(text) == [("mit", Subject.WEIGHTS, 3), ("apache-2.0", Subject.WEIGHTS, 5)]


def test_says_when_front_matter_is_never_closed() -> None:
    """A head without an end is a gap, not a silent nothing."""
    found = facts("---\nlicense: mit\n\n# T\n")
    assert found.gaps[0].id is GapId.CARD_BROKEN
    assert [claim.stated for claim in found.claims] == ["mit"]


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("license: apache-2.0", [("apache-2.0", Subject.WEIGHTS)]),
        ("License: MIT", [("MIT", Subject.WEIGHTS)]),
        ("licence: mit", [("mit", Subject.WEIGHTS)]),
        ("licenses: [mit]", [("mit", Subject.WEIGHTS)]),
        ("lisence: mit", [("mit", Subject.WEIGHTS)]),
        ("licens: mit", [("mit", Subject.WEIGHTS)]),
        ("license: [mit, apache-2.0]", [("mit AND apache-2.0", Subject.WEIGHTS)]),
        ("license: [MIT OR Apache-2.0, cc-by-nc-4.0]", [("(MIT OR Apache-2.0) AND cc-by-nc-4.0", Subject.WEIGHTS)]),
        ("license:\n  - mit\n  - mit", [("mit", Subject.WEIGHTS)]),
        ("license: {name: Foo, url: 'https://x.org/l'}", [("Foo", Subject.WEIGHTS), ("https://x.org/l", Subject.WEIGHTS)]),
        ("license: other\nlicense_name: foo-1.0\nlicense_link: https://x.org/foo", [("other", Subject.WEIGHTS), ("foo-1.0", Subject.WEIGHTS), ("https://x.org/foo", Subject.WEIGHTS)]),
        ("license_link: LICENSE", []),
        ("code_license: mit\ndata-license: cc-by-4.0\nmodel_license: gemma", [("mit", Subject.CODE), ("cc-by-4.0", Subject.DATA), ("gemma", Subject.WEIGHTS)]),
        ("tags: [x, 'license:mit']", [("mit", Subject.WEIGHTS)]),
        ("license: ~", []),
        ("license: []", []),
        ("license: ''", []),
        ("license: mit\nlicense: gpl-3.0", [("mit", Subject.WEIGHTS), ("gpl-3.0", Subject.WEIGHTS)]),
        ("licensing_officer: Ann", []),
        ("silence: mit", []),
    ],
)  # fmt: skip
def test_finds_licenses_in_every_key_and_shape(yaml: str, expected: list[tuple[str, Subject]]) -> None:
    """Right and wrong keys, strings, lists and mappings: each license is one claim with its subject."""
    assert [(words, subject) for words, subject, _ in stated(f"---\n{yaml}\n---\n")] == expected


def test_claims_carry_their_line_and_words() -> None:
    """A claim's evidence is the line of its key and the words that stand there."""
    (claim,) = facts("---\ntags: [a]\nlicense: mit\n---\n").claims
    assert claim.evidence.lines == (3, 3)
    assert claim.evidence.quote == "license: mit"
    assert claim.evidence.sha256 == "0" * 64


def test_says_that_a_list_does_not_say_how_it_combines() -> None:
    """Several licenses in a list are read as all of them, and that is said."""
    gaps = facts("---\nlicense: [mit, cc-by-4.0]\n---\n").gaps
    assert [gap.id for gap in gaps] == [GapId.LICENSE_LIST]


def test_reads_bases_datasets_and_modality() -> None:
    """Bases with their relation, datasets, and what the task works on."""
    found = facts(
        "---\nbase_model: [a/b, C:\\m, '/x/y']\nbase_model_relation: quantized\ndatasets: x/y\npipeline_tag: text-to-image\n---\n"
    )
    assert [(str(base.ref), base.stated) for base in found.bases] == [
        ("hf:a/b", "a/b"),
        ("None", "C:\\m"),
        ("None", "/x/y"),
    ]
    assert {base.relation for base in found.bases} == {Relation.QUANTIZED}
    assert [dataset.stated for dataset in found.datasets] == ["x/y"]
    assert found.modality == "image"


def test_takes_several_bases_for_a_merge() -> None:
    """Several bases without a relation are a merge; one is unstated."""
    assert {base.relation for base in facts("---\nbase_model: [a/b, c/d]\n---\n").bases} == {Relation.MERGE}
    assert facts("---\nbase_model: a/b\n---\n").bases[0].relation is Relation.UNSTATED


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("org/name", "hf:org/name"),
        ("gpt2", "hf:gpt2"),
        ("org/name@main", "hf:org/name"),
        ("org/name@v2", "hf:org/name@v2"),
        ("https://huggingface.co/org/name", "hf:org/name"),
        ("https://huggingface.co/org/name/tree/v2", "hf:org/name@v2"),
        ("hf.co/datasets/org/name", "dataset:org/name"),
        ("https://huggingface.co/spaces/org/name", None),
        ("https://github.com/org/name", None),
        ("/cache/models/Qwen", None),
        ("./model", None),
        ("C:\\Models\\x", None),
        ("a/b/c", None),
        ("<your-model>", None),
        ("{base}", None),
        ("", None),
        ("my model", None),
    ],
)
def test_knows_model_names_from_paths(text: str, ref: str | None) -> None:
    """Ids and addresses of the Hub are references; paths, placeholders and other places are not."""
    found = model_ref(text)
    assert (str(found) if found else None) == ref


@pytest.mark.parametrize(
    ("body", "subjects"),
    [
        ("## License\n\nApache 2.0\n", [set()]),
        ("## License\nThe code is MIT, see below.\n", [{Subject.CODE}]),
        ("This model is licensed under MIT.", [{Subject.WEIGHTS}]),
        ("License: MIT", [set()]),
        ("**License**\n\nMIT", [set()]),
        ("## License\n### Weights\nMIT\n## Usage\nApache", [set()]),
        ("The dataset is released under the CC BY 4.0 license.", [{Subject.DATA}]),
        ("Wikipedia is released under the CC BY-SA license.", []),
        ("The ELECTRA authors were licensed under something.", []),
        ("```\nThis model is licensed under MIT.\n```", []),
        ("## License\n| part | MIT |\n", []),
        ("## License\n- PubMed: MIT License\n", []),
        ("## License\n| weights | CC-BY-NC-4.0 |\n", [{Subject.WEIGHTS}]),
        (
            "The model weights are licensed under CC-BY-NC-4.0 while the code is licensed under MIT.",
            [{Subject.WEIGHTS}, {Subject.CODE}],
        ),
        ("Code is MIT licensed, weights are under CC BY-NC 4.0.", [{Subject.CODE}, {Subject.WEIGHTS}]),
        (
            "As the base model is under the Llama 2 Community License, this model is licensed under MIT.",
            [{Subject.WEIGHTS}, {Subject.WEIGHTS}],
        ),
        ("This model may only be used for non-commercial research purposes.", [{Subject.WEIGHTS}]),
        ("We met at MIT.", []),
    ],
)
def test_finds_sentences_that_speak_of_this_model(body: str, subjects: list[set[Subject]]) -> None:
    """A sentence states a license where it speaks of this model; other people's works, tables and code do not."""
    assert [set(said.subjects) for said in search(body)] == subjects


def test_knows_the_line_of_a_sentence() -> None:
    """The line is that of the file, wrapped paragraphs and headings counted."""
    text = "---\na: b\n---\n# T\n\nA paragraph that\nis wrapped. This model is licensed\nunder MIT.\n"
    matter = split(text)
    (said,) = search(matter.body, matter.body_line)
    assert said.line == 7
    assert said.text == "This model is licensed under MIT."


@given(st.text(max_size=400))
def test_any_text_is_a_card(text: str) -> None:
    """No text makes the reader fail."""
    facts(f"---\nlicense: mit\n{text}\n---\n{text}")
    facts(text)


@pytest.mark.parametrize(
    "body",
    ["license " * 200_000, "(" * 1_000_000, "is licensed " * 80_000, "# license\n" * 50_000, "[a](" * 200_000, "<a " * 300_000,
     "# a" + " " * 100_000 + "b", "- " * 200_000, "x" * 400_000, "k: x" + " " * 100_000 + "b",
     "the " * 250_000 + "model", "\n".join("- License: MIT" for _ in range(50_000))],
)  # fmt: skip
def test_hostile_prose_ends_in_time(body: str) -> None:
    """A megabyte of anything is read in a few seconds, and gives at most some dozens of sentences."""
    assert len(list(search(body))) <= 40


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfa\r\nb\rc", "a\nb\nc"),
        ("é".encode("utf-16"), "é"),
        ("naïve “x”".encode("cp1252"), "naïve “x”"),
        ("中文".encode()[:-1], "中\ufffd"),
    ],
)
def test_decodes_what_people_save(data: bytes, text: str) -> None:
    """Byte order marks, UTF-16, old Windows files and characters cut in half are text."""
    assert decode(data) == text


def test_reads_no_more_than_it_may(tmp_path: Path) -> None:
    """A file larger than the bound is read up to it, and that is said."""
    file = tmp_path / "x"
    file.write_bytes(b"a" * 100)
    assert read_file(file, 10) == (b"a" * 10, 100, False)
    assert read_file(file, 100) == (b"a" * 100, 100, True)
