"""Photographs of the example audit, for the documents; `make browser` installs what this needs."""

from pathlib import Path

from tests.browser import browser, opened

HERE = Path(__file__).parent
_SHOTS = ((400, 1400, "light"), (1280, 1500, "light"), (2560, 1500, "dark"))


def main() -> None:
    """Write one picture a width."""
    with browser() as started:
        for width, height, scheme in _SHOTS:
            size = {"width": width, "height": height}
            with opened(started, HERE.parent / "examples/audit/audit.html", viewport=size, color_scheme=scheme) as seen:
                seen.page.screenshot(path=HERE / f"audit-{width}.png")


if __name__ == "__main__":
    main()
