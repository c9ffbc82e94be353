"""Every format of an audit: nothing is left out, nothing hostile gets through, the same bytes each time."""

import csv as csvs
import datetime
import html as htmls
import importlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.audit import BINARY, FOLDERS, FORMATS, Dossier
from licscan.audit.entries import Basis
from licscan.audit.gather import gather
from licscan.audit.json import schema
from licscan.audit.tables import fits
from licscan.characters import UNPRINTABLE
from licscan.config import Configuration, Waiver
from licscan.model import (
    Activity,
    Assessment,
    Clause,
    Conflict,
    Decision,
    Evidence,
    Finding,
    Gap,
    GapId,
    ModelRef,
    ModelReview,
    Obligation,
    Organisation,
    Report,
    Statement,
    Tool,
)
from licscan.reports.markdown import safe
from licscan.rulebook import Rulebook
from licscan.text import fold, printable
from tests.conftest import ROOT
from tests.samples import assessment

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 6, 1)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</script><svg/onload=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    '=HYPERLINK("http://x.example","x")',
    "+1+1",
    "-2+3|cmd|' /C calc'!A0",
    "@SUM(1)",
    "\t=1+1",
    "\uff1d1+1",
    "\x1b[31mred\x1b]8;;http://x.example\x07link",
    "abc\u202ecba\u2066x",
    "a\u200bb\u00adc",
    "[x](javascript:alert(1)) ![x](http://x.example/x.png)",
    "| a | b |\n|---|---|\n# head\n- item\n> quote\n```\ncode\n```",
    "www.x.example http://x.example @jane #1 ~~x~~ `y` <b>z</b> &lt;",
    "{{ 7 * 7 }}{% include 'x' %}",
    "\ufffe\uffff]]><!-- --> ' \" \\ %s {0}",
)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip).filter(fold)
TEXTS = st.one_of(st.sampled_from(HOSTILE), WORDS)


def _where(text: str) -> Evidence:
    return Evidence(source="hub", path=f"dir/{text[:20]}", section="2", lines=(3, 4), sha256="ab" * 32, quote=text)


def _model(number: int, texts: list[str]) -> Assessment:
    """A model whose every text is one of these."""
    one, two, three, four = texts
    clause = Clause(
        id="attribution-display", values={"text": two}, on=(Activity.HOST,), quote=one, evidence=_where(one)
    )
    duty = Obligation(
        id=f"x/{number}",
        text=two,
        clause="attribution-display",
        activity=Activity.HOST,
        status="owed",
        because=three,
        words=one,
        evidence=_where(four),
    )
    sides = (Statement(says=one, evidence=_where(two)), Statement(says=two, evidence=_where(one)))
    return assessment(
        f"org/m{number}",
        clauses=(clause,),
        obligations=(duty,),
        gaps=(Gap(id=GapId.CARD_BROKEN, what=three, why=four),),
        conflicts=(Conflict(id="license-claims", subject="weights", statements=sides),),
        notes=(one,),
    )


def _finding(model: Assessment, texts: list[str], waiver: str | None) -> Finding:
    return Finding(
        rule="level-unknown",
        severity="error",
        model=model.ref,
        message=texts[3],
        remedy=texts[2],
        path=texts[0][:20],
        line=7,
        evidence=_where(texts[1]),
        fingerprint="f" * 32,
        waiver=waiver,
    )


Make = Callable[..., Dossier]


@pytest.fixture(scope="module")
def made(rules: Rulebook) -> Make:
    """The audit of some models, by somebody who says `said` wherever people may say something."""
    return lambda models, findings, said="a reason": _made(rules, models, findings, said)


def _made(rules: Rulebook, models: list[Assessment], findings: list[Finding], said: str) -> Dossier:
    waiver = Waiver("level-unknown", "hf:org/*", said, said, DAY, where="licscan.toml:3")
    reviews = [
        ModelReview(
            model=model.ref.at(None),
            revision=model.revision,
            license="mit",
            text_sha256=None,
            decision=Decision.APPROVED,
            by=said,
            reason=said,
            conditions=(said,),
            decided=NOW,
        )
        for model in models
    ]
    tool = Tool(name="licscan", version="1.0", rules="2026-01-01+0a1b2c3d")
    gap = Gap(id=GapId.FILE_UNREADABLE, what=said, why=said)
    report = Report.model_construct(
        tool=tool, created=NOW, run=3, models=models, findings=findings, mentions=(), gaps=(gap,), summary={}
    )
    told = Configuration(waivers=(waiver,), organisation=Organisation(name=said))
    policy = rules.policies["default"]
    return gather(report, Basis(rules, policy, "default", told, NOW, decisions=reviews, judged=True))


