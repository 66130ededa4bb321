"""The command-line program, from the package: ``python -m yellowcart`` and the script ``yellowcart``."""

import signal
import sys

from yellowcart import _yellowcart


def main() -> int:
    """Runs the program with the arguments of the process, and returns its exit code."""
    # An interrupt is the program's own business: it keeps what is done, says how to go on, and ends with 130.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _yellowcart.main(["yellowcart", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
