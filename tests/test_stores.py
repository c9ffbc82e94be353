"""Stores of other tools: each laid out as the tool does it, whole and broken."""

import base64
import contextlib
import gzip
import io
import json
import pickle
import tarfile
from pathlib import Path
from typing import Any

import pytest

from licscan.errors import UnreadableError
from licscan.model import GapId, ModelRef, Place, Relation, Subject
from licscan.sources.folder import HERE, FolderSource
from licscan.sources.stores import Machine
from tests import stores, weights
from tests.conftest import safetensors
from tests.test_pickles import Trap

GGUF = weights.gguf({"general.architecture": "llama"})
SHA = stores.sha256(GGUF)
URL = "https://huggingface.co/acme/Model-GGUF/resolve/main/model-q4.gguf"


def put(path: Path, content: bytes | str | dict[str, Any] | list[Any] = GGUF) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content) if isinstance(content, dict | list) else content
    path.write_bytes(stores.bytes_of(text))
    return path


def same(path: Path) -> list[str]:
    return [str(one.ref) for one in stores.load(path).same_as]


def test_lm_studio(tmp_path: Path) -> None:
    """Folders by publisher and model, in its home and where pointer and settings lead; a name over models of the Hub."""
    home = tmp_path / ".lmstudio"
    put(home / "models" / "acme" / "Model-GGUF" / "model-q4.gguf")
    put(home / "models" / "mlx-community" / "Model-4bit" / "model.safetensors", safetensors())
    put(home / "models" / "acme" / "empty" / "notes.txt", "x")
    put(tmp_path / "disk" / "acme" / "other" / "x.gguf")
    put(tmp_path / ".lmstudio-home-pointer", str(home))
    put(home / "settings.json", {"downloadsFolder": str(tmp_path / "disk")})
    put(tmp_path / ".cache" / "lm-studio" / "models" / "acme" / "old" / "x.gguf")
    put(
        home / "hub" / "models" / "qwen" / "qwen3-8b" / "model.yaml",
        "model: qwen/qwen3-8b\nbase:\n  - key: a/b\n    sources:\n      - type: huggingface\n        user: acme\n        repo: Qwen3-8B-GGUF\n",
    )
    refs, _ = stores.here(tmp_path)
    assert [ref.removeprefix("file:") for ref in refs] == [
        "disk/acme/other",
        ".lmstudio/models/acme/Model-GGUF",
        ".lmstudio/models/mlx-community/Model-4bit",
        ".lmstudio/hub/models/qwen/qwen3-8b",
        ".cache/lm-studio/models/acme/old",
    ]
    model = stores.load(home / "models" / "acme" / "Model-GGUF")
    assert (model.name, model.source, same(home / "models" / "acme" / "Model-GGUF")) == (
        "acme/Model-GGUF",
        "lm-studio",
        ["hf:acme/Model-GGUF"],
    )
    assert "no revision" in stores.gaps(model)[GapId.REVISION_NOT_ESTABLISHED]
    virtual = stores.load(home / "hub" / "models" / "qwen" / "qwen3-8b")
    assert [str(base.ref) for base in virtual.bases] == ["hf:acme/Qwen3-8B-GGUF"]
    assert not virtual.same_as


def test_the_folder_that_lm_studio_was_told_to_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that the settings name bears any name, and its models are called as on the Hub; no other folder's are."""
    put(tmp_path / "disk" / "acme" / "other" / "x.gguf")
    put(tmp_path / "elsewhere" / "acme" / "other" / "x.gguf")
    put(tmp_path / ".lmstudio" / "settings.json", {"downloadsFolder": str(tmp_path / "disk")})
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    refs, _ = stores.here(tmp_path)
    assert refs == ["file:disk/acme/other"]
    model = stores.load(tmp_path / "disk" / "acme" / "other")
    assert (model.name, model.source, same(tmp_path / "disk" / "acme" / "other")) == (
        "acme/other",
        "lm-studio",
        ["hf:acme/other"],
    )
    assert not same(tmp_path / "elsewhere" / "acme" / "other")


