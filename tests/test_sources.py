"""Folders: which hold a model, what belongs to it, what its revision is, and what its files say."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan import formats, sources
from licscan.errors import UnreadableError
from licscan.model import Gap, GapId, Model, ModelRef, Place, Subject
from licscan.sources import stores
from licscan.sources.folder import FolderSource
from tests.conftest import onnx, safetensors

Make = Callable[..., Path]


def found(target: Path) -> list[str]:
    return [str(one) for one in FolderSource().find(str(target)) if isinstance(one, ModelRef)]


def loaded(path: Path) -> Model:
    source = FolderSource()
    return source.load(source.pin(ModelRef(scheme="file", name=str(path)))).model


def test_every_module_is_in_its_list() -> None:
    """A source or a reader of weights that nobody listed would never be asked."""
    here = Path(sources.__file__).parent
    beside = {file.stem for file in here.glob("*.py")} | {file.parent.name for file in here.glob("*/__init__.py")}
    assert {source.__module__.rpartition(".")[2] for source in sources.SOURCES} == beside - {
        "__init__",
        "interface",
        "packages",
        "stores",
    }
    kinds = {file.stem for file in (here / "stores").glob("*.py")} - {"__init__", "interface", "records", "artifacts"}
    assert {type(store).__module__.rpartition(".")[2] for store in stores.STORES} == kinds
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
        return FolderSource().pin(ModelRef(scheme="file", name=str(path))).ref.revision

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
    unread = {GapId.FILE_UNREADABLE, GapId.FILES_NOT_LISTED}
    assert sorted(gap.why for gap in model.gaps if gap.id in unread) == [
        "LICENSE: not a regular file",
        "README.md: a link to a folder, which is not followed",
        "config.json: no such file or directory",
    ]


def test_weights_that_are_a_fifo_do_not_wait(make_model: Make) -> None:
    """A FIFO with the name of weights is refused like any other, and nobody waits for its writer."""
    folder = make_model()
    (folder / "model.safetensors").unlink()
    os.mkfifo(folder / "model.safetensors")
    assert GapId.FILE_UNREADABLE in {gap.id for gap in loaded(folder).gaps}


def test_links_in_a_circle_cost_only_themselves(make_model: Make) -> None:
    """A link to itself is unreadable; the folder around it is not."""
    folder = make_model()
    (folder / "LICENSE").symlink_to("LICENSE")
    model = loaded(folder)
    assert [claim.stated for claim in model.claims] == ["mit"]
    assert any("LICENSE: too many levels" in gap.why for gap in model.gaps)


def test_links_to_folders_are_said(tmp_path: Path, make_model: Make) -> None:
    """A model behind a link is not looked at, and that is a gap."""
    target = make_model("elsewhere/llama")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "llama").symlink_to(target)
    gaps = [one for one in FolderSource().find(str(tmp_path / "store")) if isinstance(one, Gap)]
    assert [gap.why for gap in gaps] == [f"{tmp_path}/store/llama: a link to a folder, which is not followed"]


def test_a_stray_weight_file_swallows_no_model(tmp_path: Path, make_model: Make) -> None:
    """A folder with weights and its own license is a model of its own, even below other weights."""
    folder = make_model("top/llama", card="# Llama\n\n## License\n\nCC-BY-NC-4.0\n", LICENSE="terms")
    (tmp_path / "top" / "stray.onnx").write_bytes(onnx())
    assert [Path(ref).name for ref in found(tmp_path)] == ["top", "llama"]
    assert [file.path for file in loaded(tmp_path / "top").files] == ["stray.onnx"]
    assert [text.path for text in loaded(folder).texts] == ["LICENSE"]


def test_models_after_a_nested_one_still_belong(tmp_path: Path, make_model: Make) -> None:
    """What comes after a model inside a model belongs to the outer one again."""
    make_model("outer")
    make_model("outer/a")
    (tmp_path / "outer" / "b").mkdir()
    (tmp_path / "outer" / "b" / "x.onnx").write_bytes(onnx())
    assert [Path(ref).name for ref in found(tmp_path)] == ["outer", "a"]
    assert [file.path for file in loaded(tmp_path / "outer").files] == ["b/x.onnx", "model.safetensors"]


def test_a_folder_of_data_is_no_model(make_model: Make) -> None:
    """A dataset's card beside no weights states the license of data."""
    folder = make_model(
        card="---\nlicense: cc-by-4.0\ntask_categories: [text-classification]\n---\n", data__csv="a,b\n"
    )
    (folder / "model.safetensors").unlink()
    model = loaded(folder)
    assert (model.subject, [claim.subject for claim in model.claims]) == (Subject.DATA, [Subject.DATA])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("LICENSE.APACHE", "license"), ("COPYING.LESSER", "license"), ("EULA.txt", "license"), ("LICENSES/MIT.txt", None),
     ("LICENSES/LICENSE-MIT.txt", "license"), ("licenses.py", None)],
)  # fmt: skip
def test_texts_are_found_by_every_usual_name(make_model: Make, name: str, kind: str | None) -> None:
    """License files under their many names are texts; code and data that speak of licenses are not."""
    folder = make_model()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("terms")
    assert [text.kind for text in loaded(folder).texts] == ([kind] if kind else [])


def test_a_license_that_is_no_plain_text_is_a_gap(make_model: Make) -> None:
    """A license as PDF is there, and is not read."""
    gaps = loaded(make_model(LICENSE__pdf=b"%PDF-1.7")).gaps
    assert "LICENSE.pdf: a document that is no plain text" in {gap.why for gap in gaps}


def test_a_changed_package_is_another_revision(tmp_path: Path, make_model: Make) -> None:
    """The license of the package around a model is looked at, so a change of it is a change of the revision."""
    folder = make_model("site/pkg/model", card=None)
    info = tmp_path / "site" / "pkg-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("pkg/model/model.safetensors,,\n")
    revisions = set()
    for license_ in ("MIT", "CC-BY-NC-4.0"):
        (info / "METADATA").write_text(f"Name: pkg\nVersion: 1.0\nLicense: {license_}\n\n")
        revisions.add(FolderSource().pin(ModelRef(scheme="file", name=str(folder))).ref.revision)
    assert len(revisions) == 2


def test_halves_of_characters_do_no_harm(make_model: Make) -> None:
    """A configuration or card that writes half a character is read, and what is read can be kept."""
    folder = make_model(
        card='---\nlicense: "mit\\ud800"\n---\n', config__json='{"_name_or_path": "a\\ud800b", "license": ["x\\udfff"]}'
    )
    assert loaded(folder).model_dump_json()


def test_files_whose_names_are_no_text_are_gaps(make_model: Make) -> None:
    """A weight file whose name no report could hold is said, and the model is read without it."""
    folder = make_model()
    with open(os.fsencode(folder) + b"/x\xff.gguf", "wb"):  # noqa: PTH123
        pass
    model = loaded(folder)
    assert [file.path for file in model.files] == ["model.safetensors"]
    assert any("x\\udcff.gguf" in gap.why for gap in model.gaps)


def test_neighbours_of_a_single_file_do_not_change_it(make_model: Make) -> None:
    """The revision of a single weight file depends on it and on what speaks of it, not on what else lies there."""
    file = make_model() / "model.safetensors"
    before = FolderSource().pin(ModelRef(scheme="file", name=str(file)))
    (file.parent / "new.txt").write_text("x")
    (file.parent / "other.gguf").write_bytes(b"GGUF")
    assert FolderSource().pin(ModelRef(scheme="file", name=str(file))) == before


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
