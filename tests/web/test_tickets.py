"""The help desk's tickets over HTTP and by hand: suggestions, a secret, answers, an end."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from portals import Portal, found, portal, text_of

from clearing import CLOCK
from offices import called, client
from tumen.access import organisations
from tumen.access.organisations import Organisation
from tumen.access.roles import Role
from tumen.assistance import tickets
from tumen.codelist.matters import OF_AGENCIES
from tumen.store.database import Database
from tumen.web import asking
from tumen.web.access import identification

QUESTION = {"topic": "law", "economy": "CN", "text": "May two sisters share one \u202eorder?"}


@pytest.fixture(scope="module")
def site(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identification, "QUESTIONS_A_MINUTE", 1_000)
        with portal(shared_database, tmp_path_factory.mktemp("node")) as made:
            yield made


def opened(site: Portal, by: str | None = None) -> dict[str, str]:
    answer = site.post("/v1/tickets", by, json=QUESTION)
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.json()
    return told


def test_a_ticket_is_read_by_its_secret_its_own_organisation_and_who_answers(site: Portal) -> None:
    one = opened(site, "broker")
    path = f"/v1/tickets/{one['number']}"
    told = site.get(path, ticket_secret=one["secret"].lower()).json()
    assert (told["state"], told["due_at"]) == ("waiting", "2026-11-24T04:05:06+00:00")
    assert told["messages"][0]["text"] == "May two sisters share one order?", "nothing turned round"
    assert site.get(path, "broker").status_code == 200
    assert site.get(path, "customs").status_code == 200
    for refused in (site.get(path), site.get(path, "rival"), site.get("/v1/tickets/23456789")):
        assert (refused.status_code, refused.json()["code"]) == (404, "NOT_FOUND")


def test_customs_answers_the_asker_closes_and_then_nothing_more_is_said(site: Portal) -> None:
    one = opened(site)
    path, secret = f"/v1/tickets/{one['number']}", {"ticket-secret": one["secret"]}
    listed = [each["number"] for each in site.get("/v1/tickets", "customs").json()]
    assert one["number"] in listed
    answer = {"text": "No: a number is one person's."}
    assert site.post(f"{path}/messages", "customs", json=answer).status_code == 204
    assert site.post(f"{path}/messages", "rival", json=answer).status_code == 404
    told = site.get(path, ticket_secret=one["secret"]).json()
    assert [each["by"] for each in told["messages"]] == ["asker", "help_desk"]
    assert told["state"] == "answered"
    assert site.post(f"{path}/end", headers=secret).status_code == 204
    late = site.post(f"{path}/messages", json={"text": "But"}, headers=secret)
    assert late.status_code == 400
    assert site.get("/v1/tickets").status_code == 401


def test_a_question_is_passed_on_to_an_office_of_its_economy_and_is_everybodys_when_overdue(
    site: Portal, shared_database: Database
) -> None:
    one = opened(site, "broker")
    path = f"/v1/tickets/{one['number']}"
    with shared_database.session() as session:
        second = Organisation(
            "second-office", "Second", frozenset({Role.AGENCY}), "CN", matters=OF_AGENCIES
        )
        organisations.record(session, second, CLOCK.at, "console")

    def lists(after: timedelta = timedelta()) -> tuple[bool, bool]:
        with shared_database.session() as session:
            offices = ("customs", "second-office")
            listed = [tickets.waiting(session, "CN", each, CLOCK.at + after) for each in offices]
        own, other = ([each.number for each in found] for found in listed)
        return one["number"] in own, one["number"] in other

    assert lists() == (True, True)
    for mark, status in (("broker", 400), ("customs-mn", 400), ("second-office", 204)):
        told = site.post(f"{path}/office", "customs", json={"office": mark})
        assert told.status_code == status, mark
    assert site.post(f"{path}/office", "customs", json={"office": 1}).status_code == 400
    assert lists() == (False, True)
    assert site.get(path, "customs").json()["office"] == "second-office"
    assert site.get(path, "broker").json()["office"] is None
    assert (
        site.post(f"{path}/office", "broker", json={"office": "second-office"}).status_code == 403
    )
    form = {"number": one["number"], "office": "customs", "pass_on": "1"}
    assert "Pass the question on" in site.post("/help/ticket", "customs", data=form).text
    assert lists() == (True, False)
    assert one["number"] in [each["number"] for each in site.get("/v1/tickets", "customs").json()]
    assert lists(after=timedelta(hours=30)) == (True, True)


def test_a_question_that_says_nothing_or_too_much_is_refused(site: Portal) -> None:
    for text, status in (("\u200b \n", 400), ("x" * 4_001, 413)):
        assert site.post("/v1/tickets", json={**QUESTION, "text": text}).status_code == status


def test_answers_are_suggested_before_a_question_is_sent_by_hand(site: Portal) -> None:
    form = {"topic": "documents", "economy": "CN", "text": "Why is the yearly allowance exceeded?"}
    first = site.post("/help/ask", data=form)
    assert "OVER_ANNUAL_LIMIT" in first.text
    assert "was not sent yet" in text_of(first)
    sent = site.post("/help/ask", data={**form, "send": "1"})
    number = found(r'name="number" value="(\w+)"', sent.text)
    secret = found(r'name="secret" value="([\w-]+)"', sent.text)
    mine = {"number": number, "secret": secret}
    assert "waits for an answer" in text_of(site.post("/help/ticket", data=mine))
    answer = {"number": number, "text": "See the limit <b>there</b>.", "say": "1"}
    assert number in site.get("/help/ticket", "customs").text
    assert "&lt;b&gt;" in site.post("/help/ticket", "customs", data=answer).text
    closed = site.post("/help/ticket", data={**mine, "close": "1"})
    assert "closed" in text_of(closed)
    assert "<textarea" not in closed.text
    wrong = site.post("/help/ticket", data={**mine, "secret": "2222"})
    assert (wrong.status_code, "no ticket" in text_of(wrong)) == (404, True)


def test_a_question_on_a_page_keeps_what_was_written_where_it_cannot_be_sent(site: Portal) -> None:
    answer = site.post("/help/ask", data={"topic": "none", "economy": "CN", "text": "kept words"})
    assert answer.status_code == 400
    assert "kept words" in answer.text


def test_rare_words_weigh_more_than_common_ones_in_any_writing() -> None:
    answers = [("A", "the goods and the duty"), ("B", "the goods"), ("C", "年度限额 不足")]
    assert asking.suggested("the duty", answers)[0] == "A"
    assert asking.suggested("我的年度限额用完了吗", answers) == ["C"]
    assert asking.suggested("zebra", answers) == []


def test_questions_of_one_address_are_counted_and_the_rest_goes_on(
    shared_database: Database,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identification, "QUESTIONS_A_MINUTE", 2)
    with client(shared_database, tmp_path_factory.mktemp("paced")) as asking_it:
        statuses = [asking_it.post("/v1/tickets", json=QUESTION).status_code for _ in range(3)]
        assert statuses == [201, 201, 429]
        known = called(asking_it, "someone")
        assert asking_it.post("/v1/tickets", json=QUESTION, headers=known).status_code == 201
        assert asking_it.get("/help/ask").status_code == 200
