"""Work beside the loop: a kind that is stuck holds up no other kind, and its line ends."""

import asyncio
import threading

import pytest

from tumen.kernel.errors import Overloaded
from tumen.web.beside import Beside


def test_a_kind_of_work_that_is_stuck_refuses_more_and_holds_up_no_other() -> None:
    stuck, other = Beside("a", threads=1, waiting_max=1), Beside("b", threads=1, waiting_max=0)
    goes_on = threading.Event()

    async def ask() -> None:
        waiting = [asyncio.create_task(stuck.run(goes_on.wait, 20)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await stuck.run(int)
        assert await other.run(int, "7") == 7
        goes_on.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await stuck.run(int) == 0, "there is room again"

    asyncio.run(ask())
    stuck.close()
    other.close()
