"""Files on disk: what is said of them, whatever they are and whatever happens to them, and what is remembered."""

import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs
import pytest

from licscan.digests import FileStatus, Measured
from licscan.integrity import Checked, Verdict
from licscan.verify import Effort, HashCache, Wanted, check, find
from licscan.verify.hash_cache import default_path, is_settled
from licscan.verify.hashing import BUFFER, Hashed, Stamp, hash_file, stamp
from tests.conftest import Licscan, process, safetensors
from tests.verify_campaign import run

MIB = 1 << 20


def sums(folder: Path, *names: str) -> None:
    """Write a list of what files of a folder are now."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two files that are promised, written long enough ago to be remembered."""
    made = tmp_path / "models"
    made.mkdir()
    (made / "a.gguf").write_bytes(os.urandom(MIB))
    (made / "b.txt").write_text("b\n")
    sums(made, "a.gguf", "b.txt")
    time.sleep(0.12)
    return made


Looked = tuple[dict[str, Verdict], Effort]
Look = Callable[..., Looked]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Look at a target with a cache of this test."""

    def run_(target: Path, **wanted: object) -> Looked:
        with HashCache(tmp_path / "cache" / "hashes.db") as cache:
            checked, effort = check(find(str(target)), cache, Wanted(**wanted))  # type: ignore[arg-type]
        (copy,) = checked
        return {verdict.path: verdict for verdict in copy.verdicts}, effort

    return run_


def whole(target: Path) -> Checked:
    (checked,) = check(find(str(target)), HashCache(Path(os.devnull) / "none"), Wanted())[0]
    return checked


def test_campaign(tmp_path: Path) -> None:
    """Files harmed in eight ways that keep size or times are all found, through a warm cache; no other is wronged."""
    found = run(tmp_path, number=300, seed=7, at_once=150)
    assert (found.unnoticed, found.wronged) == ([], [])
    assert found.harmed >= 300
    assert found.known >= 400
    assert len(found.found) == 8


def test_what_did_not_change_is_not_read_again(folder: Path, look: Look) -> None:
    """The second look reads nothing, and says the same; --rehash reads all."""
    first, effort = look(folder)
    assert effort.read == MIB + 2
    second, effort = look(folder)
    assert (effort.read, effort.known) == (0, MIB + 2)
    assert {path: verdict.status for path, verdict in first.items()} == {
        path: verdict.status for path, verdict in second.items()
    }
    assert look(folder, rehash=True)[1].read == MIB + 2


def test_what_was_just_written_is_not_remembered(folder: Path, look: Look) -> None:
    """A file that was written to within a tick of the clock before it was read is read again."""
    (folder / "b.txt").write_text("b\n")
    look(folder)
    verdicts, effort = look(folder)
    assert effort.read <= 2
    assert verdicts["a.gguf"].measured.cached


@pytest.mark.parametrize(
    ("modified", "changed", "settled"),
    [
        (10**18 + 1, 10**18 + 1, False),
        (10**18 - 2 * 10**8 + 1, 10**18 - 2 * 10**8 + 1, True),
        (10**18 - 2 * 10**8 + 1, 10**18 - 10**7 + 1, False),
        (10**18 - 10**9, 10**18 - 2 * 10**8 + 1, False),  # a clock of whole seconds
        (10**18 - 3 * 10**9, 10**18 - 3 * 10**9, True),
        (10**18 + 10**12, 10**18 - 10**12, False),  # from the future
    ],
)
def test_times_that_tell(modified: int, changed: int, settled: bool) -> None:
    """A time tells a file from a later write only if it lies a tick back, two seconds where the clock has no fraction."""
    assert is_settled(Stamp(1, 2, 3, modified, changed), 10**18) is settled


def test_several_names_are_read_once(folder: Path, look: Look) -> None:
    """Hard links and links to one file are one reading, and one line each in the report."""
    (folder / "again.gguf").hardlink_to(folder / "a.gguf")
    (folder / "link.gguf").symlink_to("a.gguf")
    sums(folder, "a.gguf", "again.gguf", "link.gguf", "b.txt")
    time.sleep(0.12)
    verdicts, effort = look(folder)
    assert effort.read == MIB + 2
    assert sum(verdict.status is FileStatus.VERIFIED for verdict in verdicts.values()) == 4


def test_further_digests_from_one_reading(folder: Path, look: Look) -> None:
    """All digests that are wanted are made in one reading, and are what hashlib makes."""
    verdicts, effort = look(folder, algorithms=("sha512", "git-sha1"))
    data = (folder / "a.gguf").read_bytes()
    assert verdicts["a.gguf"].measured.digests == {
        "sha256": hashlib.sha256(data).hexdigest(),
        "sha512": hashlib.sha512(data).hexdigest(),
        "git-sha1": hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest(),
    }
    assert effort.read == MIB + 2
    assert look(folder, algorithms=("sha512",))[1].read == 0


def disturbed(file: Path, harm: Callable[[], object]) -> Hashed:
    """Read a file, and do something to it after the first part was read."""
    done: list[int] = []

    def read(_number: int) -> None:
        if not done:
            harm()
        done.append(1)

    return hash_file(str(file), ("sha256",), bytearray(BUFFER), read)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    file = tmp_path / "large.gguf"
    file.write_bytes(os.urandom(3 * BUFFER))
    return file


def test_a_file_that_changes_while_it_is_read(large: Path, tmp_path: Path) -> None:
    """Grown, shrunk, written to, replaced or removed while it is read: said, and never remembered as anything."""

    def rewrite() -> None:
        with large.open("r+b") as stream:
            stream.seek(5)
            stream.write(b"x")

    def replace() -> None:
        (tmp_path / "new").write_bytes(bytes(3 * BUFFER))
        (tmp_path / "new").replace(large)

    def grow() -> None:
        with large.open("ab") as stream:
            stream.write(b"more")

    for harm in (grow, lambda: os.truncate(large, BUFFER), rewrite, replace, large.unlink):
        large.write_bytes(os.urandom(3 * BUFFER))
        time.sleep(0.02)  # another tick of the clock than that of the harm
        found = disturbed(large, harm)
        assert found.measured.changed
        assert found.measured.trouble
        assert found.measured.digests == {}
        assert found.stamp is None
    assert disturbed(large, lambda: None).measured.gone


def test_a_file_that_never_ends_is_left(large: Path) -> None:
    """A file that somebody goes on writing to is read once to where it ended, and a step further."""
    seen: list[int] = []

    def read(number: int) -> None:
        seen.append(number)
        with large.open("ab") as stream:
            stream.write(bytes(2 * BUFFER))

    assert hash_file(str(large), ("sha256",), bytearray(BUFFER), read).measured.changed
    assert sum(seen) <= 4 * BUFFER


def test_what_is_no_file(folder: Path, look: Look) -> None:
    """A FIFO, a socket, a device, links in a circle, to nowhere, out of the folder, to a folder: each is said."""
    os.mkfifo(folder / "fifo.gguf")
    (folder / "device.gguf").symlink_to("/dev/zero")
    (folder / "circle.gguf").symlink_to("circle.gguf")
    (folder / "nowhere.gguf").symlink_to("gone")
    (folder / "out.gguf").symlink_to(__file__)
    (folder / "loop").symlink_to(".")
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket must be short
        one.bind("socket.gguf")
        os.chdir(here)
        with (folder / "SHA256SUMS").open("a") as stream:
            stream.writelines(
                f"{'0' * 64}  {name}.gguf\n" for name in ("fifo", "device", "circle", "nowhere", "socket", "out")
            )
        verdicts, _ = look(folder)
    said = {path: (verdict.status.value, verdict.why) for path, verdict in verdicts.items()}
    assert said["fifo.gguf"] == ("unverified", "a FIFO, not a regular file")
    assert said["device.gguf"] == ("unverified", "a link to /dev/zero: a device, not a regular file")
    assert said["socket.gguf"] == ("unverified", "a socket, not a regular file")
    assert said["circle.gguf"][0] == "unverified"
    assert "symbolic links" in said["circle.gguf"][1]
    assert said["nowhere.gguf"] == ("missing", "a link to gone, and there is nothing")
    assert said["out.gguf"][0] == "mismatch"
    assert verdicts["out.gguf"].measured.note == f"a link that leads out of the folder, to {__file__}"
    assert whole(folder).troubles == ("loop: a link to the folder ., which is not followed",)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_permission_denied(open_folder: Path) -> None:
    """A file that may not be read is unverified, a folder that may not be entered is a trouble; nothing is raised."""
    (open_folder / "secret.gguf").write_bytes(b"x")
    sums(open_folder, "secret.gguf")
    (open_folder / "closed").mkdir(mode=0)
    (open_folder / "secret.gguf").chmod(0)
    if os.geteuid() == 0:  # who may do all must become somebody who may not
        os.seteuid(65534)
        try:
            checked = whole(open_folder)
        finally:
            os.seteuid(0)
    else:
        checked = whole(open_folder)
    (verdict,) = [one for one in checked.verdicts if one.path == "secret.gguf"]
    assert (verdict.status, verdict.why) == (FileStatus.UNVERIFIED, "permission denied")
    assert checked.troubles == ("closed/: permission denied",)


def test_a_terabyte_of_nothing(folder: Path, look: Look) -> None:
    """A sparse file of 1 TiB is not read for hours: where its size tells, that tells; else that nobody wrote it."""
    with (folder / "huge.gguf").open("wb") as stream:
        os.truncate(stream.fileno(), 1 << 40)
        stream.write(b"GGUF")
    with (folder / "SHA256SUMS").open("a") as sums_:
        sums_.write(f"{'0' * 64}  huge.gguf\n")
    begun = time.process_time()
    verdicts, effort = look(folder)
    assert verdicts["huge.gguf"].status is FileStatus.UNVERIFIED
    assert "were never written" in verdicts["huge.gguf"].why
    assert effort.read == MIB + 2
    assert time.process_time() - begun < 5
    (folder / "SHA256SUMS").unlink()
    assert look(folder)[0]["huge.gguf"].why == "nothing is promised of it"


def test_odd_names(folder: Path, licscan: Licscan) -> None:
    """Names with control characters, quotes, line breaks, or no valid text are read, and can harm no terminal."""
    for name in ("\x1b[31mred.gguf", "new\nline.gguf", "a\u202eb.gguf", 'quo"te.gguf'):
        (folder / name).write_text("x")
    with (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.gguf"))).open("w") as stream:
        stream.write("x")
    done = licscan("verify", folder, "-v")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "\\xff\\xfe.gguf" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines() if str(folder) not in line)
    said = json.loads(licscan("verify", folder, "--format", "json").out)
    assert "new\nline.gguf" in {file["path"] for file in said["copies"][0]["files"]}


def test_a_truncated_file_tells_itself(tmp_path: Path, look: Look) -> None:
    """A safetensors file that is shorter than its header says is truncated, though nobody else promises anything."""
    place = tmp_path / "one"
    place.mkdir()
    (place / "model.safetensors").write_bytes(safetensors()[:-1])
    (place / "whole.safetensors").write_bytes(safetensors())
    verdicts, effort = look(place)
    assert verdicts["model.safetensors"].status is FileStatus.TRUNCATED
    assert verdicts["whole.safetensors"].status is FileStatus.UNVERIFIED
    assert effort.read == 0


def test_the_exit_codes(folder: Path, licscan: Licscan, tmp_path: Path) -> None:
    """0 where nothing is wrong, 1 on a mismatch, 2 for what is no target, 3 with --strict, 4 where nothing is."""
    assert licscan("verify", folder).code == 0
    assert licscan("verify", folder, "--strict").code == 0
    (folder / "more.py").write_text("x")
    assert licscan("verify", folder, "--strict").code == 3
    assert licscan("verify", folder / "a.gguf", "--strict").code == 0
    (tmp_path / "empty").mkdir()
    assert licscan("verify", tmp_path / "empty").code == 4
    assert licscan("verify", tmp_path / "nowhere").code == 2
    assert licscan("verify", "./nowhere").code == 2
    assert licscan("verify", "not a target").code == 2
    (folder / "b.txt").write_text("c\n")
    assert licscan("verify", folder).code == 1
    assert licscan("verify", folder, "--strict").code == 1
    assert licscan("verify", folder, tmp_path / "nowhere").code == 2
    assert licscan("verify", folder, "--online", "--offline").code == 2


def test_the_report_for_people(folder: Path, licscan: Licscan) -> None:
    """What is wrong stands first, with both digests whole and who promised; what is right is a number."""
    right = hashlib.sha256((folder / "a.gguf").read_bytes()).hexdigest()
    (folder / "a.gguf").write_bytes(bytes(MIB))
    (folder / "c.txt").write_text("c")
    lines = licscan("verify", folder).out.splitlines()
    assert lines[lines.index("  mismatch    a.gguf") - 1].endswith("1 verified, 1 unverified, 1 mismatch")
    assert f"{'':14}{right}" in lines
    assert f"{'':14}{hashlib.sha256(bytes(MIB)).hexdigest()}" in lines
    assert f"{'':14}sha256 by SHA256SUMS" in lines
    assert "3 files: 1 verified, 1 unverified, 1 mismatch" in lines
    assert all(len(line) <= 80 for line in lines if str(folder) not in line)
    assert "b.txt" not in "\n".join(lines)


def test_the_json(folder: Path, licscan: Licscan, tmp_path: Path) -> None:
    """The JSON has what docs/verify.md says it has, and nothing else."""
    said = json.loads(licscan("verify", folder, "--format", "json").out)
    (copy,) = said["copies"]
    documented = (Path(__file__).parent.parent / "docs" / "verify.md").read_text()
    assert list(said) == ["schema_version", "tool", "created", "copies", "summary"]
    assert set(copy) == {"name", "root", "ref", "files", "notes", "troubles"}
    keys = {*said, *copy, *copy["files"][0], *copy["files"][0]["promises"][0], *said["summary"]} - {
        one.value for one in FileStatus
    }
    assert [key for key in keys if not re.search(rf"[`.]{key}(?:\[\])?`", documented)] == []
    assert copy["files"][0] == {
        "path": "a.gguf",
        "status": "verified",
        "why": "",
        "size": MIB,
        "digests": {"sha256": hashlib.sha256((folder / "a.gguf").read_bytes()).hexdigest()},
        "promises": [{"source": "SHA256SUMS", "digest": copy["files"][0]["promises"][0]["digest"], "size": None}],
        "known": False,
        "note": "",
    }
    licscan("verify", folder, "--format", "json", "--output", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text())["summary"]["files"] == 2


def test_a_killed_run_leaves_what_it_had(tmp_path: Path) -> None:
    """Killed while it hashes, a run leaves the files that it was done with; the next is right, and reads the rest."""
    place = tmp_path / "many"
    place.mkdir()
    names = [f"{number}.bin" for number in range(24)]
    for name in names:
        (place / name).write_bytes(os.urandom(4 * MIB))
    sums(place, *names)
    time.sleep(0.12)
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "licscan", "verify", str(place), "--jobs", "1", "--format", "json"]
    cache = tmp_path / "cache" / "licscan" / "hashes-1.db"
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=env)
    while running.poll() is None and not (cache.exists() and cache.stat().st_size):
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait()
    done = process("verify", place, "--format", "json", env=env)
    assert done.returncode == 0
    said = json.loads(done.stdout)["summary"]
    assert said["verified"] == 24
    assert said["bytes_read"] + said["bytes_known"] == 96 * MIB


def test_an_interrupt_ends_the_run_at_once(tmp_path: Path) -> None:
    """Ctrl-C ends the reading in the middle of a file, in one line; the same command goes on from there."""
    place = tmp_path / "some"
    place.mkdir()
    names = [f"large-{number}.bin" for number in range(12)]  # half a minute of work
    for name in names:
        with (place / name).open("wb") as stream:
            os.truncate(stream.fileno(), 1000 * MIB)  # less than what is not read for being unwritten
    (place / "SHA256SUMS").write_text("".join(f"{'0' * 64}  {name}\n" for name in names))
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "licscan", "verify", str(place), "--jobs", "1", "--digest", "sha512"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    while running.poll() is None and not _reads(running.pid, "large-"):
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    out, errors = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == ""
    assert errors.strip() == "licscan: interrupted; what was found is kept, and the same command goes on from there"


def _reads(pid: int, name: str) -> bool:
    """Whether a process has a file open."""
    try:
        return any(name in os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir())  # noqa: PTH115
    except OSError:
        return False


_WRITER = """
import sys
from pathlib import Path
from licscan.verify import HashCache
from licscan.verify.hashing import Stamp
with HashCache(Path(sys.argv[1])) as cache:
    for number in range(int(sys.argv[2]), 10**9):
        cache.keep(Stamp(1, number, 1, 1, 1), 10**18, {"sha256": f"{number:064x}"})
        cache.flush()
        print(number, flush=True)
