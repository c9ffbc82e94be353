"""What must not get out, and whom licscan may ask: tokens, passwords, certificates, telemetry, no network at all."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, Licscan, process
from tests.hub.answers import Answer
from tests.hub.repositories import safetensors
from tests.hub.server import TOKEN
from tests.hub.tls import certificates
from tests.hubs import Files, Look, Serve, as_json, changed, gaps, repository


def everything(tmp_path: Path, *printed: str) -> str:
    """All that was printed and kept, databases byte by byte."""
    kept = [file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file()]
    return "\n".join([*printed, *kept])


def packed(tmp_path: Path) -> bytes:
    """All answers that a database keeps, unpacked."""
    import sqlite3
    import zlib

    found = b""
    for file in tmp_path.rglob("licscan.db"):
        with sqlite3.connect(file) as database:
            found += b"".join(zlib.decompress(row[0]) for row in database.execute("select data from bodies"))
        database.close()
    return found


ECHOES = [
    Answer.error(403, message=f"no access for {TOKEN}"),
    Answer.error(500, message=f"no answer for {TOKEN}"),
    Answer.error(404, "RepoNotFound", f"nothing for {TOKEN}"),
    Answer(200, b"{" + TOKEN.encode()),
    Answer(200, f"<html>{TOKEN}".encode(), {"X-Error-Message": TOKEN}),
    Answer.redirect(302, f"ftp://{TOKEN}/"),
    Answer.redirect(302, f"http://127.0.0.1:1/{TOKEN}"),
    Answer(200, b"{}", {"Content-Encoding": f"gzip, {TOKEN}"}),
]


@pytest.mark.parametrize("number", range(len(ECHOES)))
def test_a_token_that_a_hub_repeats_is_not_repeated(
    serve: Serve, licscan: Licscan, hasty: None, token: str, tmp_path: Path, number: int
) -> None:
    """A hostile server may echo the token in whatever it answers: it is in no output, and in no file."""
    assert hasty is None
    hub = serve()
    hub.tell(r"/(api/models/)?acme/tiny.*", ECHOES[number])
    done = licscan("scan", "acme/tiny", "acme/adapter", "--verbose", "--jobs", 1)
    assert done.code == 0
    assert token not in everything(tmp_path, done.out, done.err)
    assert token.encode() not in packed(tmp_path)
    assert "Apache" in done.out


def test_a_token_in_a_file_or_record_is_not_kept(
    serve: Serve, licscan: Licscan, hasty: None, token: str, tmp_path: Path
) -> None:
    """An answer that holds the token - a card, a header, a record - is no answer, and is not kept."""
    assert hasty is None
    files: Files = {"README.md": f"# {token}\n", "LICENSE": token, "model.safetensors": safetensors({"license": token})}
    one = repository("acme/echo", files, metadata={"description": "x"})
    hub = serve(one)
    hub.tell(r"/api/models/acme/tiny", as_json(changed(one, id="acme/tiny", tags=[token])))
    done = licscan("scan", "acme/echo", "acme/tiny", "--jobs", 1, "--format", "json")
    assert token not in everything(tmp_path, done.out, done.err)
    assert token.encode() not in packed(tmp_path)
    assert done.out.count("an answer that repeats the token") == 3
    assert json.loads(done.out)["models"][1]["license"]["spdx"] == "CC-BY-NC-4.0"


def test_a_link_to_another_origin_does_not_take_the_token_along(serve: Serve, licscan: Licscan, token: str) -> None:
    """The next page is asked of the hub itself, wherever a link says that it is."""
    assert token
    hub = serve()
    pages = iter(
        [
            Answer.data([{"id": "acme/tiny"}], Link=f'<{hub.elsewhere}/api/models?author=acme&cursor=2>; rel="next"'),
            Answer.data([{"id": "acme/adapter"}]),
        ]
    )
    hub.tell("/api/models", lambda _: next(pages, None))
    done = licscan("scan", "acme/*", "--format", "json")
    assert {model["name"] for model in json.loads(done.out)["models"]} == {"acme/tiny", "acme/adapter"}
    assert hub.log.tokens_elsewhere == 0


def test_a_redirect_to_another_origin_does_not_take_the_token_along(serve: Serve, look: Look, token: str) -> None:
    """A record that is elsewhere is asked for there without the token."""
    assert token
    hub = serve()
    hub.tell(
        r"/api/models/acme/gated",
        lambda request: (
            None
            if request.headers.get("Host", "").startswith("localhost")
            else Answer.redirect(307, f"{hub.elsewhere}/api/models/acme/gated?blobs=true")
        ),
    )
    assert look.one("acme/gated").license.spdx
    assert hub.log.tokens_elsewhere == 0


@pytest.mark.parametrize(
    "kind", ["{scheme}://someone:very-secret@{rest}", "ftp://someone:very-secret@{rest}", "someone:very-secret@{rest}"]
)
@pytest.mark.parametrize("down", [True, False])
def test_a_password_of_the_endpoint_is_shown_nowhere(
    serve: Serve,
    licscan: Licscan,
    hasty: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    *,
    down: bool,
) -> None:
    """An endpoint may have a password; it is in no output, and in no file, whatever goes wrong."""
    assert hasty is None
    hub = serve()
    if down:
        hub.tell(".*", Answer.error(503))
    scheme, _, rest = hub.url.partition("://")
    monkeypatch.setenv("HF_ENDPOINT", kind.format(scheme=scheme, rest=rest))
    done = licscan("scan", "acme/adapter", "acme/nothing", "--verbose")
    assert done.code == (0 if kind.startswith("{scheme}") else 2)
    assert "very-secret" not in everything(tmp_path, done.out, done.err)
    assert b"very-secret" not in packed(tmp_path)


@pytest.mark.parametrize(
    "endpoint", ["127.0.0.1:8000", "hub.example", "ftp://hub.example", "http://", "http://[", "http://h:99999", " "]
)
def test_an_endpoint_that_is_no_address_is_a_wrong_call(
    online: None, licscan: Licscan, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    """An endpoint without scheme or host is said to be wrong in one line, and nothing is asked."""
    assert online is None
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    if not endpoint.strip():
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "")
    done = licscan("scan", "acme/tiny")
    assert (done.code, done.out) == (2, "")
    assert re.fullmatch(r"licscan: HF_ENDPOINT=.*: no address of a hub \(write https://host\)\n", done.err)


def test_an_endpoint_may_end_in_a_slash(serve: Serve, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slash at the end of the endpoint changes nothing."""
    hub = serve()
    monkeypatch.setenv("HF_ENDPOINT", f"{hub.url}//")
    assert look.one("acme/tiny").license.spdx == "CC-BY-NC-4.0"
    assert not any("//" in path for path in hub.files_too())


