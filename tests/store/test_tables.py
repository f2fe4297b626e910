"""The tables of documents and the field table are one thing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_migration_of_documents_is_what_the_field_table_makes() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "tools/build_tables.py"], capture_output=True, check=True, text=True
    )
    migration = ROOT / "src/tumen/store/migrations/0002_documents.sql"
    assert made.stdout == migration.read_text(encoding="utf-8")
