"""Writing while the caller goes on: the text of rows is made in one thread and sent in another.

So the server has the next rows at hand as soon as it has taken the last, and neither waits for
what else is done with a text.
"""

from typing import Final

from tumen.kernel.aside import Aside


class Writer:
    """Two threads: texts are made in the one and sent in the other.

    What is sent may wait for what is made, never the other way round. Whoever else wants the
    connection settles first.

    Attributes:
        making: where texts are made, and given to whoever else wants them.
        sending: the only user of the connection while it is busy.
    """

    def __init__(self) -> None:
        self.making: Final = Aside("making")
        self.sending: Final = Aside("sending")

    @property
    def is_busy(self) -> bool:
        """Whether something was given and not settled yet."""
        return self.making.is_busy or self.sending.is_busy

    def settle(self) -> None:
        """Wait until all is made and sent.

        Raises:
            BaseException: what the first piece that failed raised.
        """
        self.sending.settle()
        self.making.settle()

    def abandon(self) -> None:
        """Wait until nothing is under way, whatever came of it."""
        self.sending.abandon()
        self.making.abandon()

    def close(self) -> None:
        """End both threads."""
        self.sending.close()
        self.making.close()
