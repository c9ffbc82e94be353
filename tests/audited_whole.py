"""An audit in which everything occurs that a page can show; written by us, about models that do not exist."""

import dataclasses
import datetime
from typing import TYPE_CHECKING, Any

from licscan.audit import Contract, Dossier, Earlier, Entry, Exemption, Rule
from licscan.config import Waiver
from licscan.licenses.recognise import Deviation
from licscan.model import (
    Activity,
    Agreement,
    Artefact,
    Artefacts,
    Assessment,
    Change,
    Clause,
    Conflict,
    Dataset,
    Evidence,
    FileStatus,
    Finding,
    Freedom,
    Gap,
    GapId,
    Level,
    Limitation,
    Lineage,
    Mention,
    ModelRef,
    ModelReview,
    Obligation,
    Openness,
    OpennessFramework,
    Relation,
    Reviewed,
    ReviewState,
    Statement,
    Threshold,
    WeightFile,
)
from licscan.model import Decision as Decided
from licscan.quotations import Altered
from licscan.rulebook import Rulebook
from tests.audited import NOW, TOOL, dossier, entry
from tests.samples import assessment

if TYPE_CHECKING:
    from pydantic import JsonValue

TEXT = Evidence(source="hub", path="LICENSE", revision="c" * 40, sha256="5" * 64, section="2", lines=(30, 32))
CARD = Evidence(source="hub", path="README.md", revision="c" * 40, quote="license: other")
PAGE = Evidence(source="rules", path="rules/models/acme.yaml", url="https://example.org/model", lines=(4, 4))
BASE = "hf:acme/base"


def _clauses() -> tuple[Clause, ...]:
    limit: dict[str, JsonValue] = {
        "metric": "monthly_active_users",
        "value": 1_000_000,
        "comparator": ">",
        "effect": "separate-license",
    }
    words = "You need another license above one million users."
    return (
        Clause(id="threshold", values=limit, quote=words, evidence=TEXT),
        Clause(id="threshold", values={**limit, "value": 5_000_000}, quote="And again above five.", evidence=TEXT),
        Clause(id="attribution-display", values={"text": "Built with Wren", "where": "about page"},
               on=(Activity.HOST,), quote="Show the words on your about page.", evidence=TEXT),
        Clause(id="license-copy", on=(Activity.SHIP_PRODUCT,), evidence=PAGE),
        Clause(id="license-copy", on=(Activity.SHIP_PRODUCT,), inherited_from=BASE, evidence=PAGE),
        Clause(id="output-training-ban", values={"exception": "Wren itself"}, on=(Activity.TRAIN_ON_OUTPUTS,),
               quote="Do not train other models on what it writes.", evidence=TEXT),
        Clause(id="territory-exclusion", values={"regions": ["EU", "UK"]}, inherited_from=BASE, evidence=TEXT),
    )  # fmt: skip


def _obligations() -> tuple[Obligation, ...]:
    show: Any = {"text": "Show Built with Wren on your about page.", "clause": "attribution-display"}
    copy: Any = {"text": "Give every recipient a copy.", "clause": "license-copy"}
    return (
        Obligation(id="a", **show, activity=Activity.HOST, status="owed", words="Built with Wren", evidence=TEXT),
        Obligation(id="b", **copy, activity=Activity.SHIP_PRODUCT, status="tell-us", because="whether you ship it",
                   evidence=PAGE),
        Obligation(id="c", **copy, activity=Activity.SHIP_PRODUCT, status="tell-us", because="whether you ship it",
                   inherited_from=BASE, evidence=PAGE),
        Obligation(id="d", **copy, activity=Activity.PUBLISH_DERIVATIVE, status="not-owed",
                   because="you do not publish a derivative", evidence=PAGE),
        Obligation(id="e", text="Carry the name.", clause="naming-requirement", status="owed", carried=False, evidence=TEXT),
    )  # fmt: skip


