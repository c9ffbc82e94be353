"""Reviews: what people decide, on which text, and what opens it again."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from licscan import reviews
from licscan.model import Assessment, Decision, ModelRef, ModelReview, ReviewState
from tests.conftest import Licscan
from tests.samples import assessment

Make = Callable[..., Path]
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
TODAY = NOW.date()
BY = ("--by", "Jane Doe", "--reason", "LEGAL-17")
TEXT = "ab" * 32


def decision(found: Assessment, **more: Any) -> ModelReview:
    """An approval of what was found."""
    text = reviews.text_of(found)
    fields: dict[str, Any] = {
        "model": found.ref.at(None),
        "revision": found.revision,
        "license": found.license.spdx,
        "text_sha256": text.sha256 if text else None,
        "decision": Decision.APPROVED,
        "by": "Jane",
        "reason": "read",
        "decided": NOW,
        **more,
    }
    return ModelReview(**fields)


def test_a_decision_stands_while_what_was_looked_at_does() -> None:
    """Another revision, license or text re-opens it, and says what changed; a day that is over ends it."""
    found = assessment("a/b", text=TEXT)
    one = decision(found, expires=datetime.date(2026, 6, 1))
    assert reviews.state(found, [one], TODAY).state is ReviewState.APPROVED
    for what, other in (
        ("revision", assessment("a/b", text=TEXT, revision="b" * 40)),
        ("license", assessment("a/b", text=TEXT, license="apache-2.0")),
        ("license text", assessment("a/b", text="cd" * 32)),
        ("license text", assessment("a/b", text=None)),
    ):
        again = reviews.state(other, [one], TODAY)
        assert again.state is ReviewState.REOPENED
        assert f"the {what} is" in (again.because or "")
    assert reviews.state(found, [one], datetime.date(2026, 6, 1)).state is ReviewState.APPROVED
    ended = reviews.state(found, [one], datetime.date(2026, 6, 2))
    assert (ended.state, ended.because) == (ReviewState.EXPIRED, "it ended on 2026-06-01")


def test_the_last_decision_counts_and_all_are_kept() -> None:
    """A rejection after an approval rejects; what is withdrawn leaves nothing; what is curated is no verdict."""
    found = assessment("a/b", text=TEXT)
    approved = decision(found)
    rejected = decision(found, decision=Decision.REJECTED)
    curated = decision(found, decision=Decision.CURATED, concluded="mit")
    withdrawn = decision(found, decision=Decision.WITHDRAWN)
    for history, state in (
        ([], ReviewState.NONE),
        ([approved, rejected], ReviewState.REJECTED),
        ([rejected, approved], ReviewState.APPROVED),
        ([approved, curated], ReviewState.APPROVED),
        ([curated], ReviewState.NONE),
        ([approved, withdrawn], ReviewState.NONE),
        ([withdrawn, approved], ReviewState.APPROVED),
    ):
        now = reviews.state(found, history, TODAY)
        assert now.state is state
        assert now.history == tuple(history)


def test_what_was_curated_holds_until_it_ends_or_is_withdrawn() -> None:
    """The last license that somebody found counts, by the Hub's rule that case does not."""
    found = assessment("Org/Name")
    first = decision(found, concluded="MIT", decision=Decision.CURATED)
    second = decision(found, concluded="Apache-2.0", model=ModelRef.parse("org/name"))
    ended = decision(found, concluded="GPL-3.0-only", expires=datetime.date(2025, 12, 31))
    withdrawn = decision(found, decision=Decision.WITHDRAWN)
    (known,) = reviews.curations([first, second, ended], TODAY).values()
    assert known.concluded == "Apache-2.0"
    assert reviews.curations([first, withdrawn], TODAY) == {}