def written(form: str, dossier: Dossier, folder: Path) -> Path:
    """An audit in a format."""
    path = folder / f"audit.{form}"
    module = importlib.import_module(f"licscan.audit.{form}")
    if form in (*BINARY, *FOLDERS):
        module.write(dossier, path)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            module.write(dossier, stream)
    return path


class _Text(HTMLParser):
    """What a page says, in its words and in what it says of pictures."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value or "" for name, value in attrs if name in {"title", "aria-label", "data-words"}]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def _cells_of_csv(path: Path) -> Iterator[str]:
    for file in sorted(path.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            yield from (cell for row in csvs.reader(stream) for cell in row)


def _cells_of_xlsx(path: Path) -> Iterator[str]:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell.value
                assert cell.hyperlink is None
                if cell.value is not None:
                    yield str(cell.value)


def _in_json(path: Path) -> Callable[[str], bool]:
    found: set[str] = set()

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.add(value)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(one)

    walk(json.loads(path.read_text(encoding="utf-8")))
    return lambda text: text in found


def _in_csv(path: Path) -> Callable[[str], bool]:
    cells = {cell.removeprefix("'") for cell in _cells_of_csv(path)}
    return lambda text: fits(text).removeprefix("'") in cells


def _in_xlsx(path: Path) -> Callable[[str], bool]:
    cells = set(_cells_of_xlsx(path))
    return lambda text: fits(text) in cells


def _in_markdown(path: Path) -> Callable[[str], bool]:
    text = path.read_text(encoding="utf-8")
    return lambda one: safe(one) in text


def _in_html(path: Path) -> Callable[[str], bool]:
    page = _Text()
    page.feed(path.read_text(encoding="utf-8"))
    text = _bare(" ".join(page.found))
    return lambda one: _bare(one) in text


def _bare(text: str) -> str:
    """Text without white space and control characters, however they are shown."""
    return re.sub(r"\s+|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}", "", printable(text))


READ: dict[str, Callable[[Path], Callable[[str], bool]]] = {
    "json": _in_json,
    "csv": _in_csv,
    "xlsx": _in_xlsx,
    "markdown": _in_markdown,
    "html": _in_html,
}


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=25)
@given(st.lists(st.lists(TEXTS, min_size=4, max_size=4), min_size=1, max_size=3), st.none() | TEXTS)
def test_nothing_is_left_out(
    tmp_path_factory: pytest.TempPathFactory, made: Make, form: str, texts: Any, waiver: str | None
) -> None:
    """Every clause, obligation, gap, conflict and finding occurs in every format, with its words and who let it pass."""
    models = [_model(number, some) for number, some in enumerate(texts)]
    findings = [_finding(model, some, waiver) for model, some in zip(models, texts, strict=True)]
    occurs = READ[form](written(form, made(models, findings), tmp_path_factory.mktemp("audit")))
    for model, finding in zip(models, findings, strict=True):
        for clause in model.clauses:
            assert occurs(clause.quote or "")
        for duty in model.obligations:
            assert occurs(duty.text)
            assert duty.words is None or occurs(duty.words) or form == "markdown"
        for gap in model.gaps:
            if form == "markdown":
                assert occurs(f"{gap.what}: {gap.why}") or occurs(f"{gap.what}: {gap.why}; {gap.id.remedy}")
            else:
                assert occurs(gap.what)
                assert occurs(gap.why)
        for conflict in model.conflicts:
            assert all(occurs(side.says) for side in conflict.statements)
        assert occurs(finding.message)
        assert finding.waiver is None or occurs(finding.waiver)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing(tmp_path: Path, form: str, text: str, made: Make) -> None:
    """No text of a model, a waiver or a review is markup, a formula, a control or a turn of direction in any format."""
    model = _model(1, [text] * 4)
    dossier = made([model], [_finding(model, [text] * 4, text)], said=text)
    path = written(form, dossier, tmp_path)
    if form == "xlsx":
        whole = "\n".join(_cells_of_xlsx(path))  # refuses formulas and links
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert b"<f>" not in archive.read(name)
    elif form == "csv":
        cells = list(_cells_of_csv(path))
        assert not [cell for cell in cells if re.match("\\s*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]", cell)]
        whole = "\n".join(cells)
    else:
        whole = path.read_text(encoding="utf-8")
    allowed = {"\n", "\r"}
    assert not {one for one in UNPRINTABLE.findall(whole) if one not in allowed}
    calm = tmp_path / "calm"
    calm.mkdir()
    calm_model = _model(1, ["words"] * 4)
    same = written(form, made([calm_model], [_finding(calm_model, ["words"] * 4, "words")], said="words"), calm)
    if form == "html":
        assert _tags(whole) == _tags(same.read_text(encoding="utf-8"))
    elif form == "markdown":
        assert _structure(whole) == _structure(same.read_text(encoding="utf-8"))


def _tags(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page, with the names of their attributes."""
    found: list[tuple[str, tuple[str, ...]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, tuple(name for name, _ in attrs)))

    Reader().feed(page)
    return found


