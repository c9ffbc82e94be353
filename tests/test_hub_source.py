"""What the hub source reads of a repository: card, texts, prompts, files, bases, headers, access, revisions."""

import hashlib
import struct

import pytest

from licscan.errors import NotFoundError
from licscan.model import Access, Relation, Subject
from tests.hub.answers import Answer
from tests.hub.repositories import card, safetensors
from tests.hub.server import TOKEN_WITHOUT_ACCESS
from tests.hub.values import git_hash
from tests.hubs import Files, Load, Look, Read, Serve, changed, gaps, repository, stated

PROMPT = "This model is released under the Gemma license."


def test_everything_of_a_repository_is_read(serve: Serve, read: Read) -> None:
    """Card, license and notice, bases, datasets and headers are facts, with file, line, digest and commit as evidence."""
    hub = serve()
    adapter = hub.catalogue.find("models", "acme/adapter")
    assert adapter is not None
    commit = adapter.commits[-1]
    found = read("acme/adapter")
    assert (found.ref.revision, found.source, found.access) == (commit.sha, "hub", Access.OPEN)
    claims = {claim.place.value: claim for claim in found.claims}
    assert (claims["card-tag"].stated, claims["weight-header"].stated) == ("apache-2.0", "apache-2.0")
    where = claims["card-tag"].evidence
    assert (where.path, where.lines, where.revision) == ("README.md", (2, 2), commit.sha)
    assert where.sha256 == hashlib.sha256(commit.files["README.md"].data).hexdigest()
    assert where.url == f"{hub.url}/acme/adapter/blob/{commit.sha}/README.md"
    assert [(text.path, text.kind, text.text) for text in found.texts] == [
        ("LICENSE", "license", "Apache License\nVersion 2.0\n"),
        ("NOTICE", "notice", "Made by acme\n"),
    ]
    assert [(str(base.ref), base.relation) for base in found.bases] == [("hf:acme/gated", Relation.ADAPTER)]
    assert [dataset.stated for dataset in found.datasets] == ["acme/data"]
    assert gaps(found) == {}


def test_files_have_the_sizes_and_digests_that_the_hub_promises(serve: Serve, read: Read) -> None:
    """Large files are promised by SHA-256, files of git by git's own digest."""
    data = safetensors()
    serve(repository("acme/both", {"README.md": card(license="mit"), "a.safetensors": data, "b.msgpack": b"x" * 9}))
    files = {file.path: file for file in read("acme/both").files}
    assert (files["a.safetensors"].size, files["a.safetensors"].promised) == (
        len(data),
        f"sha256:{hashlib.sha256(data).hexdigest()}",
    )
    assert files["b.msgpack"].promised == f"git-sha1:{git_hash('blob', b'x' * 9)}"


def test_prose_is_read_with_its_lines(serve: Serve, read: Read) -> None:
    """A sentence of the card about its license is a claim, with the line and heading where it stands."""
    text = "---\nlicense: other\n---\n# A\n\n## License\n\nThis model is released under the MIT license.\n"
    serve(repository("acme/prose", {"README.md": text}))
    (prose,) = (claim for claim in read("acme/prose").claims if claim.place == "card-prose")
    assert (prose.evidence.lines, prose.evidence.section) == ((8, 8), "License")
    assert "MIT license" in prose.stated


def test_what_users_agree_to_is_a_claim_and_a_text(serve: Serve, read: Read) -> None:
    """A short gate prompt is a claim and a text; the license itself, which nobody is given, is a gap."""
    readme = card(license="mit", extra_gated_prompt=PROMPT)
    files: Files = {"README.md": readme, "LICENSE": "x", "USE_POLICY.md": "x", "model.safetensors": safetensors()}
    serve(repository("acme/asks", files, gated="manual"))
    found = read("acme/asks")
    assert stated(found)["gate-prompt"] == PROMPT
    assert [(text.path, text.kind, text.text) for text in found.texts] == [
        ("README.md#extra_gated_prompt", "gate-prompt", PROMPT)
    ]
    assert {"LICENSE", "USE_POLICY.md"} <= {*gaps(found)["access-denied"].replace(":", " ").split()}
    assert (found.access, len(found.files)) == (Access.GATED, 1)
    assert found.notes[0].startswith("gated: ")
    assert "the publisher decides each request" in found.notes[0]


