"""Write the coverage table of the law into its page: python tools/build_law_page.py."""

from pathlib import Path

from tumen.law.coverage import refreshed

PAGE = Path(__file__).parents[1] / "docs/law-cn.md"


def main() -> None:
    """Refresh the table that is made from the law's data."""
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
