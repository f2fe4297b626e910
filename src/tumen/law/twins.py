"""The vectorised law of each economy."""

from typing import Final

from tumen.law.cn import vector as cn
from tumen.law.jp import vector as jp
from tumen.law.kr import vector as kr
from tumen.law.mn import vector as mn
from tumen.law.ru import vector as ru
from tumen.law.vector.twin import Twin

TWINS: Final[tuple[Twin, ...]] = (cn.TWIN, jp.TWIN, kr.TWIN, mn.TWIN, ru.TWIN)