def test_a_long_prompt_is_a_text_alone(serve: Serve, read: Read) -> None:
    """A prompt that is the license itself is a text, and no sentence of it a claim."""
    words = "This is licensed under the MIT license. " * 120
    serve(repository("acme/long", {"README.md": card(extra_gated_prompt=words)}, gated="auto"))
    found = read("acme/long")
    assert "gate-prompt" not in stated(found)
    assert [text.text for text in found.texts] == [words.strip()]


@pytest.mark.parametrize("present", [True, False], ids=["denied", "absent"])
def test_prompts_outlive_the_card(serve: Serve, read: Read, *, present: bool) -> None:
    """Where nobody may read the card, or there is none, the hub's own copy of its front matter speaks."""
    front = {"license": "llama3.1", "extra_gated_prompt": PROMPT}
    files: Files = {"README.md": card(**front)} if present else {"x.txt": "x"}
    hub = serve(repository("acme/shut", files, gated="manual", metadata={"cardData": front}))
    hub.tell(r"/acme/shut/resolve/.*", Answer.error(401, "GatedRepo", "restricted"))
    found = read("acme/shut")
    assert stated(found) == {"card-tag": "llama3.1", "gate-prompt": PROMPT}
    assert [text.path for text in found.texts] == ["cardData#extra_gated_prompt"]
    assert found.claims[0].evidence.section in {"cardData", None}
    assert {"access-denied" if present else "card-missing"} <= gaps(found).keys()


def test_the_card_itself_outranks_the_hubs_copy(serve: Serve, read: Read) -> None:
    """Front matter as data is not used where the card was read."""
    serve(repository("acme/two", metadata={"cardData": {"license": "apache-2.0"}}))
    assert stated(read("acme/two")) == {"card-tag": "mit"}


def test_with_access_everything_is_read(serve: Serve, read: Read, token: str) -> None:
    """A token with access reads what is gated: the texts and the headers; it is sent to nobody but the hub."""
    assert token
    hub = serve()
    found = read("acme/gated")
    assert {text.path for text in found.texts} >= {"LICENSE", "USE_POLICY.md"}
    assert "access-denied" not in gaps(found)
    assert any("/cdn/" in path for path in hub.log.paths())
    assert hub.log.tokens_elsewhere == 0


def test_private_models_are_read_by_who_may(serve: Serve, read: Read, token: str) -> None:
    """A private model is read by its members, and said to be private."""
    assert token
    serve()
    found = read("acme/private")
    assert (found.access, found.notes[0][:8]) == (Access.PRIVATE, "private:")


def test_a_disabled_model_is_denied(serve: Serve, look: Look) -> None:
    """A repository that the hub has disabled is there, and given to nobody."""
    serve()
    found = look.one("acme/disabled")
    assert gaps(found)["access-denied"] == "disabled by the hub"
    assert found.unknown_reason == "not-looked-at"


def test_access_that_nobody_states_is_unknown(serve: Serve, read: Read) -> None:
    """A mirror that leaves out whether a model is gated does not say that it is open."""
    one = repository("acme/quiet")
    hub = serve(one)
    hub.tell(r"/api/models/acme/quiet", Answer.data(changed(one, gated=..., private=..., disabled=...)))
    assert read("acme/quiet").access is None


def test_relations_come_from_tags_where_the_card_states_none(serve: Serve, read: Read) -> None:
    """The hub works out how a model comes from its base; what the card states goes first."""
    serve(
        repository("acme/a", {"README.md": card(base_model="acme/tiny"), "x.gguf": b"GGUF"}),
        repository("acme/b", {"README.md": card(base_model="acme/tiny", base_model_relation="merge"), "x.gguf": b"G"}),
    )
    assert [base.relation for base in read("acme/a").bases] == [Relation.QUANTIZED]
    assert [base.relation for base in read("acme/b").bases] == [Relation.MERGE]


def test_bases_that_only_tags_name_are_bases(serve: Serve, read: Read) -> None:
    """A base that stands in no file is taken from the tags, with the tag as evidence, and each base once."""
    tags = ["base_model:acme/tiny", "base_model:finetune:acme/tiny", "base_model:Acme/Gated"]
    one = repository("acme/tagged", {"README.md": card(license="mit", base_model="acme/gated")})
    hub = serve(one)
    hub.tell(r"/api/models/acme/tagged", Answer.data(changed(one, tags=tags)))
    found = read("acme/tagged")
    assert [(str(base.ref), base.relation) for base in found.bases] == [
        ("hf:acme/gated", Relation.UNSTATED),
        ("hf:acme/tiny", Relation.FINETUNE),
    ]
    assert found.bases[1].evidence.section == "tags"
    assert found.tags == tuple(tags)


