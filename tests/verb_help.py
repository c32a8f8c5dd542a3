"""What `hyperv-net VERB --help` prints, as a page of the documentation has it."""

from __future__ import annotations

import contextlib
import io
import os

from hyperv_net.cli import main

_COLUMNS = 96


def verb_help(verb: str) -> str:
    """The help of one verb, as wide as a page."""
    printed = io.StringIO()
    before = dict(os.environ)
    os.environ.update(COLUMNS=str(_COLUMNS), NO_COLOR="1")
    try:
        with contextlib.redirect_stdout(printed):
            main([verb, "--help"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    return printed.getvalue()
