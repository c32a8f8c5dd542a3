"""The marks by which files and parts of files are known to be hyperv-net's own.

They stand in files of every earlier version, so that a mark is never changed: what bears
another would be somebody's own to the next run.
"""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: What the files that hyperv-net makes begin with.
MADE = "# Made by hyperv-net "

#: Such a file, from the first line to where its contents begin.
FROM_CONFIG = (
    f"{MADE}from this machine's network config.  Changes made here are lost\n"
    "# when it is made again: change the network config instead.\n"
)
FROM_PAIRS = (
    f"{MADE}from this machine's pairs.  Changes made here are lost\n# when it is made again.\n"
)

#: One that is the same on every machine, and what it names is no NIC.
FOR_ANY = f"{MADE}guard for any machine.  Changes made here are lost when it is made again.\n"

#: What a file of injected addresses begins with: no plan makes it, and none takes it for its own.
FROM_HOST = (
    "# What the Hyper-V host injected, put here by hyperv-net kvp.  It is merged last, and made\n"
    "# anew at the next injection.\n"
)

#: What a file of settings begins with that `bake` wrote, until it bakes again.
CHOSEN = "# Chosen with 'hyperv-net bake'.\n"

#: What a line of somebody else's begins with that hyperv-net has made a comment.
ASIDE = "# hyperv-net: "

#: What hyperv-net's block in rc.conf and in loader.conf begins with.
BLOCK = f"{ASIDE}begin "

#: The lines around such a block, without their ends.
BEGIN = f"{BLOCK}(this block is rewritten; keep your own settings outside it)"
END = f"{ASIDE}end"

MARKS = (MADE, BLOCK)


def aside(lines: str) -> str:
    """The lines as comments that say who made them one."""
    return "".join(f"{ASIDE}{line}" for line in lines.splitlines(keepends=True))


def find_block(text: str, comments: Iterable[int] | None = None) -> tuple[int, int] | None:
    """Where our block begins, and where the line of its end marker ends; None without one.

    `comments` are where the text's comments begin, for whoever can tell that a marker stands in
    a string: what was written there would set nothing.  Without them every line may be one.
    A begin marker whose end somebody has lost begins nothing: what follows is not known to be
    ours any more.
    """
    begin = None
    for at in _line_starts(text) if comments is None else comments:
        if text[at - 1 : at] not in ("", "\n"):
            continue
        if text.startswith(f"{BEGIN}\n", at):
            begin = at
        elif begin is not None and text.startswith(END, at):
            behind = at + len(END)
            if text[behind : behind + 1] in ("", "\n"):
                return begin, min(behind + 1, len(text))
    return None


def _line_starts(text: str) -> Iterator[int]:
    at = 0
    while at < len(text):
        yield at
        at = text.find("\n", at) + 1 or len(text)
