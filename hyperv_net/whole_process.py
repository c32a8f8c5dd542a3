"""A process that does one thing and ends: it collects no garbage, and tears nothing down.

Both take the interpreter longer than most runs take for all else; the system takes back
memory and files by itself.
"""

from __future__ import annotations

import gc
import os
from contextlib import suppress

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def run(main: Callable[[], int]) -> NoReturn:
    """End this process with what `main` returns; what it raises ends it as usual."""
    gc.disable()
    status = main()
    # What could not be written has been said, or there is nobody to say it to.
    with suppress(AttributeError, OSError, ValueError):
        terminal.flush()
    os._exit(status)