ENVIRONMENT = {"PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1767225600"}


def environment(tmp_path: Path, url: str, **more: str) -> dict[str, str]:
    """That of a process of its own: only what it needs, so that nothing silences the library but licscan itself."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    folders = {"HOME": str(tmp_path), "HF_HOME": str(tmp_path / "hf"), "XDG_DATA_HOME": str(tmp_path / "data")}
    return {**kept, **ENVIRONMENT, **folders, "HF_ENDPOINT": url, **more}


def test_nobody_is_told_that_licscan_is_used(serve: Serve, tmp_path: Path) -> None:
    """The library's question which program calls it is never asked; every request is for a model."""
    hub = serve()
    done = process("scan", "acme/tiny", "acme/*", env=environment(tmp_path, hub.url))
    assert done.returncode == 0, done.stderr
    assert hub.files_too()
    assert [path for path in hub.files_too() if "acme" not in path] == []
    assert not (tmp_path / "hf" / ".agent_harnesses.json").exists()


def test_over_tls_it_is_the_same(serve: Serve, tmp_path: Path) -> None:
    """A hub with a certificate of one's own authority is read; what is not there is not found, as over plain HTTP."""
    files = certificates(tmp_path / "tls")
    hub = serve(certificate=(files.certificate, files.key))
    ours = environment(tmp_path, hub.url, SSL_CERT_FILE=str(files.authority), HF_TOKEN=TOKEN)
    done = process("scan", "acme/gated", "acme/nothing", "--format", "json", env=ours)
    assert done.returncode == 0, done.stderr
    gated, nothing = json.loads(done.stdout)["models"]
    assert (gated["license"]["id"], len(gated["files"])) == ("llama3.1", 2)
    assert "not-found" in {gap["id"] for gap in nothing["gaps"]}
    assert hub.log.tokens_elsewhere == 0
    anonymous = environment(tmp_path, hub.url, SSL_CERT_FILE=str(files.authority))
    done = process("scan", "acme/nothing", "--format", "json", env=anonymous)
    assert "no such repository, or a private one (asked without a token)" in done.stdout


