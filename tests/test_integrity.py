"""Verdicts: pure, from what is promised and what was measured."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.digests import FileStatus, Measured, Promise, written
from licscan.integrity import compare, conflicts, counted, needs_reading

ONE, OTHER = (hashlib.sha256(data).hexdigest() for data in (b"one", b"other"))
RIGHT = Promise("w", "list", f"sha256:{ONE}", 3)
HERE = Measured(3, {"sha256": ONE})

digests = st.sampled_from([None, f"sha256:{ONE}", f"sha256:{OTHER}", f"md5:{ONE[:32]}", f"git-sha1:{ONE[:40]}"])
promises = st.lists(
    st.builds(Promise, st.just("w"), st.sampled_from("abc"), digests, st.sampled_from([None, 3, 4])), max_size=4
)
measured = st.builds(
    Measured,
    st.sampled_from([None, 2, 3]),
    st.sampled_from([{}, {"sha256": ONE}, {"sha256": ONE, "md5": ONE[:32], "git-sha1": ONE[:40]}]),
    st.sampled_from(["", "permission denied"]),
    st.booleans(),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("promised", "found", "status"),
    [
        ([RIGHT], HERE, "verified"),
        ([RIGHT], Measured(3, {"sha256": OTHER}), "mismatch"),
        ([RIGHT], Measured(2), "truncated"),
        ([RIGHT], Measured(4), "mismatch"),
        ([RIGHT], Measured(3), "unverified"),
        ([RIGHT], Measured(gone=True), "missing"),
        ([RIGHT], Measured(3, changed=True), "changed"),
        ([RIGHT], Measured(3, trouble="permission denied"), "unverified"),
        ([], HERE, "unverified"),
        ([RIGHT._replace(digest=None)], HERE, "unverified"),
        ([RIGHT._replace(digest=None, size=None)], HERE, "unverified"),
        ([RIGHT, Promise("w", "sums", f"sha256:{OTHER}")], HERE, "mismatch"),
        ([RIGHT, Promise("w", "sums", None, 5)], HERE, "mismatch"),
        ([RIGHT, Promise("w", "git", f"git-sha1:{OTHER[:40]}")], Measured(3, {"sha256": ONE, "git-sha1": ONE[:40]}), "mismatch"),
        ([Promise("w", "list", f"md5:{ONE[:32]}")], Measured(3, {"sha256": ONE, "md5": ONE[:32]}), "unverified"),
    ],
)  # fmt: skip
def test_each_status(promised: list[Promise], found: Measured, status: str) -> None:
    """Each status has its case, and all but `verified` say why."""
    verdict = compare("w", promised, found)
    assert verdict.status == status
    assert bool(verdict.why) == (status != "verified")


def test_a_file_too_many_is_said_only_where_all_are_listed() -> None:
    """A file without a promise is `extra` where something lists all files, and else unverified."""
    assert compare("w", [], HERE, listed=True).status is FileStatus.EXTRA
    assert compare("w", [], HERE).status is FileStatus.UNVERIFIED


@given(promises, measured, st.booleans())
def test_verified_means_proven(promised: list[Promise], found: Measured, listed: bool) -> None:
    """Verified is a file that is there, was not disturbed, has a digest that is no MD5, and keeps every promise."""
    verdict = compare("w", promised, found, listed=listed)
    kept = all(
        (one.digest is None or found.digests.get(one.digest.partition(":")[0]) in {None, one.digest.partition(":")[2]})
        and (one.size is None or found.size is None or one.size == found.size)
        for one in promised
    )
    strong = any(
        one.digest
        and not one.digest.startswith("md5:")
        and found.digests.get(one.digest.partition(":")[0]) == one.digest.partition(":")[2]
        for one in promised
    )
    undisturbed = not (found.gone or found.changed or found.trouble)
    if verdict.status is FileStatus.VERIFIED:
        assert kept
        assert strong
        assert undisturbed
    if not kept and undisturbed:
        assert verdict.status in {FileStatus.MISMATCH, FileStatus.TRUNCATED}


@given(promises, measured)
def test_what_is_not_read_would_change_nothing(promised: list[Promise], found: Measured) -> None:
    """Where reading is said to be needless, any digests give the same verdict, but for what they prove alone."""
    unread = found._replace(digests={})
    if not needs_reading(promised, unread):
        for some in ({"sha256": ONE, "md5": ONE[:32], "git-sha1": ONE[:40]}, {"sha256": "0" * 64}):
            after = compare("w", promised, unread._replace(digests=some)).status
            assert after is compare("w", promised, unread).status or unread.trouble


def test_a_mismatch_is_a_conflict_of_its_promises() -> None:
    """A conflict names what each source promises, and what the file is; a file that is right is none."""
    wrong = compare("w", [RIGHT, Promise("w", "sums", f"sha256:{ONE}")], Measured(3, {"sha256": OTHER}))
    (conflict,) = conflicts([wrong, compare("v", [RIGHT], HERE)])
    assert conflict.id == "checksum"
    assert [one.evidence.source for one in conflict.statements] == ["list", "sums", "verify"]
    assert conflict.statements[-1].evidence.sha256 == OTHER
    assert ONE in conflict.statements[0].says
    assert OTHER in conflict.statements[-1].says


def test_statuses_are_counted() -> None:
    """Only the statuses that a file has are counted."""
    verdicts = [compare("w", [RIGHT], HERE), compare("v", [], HERE), compare("u", [], HERE)]
    assert counted(verdicts) == {FileStatus.VERIFIED: 1, FileStatus.UNVERIFIED: 2}


@given(st.text(max_size=70), st.sampled_from(["sha256", "md5", "nothing"]))
def test_what_is_no_digest_is_none(text: str, algorithm: str) -> None:
    """A digest has as many hex digits as its algorithm gives, in any case; all else is none."""
    found = written(algorithm, text)
    assert found is None or found == f"{algorithm}:{text.lower()}"
    assert written("sha256", ONE.upper()) == f"sha256:{ONE}"
    assert written("sha256", 5) is None