def listed(licscan: Licscan, *arguments: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(licscan("review", "--list", "--format", "json", *arguments).out)
    return found


def audited(licscan: Licscan, *arguments: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(licscan("audit", "--format", "json", *arguments).out)["models"]
    return found


def test_a_decision_is_kept_with_what_was_looked_at(licscan: Licscan, make_model: Make) -> None:
    """Revision, license and digest of the text are kept with who, when, why, conditions and end; the audit shows all."""
    text = (Path(__file__).parent.parent / "LICENSE").read_text()
    folder = make_model("one", LICENSE=text)
    ref = f"file:{folder}"
    licscan("scan", folder, "--offline", "-q")
    done = licscan(
        "review", ref, "--approve", *BY, "--conditions", "inside", "--conditions", "EU", "--expires", "2026-06-01"
    )
    assert (done.code, "approved by Jane Doe on 2026-01-01, until 2026-06-01" in done.out) == (0, True)
    (model,) = audited(licscan)
    review = model["review"]["review"]
    assert model["review"]["state"] == "approved"
    assert (review["by"], review["conditions"], review["run"]) == ("Jane Doe", ["inside", "EU"], 1)
    assert review["revision"] == model["assessment"]["revision"]
    assert review["text_sha256"] == model["text"]["sha256"]
    (folder / "LICENSE").write_text(text.replace("perpetual", "temporary"))
    licscan("scan", folder, "--offline", "-q")
    (again,) = listed(licscan)
    assert again["state"] == "re-opened"
    assert "the license text is" in again["because"]
    licscan("review", ref, "--reject", *BY)
    assert [one["decision"] for one in listed(licscan)[0]["history"]] == ["approved", "rejected"]
    assert audited(licscan)[0]["review"]["state"] == "rejected"
    assert "rejected by Jane Doe" in licscan("review", "--list", ref).out


def test_a_curated_license_is_what_is_concluded_and_is_seen(licscan: Licscan, make_model: Make) -> None:
    """It changes the audit of the run at once and each later scan, as a claim and a note with who says so."""
    make_model("one", card="---\nlicense: other\n---\n# A model\n")
    licscan("scan", "one", "--offline", "-q")
    assert audited(licscan)[0]["assessment"]["level"] == "unknown"
    assert licscan("review", "file:one", "--license", "Apache-2.0", *BY).code == 0
    for _ in range(2):
        (model,) = audited(licscan)
        found = model["assessment"]
        assert (found["license"]["spdx"], found["license"]["freedom"]) == ("Apache-2.0", "free")
        assert found["level"] != "unknown"
        assert found["obligations"]
        claim = found["license"]["claims"][0]
        assert (claim["place"], claim["evidence"]["source"]) == ("review", "review")
        assert claim["evidence"]["quote"] == "Jane Doe, 2026-01-01: LEGAL-17"
        assert any("by a review it is under Apache-2.0" in note for note in found["notes"])
        assert not any(gap["id"] == "license-not-stated" for gap in found["gaps"])
        licscan("scan", "one", "--offline", "-q")
    licscan("review", "file:one", "--withdraw", *BY)
    assert audited(licscan)[0]["assessment"]["level"] == "unknown"
    licscan("scan", "one", "--offline", "-q")
    assert audited(licscan)[0]["assessment"]["level"] == "unknown"


def test_an_approval_of_a_curated_license_is_of_that_license(licscan: Licscan, make_model: Make) -> None:
    """Who approves and curates in one stands approved; who curates later opens an earlier approval again."""
    make_model("one")
    licscan("scan", "one", "--offline", "-q")
    licscan("review", "file:one", "--approve", "--license", "apache-2.0", *BY)
    assert audited(licscan)[0]["review"]["state"] == "approved"
    licscan("review", "file:one", "--license", "cc-by-nc-4.0", *BY)
    assert audited(licscan)[0]["review"]["state"] == "re-opened"


def test_a_curated_license_ends_with_the_text_that_was_looked_at(licscan: Licscan, make_model: Make) -> None:
    """Another license text is judged by its own words again."""
    folder = make_model("one", LICENSE="All rights reserved. You may look at it.\n" * 5)
    licscan("scan", "one", "--offline", "-q")
    licscan("review", "file:one", "--license", "MIT", *BY)
    assert audited(licscan)[0]["assessment"]["license"]["spdx"] == "MIT"
    (folder / "LICENSE").write_text("Other terms hold here from now on. You may not use it.\n" * 5)
    licscan("scan", "one", "--offline", "-q")
    assert audited(licscan)[0]["assessment"]["license"]["spdx"] != "MIT"


def test_the_license_of_a_base_reaches_what_was_made_of_it(licscan: Licscan, make_model: Make) -> None:
    """A curated base binds its derivatives, in the run that is in the database too."""
    card = "---\nlicense: mit\nbase_model: google/gemma-2-2b-it\n---\n"
    make_model("one", card=card)
    licscan("scan", "one", "google/gemma-2-2b-it", "--offline", "-q")
    assert audited(licscan)[0]["assessment"]["lineage"][0]["license"] == "LicenseRef-gemma"
    licscan("review", "google/gemma-2-2b-it", "--license", "MIT", *BY)
    assert audited(licscan)[0]["assessment"]["lineage"][0]["license"] == "MIT"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["file:one", "--approve"], "who decided"),
        (["file:one", "--approve", "--by", " ", "--reason", "x"], "who decided"),
        (["file:one", *BY], "nothing is decided"),
        (["--approve", *BY], "nothing is decided"),
        (["file:one", "--approve", *BY, "--expires", "2025-12-31"], "is over"),
        (["file:one", "--license", "no-such-license", *BY], "no license of the rule base"),
        (["file:one", "--withdraw", "--license", "MIT", *BY], "withdrawn"),
        (["no/body", "--approve", *BY], "no run has looked at it"),
        (["--list", "--approve"], "decides nothing"),
    ],
)
def test_a_decision_that_could_not_be_relied_on_is_refused(
    licscan: Licscan, make_model: Make, arguments: list[str], says: str
) -> None:
    """Nobody, no reason, no end, no such license or model: nothing is kept."""
    make_model("one")
    licscan("scan", "one", "--offline", "-q")
    done = licscan("review", *arguments)
    assert (done.code, says in done.err) == (2, True)
    assert "nothing was decided yet" in licscan("review", "--list").out


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
