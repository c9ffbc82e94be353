"""Folders: which hold a model, what belongs to it, what its revision is, and what its files say."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan import formats, sources
from licscan.errors import UnreadableError
from licscan.model import Gap, GapId, Model, ModelRef, Place
from licscan.sources.folder import FolderSource
from tests.conftest import onnx, safetensors

Make = Callable[..., Path]


def found(target: Path) -> list[str]:
    return [str(one) for one in FolderSource().find(str(target)) if isinstance(one, ModelRef)]


def loaded(path: Path) -> Model:
    source = FolderSource()
    return source.load(source.pin(ModelRef(scheme="file", name=str(path))))


def test_every_module_is_in_its_list() -> None:
    """A source or a reader of weights that nobody listed would never be asked."""
    beside = {file.stem for file in Path(sources.__file__).parent.glob("*.py")} - {"__init__", "interface"}
    assert {source.__module__.rpartition(".")[2] for source in sources.SOURCES} == beside
    folder = Path(formats.__file__).parent
    readers = {file.stem for file in folder.glob("*.py") if "\nSUFFIXES = " in file.read_text()}
    assert {reader.__name__.rpartition(".")[2] for reader in formats.READERS} == readers


def test_finds_folders_of_models(tmp_path: Path, make_model: Make) -> None:
    """Weights, a configuration or a card make a folder a model; what lies below belongs to it."""
    make_model("weights", card=None)
    (tmp_path / "weights" / "unet").mkdir()
    (tmp_path / "weights" / "unet" / "x.safetensors").write_bytes(safetensors())
    for name, file, text in (
        ("config", "config.json", '{"model_type": "bert"}'),
        ("adapter", "adapter_config.json", "{}"),
        ("card", "README.md", "---\nlicense: mit\n---\n"),
        ("code", "README.md", "# A library\n"),
        ("settings", "config.json", '{"debug": true}'),
        ("blog", "README.md", "---\nlayout: post\n---\n"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text)
    names = [Path(ref.removeprefix("file:")).name for ref in found(tmp_path)]
    assert names == ["adapter", "card", "config", "weights"]


def test_a_card_below_makes_a_model_of_its_own(tmp_path: Path, make_model: Make) -> None:
    """A folder with its own card inside a model is another model, and its weights are not counted twice."""
    make_model("outer")
    make_model("outer/inner")
    assert len(found(tmp_path)) == 2
    assert [file.path for file in loaded(tmp_path / "outer").files] == ["model.safetensors"]


def test_a_single_file_is_a_model_with_the_card_beside_it(make_model: Make) -> None:
    """A weight file alone takes the card beside it, and no other weights."""
    folder = make_model(other__onnx=onnx())
    model = loaded(folder / "model.safetensors")
    assert [file.path for file in model.files] == ["model.safetensors"]
    assert [claim.stated for claim in model.claims] == ["mit"]


def test_a_revision_changes_with_what_is_looked_at(make_model: Make) -> None:
    """The revision is the same for the same files wherever they lie, and another when any of them changes."""
    one, two = make_model("one"), make_model("two")

    def revision(path: Path) -> str | None:
        return FolderSource().pin(ModelRef(scheme="file", name=str(path))).revision

    first = revision(one)
    assert first == revision(two)
    os.utime(two / "README.md", (1, 1))
    assert first == revision(two)
    for name, data in (
        ("README.md", b"---\nlicense: gpl\n---\n"),
        ("model.safetensors", safetensors({"a": "b"})),
        ("x", b""),
    ):
        (two / name).write_bytes(data)
        assert first != (first := revision(two))


def test_reads_everything_that_a_folder_says(make_model: Make) -> None:
    """Card, texts, configuration, header and adapter, each as a claim or declaration with its file."""
    folder = make_model(
        card="---\nlicense: apache-2.0\nbase_model: a/b\ndatasets: [x/y]\npipeline_tag: text-generation\n---\nLicensed under MIT.\n",
        LICENSE="some terms",
        USE_POLICY__md="no harm",
        NOTICE="notice",
        config__json='{"_name_or_path": "/tmp/checkpoint-3"}',
        adapter_config__json='{"base_model_name_or_path": "c/d"}',
        head__onnx=onnx({"license": "AGPL-3.0"}),
    )
    model = loaded(folder)
    assert {(claim.place, claim.evidence.path) for claim in model.claims} >= {
        (Place.CARD_TAG, "README.md"),
        (Place.WEIGHT_HEADER, "head.onnx"),
    }
    assert [(text.path, text.kind, text.text) for text in model.texts] == [
        ("LICENSE", "license", "some terms"),
        ("NOTICE", "notice", "notice"),
        ("USE_POLICY.md", "policy", "no harm"),
    ]
    assert [base.stated for base in model.bases] == ["a/b", "c/d", "/tmp/checkpoint-3"]
    assert (model.modality, [dataset.stated for dataset in model.datasets]) == ("text", ["x/y"])
    assert all(claim.evidence.revision == model.ref.revision for claim in model.claims)


def test_a_package_around_the_model_is_a_claim(tmp_path: Path, make_model: Make) -> None:
    """A model that a Python package installed bears the package's license too; a neighbour's package does not count."""
    folder = make_model("site/pkg/model", card="---\nlicense: apache-2.0\n---\n")
    make_model("site/lonely")
    for name, record in (
        ("pkg-1.0", "pkg/model/model.safetensors,,\n"),
        ("other-1.0", "other/x.py,,\n"),
        ("broken-1.0", None),
    ):
        info = tmp_path / "site" / f"{name}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {name[:-4]}\nVersion: 1.0\nLicense: MIT\n\n")
        if record:
            (info / "RECORD").write_text(record)
    claims = {claim.place: claim for claim in loaded(folder).claims}
    assert claims[Place.PACKAGE].stated == "MIT"
    assert claims[Place.PACKAGE].evidence.path == "../../pkg-1.0.dist-info/METADATA"
    assert claims[Place.PACKAGE].evidence.lines == (3, 3)
    assert Place.PACKAGE not in {claim.place for claim in loaded(tmp_path / "site" / "lonely").claims}


@pytest.mark.parametrize(
    ("files", "gap"),
    [
        ({"README__md": "---\na: [\n---\n"}, GapId.CARD_BROKEN),
        ({"README__md": "# no front matter\n" * 200_000}, GapId.CARD_TRUNCATED),
        ({"config__json": "{"}, GapId.FILE_UNREADABLE),
        ({"config__json": "[" * 100_000}, GapId.FILE_UNREADABLE),
        ({"model__safetensors": b"\xff" * 20}, GapId.HEADER_NOT_READ),
        ({"model__onnx": b"<html>"}, GapId.HEADER_NOT_READ),
        ({"model__gguf": b"GGUF"}, GapId.HEADER_NOT_READ),
        ({"LICENSE": "x" * (2 << 20)}, GapId.FILE_UNREADABLE),
        ({"README__md": "---\nlicense: other\nlicense_link: LICENSE.md\n---\n"}, GapId.LICENSE_TEXT_MISSING),
    ],
)
def test_what_cannot_be_read_is_a_gap(make_model: Make, files: dict[str, str | bytes], gap: GapId) -> None:
    """A file that is broken, too large or unknown costs that file alone, and is said with its reason."""
    model = loaded(make_model(**files))
    assert gap in {one.id for one in model.gaps}
    assert model.files


def test_special_files_are_gaps(make_model: Make) -> None:
    """A FIFO, a folder or a dangling link in place of a file does not stop anything."""
    folder = make_model(card=None)
    os.mkfifo(folder / "LICENSE")
    (folder / "config.json").symlink_to("nowhere")
    (folder / "README.md").symlink_to(folder)
    model = loaded(folder)
    assert sorted(gap.why for gap in model.gaps if gap.id is GapId.FILE_UNREADABLE) == [
        "LICENSE: not a regular file",
        "config.json: no such file or directory",
    ]


def test_a_card_of_50_mb_is_read_at_its_head(make_model: Make) -> None:
    """Of an enormous card the front matter is read, and the rest is a gap."""
    folder = make_model()
    with (folder / "README.md").open("ab") as stream:
        stream.write(b"word " * 10_000_000)
    model = loaded(folder)
    assert [claim.stated for claim in model.claims] == ["mit"]
    assert GapId.CARD_TRUNCATED in {gap.id for gap in model.gaps}


def test_a_missing_folder_is_said() -> None:
    """What is not there cannot be pinned or loaded."""
    with pytest.raises(UnreadableError, match="no such file"):
        FolderSource().pin(ModelRef(scheme="file", name="/nowhere/at/all"))


def test_names_that_are_no_text_are_a_gap(tmp_path: Path, make_model: Make) -> None:
    """A folder whose name is no valid text cannot be named in a report; it is a gap, and the others are found."""
    make_model("good")
    bad = os.fsencode(tmp_path) + b"/bad\xff"
    os.mkdir(bad)  # noqa: PTH102 - a name that pathlib cannot print
    with open(bad + b"/model.safetensors", "wb") as stream:  # noqa: PTH123
        stream.write(safetensors())
    all_found = list(FolderSource().find(str(tmp_path)))
    assert [one.id for one in all_found if isinstance(one, Gap)] == [GapId.FILE_UNREADABLE]
    assert len([one for one in all_found if isinstance(one, ModelRef)]) == 1


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_folders_that_may_not_be_entered_are_gaps(tmp_path: Path, make_model: Make) -> None:
    """A forbidden folder is a gap with its reason; root, who may enter everything, asks as somebody else."""
    make_model("open")
    closed = make_model("closed")
    closed.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    root = os.geteuid() == 0
    try:
        if root:
            os.seteuid(65534)
        all_found = list(FolderSource().find(str(tmp_path)))
    finally:
        if root:
            os.seteuid(0)
        closed.chmod(0o755)
    assert [one.why for one in all_found if isinstance(one, Gap)] == [f"{closed}: permission denied"]
    assert [Path(one.name).name for one in all_found if isinstance(one, ModelRef)] == ["open"]
