"""The rule base: what is shipped holds together, and what is wrong is refused with file, line and key."""

import json
import os
import time
from pathlib import Path

import pytest
from license_expression import get_spdx_licensing  # type: ignore[import-untyped]

from licscan import place
from licscan.errors import RuleError
from licscan.licenses import read, resolve
from licscan.model import Freedom, Kind
from licscan.rulebook import Rulebook, load
from tests.conftest import ROOT

CLAUSE = "id: {id}\ntitle: T\ngroup: condition\nstatus: draft\nwhy: w\n"
MINIMAL = {
    "clauses/c.yaml": CLAUSE.format(id="c") + "values:\n  n: {type: count, required: true}\n  k: {type: choice, of: [x, y]}\n",
    "levels/freedom.yaml": "id: freedom\ntitle: T\nwhy: w\nclauses:\n  c: conditional\n",
    "levels/table.yaml": "id: table\ntitle: T\nwhy: w\nrows:\n  - {level: unknown, because: b}\n",
    "licenses/l.yaml": "id: l\ntitle: L\nfreedom: conditional\nclauses:\n  - {id: c, values: {n: 5}}\nreviewed: {by: x, role: machine, on: 2026-01-01}\n",
    "models/m.yaml": "id: m\nfamilies:\n  - {id: f, title: F, match: ['a/*'], license: LicenseRef-l}\nreviewed: {by: x, role: machine, on: 2026-01-02}\n",
}  # fmt: skip
REVIEWED = "reviewed: {by: x, role: machine, on: 2026-01-01}\n"
FINDS = CLAUSE + "find: ['{find}']\nexamples: {{match: [x], ignore: [y]}}\n"


def rule_base(root: Path, **changes: str | None) -> Path:
    files: dict[str, str | None] = {
        **MINIMAL,
        **{name.replace("__", "/") + ".yaml": text for name, text in changes.items()},
    }
    for name, text in files.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
    return root


def test_loads_what_is_right(tmp_path: Path) -> None:
    """A small rule base is loaded; values have their types, records their evidence, the version its newest review."""
    rules = load(rule_base(tmp_path / "rules"), cache=tmp_path)
    (clause,) = rules.licenses["l"].clauses
    assert clause.values == {"n": 5}
    assert (clause.evidence.path, clause.evidence.lines) == ("rules/licenses/l.yaml", (5, 5))
    assert rules.version.startswith("2026-01-02+")


def test_a_cache_does_not_grow_with_every_change(tmp_path: Path) -> None:
    """Compiled rules that nobody has asked for in a month go when others are compiled; those that are used stay."""
    month = time.time() - 40 * 24 * 3600
    old, used, new = (f"  # {name}" for name in ("old", "used", "new"))
    root = tmp_path / "rules"
    kept: list[Path] = []
    for mark in (old, used, used, new):
        changed = rule_base(root, licenses__l=MINIMAL["licenses/l.yaml"] + mark + "\n")
        load(changed, cache=tmp_path)
        for file in tmp_path.glob("rules-*.licscan"):
            if file not in kept:
                kept.append(file)
                os.utime(file, (month, month))
    assert [file.exists() for file in kept] == [False, True, True]


