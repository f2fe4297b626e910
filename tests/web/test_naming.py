"""Names that no other request has."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from tumen.web.naming import unique


def test_no_name_is_given_twice() -> None:
    names = {unique() for _ in range(10_000)}
    assert len(names) == 10_000
    assert {len(name) for name in names} == {32}


def test_processes_that_were_forked_give_names_of_their_own() -> None:
    """Workers of the service may be forked after this was imported."""
    context = multiprocessing.get_context("fork")
    names = {unique()}
    for _ in range(2):
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            names.add(pool.submit(unique).result())
    assert len(names) == 3