def _limits() -> dict[str, Any]:
    numbers = (("above 1 million monthly active users: a separate license is needed", "2 million", "reached"),
               ("above 5 million monthly active users: a separate license is needed", "2 million", "below"))  # fmt: skip
    return {
        "thresholds": (
            *(Threshold(clause="threshold", metric="monthly_active_users", limit=limit, yours=yours, status=status,  # type: ignore[arg-type]
                        evidence=TEXT) for limit, yours, status in numbers),
            Threshold(clause="threshold", metric="annual_revenue", limit="above USD 10 million annual revenue: nothing is granted",
                      status="tell-us", because="it is needed in USD", inherited_from=BASE, evidence=PAGE),
        ),
        "limitations": (
            Limitation(clause="territory-exclusion", text="not granted in EU, UK", yours="EU", status="applies",
                       inherited_from=BASE, evidence=TEXT),
            Limitation(clause="field-exclusion", text="not granted for medicine", status="tell-us", evidence=TEXT),
        ),
    }  # fmt: skip


def _lineage() -> tuple[Lineage, ...]:
    """A merge of sixty-five, one of which nobody could look at, and two that come from one another."""
    parents = tuple(
        Lineage(base=f"hf:acme/parent-{number}", relation=Relation.MERGE, declared_by=CARD, level=None if number == 3
                else Level.PERMISSIVE, license="MIT") for number in range(65)
    )  # fmt: skip
    circle = (("hf:acme/a", "hf:acme/parent-1"), ("hf:acme/b", "hf:acme/a"), ("hf:acme/a", "hf:acme/b"))
    further = tuple(
        Lineage(base=base, child=child, relation=Relation.FINETUNE, declared_by=CARD, level=Level.UNKNOWN)
        for base, child in circle
    )
    teacher = Lineage(base="api:acme/teacher", relation=Relation.TRAINED_ON_OUTPUTS, declared_by=CARD, binds=False)
    return (*parents, *further, teacher)


def everything() -> Assessment:
    """A model of which everything is known that can be."""
    made = assessment(
        "acme/wren-7b",
        level=Level.RESTRICTIVE,
        level_reasons=("the license withholds the grant from some users", "its base does too"),
        clauses=_clauses(),
        obligations=_obligations(),
        lineage=_lineage(),
        datasets=(Dataset(name="dataset:acme/texts", license="ODbL-1.0", freedom=Freedom.FREE, seen=True, evidence=CARD),
                  Dataset(name="pages of the web", evidence=CARD)),
        files=(WeightFile(path="a.gguf", format="gguf", size=4_000_000_000, sha256="a" * 64, promised=f"sha256:{'a' * 64}",
                          status=FileStatus.VERIFIED, header={"general.license": "other"}),
               WeightFile(path="b.bin", format="pickle", size=12, sha256="b" * 64, promised=f"sha256:{'d' * 64}",
                          status=FileStatus.MISMATCH)),
        conflicts=(Conflict(id="license-claims", subject="weights", statements=(
            Statement(says="LICENSE says the Wren License", evidence=TEXT), Statement(says="the card says MIT", evidence=CARD))),),
        gaps=(Gap(id=GapId.BASE_NOT_RESOLVED, what="the terms of its base acme/parent-3", why="nobody looked"),
              Gap(id=GapId.BASE_NOT_RESOLVED, what="the terms of its base acme/lost", why="nobody looked"),
              Gap(id=GapId.WEIGHTS_UNVERIFIED, what="whether c.bin is what was published", why="no digest is promised")),
        notes=("access is given by hand",),
        **_limits(),
    )  # fmt: skip
    license_ = made.license.model_copy(
        update={"title": "Wren License", "freedom": Freedom.CONDITIONAL, "match": "modified", "confidence": 0.93}
    )
    artefacts = Artefacts(
        weights=Artefact(state=Openness.OPEN, note="2 weight files", evidence=CARD),
        data=Artefact(state=Openness.PARTIAL, note="a sample", evidence=PAGE),
    )
    return made.model_copy(
        update={
            "artefacts": artefacts,
            "license": license_,
            "mof": OpennessFramework.model_validate({"class": 3, "progress": {"3": 100, "2": 40.5}}),
        }
    )


