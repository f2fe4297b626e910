"""Serves a node over HTTP: one application, any number of worker processes.

A worker holds nothing that another must know: what is cosigned lies in PostgreSQL, what is
published in the log's folder.
"""

import multiprocessing
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from litestar import Litestar, Router
from litestar.handlers import HTTPRouteHandler

from tumen.access.matrix import Permission
from tumen.bootstrap import open_node, open_witness
from tumen.kernel.errors import OutsideError
from tumen.kernel.limits import WITNESS_REQUEST_BYTES_MAX
from tumen.kernel.service_limits import (
    CONNECTIONS_WAITING_MAX,
    HEADER_BYTES_MAX,
    HEADER_SECONDS_MAX,
    QUOTING_PROCESSES,
    ROAD_PROCESSES,
)
from tumen.law.quoting import NO_BOOKS, Books
from tumen.settings import key_ring, webhook_private
from tumen.trust.bundle_model import Role
from tumen.trust.folder import DiskFolder
from tumen.web import metrics, records
from tumen.web.access.guard import needs
from tumen.web.app import application as whole_application
from tumen.web.log_files import log_routes
from tumen.web.office import Office
from tumen.web.road import Road
from tumen.web.webhooks.delivering import Deliveries
from tumen.web.witness import witness_route

LOOK_SECONDS: Final = 0.1
"""How often it is looked whether the address listens yet."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and where.

    Attributes:
        address: the address to listen on.
        port: the port.
        workers: how many processes.
        database: the location of the witness's store; only with ``is_witness``.
        is_witness: whether the witness protocol is served.
        log: the folder of a log to be served; None for none.
        is_whole: whether the whole service of the node is served, its log and witness with it.
        books: imported tariffs and rates, for the whole service.
    """

    address: str
    port: int
    workers: int = 1
    database: str | None = None
    is_witness: bool = False
    log: Path | None = None
    is_whole: bool = False
    books: Books = NO_BOOKS


def application(served: Served) -> Litestar:
    """The application, as a worker builds it."""
    if served.is_whole:
        return _whole(served)
    routes: list[HTTPRouteHandler] = []
    if served.is_witness:
        routes.append(witness_route(open_witness(served.database)))
    if served.log is not None:
        routes += log_routes(DiskFolder(served.log))
    return application_of(routes)


def _whole(served: Served) -> Litestar:
    """The service of a node, with the files of its log and, where it has the key, its witness."""
    lines = records.configure()
    node = open_node(served.database)
    public = log_routes(DiskFolder(node.log_folder))
    if key_ring(served.database).has(Role.WITNESS):
        public.append(witness_route(open_witness(served.database)))
    log = Router("/", route_handlers=public, guards=[needs(Permission.READ_LOG)])
    log.include_in_schema = False
    whole = whole_application(
        Office.of(
            node,
            served.books,
            road=partial(Road.at, served.database, served.books),
            road_processes=ROAD_PROCESSES,
            quoting_processes=QUOTING_PROCESSES,
        ),
        [log],
    )
    deliveries = Deliveries(node, is_private_allowed=webhook_private())
    whole.on_startup.append(deliveries.start)
    whole.on_shutdown.insert(0, deliveries.close)
    whole.on_shutdown.append(lines.close)
    return whole


def application_of(routes: list[HTTPRouteHandler]) -> Litestar:
    """An application of some routes; it shows no error of ours to strangers."""
    return Litestar(
        routes, openapi_config=None, request_max_body_size=WITNESS_REQUEST_BYTES_MAX, debug=False
    )


def serve(served: Served, listens: Callable[[], None]) -> None:
    """Serve until stopped.

    Args:
        served: what, and where.
        listens: is called once somebody who connects is heard.

    Raises:
        OutsideError: the server ended by itself, as where the port is taken.
    """
    need_free(served)
    # A forked worker would inherit locks and connections of the process that started it.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "tumen",
        address=served.address,
        port=served.port,
        workers=served.workers,
        interface=Interfaces.ASGI,
        websockets=False,
        http=HTTPModes.http1,  # of HTTP/2 neither a silent connection nor its opening ends
        log_enabled=False,
        respawn_failed_workers=served.is_whole,
        backlog=CONNECTIONS_WAITING_MAX,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS_MAX * 1_000, max_buffer_size=HEADER_BYTES_MAX
        ),
    )
    loader: Callable[..., Any] = partial(_loaded, served)
    threading.Thread(target=_tell, args=(served, listens), name="telling", daemon=True).start()
    with _figures(served):
        server.serve(target_loader=loader, wrap_loader=False)


def _tell(served: Served, listens: Callable[[], None]) -> None:
    """Call when the address listens; workers take some seconds to begin."""
    while True:
        with suppress(OSError):
            socket.create_connection((served.address, served.port)).close()
            listens()
            return
        time.sleep(LOOK_SECONDS)


@contextmanager
def _figures(served: Served) -> Iterator[None]:
    """Where several workers put their figures together while they serve."""
    if not served.is_whole or served.workers == 1 or metrics.FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tumen-figures-") as folder:
        os.environ[metrics.FOLDER] = folder
        yield


def need_free(served: Served) -> None:
    """Refuse a port that is taken: two servers may share one, and would answer in turns.

    Raises:
        OutsideError: it is.
    """
    try:
        with socket.create_server((served.address, served.port)):
            return
    except OSError as error:
        raise OutsideError(
            f"{served.address}:{served.port} cannot be served: {error.strerror}",
            next_step="Choose another --port, or stop what listens there.",
        ) from error


def _loaded(served: Served) -> Litestar:
    return application(served)
