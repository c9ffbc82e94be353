"""Write docs/rules from the rule files: tables of licenses, families and providers, a page for each clause type."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from licscan.licenses import read
from licscan.model import Artefacts, Clause, License
from licscan.rulebook import ClauseGroup, ClauseRule, Element, Framework, ModelFacts, Provider, Rulebook, load

HERE = Path(__file__).resolve().parent / "rules"
GROUPS = {
    ClauseGroup.CONDITION: "Conditions: what must be done",
    ClauseGroup.LIMITATION: "Limitations: what is withheld",
    ClauseGroup.PERMISSION: "Permissions",
    ClauseGroup.OTHER: "Other terms",
}
_LONGEST = 160
_NAMES = 3


def main() -> None:
    """Write all pages anew."""
    rules = load(cache=HERE.parent.parent / ".rules-cache")
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    (HERE / "README.md").write_text("\n".join(_index(rules)) + "\n", encoding="utf-8")
    (HERE / "models.md").write_text("\n".join(_families(rules)) + "\n", encoding="utf-8")
    (HERE / "providers.md").write_text("\n".join(_providers(rules)) + "\n", encoding="utf-8")
    for framework in rules.frameworks.values():
        page = "\n".join(_framework(framework)) + "\n"
        (HERE / f"framework-{framework.id}.md").write_text(page, encoding="utf-8")
    for rule in rules.clauses.values():
        (HERE / f"{rule.id}.md").write_text("\n".join(_page(rule, rules)) + "\n", encoding="utf-8")


def _index(rules: Rulebook) -> Iterator[str]:
    yield "# The rules"
    yield ""
    yield "Made from the files under `rules/` by `make rule-docs`. Records say what licenses say, reviews who looked."
    yield "licscan informs; it gives no legal advice. There are also records of [model families](models.md) and of"
    yield "[providers of models as a service](providers.md)."
    yield "\n## Frameworks for bills of materials\n"
    yield "| framework | elements | published | how its source was read |\n|---|---|---|---|"
    for framework in sorted(rules.frameworks.values(), key=lambda one: one.title):
        link = f"[{_cell(framework.title)}](framework-{framework.id}.md)"
        yield f"| {link} | {len(framework.elements)} | {framework.source.published} | {framework.source.read} |"
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


def _families(rules: Rulebook) -> Iterator[str]:
    yield "# Model families"
    yield ""
    yield f"What is known of {len(rules.models)} families by name, from the first to the last day on which it holds."
    yield "The level also follows from the bases. Of several patterns that fit a name the closest decides."
    yield "\n| family | names on the Hub | days | license | freedom | open besides |\n|---|---|---|---|---|---|"
    for facts in sorted(rules.models, key=lambda one: (one.title.casefold(), one.id)):
        link = f"[{_cell(facts.title)}](../../{facts.evidence.path})"
        names = ", ".join(f"`{name}`" for name in facts.match[:_NAMES]) + (", …" if len(facts.match) > _NAMES else "")
        known = (facts.license or "").replace("LicenseRef-", "")
        freedom = read(facts.license, rules).freedom if facts.license else ""
        yield f"| {link} | {_cell(names)} | {_days(facts)} | {known} | {freedom} | {_open(facts.artefacts)} |"


def _framework(framework: Framework) -> Iterator[str]:
    source = framework.source
    yield f"# {framework.title}"
    yield f"\n{framework.why}"
    version = f", version {source.version}" if source.version else ""
    yield f"\n**Source.** [{source.title}]({source.url}), {source.publisher}{version}, {source.published}."
    if source.through:
        yield f"Read {'as quoted' if source.read == 'quoted' else 'as retold'} at <{source.through}>."
    yield "\n| element | id | of | CycloneDX | SPDX 2 | SPDX 3 | where the fact would come from |"
    yield "|---|---|---|---|---|---|---|"
    for one in framework.elements:
        marks = [one.section, "draft" if one.draft else None, None if one.need == "required" else one.need]
        told = f" ({', '.join(filter(None, marks))})" if any(marks) else ""
        fields = " | ".join(_fields(one, family) for family in ("cyclonedx", "spdx2", "spdx3"))
        title = f"{_cell(one.group)}: {_cell(one.title)}{told}"
        yield f"| {title} | `{one.id}` | {one.of} | {fields} | {_cell(one.origin)} |"


def _fields(element: Element, family: str) -> str:
    if element.formats is not None:
        lowest = element.formats.get(family)
        return f"from {lowest} on" if lowest else "no"
    return ", ".join(f"`{path}`".replace("|", "\\|") for path in element.places(family)) or "no field"


def _days(facts: ModelFacts) -> str:
    since = f"from {facts.starting}" if facts.starting else ""
    return f"{since} until {facts.until}".strip() if facts.until else since


def _open(artefacts: Artefacts) -> str:
    shown = {"open": "", "partial": " in part"}
    states = {name: getattr(artefacts, name).state for name in Artefacts.model_fields if name != "weights"}
    return ", ".join(name.replace("_", " ") + shown[state] for name, state in states.items() if state in shown)


def _providers(rules: Rulebook) -> Iterator[str]:
    yield "# Providers of models as a service"
    yield ""
    yield "What the names mean under which models are offered: models whose weights are not released, or open ones of"
    yield "the Hub. A name that fits none is compared with the known families of the publisher, and is else unknown."
    yield "\n| provider | first parts of names | closed | open |\n|---|---|---|---|"
    for provider in sorted(rules.providers, key=lambda one: one.title.casefold()):
        link = f"[{_cell(provider.title)}](../../{provider.evidence.path})"
        prefixes = ", ".join(f"`{name}/`" for name in (provider.id, *provider.prefixes))
        yield f"| {link} | {_cell(prefixes)} | {_cell(_closed(provider))} | {_cell(_hub(provider))} |"


def _closed(provider: Provider) -> str:
    if provider.services_only:
        return "all"
    return ", ".join(f"`{name}`" for rule in provider.models if rule.closed for name in rule.names)


def _hub(provider: Provider) -> str:
    names = (f"`{rule.names[0]}`: {rule.hub}" for rule in provider.models if rule.hub)
    return ", ".join((*(f"families of {name}" for name in provider.hub), *names))


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
