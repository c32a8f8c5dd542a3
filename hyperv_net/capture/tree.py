"""What is to be in a capture: files, links and folders by their paths below the root."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

#: No capture that this program makes comes near: what it holds, its files and links in all.
SIZE_LIMIT = 64 * 1024 * 1024
MEMBER_LIMIT = 50_000
#: In bytes, as in limits.h of Linux (PATH_MAX, NAME_MAX).
PATH_LIMIT, NAME_LIMIT = 4095, 255
_LINK_LIMIT = 40


class Tree(NamedTuple):
    """A root as far as it was looked at.

    `texts` maps the path of a file to its text, `links` that of a link to where it leads, as
    it stands in the link, and `folders` are those of which no more is known than that they
    are there, and of what is neither.  `left_out` says of a path why it is not there.
    """

    texts: dict[str, str]
    links: dict[str, str]
    folders: set[str]
    left_out: dict[str, str]


def leads_out(path: str, links: Mapping[str, str]) -> bool:
    """Whether who follows the link at `path`, one of `links`, comes out of the root, or to no end.

    Links on the way count as they are: `..` behind one is not the folder that the text has.
    """
    at = path.split("/")[:-1]
    pending = [links[path]]
    followed = 0
    while pending:
        part, _, rest = pending.pop().partition("/")
        if rest:
            pending.append(rest)
        further = links.get("/".join((*at, part)))
        if part == "..":
            if not at:
                return True
            at.pop()
        elif further is not None:
            followed += 1
            if followed > _LINK_LIMIT or further.startswith("/"):
                return True
            pending.append(further)
        elif part not in ("", "."):
            at.append(part)
    return links[path].startswith("/")


def made_relative(path: str, target: str) -> str:
    """The text of a link that leads from `path` to where one with the text `target` does."""
    return "../" * path.count("/") + target.lstrip("/") if target.startswith("/") else target