def _structure(text: str) -> list[str]:
    """What a line of Markdown is, and what in it is not escaped."""
    plain = re.sub(r"\\.", "", text)
    marks = [re.match(r"\s*(#+|- \[ \]|-|\||>|```)?", line) for line in plain.split("\n")]
    live = re.findall(r"<[^>]*>|\]\(|!\[|`|~~|(?<!\w)www\.|https?:", plain)
    return [*(mark.group(0) if mark else "" for mark in marks), *live]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_audit_has_the_same_bytes(tmp_path: Path, form: str, made: Make) -> None:
    """The same models, decisions and clock give the same bytes."""
    models = [_model(number, ["a", "b", "c", "d"]) for number in range(3)]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(form, made(models, [_finding(models[0], ["a", "b", "c", "d"], None)]), tmp_path / name)
    files = [sorted(path for path in (tmp_path / name).rglob("*") if path.is_file()) for name in ("one", "two")]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]
    assert files[0]


def test_the_json_keeps_to_its_schema(tmp_path: Path, made: Make) -> None:
    """What is written is what docs/schema/audit.schema.json says, and that is what the types say."""
    kept = (ROOT / "docs/schema/audit.schema.json").read_text()
    assert kept == schema()
    model = _model(1, list(HOSTILE[:4]))
    path = written("json", made([model], [_finding(model, list(HOSTILE[:4]), None)]), tmp_path)
    jsonschema.validate(json.loads(path.read_text()), json.loads(kept))


def test_a_long_text_is_cut_and_says_so(tmp_path: Path, made: Make) -> None:
    """What does not fit into a cell is cut with a mark, and is whole in the JSON."""
    text = "x" * 40_000
    model = _model(1, [text] * 4)
    dossier = made([model], [])
    cut = fits(text)
    assert len(cut) < 32_767
    assert cut.endswith("(8000 more characters)")
    assert cut in set(_cells_of_xlsx(written("xlsx", dossier, tmp_path)))
    assert _in_json(written("json", dossier, tmp_path))(text)


def test_a_full_sheet_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Make) -> None:
    """No row is lost where a sheet has no more room."""
    monkeypatch.setattr("licscan.audit.xlsx._ROWS", 2)
    models = [_model(number, ["a", "b", "c", "d"]) for number in range(5)]
    book = openpyxl.load_workbook(written("xlsx", made(models, []), tmp_path))
    sheets = [name for name in book.sheetnames if name.startswith("models")]
    assert sheets == ["models", "models 2", "models 3"]
    rows = [row[0] for name in sheets for row in list(book[name].iter_rows(values_only=True))[1:]]
    assert rows == [f"org/m{number}" for number in range(5)]


def test_an_anchor_is_letters_whatever_a_file_is_called(made: Make) -> None:
    """An anchor is letters, digits and hyphens alone, whatever a file is called."""
    model = assessment("org/m").model_copy(update={"ref": ModelRef(scheme="file", name="<b>\x1b[31m \u202e/\n=1")})
    stream = io.StringIO()
    importlib.import_module("licscan.audit.markdown").write(made([model], []), stream)
    (key,) = re.findall(r'<a id="([^"]*)"></a>', stream.getvalue())
    assert re.fullmatch("[a-z0-9-]+", key)
    assert "\x1b" not in htmls.unescape(stream.getvalue())
