"""`docs/formats.md` shows the field table as it is; run this file to write its tables anew."""

from pathlib import Path

from tumen.documents.fields import Field, Kind, Part, fields

PAGE = Path(__file__).parents[2] / "docs/formats.md"
START, END = "<!-- fields: generated -->\n", "<!-- end of fields -->\n"


def tables() -> str:
    parts = [(kind, part) for kind in Kind for part in Part if fields(kind, part)]
    return "\n".join(table(kind, part) for kind, part in parts)


def table(kind: Kind, part: Part) -> str:
    title = f"### {kind.value}: {'head' if part is Part.HEAD else 'goods items'}\n\n"
    header = "| field | CEB element | in CEB | in NDJSON and CSV | form |\n|---|---|---|---|---|\n"
    return title + header + "".join(line(field) for field in fields(kind, part))


def line(field: Field) -> str:
    ceb = "required" if field.required else "optional"
    native = field.native if field.native_default is None else f"`{field.native_default}` if absent"
    personal = ", personal" if field.personal else ""
    return f"| `{field.name}` | {field.ceb} | {ceb} | {native} | {form(field)}{personal} |\n"


def form(field: Field) -> str:
    if field.type == "decimal":
        return "decimal"
    if field.type == "integer":
        return "whole number"
    if field.form:
        return {"time14": "date and time", "date8": "date"}[field.form]
    if field.length_min == field.length_max:
        return f"{field.length_max} characters"
    return f"up to {field.length_max} characters"


def parts() -> tuple[str, str, str]:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    shown, _, after = rest.partition(END)
    return before, shown, after


def test_the_page_of_formats_shows_every_field() -> None:
    assert parts()[1] == tables()


if __name__ == "__main__":
    before, _, after = parts()
    PAGE.write_text(before + START + tables() + END + after, encoding="utf-8")
