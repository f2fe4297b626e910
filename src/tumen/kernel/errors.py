"""The tree of errors: bugs and the outside world, never a filer's mistakes (those are violations).

    TumenError
    ├── UsageError          the caller asked for something that does not exist     exit 2
    │   └── PathAbsent
    ├── OutsideError        the world failed: database, disk, file                 exit 1
    │   ├── StoreUnavailable    (retriable)
    │   ├── StoreConflict       (retriable: reload the batch and run it again)
    │   ├── StoreTooSlow        a question took longer than it may
    │   ├── SourceUnreadable
    │   ├── Overloaded          (retriable: more is waiting than may wait)
    │   ├── LogUnpublished      (retriable: what is missing is published the next time)
    │   ├── LogNotExtended      the tree does not go on from what was shown of it before
    │   └── LogDamaged          the log's own record does not fit together
    ├── LawError            the law was asked for what it does not hold
    │   ├── ParameterUnknown    no such parameter
    │   └── ParameterNotInForce the parameter has no value on that day
    ├── AccessError         a caller may not do what was asked
    │   ├── CallerUnknown       nobody is signed in, or the key or password is not believed
    │   ├── NotPermitted        the roles of the caller do not reach so far
    │   └── TooManyRequests     (retriable: after some seconds)
    └── VerificationError   bytes that were to be verified cannot be believed      exit 1

Each has a stable ``code``, a ``title``, the ``details`` of this case, whether it is
``retriable``, and ``next_step``: what the reader can do about it.
"""

from typing import ClassVar


class TumenError(Exception):
    """The root of all errors that Tumen raises on purpose."""

    code: str = "TUMEN_ERROR"
    title: ClassVar[str] = "Something went wrong."
    next_step: str = "Report it with the command that was run."
    retriable: ClassVar[bool] = False

    def __init__(
        self, message: str = "", *, next_step: str | None = None, **details: object
    ) -> None:
        self.details = details
        self.next_step = next_step or type(self).next_step
        super().__init__(message or self.title)


class UsageError(TumenError):
    """The caller asked for something that does not exist or does not fit."""

    code = "USAGE"
    title = "The command was not used as it is meant."
    next_step = "See the command with --help."


class PathAbsent(UsageError):
    """A path on the command line leads nowhere."""

    code = "PATH_ABSENT"
    title = "There is no such file or folder."
    next_step = "Check how the path is written."


class OutsideError(TumenError):
    """Something outside the program failed; what was not committed left nothing behind."""

    code = "OUTSIDE"
    title = "Something outside the program failed."
    next_step = "Mend the cause and run the same command again: it goes on where it stopped."


class StoreUnavailable(OutsideError):
    """The database cannot be reached, or it went away."""

    code = "STORE_UNAVAILABLE"
    title = "The database cannot be reached."
    next_step = "See `tumen db status`; then run the same command again."
    retriable = True


class StoreTooSlow(OutsideError):
    """A question to the database took longer than it may, and was ended."""

    code = "STORE_TOO_SLOW"
    title = "The answer takes longer than one may take."
    next_step = "Ask for less: a shorter page, a later cursor, one reference."


class StoreConflict(OutsideError):
    """Another writer recorded the same document first; the batch is reloaded and run again."""

    code = "STORE_CONFLICT"
    title = "Another writer recorded the same document first."
    retriable = True


class SourceUnreadable(OutsideError):
    """A file named on the command line cannot be opened or read."""

    code = "SOURCE_UNREADABLE"
    title = "A file cannot be read."
    next_step = "Check the path and its permissions."


class Overloaded(OutsideError):
    """More is waiting than may wait; nothing of this request was taken.

    Args:
        message: what is full.
        is_sender: whether it is this sender's own share that is full, not the service.
    """

    code = "OVERLOADED"
    title = "More is waiting than may wait; nothing of this request was taken."
    next_step = "Wait as Retry-After says, then send the same again: nothing is done twice."
    retriable = True

    def __init__(self, message: str = "", *, is_sender: bool = False) -> None:
        self.is_sender = is_sender
        super().__init__(message)


class LogUnpublished(OutsideError):
    """A file of the log cannot be written; the published checkpoint is the one it was."""

    code = "LOG_UNPUBLISHED"
    title = "The log's files cannot be written."
    next_step = "Make room or mend the disk; whatever is missing is then published again."
    retriable = True


class LogNotExtended(OutsideError):
    """The tree does not go on from a checkpoint that was published or cosigned."""

    code = "LOG_NOT_EXTENDED"
    title = "The tree does not go on from what was shown of it before."
    next_step = (
        "Nothing was signed or published. If the database is a restored copy, restore a newer"
        " one, or begin a log of a new origin: `tumen log begin --reason …` (docs/the-log.md)."
    )


class LogDamaged(OutsideError):
    """What the log has recorded or published of itself does not fit together."""

    code = "LOG_DAMAGED"
    title = "The log's own record is damaged."
    next_step = "Run `tumen log audit`: it names what was changed. Keep the files as they are."


class LawError(TumenError):
    """The law was asked for what it does not hold."""

    code = "LAW"
    title = "The law holds no answer."
    next_step = "See `tumen law list` for what is covered and from when."


class ParameterUnknown(LawError):
    """No parameter has this name."""

    code = "PARAMETER_UNKNOWN"
    title = "No parameter of the law has this name."


class ParameterNotInForce(LawError):
    """The parameter has no value on the day asked for; nothing falls back silently."""

    code = "PARAMETER_NOT_IN_FORCE"
    title = "The parameter has no value on that day."


class AccessError(TumenError):
    """A caller may not do what was asked. It never tells whether what was asked for exists."""

    code = "ACCESS"
    title = "That is not for this caller."
    next_step = "Ask an administrator of the node."


class CallerUnknown(AccessError):
    """Nobody is signed in, or what was shown is not believed; it is not told why."""

    code = "CALLER_UNKNOWN"
    title = "Who asks is not known."
    next_step = "Sign in, or send a key that is in force as `Authorization: Bearer KEY`."


class NotPermitted(AccessError):
    """The roles of the caller, or the scopes of its key, do not reach so far."""

    code = "NOT_PERMITTED"
    title = "The caller may not do that."
    next_step = "See docs/access.md for what each role may; a key may have fewer scopes."


class TooManyRequests(AccessError):
    """A caller asks more often than it may."""

    code = "TOO_MANY_REQUESTS"
    title = "Too many requests at once."
    next_step = "Wait as Retry-After says, then send it again."
    retriable = True


class VerificationError(TumenError):
    """What was to be verified cannot be believed; its own code says why.

    It is the only error that verifying raises, whatever the bytes are.
    """

    title = "What was to be verified cannot be believed."
    next_step = "Ask whoever gave you the file for it again; do not rely on it as it is."

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        super().__init__(message)