"""


def test_a_cache_is_whole_when_its_writer_is_killed(tmp_path: Path) -> None:
    """Killed while it writes, at any moment and with another writing too, a cache holds what was written, and is right."""
    place = tmp_path / "hashes.db"
    for turn in range(2):
        writers = [
            subprocess.Popen([sys.executable, "-c", _WRITER, str(place), str(start)], stdout=subprocess.PIPE, text=True)
            for start in (turn * 10**6, turn * 10**6 + 500_000)
        ]
        lasts = []
        for one in writers:
            assert one.stdout is not None
            assert one.stdout.readline()
        time.sleep(0.05 * turn)
        for one in writers:
            one.kill()
            printed = one.communicate()[0].split()
            lasts.append(int(printed[-1]) if printed else None)
        with HashCache(place) as cache:
            stamps = [Stamp(1, turn * 10**6 + number, 1, 1, 1) for number in range(5000)]
            found = cache.recall(stamps)
            assert not cache.trouble
        assert stamps[0] in found
        assert all(digests == {"sha256": f"{one.inode:064x}"} for one, digests in found.items())
        if lasts[0] is not None:
            assert len(found) >= min(5000, lasts[0] - turn * 10**6 + 1)


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" + bytes(5000), b""])
def test_a_broken_cache_is_made_anew(content: bytes, folder: Path, tmp_path: Path, look: Look) -> None:
    """A cache that is none is put aside, and the verdicts are right; the run after the next reads nothing."""
    place = tmp_path / "cache" / "hashes.db"
    place.parent.mkdir()
    place.write_bytes(content)
    for _ in range(2):
        assert look(folder)[0]["a.gguf"].status is FileStatus.VERIFIED
    assert look(folder)[1].read == 0


def test_a_torn_page_says_nothing_wrong(folder: Path, tmp_path: Path, look: Look) -> None:
    """Whatever byte of a cache is changed, no verdict is wrong: a row that does not match its check is not there."""
    place = tmp_path / "cache" / "hashes.db"
    look(folder)
    sound = place.read_bytes()
    for at in range(0, len(sound), 97):
        place.write_bytes(sound[:at] + bytes([sound[at] ^ 0x11]) + sound[at + 1 :])
        assert look(folder)[0]["a.gguf"].status is FileStatus.VERIFIED


def test_no_place_for_a_cache(folder: Path) -> None:
    """Where nothing can be remembered, all is read, and that is said."""
    with HashCache(Path("/proc/none/hashes.db")) as cache:
        checked, effort = check(find(str(folder)), cache, Wanted())
    assert effort.trouble.startswith("nothing is remembered")
    assert effort.read == MIB + 2
    assert checked[0].verdicts[0].status is FileStatus.VERIFIED


def test_a_stamp_is_all_that_a_file_is_known_by(folder: Path, tmp_path: Path) -> None:
    """The cache knows a file by device, inode, size and both times: whoever can forge all of these deceives it."""
    file = folder / "a.gguf"
    known = stamp(file.stat())
    with HashCache(tmp_path / "x.db") as cache:
        cache.keep(known, time.time_ns(), {"sha256": "0" * 64})
        assert cache.recall([known]) == {known: {"sha256": "0" * 64}}
        for field in known._fields:
            assert cache.recall([known._replace(**{field: getattr(known, field) + 1})]) == {}


def test_nothing_is_read_where_only_what_is_known_is_wanted(folder: Path, look: Look) -> None:
    """Without reading, sizes and what is remembered still tell."""
    verdicts, effort = look(folder, read=False)
    assert effort.read == 0
    assert verdicts["a.gguf"].status is FileStatus.UNVERIFIED
    look(folder)
    verdicts, _ = look(folder, read=False)
    assert verdicts["a.gguf"].status is FileStatus.VERIFIED
    assert verdicts["a.gguf"].measured == Measured(
        MIB, {"sha256": hashlib.sha256((folder / "a.gguf").read_bytes()).hexdigest()}, cached=True
    )


def test_the_cache_lies_where_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache of digests lies in the user's cache folder, as platformdirs has it, with and without XDG."""
    for place in ("/somewhere", "", " "):
        monkeypatch.setenv("XDG_CACHE_HOME", place)
        assert default_path().parent == platformdirs.user_cache_path("licscan")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_path().parent == platformdirs.user_cache_path("licscan")


def test_names_that_are_shown_alike_hide_nothing(folder: Path) -> None:
    """Two names of which one is no text, and that would be shown the same, are a trouble: neither hides the other."""
    (folder / "x\\xff").write_text("a")
    with (Path(os.fsdecode(os.fsencode(folder) + b"/x\xff"))).open("w") as stream:
        stream.write("b")
    assert any("shown alike" in trouble for trouble in whole(folder).troubles)


def test_a_file_that_is_replaced_before_it_is_read(folder: Path, tmp_path: Path) -> None:
    """What was listed and is another file, or none, when it is read is changed: its other names may lead to it still."""
    (folder / "again.gguf").hardlink_to(folder / "a.gguf")
    sums(folder, "a.gguf", "again.gguf", "b.txt")
    copies = list(find(str(folder)))
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "new").replace(folder / "a.gguf")
    (folder / "b.txt").unlink()
    with HashCache(tmp_path / "x.db") as cache:
        (checked,), _ = check(copies, cache, Wanted())
    assert {verdict.path: verdict.status.value for verdict in checked.verdicts} == {
        "a.gguf": "changed",
        "again.gguf": "changed",
        "b.txt": "changed",
    }
