"""The settings that an embedded server is made with: durable always, sized to the machine."""

import os
from pathlib import Path
from typing import Final

TUNING_FILE: Final = "tumen.conf"
INCLUDE_LINE: Final = f"\ninclude_if_exists = '{TUNING_FILE}'\n"

SHARED_BUFFERS_MB_MIN: Final = 128
SHARED_BUFFERS_MB_MAX: Final = 1024
MEMORY_SHARE_OF_BUFFERS: Final = 8
MEMORY_SHARE_OF_CACHE: Final = 2

_TEMPLATE: Final = """\
# Written once, when this server was made; yours to change afterwards.

# What is acknowledged is durable.
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = pglz

# Sized to the machine.
shared_buffers = {shared_buffers_mb}MB
effective_cache_size = {effective_cache_mb}MB
work_mem = 64MB
maintenance_work_mem = 256MB
wal_buffers = 16MB
max_connections = 100

# Many short statements: compiling them costs more than it gains.
jit = off

# Facts are insert-only: tables are vacuumed and analysed for their growth, not their updates.
autovacuum_vacuum_insert_scale_factor = 0.2
autovacuum_vacuum_insert_threshold = 100000
autovacuum_analyze_scale_factor = 0.05
autovacuum_analyze_threshold = 5000
autovacuum_naptime = 15s

# Only the server's own system user, and root, may open the socket.
unix_socket_permissions = 0700
timezone = 'UTC'
log_timezone = 'UTC'
# A statement may carry personal data: the log names none.
log_statement = none
log_min_error_statement = panic
log_error_verbosity = terse
"""


def tuning() -> str:
    """The text of the settings for this machine."""
    memory = memory_mb()
    buffers = memory // MEMORY_SHARE_OF_BUFFERS
    return _TEMPLATE.format(
        shared_buffers_mb=max(SHARED_BUFFERS_MB_MIN, min(buffers, SHARED_BUFFERS_MB_MAX)),
        effective_cache_mb=max(SHARED_BUFFERS_MB_MIN, memory // MEMORY_SHARE_OF_CACHE),
    )


def memory_mb() -> int:
    """Memory of the machine, or of the control group where that has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        group = Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii").strip()
    except OSError:
        group = "max"
    return min(machine, int(group) if group.isdigit() else machine) >> 20