def test_configurations_are_read(serve: Serve, read: Read) -> None:
    """What config.json and adapter_config.json say of bases, licenses and modality is read at that commit."""
    files: Files = {
        "README.md": "# Nothing\n",
        "config.json": '{"license": "gemma", "vocab_size": 2}',
        "adapter_config.json": '{"base_model_name_or_path": "acme/tiny", "revision": "v1"}',
    }
    serve(repository("acme/config", files))
    found = read("acme/config")
    assert (stated(found), found.modality) == ({"weight-header": "gemma"}, "text")
    assert [(str(base.ref), base.relation) for base in found.bases] == [("hf:acme/tiny@v1", Relation.ADAPTER)]


def test_a_license_list_is_all_of_it(serve: Serve, look: Look) -> None:
    """Several licenses of one card are read as all of them, and a gap says that the card does not say so."""
    serve(repository("acme/list", {"README.md": card(license=["mit", "apache-2.0"])}))
    found = look.one("acme/list")
    assert found.license.spdx == "MIT AND Apache-2.0"
    assert "license-list" in gaps(found)


def test_long_headers_are_asked_for_as_a_whole(serve: Serve, read: Read) -> None:
    """A header of more than 64 KiB takes a second request, and says its license; the tensors are not asked for."""
    big = safetensors({"license": "gemma", "filling": "x" * 100_000}) + bytes(3_000_000)
    hub = serve(repository("acme/big", {"README.md": "# x\n", "model.safetensors": big}))
    assert stated(read("acme/big")) == {"weight-header": "gemma"}
    assert hub.files().count("model.safetensors") == 2
    assert hub.log.bytes_sent < 300_000


def test_a_server_without_ranges_is_read_no_further(serve: Serve, read: Read) -> None:
    """Where a server sends the whole file for a range, its header is read, and the rest is left."""
    big = safetensors({"license": "gemma"}) + bytes(30_000_000)
    serve(repository("acme/big", {"README.md": "# x\n", "model.safetensors": big}), drops=frozenset({"range"}))
    assert stated(read("acme/big")) == {"weight-header": "gemma"}


BROKEN = [
    (b"", "shorter than a safetensors header"),
    (b"GGUF", "shorter than a safetensors header"),
    (b"version https://git-lfs.github.com/spec/v1\n", "a git-LFS pointer"),
    (b"\xff" * 20, "a header of 18446744073709551615 bytes"),
    (struct.pack("<Q", 4) + b"null", "no JSON object"),
    (struct.pack("<Q", 4) + b"{{{{", "not a sound safetensors header"),
    (struct.pack("<Q", 5_000_000) + b"{" * 5_000_000, "a header of 5000008 bytes"),
]


@pytest.mark.parametrize(("data", "why"), BROKEN, ids=range(len(BROKEN)))
def test_files_that_are_not_safetensors_are_a_gap(serve: Serve, read: Read, hasty: None, data: bytes, why: str) -> None:
    """What bears the name of safetensors and is none is listed, with a gap that says what is wrong."""
    assert hasty is None
    serve(repository("acme/broken", {"README.md": card(license="mit"), "model.safetensors": data}))
    found = read("acme/broken")
    assert why in gaps(found)["header-not-read"]
    assert [file.size for file in found.files] == [len(data)]


def test_of_sets_of_shards_one_each_is_asked(serve: Serve, read: Read) -> None:
    """One file each of two sets of shards is opened; that the others were not is a gap."""
    names = [f"{kind}-{one:05}-of-00003.safetensors" for kind in ("model", "ema") for one in (1, 2, 3)]
    data = safetensors({"license": "gemma"})
    hub = serve(repository("acme/shards", {"README.md": "# x\n", **dict.fromkeys(names, data)}))
    found = read("acme/shards")
    assert [name for name in hub.files() if name in names] == [names[3], names[0]]
    assert "of many weight files, the headers of 2 are asked for at most" in gaps(found)["headers-sampled"]
    assert [len(claim.stated) for claim in found.claims] == [5, 5]


