"""Write the migration that makes one table a kind of document, from the field table.

Usage: python tools/build_tables.py > src/tumen/store/migrations/0002_documents.sql

A migration is never changed once it is released: a new field needs a new migration. A test
keeps the tables and the field table in step.
"""

from tumen.documents.fields import TABLED, Field, Kind, Part, fields
from tumen.window.facts import COMMON, INDEXES, TABLES

SQL_TYPES = {"text": 'text COLLATE "C"', "decimal": "bigint", "integer": "integer"}


def column(field: Field) -> str:
    """One column of a document table."""
    return f"    {field.name} {SQL_TYPES[field.type]}"


def head_table(kind: Kind) -> str:
    """The table of one kind's heads: common facts, its own fields, its blind indexes."""
    own = [column(f) for f in fields(kind, Part.HEAD) if not f.personal and f.name not in COMMON]
    blind = [f"    {name} uuid" for name in INDEXES[kind]]
    common = [f"    {name} {sql}" for name, sql in COMMON.items()]
    lines = ",\n".join([*common, *own, *blind, "    UNIQUE (key, digest)"])
    return f"CREATE TABLE {TABLES[kind]} (\n{lines}\n);"


def item_table(kind: Kind) -> str:
    """The table of one kind's goods items."""
    own = ",\n".join(column(field) for field in fields(kind, Part.ITEM))
    return (
        f"CREATE TABLE {TABLES[kind]}_item (\n    document_id bigint NOT NULL,\n"
        f"    position smallint NOT NULL,\n{own},\n    PRIMARY KEY (document_id, position)\n);"
    )


def main() -> None:
    """Print the migration."""
    print("-- One table a kind of document; written by tools/build_tables.py from the field table.")
    print("-- Amounts, prices and quantities are integers at scale 10^5. Facts are insert-only.")
    for kind in TABLED:
        print(f"\n{head_table(kind)}")
        if fields(kind, Part.ITEM):
            print(f"\n{item_table(kind)}")


if __name__ == "__main__":
    main()