def test_the_old_cache_of_llama_cpp(tmp_path: Path) -> None:
    """Address and etag beside a file tell repository and digest; of a model in parts the first stands for all."""
    root = tmp_path / ".cache" / "llama.cpp"
    one = put(root / "acme_Model-GGUF_model-q4.gguf")
    put(root / "acme_Model-GGUF_model-q4.gguf.json", {"url": URL, "etag": f'"{SHA}"', "lastModified": "x"})
    for part in (1, 2):
        put(root / f"acme_Big_b-{part:05}-of-00002.gguf")
    put(root / "manifest=acme_Big=latest.json", {"ggufFile": {"rfilename": "b.gguf"}})
    put(root / "x.gguf.downloadInProgress", b"")
    put(root / "url.gguf")
    put(root / "url.gguf.etag", f'W/"{SHA}"')
    refs, gaps = stores.here(tmp_path)
    assert [Path(ref).name for ref in refs] == ["acme_Big_b-00001-of-00002.gguf", one.name, "url.gguf"]
    assert [gap.id for gap in gaps] == [GapId.FILES_NOT_LISTED]
    assert same(one) == ["hf:acme/Model-GGUF"]
    assert stores.load(one).files[0].promised == f"sha256:{SHA}"
    big = stores.load(root / "acme_Big_b-00001-of-00002.gguf")
    assert (len(big.files), big.same_as) == (2, ())
    assert "acme_Big" in stores.gaps(big)[GapId.REVISION_NOT_ESTABLISHED]
    assert stores.load(root / "url.gguf").files[0].promised == f"sha256:{SHA}"


def test_gpt4all(tmp_path: Path) -> None:
    """Files of both of its folders and of the one that its settings name; its catalog gives digest, name, address."""
    cached = put(tmp_path / ".cache" / "gpt4all" / "model-q4.gguf")
    put(tmp_path / ".cache" / "gpt4all" / "incomplete-other.gguf", b"GG")
    put(tmp_path / ".local" / "share" / "nomic.ai" / "GPT4All" / "a.gguf")
    chosen = put(tmp_path / "chosen" / "b.gguf")
    put(
        tmp_path / "chosen" / "models3.json",
        [{"filename": "b.gguf", "name": "B", "sha256sum": SHA, "url": URL}, {"filename": 7}, None],
    )
    put(tmp_path / ".config" / "nomic.ai" / "GPT4All.ini", f"[General]\nmodelPath={tmp_path / 'chosen'}\n")
    refs, gaps = stores.here(tmp_path)
    assert [Path(ref).name for ref in refs] == ["model-q4.gguf", "a.gguf", "b.gguf"]
    assert len(gaps) == 1
    model = stores.load(chosen)
    assert (model.name, same(chosen), model.files[0].promised) == ("B", ["hf:acme/Model-GGUF"], f"sha256:{SHA}")
    put(tmp_path / ".cache" / "gpt4all" / "models.json", [{"filename": cached.name, "md5sum": "ab" * 16}])
    assert stores.load(cached).files[0].promised == f"md5:{'ab' * 16}"


def test_jan(tmp_path: Path) -> None:
    """Models of its older and newer versions, with the digests and addresses that their books state."""
    data = tmp_path / ".local" / "share" / "Jan" / "data"
    old = put(
        data / "models" / "acme-q4" / "model.json",
        {"id": "acme-q4", "name": "Acme", "format": "gguf", "sources": [{"url": URL, "filename": "model-q4.gguf"}]},
    ).parent
    put(old / "model-q4.gguf")
    new = put(
        data / "llamacpp" / "models" / "acme" / "M" / "model.yml",
        f"name: M\nmodel_path: llamacpp/models/acme/M/model.gguf\nmodel_sha256: {SHA}\nsize_bytes: 5\n",
    ).parent
    put(new / "model.gguf")
    (data / "threads").mkdir()
    put(data / "models" / "other" / "model.yml", "nothing: of Jan's\n")
    refs, _ = stores.here(tmp_path)
    assert [Path(ref).name for ref in refs] == ["acme-q4", "other", "M"]
    assert (stores.load(old).name, same(old)) == ("Acme", ["hf:acme/Model-GGUF"])
    assert (stores.load(new).files[0].promised, same(new)) == (f"sha256:{SHA}", [])
    assert [str(ref) for ref in stores.source(tmp_path).find(str(data))] == [
        str(ref) for ref in stores.source(tmp_path).find(str(data))
    ]


