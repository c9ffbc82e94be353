"""The audit's page in a real browser: it sorts, filters, prints, keeps nobody out, and runs nothing that is not its own."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from licscan.rulebook import Rulebook
from tests.audited import page, poisoned, real_audit
from tests.audited_whole import whole
from tests.browser import browser, eventually, opened, violations
from tests.test_audit_html import HOSTILE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")
SHOWN = "table.models tbody tr:not([hidden])"


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, rules: Rulebook) -> Path:
    """An audit in which everything occurs."""
    file = tmp_path_factory.mktemp("small") / "audit.html"
    file.write_text(page(whole(rules)), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, rules: Rulebook, corpus: Path) -> Path:
    """An audit of two hundred real models."""
    file = tmp_path_factory.mktemp("large") / "audit.html"
    file.write_text(page(real_audit(corpus, rules, 200)), encoding="utf-8")
    return file


def test_it_sorts(chromium: "Browser", large: Path) -> None:
    """Each heading sorts, once up and once down, with the mouse and the keyboard, and says so to a screen reader."""
    with opened(chromium, large) as seen:
        heads = seen.page.locator("table.models thead th")
        for at in range(heads.count()):
            head = heads.nth(at)
            orders = []
            for press in (head.click, lambda one=head: one.locator("button").press("Enter")):
                press()
                assert head.get_attribute("aria-sort") in {"ascending", "descending"}
                orders.append(
                    seen.page.locator(SHOWN).evaluate_all("rows => rows.map(row => row.cells[0].textContent)")
                )
            assert sorted(orders[0]) == sorted(orders[1])
            assert seen.page.locator("table.models [aria-sort]").count() == 1
        gaps = heads.nth(8)
        gaps.click()
        numbers = seen.page.locator(SHOWN).evaluate_all(
            "rows => rows.map(row => parseInt(row.cells[8].textContent) || 0)"
        )
        assert numbers == sorted(numbers, reverse=True)
        assert seen.troubles == []


def test_it_filters_and_searches(chromium: "Browser", large: Path) -> None:
    """By level, license, clause, gap and words; the sections follow, the number is told, and clearing shows all again."""
    with opened(chromium, large) as seen:
        total = seen.page.locator(SHOWN).count()
        seen.page.select_option("select[name=level]", "unknown")
        eventually(lambda: seen.page.locator(SHOWN).count() < total)
        levels = seen.page.locator(f"{SHOWN} .lv").all_text_contents()
        assert set(levels) == {"unknown"}
        assert seen.page.locator("article.model:not([hidden])").count() == len(levels)
        assert f"{len(levels)} of {total} models" in str(seen.page.locator(".count").text_content())
        seen.page.click("button[type=reset]")
        eventually(lambda: seen.page.locator(SHOWN).count() == total)
        seen.page.select_option("select[name=mark]", "c:threshold")
        eventually(lambda: seen.page.locator(SHOWN).count() < total)
        assert (
            0
            < seen.page.locator(SHOWN).count()
            == seen.page.locator("article.model:not([hidden]):has([id$='.threshold'])").count()
        )
        seen.page.click("button[type=reset]")
        seen.page.fill("input[name=q]", "Built with Llama")
        eventually(lambda: seen.page.locator(SHOWN).count() < total)
        found = seen.page.locator("article.model:not([hidden])").all_text_contents()
        assert found
        assert all(word in text.lower() for text in found for word in ("built", "with", "llama"))
        seen.page.fill("input[name=q]", "no such words anywhere")
        seen.page.wait_for_selector(".empty:not([hidden])")
        seen.page.click(".empty button")
        eventually(lambda: seen.page.locator(SHOWN).count() == total)
        assert seen.troubles == []


def test_a_number_of_the_summary_shows_its_models(chromium: "Browser", large: Path) -> None:
    """A tile leads to the table, filtered to what it counts."""
    with opened(chromium, large) as seen:
        tile = seen.page.locator("a[data-level=unknown]")
        number = int(str(tile.locator("b").text_content()))
        tile.click()
        eventually(lambda: seen.page.locator(SHOWN).count() == number)
        assert seen.page.locator("#models").evaluate("one => one.getBoundingClientRect().top") < 200


def test_a_deep_link_leads_to_its_clause(chromium: "Browser", small: Path) -> None:
    """An address with the id of a clause shows it, marked, below the bar; also where a filter hides its model."""
    with opened(chromium, small, "#m1.attribution-display") as seen:
        place = "document.getElementById('m1.attribution-display').getBoundingClientRect()"
        assert 0 < seen.page.evaluate(f"{place}.top") < 720
        seen.page.select_option("select[name=level]", "unknown")
        seen.page.wait_for_selector("article#m1[hidden]", state="attached")
        seen.page.evaluate("location.hash = ''; location.hash = 'm1.attribution-display'")
        seen.page.wait_for_selector("article#m1:not([hidden])")
        eventually(lambda: 0 < seen.page.evaluate(f"{place}.top") < 720)


def test_evidence_unfolds_and_ticks_are_kept(chromium: "Browser", small: Path) -> None:
    """What is folded opens with the keyboard; a ticked duty is ticked when the page is opened again."""
    with opened(chromium, small) as seen:
        seen.page.locator("#m1 details.idle summary").press("Enter")
        assert seen.page.locator("#m1 details.idle li").first.is_visible()
        seen.page.locator("#m1 .duties input").nth(1).check()
        seen.page.reload()
        assert [box.is_checked() for box in seen.page.locator("#m1 .duties input").all()] == [False, True, False]
        assert seen.troubles == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_nobody_is_kept_out(chromium: "Browser", small: Path, scheme: str, width: int) -> None:
    """axe-core finds nothing against WCAG 2.2 AA or good practice, light and dark, narrow and wide."""
    with opened(
        chromium, small, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    ) as seen:
        seen.page.add_style_tag(content="article, section, tr { content-visibility: visible !important }")
        assert violations(seen.page) == []


@pytest.mark.parametrize("width", [320, 400, 1280, 2560])
def test_nothing_runs_out_of_the_page(chromium: "Browser", small: Path, width: int) -> None:
    """At no width must the page itself be moved sideways; wide tables and drawings move in a frame of their own."""
    with opened(chromium, small, viewport={"width": width, "height": 900}) as seen:
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_it_is_whole(chromium: "Browser", small: Path) -> None:
    """With JavaScript off everything is there and can be reached; what would do nothing is not shown."""
    with opened(chromium, small, java_script_enabled=False) as seen:
        assert not seen.page.locator("form.filter").is_visible()
        assert seen.page.locator("table.models tbody tr").count() == 3
        assert seen.page.locator("table.models button").count() == 0
        seen.page.click("table.models a >> nth=0")
        assert seen.page.url.endswith("#m1")
        assert seen.page.locator("#m1 .terms blockquote").first.is_visible()


def test_it_prints(chromium: "Browser", small: Path, tmp_path: Path) -> None:
    """As PDF it has A4 pages, the matrix across, and also what was folded."""
    with opened(chromium, small) as seen:
        made = seen.page.pdf(path=tmp_path / "audit.pdf", prefer_css_page_size=True)
        seen.page.emulate_media(media="print")
        assert not seen.page.locator("nav.bar").is_visible()
    sizes = {
        (round(float(wide)), round(float(tall)))
        for wide, tall in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)
    }
    assert sizes == {(595, 842), (842, 595)}
    assert made.count(b"/Type /Page\n") >= 4


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_repository_runs_nothing(chromium: "Browser", rules: Rulebook, tmp_path: Path, hostile: str) -> None:
    """With script in every text nothing runs, no address is asked, nothing is hidden, and the console is quiet."""
    file = tmp_path / "hostile.html"
    file.write_text(page(poisoned(whole(rules), hostile)), encoding="utf-8")
    with opened(chromium, file) as seen:
        assert seen.page.evaluate("window.ran") is None
        assert seen.page.locator("table.models tbody tr").count() == 3
        assert seen.page.locator("#sign").is_visible()
        seen.page.fill("input[name=q]", "wren")
        seen.page.locator("table.models thead th").nth(1).click()
        seen.page.wait_for_timeout(200)
        assert seen.page.evaluate("window.ran") is None
        assert seen.troubles == []


def test_a_script_that_got_in_would_not_run(chromium: "Browser", small: Path, tmp_path: Path) -> None:
    """Were the escaping to fail, the policy in the page would still stop the script."""
    file = tmp_path / "broken.html"
    broken = small.read_text(encoding="utf-8").replace(
        "<main>", "<main><script>window.ran=1</script><img src=x onerror='window.ran=1'>"
    )
    file.write_text(broken, encoding="utf-8")
    with opened(chromium, file) as seen:
        assert seen.page.evaluate("window.ran") is None
        assert any("Content Security Policy" in trouble for trouble in seen.troubles)


class Counsel:
    """Somebody who reads the page from its top, and clicks with a mouse.

    Args:
        page: The page.
    """

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: str) -> None:
        """Click the first that is called so and can be seen."""
        self.page.locator(what).locator("visible=true").first.click()
        self.clicks += 1

    def reads(self, where: str, *words: str) -> None:
        """What is drawn there says so; to scroll to it takes no click."""
        place = self.page.locator(where).first
        place.scroll_into_view_if_needed()
        shown = " ".join(place.inner_text().split())
        assert [one for one in words if one not in shown] == []


def _host(counsel: Counsel) -> None:
    counsel.click("a[data-mark='t:reached']")
    counsel.click("table.models tbody tr:not([hidden]) a")
    counsel.reads("#m1 .limits", "reached above 1 million monthly active users", "yours: 2 million", "not granted in EU, UK",
                  "yours: EU", "lines 30 to 32")  # fmt: skip


def _about(counsel: Counsel) -> None:
    counsel.click("nav a[href='#words']")
    counsel.reads("table.told", "Built with Wren", "about page", "acme/wren-7b")


def _unknown(counsel: Counsel) -> None:
    counsel.click("a[data-level=unknown]")
    counsel.reads("table.models tbody tr:not([hidden])", "acme/bare", "unknown")
    counsel.click("table.models tbody tr:not([hidden]) a")
    counsel.reads("#m2", "No license established", "Why this level", "Unknown because")


def _changed(counsel: Counsel) -> None:
    counsel.click("nav a[href='#changes']")
    counsel.reads("#changes", "acme/wren-7b", "MIT", "LicenseRef-wren", "acme/bare", "hf:acme/gone", "2025-10-03")


def _thresholds(counsel: Counsel) -> None:
    counsel.click("a[data-mark='t:reached']")
    counsel.reads("table.models tbody tr:not([hidden])", "acme/wren-7b", "reached")
    assert counsel.page.locator(SHOWN).count() == 1


def _outputs(counsel: Counsel) -> None:
    counsel.click("nav a[href='#matrix']")
    counsel.click(".matrix a[aria-label='No training on outputs']")
    counsel.reads(
        ".term:target", "No training on outputs", "Do not train other models on what it writes.", "Wren itself"
    )


def _tell(counsel: Counsel) -> None:
    counsel.click("nav a[href='#open']")
    counsel.reads("#open", "For you to answer", "annual revenue", "acme/wren-7b")


def _stops(counsel: Counsel) -> None:
    counsel.click("nav a[href='#findings']")
    counsel.reads(
        "#findings tbody tr", "error", "The rule threshold-reached", "see to threshold-reached", "acme/wren-7b"
    )


def _words(counsel: Counsel) -> None:
    counsel.click("nav a[href='#matrix']")
    counsel.click(".matrix a[aria-label='Show a statement']")
    counsel.reads(".term:target", "Show the words on your about page.", "section 2, lines 30 to 32")
    counsel.click(".term:target .src")
    counsel.reads(".sources li:target", "LICENSE", "c" * 40, "5" * 64)


def _who(counsel: Counsel) -> None:
    counsel.click("nav a[href='#basis']")
    counsel.reads(
        "#basis", "jane@example.com", "read by counsel", "2027-06-30", "Acme Corp", "contract 12", "has ended"
    )
    counsel.click("nav a[href='#models']")
    counsel.click("table.models tbody a")
    counsel.reads("#m1 .reviews", "approved by Jane Doe", "for our own use", "not for medicine")


_QUESTIONS = {
    "may we host it in the EU at 2 million users": _host,
    "what must our About page say": _about,
    "which models have an unknown license, and why": _unknown,
    "what changed since the last audit": _changed,
    "which thresholds do we reach": _thresholds,
    "may outputs train another model": _outputs,
    "what must we tell licscan": _tell,
    "what stops a release": _stops,
    "the exact words of a clause, and where they stand": _words,
    "who reviewed and who waived what": _who,
}
_MOST_CLICKS = 3


@pytest.mark.parametrize("question", _QUESTIONS)
def test_what_counsel_asks_is_answered(chromium: "Browser", small: Path, question: str) -> None:
    """From the top of the page no question takes more than three clicks, and the answer stands there in words."""
    with opened(chromium, small) as seen:
        counsel = Counsel(seen.page)
        _QUESTIONS[question](counsel)
        assert counsel.clicks <= _MOST_CLICKS
        assert seen.troubles == []
        print(f"{question}: {counsel.clicks} clicks")


def test_a_large_one_is_quick(chromium: "Browser", large: Path) -> None:
    """Two hundred real models open without an error, and a filter answers at once: less than ten layouts of the page."""
    with opened(chromium, large) as seen:
        took = seen.page.evaluate(
            """() => {
                const time = (act) => { const begun = performance.now(); act(); document.body.offsetHeight; return performance.now() - begun; };
                const field = document.querySelector("input[name=q]");
                const layout = time(() => { document.body.style.zoom = "1.01"; });
                document.querySelector("table.models thead th").click();
                field.value = "license";
                return [layout, time(() => field.form.dispatchEvent(new Event("input")))];
            }"""
        )
        assert took[1] < 10 * max(took[0], 10)
        assert seen.troubles == []