@pytest.mark.parametrize(
    ("changes", "where", "says"),
    [
        ({"licenses__l": "id: l\ntitle: L\nfredom: free\n" + REVIEWED}, "rules/licenses/l.yaml:", "freedom: field required"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: free\nfredom: free\n" + REVIEWED}, "licenses/l.yaml:4", "fredom: is no key of this record (did you mean freedom?)"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: fre\n" + REVIEWED}, "licenses/l.yaml:3", "freedom: input should be"),
        ({"licenses__l": "id: l\ntitle: L\ntitle: M\nfreedom: free\n" + REVIEWED}, "licenses/l.yaml:3", "title: stands twice"),
        ({"licenses__l": "id: k\ntitle: L\nfreedom: free\n" + REVIEWED}, "licenses/l.yaml:1", "id: is 'k'"),
        ({"licenses__l": "- a\n"}, "licenses/l.yaml:1", "not a mapping"),
        ({"licenses__l": "id: l\n  x: [\n"}, "licenses/l.yaml:2", ""),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: free\nclauses:\n  - {id: c, values: {n: 5}}\n" + REVIEWED}, "licenses/l.yaml:3", "freedom: is free, but what it rests on says conditional"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: conditional\nclauses:\n  - {id: d}\n" + REVIEWED}, "licenses/l.yaml:5", "clauses.0.id: 'd' is no clause type"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: conditional\nclauses:\n  - {id: c}\n" + REVIEWED}, "licenses/l.yaml:5", "c needs n"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: conditional\nclauses:\n  - id: c\n    values: {n: many}\n" + REVIEWED}, "licenses/l.yaml:6", "clauses.0.values.n: 'many' is no count"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: conditional\nclauses:\n  - {id: c, values: {n: 1, k: z}}\n" + REVIEWED}, "licenses/l.yaml:5", "choose one of x, y"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: conditional\nclauses:\n  - {id: c, values: {m: 1}}\n" + REVIEWED}, "licenses/l.yaml:5", "is no value of c"),
        ({"licenses__l": "id: l\ntitle: L\nfreedom: free\nsupersedes: nowhere\n" + REVIEWED}, "licenses/l.yaml:4", "supersedes: 'nowhere' has no record"),
        ({"licenses__l": "id: l\ntitle: L\nkind: family\nfreedom: free\n" + REVIEWED}, "licenses/l.yaml:", "members: belongs to a family"),
        ({"licenses__l": "id: l\ntitle: L\nreciprocity: network\nfreedom: free\n" + REVIEWED}, "licenses/l.yaml:3", "reciprocity: is network"),
        ({"licenses__k": "id: k\ntitle: The L License\nfreedom: free\n" + REVIEWED}, "licenses/l.yaml:", "'l' already means k"),
        ({"clauses__c": CLAUSE.format(id="c") + "find: [x]\n"}, "clauses/c.yaml:6", "find: has no proof"),
        ({"clauses__c": FINDS.format(id="c", find="x(")}, "clauses/c.yaml:6", "find.0.pattern: is no pattern: missing ): x("),
        ({"clauses__c": FINDS.format(id="c", find=r"(?:\pN{1,60} ){1,16}x")}, "clauses/c.yaml:6", "is no pattern: pattern too large"),
        ({"clauses__c": CLAUSE.format(id="c").replace("draft", "stable")}, "clauses/c.yaml:4", "status: is stable"),
        ({"clauses__c": CLAUSE.format(id="c") + "obligation: do {this}\n"}, "clauses/c.yaml:6", "names {this}"),
        ({"clauses__d": CLAUSE.format(id="d")}, "levels/freedom.yaml:4", "does not say how d counts"),
        ({"levels__freedom": "id: freedom\ntitle: T\nwhy: w\nclauses:\n  c: conditional\n  e: none\n"}, "levels/freedom.yaml:6", "clauses.e: is no clause type"),
        ({"levels__freedom": "id: freedom\ntitle: T\nwhy: w\nclauses:\n  c: {by: k, cases: {x: none}, otherwise: none}\n"}, "levels/freedom.yaml:5", "does not cover all of k"),
        ({"levels__table": "id: table\ntitle: T\nwhy: w\nrows:\n  - {when: {freedom: free}, level: unknown, because: b}\n"}, "levels/table.yaml:4", "has no row for"),
        ({"levels__table": None}, "levels/table.yaml", "is missing"),
        ({"models__m": "id: m\nfamilies: none\n" + REVIEWED}, "models/m.yaml:2", "families: is no list"),
        ({"models__m": "id: m\nfamilies:\n  - {id: f, title: F, match: ['a/*'], bases: [{ref: 'x y', relation: merge}]}\n" + REVIEWED}, "models/m.yaml:3", "not a model reference"),
        ({"models__m": "id: m\nfamilies:\n  - {id: f, title: F, match: ['a/*'], license: LicenseRef-nowhere}\n" + REVIEWED}, "models/m.yaml:3", "has no record"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nmodels: none\n" + REVIEWED}, "providers/p.yaml:4", "models: is no list"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nrewrites: x\n" + REVIEWED}, "providers/p.yaml:4", "rewrites: is no list"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nmodels: [x]\n" + REVIEWED}, "providers/p.yaml:4", "models.0: is no mapping"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nmodels:\n  - {names: [x]}\n" + REVIEWED}, "providers/p.yaml:5", "say either `hub`"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nmodels:\n  - {names: [x], hub: a/b, closed: true}\n" + REVIEWED}, "providers/p.yaml:5", "say either `hub`"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nmodels:\n  - {names: [x], hub: 'a/{size}'}\n" + REVIEWED}, "providers/p.yaml:5", "`{size}` is no part of every name"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nrewrites: ['(']\n" + REVIEWED}, "providers/p.yaml:4", "is no regular expression"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nforms: ['(']\n" + REVIEWED}, "providers/p.yaml", "is no regular expression"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nonly: [q]\n" + REVIEWED}, "providers/p.yaml:4", "'q' is no provider"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\nprefix: [q]\n" + REVIEWED}, "providers/p.yaml:4", "did you mean prefixes?"),
        ({"providers__p": "id: p\ntitle: P\nurl: https://p\n" + REVIEWED, "providers__q": "id: q\ntitle: Q\nurl: https://q\nprefixes: [P]\n" + REVIEWED}, "providers/q.yaml:4", "'P' already means p"),
        ({"models__m": "id: m\nfamily: []\nfamilies: []\n" + REVIEWED}, "models/m.yaml:2", "family: is no key"),
    ],
)  # fmt: skip
def test_refuses_what_is_wrong(tmp_path: Path, changes: dict[str, str | None], where: str, says: str) -> None:
    """A rule file that is wrong is refused with file, line and key, what is wrong, and what to do."""
    with pytest.raises(RuleError) as refused:
        load(rule_base(tmp_path / "rules", **changes), cache=tmp_path)
    assert where in refused.value.where
    assert says in str(refused.value)
    assert refused.value.remedy


