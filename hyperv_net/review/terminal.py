"""Highlighting for people at a terminal."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def print_diff(diff: str, stream: TextIO) -> None:
    """Print a unified diff, highlighted on a terminal where `rich` is installed.

    rich is the optional dependency `hyperv-net[review]`; it obeys NO_COLOR.
    """
    if diff and stream.isatty():
        try:
            from rich.console import Console
            from rich.syntax import Syntax
        except ImportError:
            pass
        else:
            console = Console(file=stream, soft_wrap=True)
            console.print(Syntax(diff, "diff", theme="ansi_dark", background_color="default"))
            return
    stream.write(diff)
