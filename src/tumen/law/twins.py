"""The vectorised law of each economy that has one."""

from typing import Final

from tumen.law.cn import vector as cn
from tumen.law.mn import vector as mn
from tumen.law.ru import vector as ru
from tumen.law.vector.twin import Twin

TWINS: Final[tuple[Twin, ...]] = (cn.TWIN, mn.TWIN, ru.TWIN)
