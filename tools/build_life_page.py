"""Write the page on the life of a declaration: python tools/build_life_page.py."""

from pathlib import Path

from tumen.window.life_page import page

PAGE = Path(__file__).parents[1] / "docs/declaration-life.md"


def main() -> None:
    """Write the page that is made from the table of transitions."""
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
