"""Captures where a verb takes a root or an inventory: unpacked for as long as it runs."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

#: The verbs that take one.
VERBS = ("history", "inventory", "plan", "render", "review", "simulate", "status")


@contextmanager
def captures_unpacked(args: argparse.Namespace) -> Iterator[None]:
    """Within it `--root` and `--inventory` lead to what is in the captures that they name.

    What is printed calls them as they were given.  Raises HypervNetError for an archive that
    is none, or that is not safe to unpack.
    """
    given = {
        name: getattr(args, name)
        for name in ("root", "inventory")
        if getattr(args, name) is not None
    }
    if not given:
        yield
        return
    from hyperv_net.capture.unpacking import is_archive, unpack

    captures = {name: file for name, file in given.items() if is_archive(file)}
    if not captures:
        yield
        return
    from tempfile import TemporaryDirectory

    # The folder is its owner's alone.
    with TemporaryDirectory(prefix="hyperv-net-") as folder:
        of_file: dict[str, str] = {}
        for name, file in captures.items():
            if file not in of_file:
                of_file[file] = f"{folder}/{len(of_file)}"
                unpack(file, Path(of_file[file]))
                terminal.call(of_file[file], file)
            setattr(args, name, of_file[file])
        yield