def test_modelscope_and_its_pickles(tmp_path: Path) -> None:
    """The name comes out of the pickle's texts, the revision out of its text file; the pickle is never loaded."""
    root = tmp_path / ".cache" / "modelscope" / "hub" / "models"
    good = put(root / "Qwen" / "Qwen2___5-7B" / "model.safetensors", safetensors()).parent
    put(good / ".mdl", pickle.dumps({"id": "Qwen/Qwen2.5-7B"}))
    put(good / ".msc", pickle.dumps([{"Path": "model.safetensors", "Revision": "ab" * 20}]))
    put(good / ".mv", "Revision:v1.0.2,CreatedAt:1726650000")
    put(good / "README.md", "---\nlicense: apache-2.0\n---\n")
    evil = put(root / "evil" / "m" / "model.safetensors", safetensors()).parent
    put(evil / ".mdl", pickle.dumps({"id": Trap()}))
    put(root / "._____temp" / "half" / "x" / ".msc", b"")
    refs, _ = stores.here(tmp_path)
    assert [Path(ref).name for ref in refs] == ["Qwen2___5-7B", "m"]
    model = stores.load(good)
    assert (model.name, same(good), [claim.stated for claim in model.claims]) == (
        "Qwen/Qwen2.5-7B",
        ["modelscope:Qwen/Qwen2.5-7B@v1.0.2"],
        ["apache-2.0"],
    )
    assert stores.load("modelscope:Qwen/Qwen2.5-7B", tmp_path).name == "Qwen/Qwen2.5-7B"
    trapped = stores.load(evil)
    assert trapped.name == "evil/m"
    assert "system when it is loaded; it was not" in trapped.notes[0]
    assert not Path("/tmp/licscan-was-here").exists()
    for broken in (b"", b"\x80", b"text"):
        put(evil / ".mdl", broken)
        assert stores.load(evil).name == "evil/m"


def test_the_newer_cache_of_modelscope(tmp_path: Path) -> None:
    """Snapshots by revision, of models and of data sets; a branch is no revision that proves anything."""
    root = tmp_path / ".cache" / "modelscope"
    for place in (
        "models/Qwen--Qwen2.5-7B/snapshots/v1.0",
        "models/Qwen--Qwen3/snapshots/master",
        "datasets/a--b/snapshots/v1",
    ):
        put(root / place / "sub" / "model.safetensors", safetensors())
        put(root / place / "README.md", "---\nlicense: apache-2.0\n---\n")
    refs, _ = stores.here(tmp_path)
    assert len(refs) == 3
    assert same(root / "models/Qwen--Qwen2.5-7B/snapshots/v1.0") == ["modelscope:Qwen/Qwen2.5-7B@v1.0"]
    model = stores.load("modelscope:Qwen/Qwen2.5-7B", tmp_path)
    assert (str(model.ref), model.same_as) == ("modelscope:Qwen/Qwen2.5-7B@v1.0", ())
    assert stores.load(root / "datasets/a--b/snapshots/v1").subject is Subject.DATA
    assert "master" in stores.gaps(stores.load("modelscope:Qwen/Qwen3", tmp_path))[GapId.REVISION_NOT_ESTABLISHED]


def test_ramalama(tmp_path: Path) -> None:
    """References by transport; the older, plain kind too; a reference without files is a gap."""
    store = tmp_path / ".local" / "share" / "ramalama" / "store"
    model = store / "huggingface" / "acme" / "Model-GGUF"
    blob = put(model / "blobs" / f"sha256-{SHA}")
    linked = model / "snapshots" / f"sha256-{'ab' * 32}" / "model-q4.gguf"
    linked.parent.mkdir(parents=True)
    linked.symlink_to(blob)
    files = [
        {"hash": f"sha256-{SHA}", "name": "model-q4.gguf", "type": "model"},
        {"hash": "x", "name": "../../evil", "type": "other"},
    ]
    ref = put(model / "refs" / "latest.json", {"hash": f"sha256:{'ab' * 32}", "path": "x", "files": files})
    plain = store / "ollama" / "library" / "smollm"
    put(plain / "snapshots" / "sha256-1" / "smollm.gguf")
    old = put(plain / "refs" / "135m", "sha256:1\nsmollm.gguf---model\ntemplate---chat\n")
    empty = put(store / "url" / "example.com" / "m" / "refs" / "latest.json", {"hash": "sha256:1", "files": []})
    (empty.parent.parent / "snapshots").mkdir()
    refs, _ = stores.here(tmp_path)
    assert [Path(one).name for one in refs] == ["latest.json", "135m", "latest.json"]
    found = stores.load(ref)
    assert [(file.path, file.promised) for file in found.files] == [("model-q4.gguf", f"sha256:{SHA}")]
    assert (found.name, same(ref), same(old)) == (
        "acme/Model-GGUF:latest",
        ["hf:acme/Model-GGUF"],
        ["ollama:smollm:135m"],
    )
    assert GapId.FILES_NOT_LISTED in stores.gaps(stores.load(empty))


