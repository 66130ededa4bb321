"""What can go wrong. Every message is the one that the command line prints, without colours."""

__all__ = ["DiskError", "InputError", "WorkersStopped", "YellowcartError"]


class YellowcartError(Exception):
    """Anything that Yellowcart could not do; the base of the others."""


class InputError(YellowcartError, ValueError):
    """You have to change something. The message says all that is wrong, and what to do."""


class DiskError(YellowcartError, OSError):
    """A file could not be written. What there is so far is kept, and the message says where."""


class WorkersStopped(YellowcartError):
    """The executor that did the runs gave up, such as a pool of processes of which one has died. What was done is kept,
    and the message says how to go on."""
