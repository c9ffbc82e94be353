"""Decisions about models: each is kept for good, beside those that came before it."""

import datetime
import json

from sqlalchemy import Connection, Row, select

from licscan.model import Decision, ModelRef, ModelReview
from licscan.store import rows, statements
from licscan.store.tables import REVIEWS


def save_review(connection: Connection, review: ModelReview) -> None:
    """Keep a decision."""
    values = {
        "ref": str(review.model.at(None)),
        "revision": rows.plain(review.revision),
        "license": review.license,
        "text_sha256": review.text_sha256,
        "decision": review.decision.value,
        "decided_by": rows.plain(review.by),
        "reason": rows.plain(review.reason),
        "conditions": json.dumps([rows.plain(one) for one in review.conditions]),
        "expires": review.expires,
        "decided": review.decided,
        "concluded": review.concluded,
        "run_id": review.run,
    }
    connection.execute(statements.adding(REVIEWS), values)


def load_reviews(connection: Connection) -> list[ModelReview]:
    """All decisions, oldest first."""
    return [_review(row) for row in connection.execute(select(REVIEWS).order_by(REVIEWS.c.id))]


def _review(row: "Row[tuple[object, ...]]") -> ModelReview:
    decided = row.decided
    return ModelReview(
        model=ModelRef.parse(row.ref),
        revision=row.revision,
        license=row.license,
        text_sha256=row.text_sha256,
        decision=Decision(row.decision),
        by=row.decided_by,
        reason=row.reason,
        conditions=tuple(json.loads(row.conditions)),
        expires=row.expires,
        # SQLite keeps no time zone; what was written was UTC.
        decided=decided if decided.tzinfo else decided.replace(tzinfo=datetime.UTC),
        concluded=row.concluded,
        run=row.run_id,
    )