def test_gguf_is_read_as_the_hub_tells_it(serve: Serve, read: Read) -> None:
    """Of GGUF files the hub's own account is shown, and a gap says that the header was not read."""
    serve()
    (file,) = read("acme/quantized").files
    assert (file.format, file.header["general.architecture"]) == ("gguf", "llama")
    assert "the hub's own account" in gaps(read("acme/quantized"))["headers-sampled"]


def test_datasets_are_read_as_data(serve: Serve, look: Look) -> None:
    """A dataset is judged by its own license, as data."""
    hub = serve()
    seen = look.all(["dataset:acme/data"])[0]
    assert (seen.loaded.model.subject, seen.assessment.license.spdx) == (Subject.DATA, "CC-BY-NC-4.0")
    claim = seen.assessment.license.claims[0]
    assert claim.subject is Subject.DATA
    assert str(claim.evidence.url).startswith(f"{hub.url}/datasets/acme/data/blob/")


REVISIONS = [
    ("acme/tiny", 1),
    ("acme/tiny@main", 1),
    ("acme/tiny@dev", 0),
    ("acme/tiny@v1", 0),
    ("acme/tiny@2024-01-01", 0),
    ("acme/tiny@2024-01-30", 0),
    ("acme/tiny@2024-01-31", 1),
    ("acme/tiny@2025-01-01", 1),
    ("acme/tiny@odd/branch", 0),
]


@pytest.mark.parametrize(("name", "number"), REVISIONS)
def test_revisions_are_branches_tags_and_days(serve: Serve, read: Read, name: str, number: int) -> None:
    """A branch, a tag and a day each mean a commit; of a day, the one that held at its end in UTC."""
    tiny = serve().catalogue.find("models", "acme/tiny")
    assert tiny is not None
    tiny.branches["odd/branch"] = tiny.commits[0].sha
    found = read(name)
    assert found.ref.revision == tiny.commits[number].sha
    assert stated(found)["card-tag"] == ["mit", "cc-by-nc-4.0"][number]


def test_a_commit_is_read_at_that_commit(serve: Serve, read: Read) -> None:
    """A commit means itself, however old."""
    tiny = serve().catalogue.find("models", "acme/tiny")
    assert tiny is not None
    assert stated(read(f"acme/tiny@{tiny.commits[0].sha}"))["card-tag"] == "mit"


def test_a_day_before_the_first_commit_is_not_found(serve: Serve, load: Load) -> None:
    """Nothing held on a day before the first commit; the answer says since when there is something."""
    serve()
    with pytest.raises(NotFoundError, match=r"no commit on or before 2023-12-31; .* 2024-01-01"):
        load("acme/tiny@2023-12-31")


def test_a_day_far_back_is_found_over_pages(serve: Serve, read: Read) -> None:
    """The commits of a long history are asked for page by page."""
    long = repository("acme/long")
    for number in range(120):
        long.commit("more", {"n.txt": str(number)})
    serve(long)
    assert read("acme/long@2024-01-15").ref.revision == long.commits[0].sha


def test_early_names_have_no_owner(serve: Serve, read: Read) -> None:
    """The hub's early models are named by one word."""
    serve()
    assert stated(read("hf:gpt9"))["card-tag"] == "mit"


def test_a_new_name_is_said(serve: Serve, read: Read) -> None:
    """A model that was renamed is read under its old name, and a note names the new one."""
    hub = serve()
    hub.catalogue.rename("acme/tiny", "acme/small")
    found = read("acme/tiny")
    assert (found.name, found.notes) == ("acme/tiny", ("the hub calls it acme/small now",))
    assert stated(found)["card-tag"] == "cc-by-nc-4.0"


def test_early_names_that_have_an_owner_now_are_read(serve: Serve, read: Read) -> None:
    """A name of one word leads to the name with an owner."""
    serve().catalogue.rename("gpt9", "acme/gpt9")
    assert read("hf:gpt9").notes == ("the hub calls it acme/gpt9 now",)


def test_what_a_token_is_refused_is_said_without_blaming_its_absence(
    serve: Serve, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has a token without access is told that access was not given, not to log in."""
    serve()
    assert "asked without a token" in gaps(read("acme/gated"))["access-denied"]
    monkeypatch.setenv("HF_TOKEN", TOKEN_WITHOUT_ACCESS)
    assert "asked without a token" not in gaps(read("acme/gated"))["access-denied"]
