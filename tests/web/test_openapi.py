"""The API does what its own description says, whatever is sent to it (Schemathesis).

A sample in each run; many more with TUMEN_FAULTS=full.
"""

import os
from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from offices import called, client
from tumen.access.roles import Role
from tumen.store.database import Database
from tumen.web.app import application
from tumen.web.office import Office
from tumen.web.problem import PROBLEM_JSON

EXAMPLES = 200 if os.environ.get("TUMEN_FAULTS") == "full" else 8
ENDLESS = "/v1/events/stream"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROLES = st.sampled_from([None, Role.PLATFORM, Role.CUSTOMS, Role.CARRIER, Role.ADMINISTRATOR])
DESCRIBED = application(cast("Office", None)).openapi_schema.to_schema()
OPERATIONS = {
    operation.label: operation
    for result in schemathesis.openapi.from_dict(DESCRIBED).get_all_operations()
    if (operation := result.ok()).path != ENDLESS
}


@pytest.fixture(scope="module")
def asking(
    shared_database: Database, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Litestar]]:
    with client(shared_database, tmp_path_factory.mktemp("office")) as made:
        yield made


@pytest.mark.parametrize("label", OPERATIONS)
def test_a_route_answers_as_it_is_described(asking: TestClient[Litestar], label: str) -> None:
    @given(case=OPERATIONS[label].as_strategy(), role=ROLES)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
        deadline=None,
        derandomize=True,
        database=None,
    )
    def ask(case: Any, role: Role | None) -> None:
        known = {} if role is None else called(asking, f"of-{role}".replace("_", "-"), role)
        sent = case.as_transport_kwargs(base_url="http://testserver.local", headers=known)
        sent.pop("cookies")  # no route takes one but the portal's, which is not described
        body = sent.pop("data", None)
        answer = asking.request(**sent, **({} if body is None else {"content": body}))
        case.validate_response(answer, checks=CHECKS)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == PROBLEM_JSON
            assert answer.json()["code"]

    ask()
