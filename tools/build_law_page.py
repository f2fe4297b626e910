"""Write what the law covers into the page of each economy: python tools/build_law_page.py."""

from pathlib import Path

from tumen.law.coverage import ECONOMIES, refreshed

DOCS = Path(__file__).parents[1] / "docs"


def main() -> None:
    """Refresh the tables that are made from the law's data."""
    for economy in ECONOMIES:
        page = DOCS / f"law-{economy.lower()}.md"
        page.write_text(refreshed(page.read_text(encoding="utf-8"), economy), encoding="utf-8")


if __name__ == "__main__":
    main()
