"""The page of what comes after a decision: a look before the act, an answer, and what is told."""

import json
from collections.abc import Iterator

import pytest
from lodging import one
from portals import Portal, found, portal, text_of
from tests.web.test_aftercare import CHINA

from tumen.store.database import Database


@pytest.fixture(scope="module")
def pages(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(shared_database, tmp_path_factory.mktemp("portal")) as opened:
        opened.submit(json.dumps(one("A-1", **CHINA)).encode(), "day.ndjson")
        yield opened


def number(pages: Portal) -> str:
    shown = pages.get("/consignment?number=A-1", "broker").text
    return found(r'href="/aftercare\?number=%23(\d+)"', shown)


def ask(pages: Portal, who: str, **form: str) -> str:
    data = {"number": f"#{number(pages)}", "reason": "a slip of the pen", **form}
    answer = pages.post("/aftercare", who, data=data)
    assert answer.status_code == 200, answer.text
    return text_of(answer)


def test_a_filer_looks_then_asks_and_an_officer_answers_with_the_act_of_law(pages: Portal) -> None:
    correction = {"step": "correct", "reference": "C-1", "item": "1", "quantity": "3"}
    seen = ask(pages, "broker", **correction, preview="1")
    assert "What would happen" in seen
    assert "-24.00 CNY" in seen
    assert "Nothing waits for an answer" in seen
    done = ask(pages, "broker", **correction, do="1")
    assert "It waits for an officer; nothing is changed yet." in done
    assert "a slip of the pen" in text_of(pages.get("/aftercare", "customs"))
    assert "must name the act of law" in ask(pages, "customs", step="grant", do="1")
    granted = ask(pages, "customs", step="grant", basis="an example act", do="1")
    assert "Nothing waits for an answer" in granted
    told = text_of(pages.get("/consignment?number=A-1", "broker"))
    assert "Due with all corrections and returns: postal tax 72.00 CNY" in told
    assert "The filer: a slip of the pen" in told


def test_the_page_is_for_filers_and_customs_and_each_does_the_own(pages: Portal) -> None:
    assert pages.get("/aftercare").status_code == 401
    answer = pages.post("/aftercare", "broker", data={"step": "grant", "number": "#1"})
    assert answer.status_code == 403
    assert pages.post("/aftercare", "broker", data={"step": "burn"}).status_code == 400
