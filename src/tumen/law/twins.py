"""The vectorised law of each economy that has one."""

from typing import Final

from tumen.law.jp import vector as jp
from tumen.law.mn import vector as mn
from tumen.law.vector.twin import Twin

TWINS: Final[tuple[Twin, ...]] = (jp.TWIN, mn.TWIN)