def blob(root: Path, data: bytes | dict[str, Any]) -> str:
    raw = json.dumps(data).encode() if isinstance(data, dict) else data
    put(root / "blobs" / "sha256" / stores.sha256(raw), raw)
    return f"sha256:{stores.sha256(raw)}"


def tar(entries: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as made:
        for name, data in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("LICENSE.link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    return stream.getvalue()


DOCKER = "application/vnd.docker.ai."
CNCF = "application/vnd.cncf.model."


def docker(root: Path, tags: list[str]) -> str:
    config = {"config": {"format": "gguf", "gguf": {"general.license": "gemma"}}}
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": f"{DOCKER}model.config.v0.1+json", "digest": blob(root, config)},
        "layers": [
            {
                "mediaType": f"{DOCKER}gguf.v3",
                "digest": blob(root, GGUF),
                "annotations": {"org.cncf.model.filepath": "gemma.gguf"},
            },
            {"mediaType": f"{DOCKER}license", "digest": blob(root, b"Gemma Terms of Use\nterms\n")},
            {"mediaType": f"{DOCKER}gguf.v3.mmproj", "digest": "sha256:../../etc/passwd"},
        ],
    }
    raw = json.dumps(manifest).encode()
    put(root / "manifests" / "sha256" / stores.sha256(raw), raw)
    entries = [
        {"id": f"sha256:{stores.sha256(raw)}", "tags": tags, "files": []},
        {"id": "sha256:" + "0" * 64, "tags": ["ai/gone"]},
    ]
    put(root / "models.json", {"models": entries})
    put(root / "layout.json", {"version": "1.0.0"})
    return stores.sha256(raw)


def test_docker_model_runner(tmp_path: Path) -> None:
    """Models of its index by their tags; weights, license layer and what the configuration repeats of the header."""
    digest = docker(
        tmp_path / ".docker" / "models", ["index.docker.io/ai/gemma3:4B-Q4_0", "huggingface.co/acme/model-gguf:q4"]
    )
    refs, gaps = stores.here(tmp_path)
    assert refs == ["oci:ai/gemma3:4B-Q4_0"]
    assert "ai/gone" in gaps[0].why
    model = stores.load("oci:ai/gemma3:4B-Q4_0", tmp_path)
    assert model.ref.revision == f"sha256:{digest}"
    assert [(file.path, file.promised) for file in model.files] == [("gemma.gguf", f"sha256:{SHA}")]
    assert [text.path for text in model.texts] == ["LICENSE"]
    assert [claim.stated for claim in model.claims] == ["gemma"]
    assert [str(one.ref) for one in model.same_as] == ["hf:acme/model-gguf"]
    assert any("which is no digest" in gap.why for gap in model.gaps)


def layout(root: Path, manifest: dict[str, Any], name: str = "registry.example/acme/model:1") -> Path:
    put(root / "oci-layout", {"imageLayoutVersion": "1.0.0"})
    digest = blob(root, {"schemaVersion": 2, **manifest})
    image = blob(
        root, {"schemaVersion": 2, "config": {"mediaType": "application/vnd.oci.image.config.v1+json"}, "layers": []}
    )
    inner = blob(root, {"schemaVersion": 2, "manifests": [{"digest": image}, {"digest": digest}]})
    entry = {"digest": digest, "annotations": {"org.opencontainers.image.ref.name": name}}
    put(
        root / "index.json",
        {"schemaVersion": 2, "manifests": [entry, {"digest": inner}, {"digest": "sha256:" + "1" * 64}]},
    )
    return root / "blobs" / "sha256" / digest.removeprefix("sha256:")


def test_artifacts_of_the_cncf(tmp_path: Path) -> None:
    """The licenses of the descriptor are claims; where it comes from is a base; a packed card is read."""
    root = tmp_path / "x"
    card = b"---\nlicense: mit\n---\n"
    descriptor = {
        "name": "m",
        "licenses": ["Apache-2.0", "CC-BY-4.0"],
        "sourceURL": "https://huggingface.co/acme/m",
        "revision": stores.COMMIT,
    }
    path = layout(
        root,
        {
            "artifactType": f"{CNCF}manifest.v1+json",
            "config": {"mediaType": f"{CNCF}config.v1+json", "digest": blob(root, {"descriptor": descriptor})},
            "layers": [
                {
                    "mediaType": f"{CNCF}weight.v1.raw",
                    "digest": blob(root, safetensors()),
                    "annotations": {"org.cncf.model.filepath": "model.safetensors"},
                },
                {"mediaType": f"{CNCF}weight.v1.tar", "digest": blob(root, tar({"big.safetensors": safetensors()}))},
                {
                    "mediaType": f"{CNCF}doc.v1.tar+gzip",
                    "digest": blob(
                        root, gzip.compress(tar({"./README.md": card, "LICENSE": b"terms", "../evil": b"x"}))
                    ),
                },
            ],
            "annotations": {"org.opencontainers.image.licenses": "Apache-2.0"},
        },
    )
    found = list(stores.source(tmp_path).find(str(root)))
    assert [str(one).endswith(path.name) for one in found[:1]] == [True]
    model = stores.load(path)
    assert model.name == "registry.example/acme/model:1"
    assert {(claim.stated, claim.place) for claim in model.claims} == {
        ("Apache-2.0 AND CC-BY-4.0", Place.CARD_TAG),
        ("Apache-2.0", Place.CARD_TAG),
        ("mit", Place.CARD_TAG),
    }
    assert [(str(base.ref), base.relation) for base in model.bases] == [
        (f"hf:acme/m@{stores.COMMIT}", Relation.UNSTATED)
    ]
    assert [text.path for text in model.texts] == ["LICENSE"]
    assert [file.path for file in model.files] == ["big.safetensors", "model.safetensors"]


def test_model_kits(tmp_path: Path) -> None:
    """Each part of a Kitfile has its own license; a model that is taken from another kit has that for a base."""
    storage = tmp_path / ".local" / "share" / "kitops" / "storage"
    kit = {
        "manifestVersion": "1.0",
        "package": {"name": "p", "license": "MIT"},
        "model": {"path": "jozu.ml/acme/base:1", "license": "Apache-2.0", "parts": [{"license": "GPL-3.0"}]},
        "code": [{"path": ".", "license": "BSD-3-Clause"}],
        "datasets": [{"path": "d", "license": "CC-BY-NC-4.0"}],
    }
    kinds = "application/vnd.kitops.modelkit."
    layers = [{"mediaType": f"{kinds}model.v1.tar", "digest": blob(storage, tar({"m.gguf": GGUF}))}]
    path = layout(
        storage, {"config": {"mediaType": f"{kinds}config.v1+json", "digest": blob(storage, kit)}, "layers": layers}
    )
    refs, gaps = stores.here(tmp_path)
    assert [Path(ref).name for ref in refs] == [path.name]
    assert len(gaps) == 1
    model = stores.load(path)
    assert [(claim.stated, claim.subject) for claim in model.claims] == [
        ("Apache-2.0", Subject.WEIGHTS),
        ("GPL-3.0", Subject.WEIGHTS),
        ("BSD-3-Clause", Subject.CODE),
        ("CC-BY-NC-4.0", Subject.DATA),
    ]
    assert [base.stated for base in model.bases] == ["jozu.ml/acme/base:1"]


def test_indexes_of_kitops(tmp_path: Path) -> None:
    """A kit that only the index of its repository names is found, under the name of that; on every system."""
    for number, (system, below) in enumerate(
        (("linux", ".local/share"), ("darwin", "Library/Caches"), ("win32", "AppData/Local"))
    ):
        storage = tmp_path / below / "kitops" / "storage"
        put(storage / "oci-layout", {"imageLayoutVersion": "1.0.0"})
        put(storage / "index.json", {"schemaVersion": 2, "manifests": []})
        kind = "application/vnd.kitops.modelkit.config.v1+json"
        kit = {"config": {"mediaType": kind, "digest": blob(storage, {"package": {"license": "MIT"}})}, "layers": []}
        entry = {"digest": blob(storage, kit), "annotations": {"org.opencontainers.image.ref.name": f"v{number}"}}
        repository = base64.urlsafe_b64encode(b"jozu.ml/acme/kit").decode()
        put(storage / f"{repository}-index.json", {"schemaVersion": 2, "manifests": [entry]})
        put(storage / "x-index.json", "{")
        refs = [
            one for one in FolderSource(machine=Machine(tmp_path, {}, system)).find(HERE) if isinstance(one, ModelRef)
        ]
        assert [stores.load(Path(ref.name)).name for ref in refs] == [f"jozu.ml/acme/kit:v{number}"]


def test_a_home_is_walked_with_the_stores_in_it(tmp_path: Path) -> None:
    """Whoever scans a folder around several stores gets the models of each, once, and plain folders too."""
    stores.hub_cache(
        tmp_path / ".cache" / "huggingface" / "hub", "models--acme--one", {"model.safetensors": safetensors()}
    )
    stores.ollama(tmp_path / ".ollama" / "models", "registry.ollama.ai/library/llama3.1/8b", [("model", GGUF)])
    docker(tmp_path / ".docker" / "models", ["ai/gemma3:1"])
    put(tmp_path / ".lmstudio" / "models" / "acme" / "M" / "m.gguf")
    put(tmp_path / "plain" / "m.gguf")
    found = [str(one).replace(f"{tmp_path}/", "") for one in stores.source(tmp_path).find(str(tmp_path))]
    assert [one for one in found if "gone" not in one] == [
        "file:plain",
        f"file:.cache/huggingface/hub/models--acme--one/snapshots/{stores.COMMIT}",
        "oci:ai/gemma3:1",
        "file:.lmstudio/models/acme/M",
        "ollama:llama3.1:8b",
    ]


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"models": 7}', "[" * 100_000, "\0", '{"name": {"a": 1}, "sources": "x"}']
)
def test_broken_books_cost_only_themselves(tmp_path: Path, content: str) -> None:
    """No book of any store, however broken, keeps the models of other stores from being found."""
    stores.ollama(tmp_path / ".ollama" / "models", "registry.ollama.ai/library/llama3.1/8b", [("model", GGUF)])
    docker(tmp_path / ".docker" / "models", ["ai/x:1"])
    layout(tmp_path / ".local" / "share" / "kitops" / "storage", {"artifactType": f"{CNCF}manifest.v1+json"})
    for book in (
        ".docker/models/models.json",
        ".local/share/kitops/storage/index.json",
        ".local/share/Jan/settings.json",
        ".local/share/Jan/data/models/x/model.yml",
        ".local/share/Jan/data/models/y/model.json",
        ".local/share/ramalama/store/hf/a/b/refs/latest.json",
        ".lmstudio/hub/models/a/b/model.yaml",
        ".lmstudio-home-pointer",
        ".config/nomic.ai/GPT4All.ini",
        ".cache/gpt4all/models3.json",
        ".cache/llama.cpp/a.gguf.json",
        ".cache/modelscope/hub/models/a/b/.mdl",
    ):
        put(tmp_path / book, content)
    put(tmp_path / ".cache" / "llama.cpp" / "a.gguf")
    put(tmp_path / ".cache" / "gpt4all" / "a.gguf")
    (tmp_path / ".local/share/ramalama/store/hf/a/b/snapshots").mkdir()
    refs, _ = stores.here(tmp_path)
    assert "ollama:llama3.1:8b" in refs
    for ref in refs:
        path = Path(str(tmp_path / ref.removeprefix("file:")))
        with contextlib.suppress(UnreadableError):  # refused, in words
            stores.load(path if ref.startswith("file:") else ref, tmp_path)
