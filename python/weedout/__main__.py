"""``python -m weedout``: the command line."""

import signal
import sys

from ._weedout import main as _main


def main() -> int:
    """Runs the command line on ``sys.argv`` and returns its exit code."""
    # Python's handler would only note a Ctrl-C and wait for Rust to return.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return _main(["weedout", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