def test_a_certificate_of_a_stranger_is_not_trusted(serve: Serve, tmp_path: Path) -> None:
    """A hub whose certificate nobody vouches for is unreachable, and that soon."""
    files = certificates(tmp_path / "tls")
    hub = serve(certificate=(files.certificate, files.key))
    done = process("scan", "acme/tiny", "--timeout", 2, "--format", "json", env=environment(tmp_path, hub.url))
    assert done.returncode == 0, done.stderr
    assert {"unreachable"} <= {gap["id"] for gap in json.loads(done.stdout)["models"][0]["gaps"]}
    assert "CERTIFICATE_VERIFY_FAILED" in done.stdout
    assert hub.files_too() == []


@pytest.mark.parametrize("way", ["option", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"])
def test_without_a_network_the_store_answers(
    serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """Where nobody may be asked, what is kept answers, and a gap says that it may be old; nothing is asked."""
    hub = serve()
    licscan("scan", "acme/tiny")
    hub.log.clear()
    if way != "option":
        monkeypatch.setenv(way, "1")
    offline = ["--offline"] if way == "option" else []
    done = licscan("scan", "acme/tiny", "acme/adapter", "--format", "json", *offline)
    tiny, adapter = json.loads(done.out)["models"]
    assert tiny["license"]["spdx"] == "CC-BY-NC-4.0"
    assert "revision-not-established" in {gap["id"] for gap in tiny["gaps"]}
    assert "not-looked-at" in {gap["id"] for gap in adapter["gaps"]}
    assert hub.files_too() == []


def test_a_pinned_commit_needs_no_network(serve: Serve, licscan: Licscan) -> None:
    """A commit that is kept is what it was, offline too: no gap says otherwise."""
    tiny = serve().catalogue.find("models", "acme/tiny")
    assert tiny is not None
    name = f"acme/tiny@{tiny.commits[0].sha}"
    online = json.loads(licscan("scan", name, "--format", "json").out)["models"]
    offline = json.loads(licscan("scan", name, "--offline", "--format", "json").out)["models"]
    assert online == offline


def test_a_folder_wins_over_a_model_of_its_name(
    serve: Serve, licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that is there is the path; with `hf:` before it, the name is the model, whatever lies on the disk."""
    serve()
    folder = tmp_path / "acme" / "tiny"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    (folder / "config.json").write_text('{"model_type": "x"}')
    monkeypatch.chdir(tmp_path)
    done = licscan("scan", "acme/tiny", "hf:acme/tiny", "--format", "json")
    found = {model["ref"].partition("@")[0]: model["license"]["spdx"] for model in json.loads(done.out)["models"]}
    assert found == {"file:acme/tiny": "Apache-2.0", "hf:acme/tiny": "CC-BY-NC-4.0"}


def test_a_gap_says_who_was_asked(serve: Serve, look: Look, hasty: None) -> None:
    """A hub that does not answer is named in the gap."""
    assert hasty is None
    hub = serve()
    hub.silent = frozenset({"info"})
    assert hub.url in gaps(look.one("acme/tiny", timeout=1))["unreachable"]