def _findings() -> tuple[Finding, ...]:
    model = ModelRef.parse("hf:acme/wren-7b")
    return tuple(
        Finding.model_validate(
            {"rule": rule, "severity": severity, "model": model, "message": f"hf:acme/wren-7b: {message}",
             "remedy": f"see to {rule}", "path": "app.py", "line": 3, "evidence": {**TEXT.model_dump(), "quote": "words"},
             "fingerprint": rule, "waiver": waiver}
        )
        for rule, severity, message, waiver in (
            ("threshold-reached", "error", "a threshold is reached", None),
            ("level-restrictive", "warning", "it is restrictive", "jane@example.com: read by counsel, until 2027-06-30"),
            ("gap", "note", "something is open", None),
        )
    )  # fmt: skip


def _review() -> Reviewed:
    first = ModelReview(
        model=ModelRef.parse("hf:acme/wren-7b"), revision="b" * 40, license="LicenseRef-wren", text_sha256="4" * 64,
        decision=Decided.APPROVED, by="Jane Doe", reason="for our own use", conditions=("not for medicine", "not abroad"),
        expires=datetime.date(2026, 12, 31), decided=NOW, concluded="LicenseRef-wren", run=3,
    )  # fmt: skip
    return Reviewed(
        state=ReviewState.REOPENED, because="the text of the license is another", review=first, history=(first,)
    )


def _entries(rules: Rulebook) -> list[Entry]:
    changes = (
        Change(id="license", before="MIT", after="LicenseRef-wren", evidence=TEXT),
        Change(id="clause", after="threshold: metric monthly_active_users"),
        Change(id="file", before="old.bin (12 bytes)"),
    )
    altered = Altered(TEXT, "wren", (
        Deviation("changed", "the words that differ", 3, 12), Deviation("missing", None, 7), Deviation("added", "more", None, 40),
    ))  # fmt: skip
    whole = entry(
        1, everything(), findings=_findings(), mentions=(Mention(path="app.py", line=3, ref=ModelRef.parse("hf:acme/wren-7b")),),
        review=_review(), text=TEXT, altered=(altered,), records=(rules.licenses["llama3.1"], rules.licenses["mit"]), changes=changes,
    )  # fmt: skip
    bare = assessment("acme/bare", level=Level.UNKNOWN, revision=None)
    unknown = bare.model_copy(
        update={"license": bare.license.model_copy(update={"spdx": None, "id": None, "title": None, "claims": ()})}
    )
    return [whole, entry(2, unknown), entry(3, assessment("acme/free", level=Level.FULLY_OPEN), changes=())]


def whole(rules: Rulebook) -> Dossier:
    """An audit in which everything occurs."""
    waiver = Waiver(
        "level-restrictive",
        "hf:acme/*",
        "read by counsel",
        "jane@example.com",
        datetime.date(2027, 6, 30),
        license="wren",
    )
    contract = Agreement("Acme Corp", ("hf:acme/*",), "contract 12", ("threshold",), datetime.date(2025, 1, 1))
    made = dossier(
        _entries(rules),
        rules,
        rules={name: Rule(f"The rule {name}", severity, f"see to {name}") for name, severity in
               (("threshold-reached", "error"), ("level-restrictive", "warning"), ("gap", "note"))},
        waivers=(Exemption(waiver, ended=False, used=1),),
        contracts=(Contract(contract, ended=True, used=2),),
        earlier=Earlier(4, NOW - datetime.timedelta(days=90), TOOL, gone=("hf:acme/gone",)),
        filters=("level: restrictive",),
        total=9,
    )  # fmt: skip
    general = Finding(
        rule="lock-outdated",
        severity="warning",
        model=None,
        message="the lock is old",
        remedy="lock again",
        path="licscan.lock",
        line=1,
        fingerprint="x",
    )
    gap = Gap(id=GapId.NAME_KNOWN_IN_PART, what="which model app.py loads", why="the name is put together")
    report = made.report.model_copy(update={"findings": (*made.report.findings, general), "gaps": (gap,)})
    return dataclasses.replace(made, report=report)
