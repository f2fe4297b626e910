"""Put the matrix into the page on access: python tools/build_access_page.py."""

from pathlib import Path

from tumen.access.access_page import with_table

PAGE = Path(__file__).parents[1] / "docs/access.md"


def main() -> None:
    """Write the page again with the table of today."""
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