def test_compiles_once_per_content(tmp_path: Path) -> None:
    """The compiled form is used while the files are the same, made anew when they change, and mended when broken."""
    root = rule_base(tmp_path / "rules")
    first = load(root, cache=tmp_path)
    (compiled,) = tmp_path.glob("rules-*.licscan")
    assert load(root, cache=tmp_path) == first
    whole = compiled.read_bytes()
    for broken in (b"{}", whole[:-1], whole[:-1] + b"?"):
        compiled.write_bytes(broken)
        assert load(root, cache=tmp_path) == first
        assert compiled.read_bytes() == whole
    rule_base(tmp_path / "rules", licenses__l=MINIMAL["licenses/l.yaml"].replace("n: 5", "n: 6"))
    assert load(root, cache=tmp_path) != first
    assert len(list(tmp_path.glob("rules-*.licscan"))) == 2


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    """Without a cache the rule base is read anew, and that is all."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert load(rule_base(tmp_path / "rules"), cache=blocked / "below").licenses


def test_a_user_without_a_home_needs_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no cache folder at all, the rule base is read anew."""

    def none(_: str) -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr("platformdirs.user_cache_path", none)
    assert load(rule_base(tmp_path / "rules")).licenses


def test_a_name_that_a_comma_broke_is_refused(tmp_path: Path) -> None:
    """Half a name, left by a comma without quotes, would make a license of every year."""
    text = MINIMAL["licenses/l.yaml"].replace(
        "title: L\n", "title: L\naliases:\n  names: [Foo dated August 22, 2022]\n"
    )
    with pytest.raises(RuleError, match="leaves no more than '2022'"):
        load(rule_base(tmp_path / "rules", licenses__l=text), cache=tmp_path)


def test_the_shipped_rules_lie_in_the_checkout() -> None:
    """In a checkout the rule base is the folder at its top."""
    assert place.shipped() == ROOT / "rules"


def test_every_spdx_id_is_on_the_list(rules: Rulebook) -> None:
    """Every SPDX id of a record is one that SPDX lists; OpenMDW-1.0 is too new for the library."""
    known = {symbol.key for symbol in get_spdx_licensing().known_symbols.values()}
    known |= {alias for symbol in get_spdx_licensing().known_symbols.values() for alias in symbol.aliases}
    stated = {name for record in rules.licenses.values() for name in (record.spdx, *record.aliases.spdx) if name}
    assert stated - known <= {"OpenMDW-1.0"}


def test_every_hub_license_id_has_a_record(rules: Rulebook, corpus: Path) -> None:
    """All ids of the Hub's license field mean a record, a family, or a documented nothing."""
    listed = json.loads((corpus / "licenses" / "hf_license_ids.json").read_text())["licenses"]
    assert len(listed) == 83
    meant = {entry["id"]: resolve(entry["id"], rules).expression for entry in listed}
    assert not [name for name, expression in meant.items() if expression is None]
    records = {name: rules.licenses[rules.names.hub[name.casefold()]] for name in meant}
    silent = {name for name, record in records.items() if record.kind is Kind.NOT_A_LICENSE}
    assert silent == {"other", "unknown"}
    unclear = {name for name, record in records.items() if record.freedom is Freedom.UNKNOWN}
    assert unclear == {"other", "unknown", "cc"}


def test_records_agree_with_independent_readers(rules: Rulebook, corpus: Path) -> None:
    """Where somebody else annotated a text, the record's freedom leads to the same level, and no threshold differs."""
    compared = 0
    for file in sorted((corpus / "licenses" / "annotations").glob("*.json")):
        record = rules.licenses.get(file.stem)
        if record is None or record.kind is Kind.POLICY:
            continue
        other = json.loads(file.read_text())
        restrictive = record.freedom in {Freedom.CONDITIONAL, Freedom.NONCOMMERCIAL}
        assert ("restrictive" if restrictive else "permissive") == other["level"], file.stem
        numbers = sorted(clause["params"]["value"] for clause in other["clauses"] if clause["type"] == "threshold")
        recorded = [clause.values["value"] for clause in record.clauses if clause.id == "threshold"]
        assert sorted(map(str, recorded)) == sorted(map(str, numbers)), file.stem
        missing = {clause["type"] for clause in other["clauses"]} - {clause.id for clause in record.clauses}
        assert not missing, f"{file.stem}: {missing}"
        compared += 1
    assert compared > 30


def test_policies_bring_their_terms_along(rules: Rulebook) -> None:
    """What stands only in an incorporated policy is part of the license: Llama's exclusion of the EU."""
    clauses = read("LicenseRef-llama4", rules).clauses
    regions = [clause.values["regions"] for record, clause in clauses if clause.id == "territory-exclusion"]
    assert regions == [["EU"]]
    assert {record.kind for record, clause in clauses if clause.id == "territory-exclusion"} == {Kind.POLICY}
