"""`tumen bills`, as an authority uses it: made, listed, summed up, paid, written as messages."""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from running import tumen
from tumen.simulation import Plan, simulate
from tumen.store.database import Database


@pytest.fixture(scope="module")
def folder(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    made = simulate(Plan(4, 1, fault="partly_returned"), home / "made")
    done = tumen(home, "clear", made.documents, "--database", shared_database.url)
    assert done.returncode == 0, done.stderr
    assert bills(home, shared_database, "make") == [{"made": 4, "later": 0, "unknown": 0}]
    return home


def bills(folder: Path, database: Database, *said: object) -> list[dict[str, Any]]:
    done = tumen(folder, "bills", *said, "--json", "--database", database.url)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_bills_are_made_summed_up_paid_and_told_to_machines_and_people(
    folder: Path, shared_database: Database
) -> None:
    database = shared_database
    assert bills(folder, database, "make") == [{"made": 0, "later": 0, "unknown": 0}]
    line, *_ = bills(folder, database, "list", "--limit", 1)
    month, payer = line["made_on"][:7], line["payer"]
    sums = bills(folder, database, "summary", month, "--payer", payer)
    notice = ("--payer", payer, "--month", month)
    (stated,) = bills(folder, database, "state", "summarised", "N-1", *notice)
    assert stated["answer"] == "accepted"
    (total,) = (each["total"] for each in sums)
    paying = ("state", "paid", "P-1", "--notice", "N-1", "--amount")
    wrong = tumen(folder, "bills", *paying, "0.01", "--database", database.url)
    assert (wrong.returncode, total in wrong.stdout) == (1, True)
    assert bills(folder, database, *paying, total)[0]["answer"] == "accepted"
    shown = tumen(folder, "bills", "show", line["number"], "--database", database.url).stdout
    assert "assessed, paid" in shown
    assert "海关总署公告2018年第194号" in shown
    listed = tumen(folder, "bills", "list", "--state", "paid", "--database", database.url).stdout
    assert line["number"] in listed
    (paid, *_) = bills(folder, database, "list", "--state", "paid")
    assert paid["late_days"] > 0
    assert str(paid["late_days"]) in listed
    deposit = ("guarantee", "deposited", "G-1", "--guarantor", payer, "--amount", "5")
    assert bills(folder, database, *deposit)[0]["answer"] == "accepted"
    held = {each["guarantor"]: each for each in bills(folder, database, "guarantees")}
    assert (held[payer]["reserved"], held[payer]["free"]) == ("0.00", "5.00")


def test_messages_of_a_month_are_written_and_what_is_none_is_refused(
    folder: Path, shared_database: Database
) -> None:
    line, *_ = bills(folder, shared_database, "list", "--limit", 1)
    where = ("--database", shared_database.url)
    month, out = line["made_on"][:7], folder / "messages"
    done = tumen(folder, "bills", "messages", month, "--out", out, *where)
    assert done.stdout.startswith("4 bills were written")
    roots = [etree.parse(str(each)).getroot() for each in sorted(out.iterdir())]
    assert [len(root) for root in roots] == [4, 4]
    for said in (("list", "--month", "2026-13"), ("show", "none"), ("make", "--authority", "FR")):
        assert tumen(folder, "bills", *said, *where).returncode == 2
