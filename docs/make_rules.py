"""Write docs/rules from the rule files: a table of all licenses, and a page for each clause type. `make rule-docs`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from licscan.model import Clause, License
from licscan.rulebook import ClauseGroup, ClauseRule, Rulebook, load

HERE = Path(__file__).resolve().parent / "rules"
GROUPS = {
    ClauseGroup.CONDITION: "Conditions: what must be done",
    ClauseGroup.LIMITATION: "Limitations: what is withheld",
    ClauseGroup.PERMISSION: "Permissions",
    ClauseGroup.OTHER: "Other terms",
}
_LONGEST = 160


def main() -> None:
    """Write all pages anew."""
    rules = load(cache=HERE.parent.parent / ".rules-cache")
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    (HERE / "README.md").write_text("\n".join(_index(rules)) + "\n", encoding="utf-8")
    for rule in rules.clauses.values():
        (HERE / f"{rule.id}.md").write_text("\n".join(_page(rule, rules)) + "\n", encoding="utf-8")


def _index(rules: Rulebook) -> Iterator[str]:
    yield "# The rules"
    yield ""
    yield "Made from the files under `rules/` by `make rule-docs`. Records say what licenses say, reviews who looked."
    yield "licscan informs; it gives no legal advice."
    searched = {one.clause for one in rules.detectors.patterns}
    for group, title in GROUPS.items():
        yield f"\n## {title}\n"
        yield "| clause | what it means | searched for in texts |\n|---|---|---|"
        for rule in sorted(rules.clauses.values(), key=lambda one: one.title):
            if rule.group is group:
                known = "yes" if rule.id in searched else "no"
                yield f"| [{rule.title}]({rule.id}.md) | {_cell(rule.why)} | {known} |"
    yield "\n## Licenses\n"
    yield "| license | freedom | reciprocity | terms | reviewed |\n|---|---|---|---|---|"
    for record in sorted(rules.licenses.values(), key=lambda one: one.title.casefold()):
        ids = sorted({clause.id for clause in record.clauses})
        terms = ", ".join(f"[{name}]({name}.md)" for name in ids)
        link = f"[{_cell(record.title)}](../../rules/licenses/{record.id}.yaml)"
        yield f"| {link} | {record.freedom} | {record.reciprocity} | {terms} | {_review(record)} |"


def _page(rule: ClauseRule, rules: Rulebook) -> Iterator[str]:
    yield f"# {rule.title}"
    yield ""
    yield f"`{rule.id}`, {rule.group}. {rule.why}"
    if rule.obligation:
        yield f"\n**Duty.** {rule.obligation}"
    if rule.on:
        yield f"\n**Triggered by** {', '.join(rule.on)}, where a record does not say otherwise."
    if rule.values:
        yield "\n| value | kind |\n|---|---|"
        for name, spec in rule.values.items():
            yield f"| `{name}` | {spec.type}{': ' + ', '.join(f'`{one}`' for one in spec.of) if spec.of else ''} |"
    if rule.examples.match:
        yield "\n**Found in**, for example\n"
        yield from (f"- {example}" for example in rule.examples.match)
        yield "\n**Left alone**, for example\n"
        yield from (f"- {example}" for example in rule.examples.ignore)
    rows = [(record, clause) for record in rules.licenses.values() for clause in record.clauses if clause.id == rule.id]
    yield f"\n## In {len({record.id for record, _ in rows})} licenses\n"
    if rows:
        yield "| license | section | values |\n|---|---|---|"
    for record, clause in sorted(rows, key=lambda row: row[0].title.casefold()):
        yield f"| {_cell(record.title)} | {_cell(clause.evidence.section or '')} | {_values(clause)} |"


def _values(clause: Clause) -> str:
    lists = {name: ", ".join(map(str, value)) for name, value in clause.values.items() if isinstance(value, list)}
    return _cell("; ".join(f"{name}: {lists.get(name, value)}" for name, value in clause.values.items()))


def _review(record: License) -> str:
    review = record.reviewed
    return f"{review.role} ({_cell(review.by)}, {review.on})" if review else ""


def _cell(text: str) -> str:
    words = " ".join(text.split()).replace("|", "\\|")
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


if __name__ == "__main__":
    main()
