"""Which network configs `review` is of: named, or matched by patterns, and within a folder.

In a pipeline the files are somebody's who may change nothing yet.  A config that is a link to
`/etc/shadow`, or to the token in `.git/config`, would have it in a report that everybody reads.
"""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.places import Place
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.files import STDIN

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

#: What holds the credentials of a checkout, and nothing that is reviewed.
_GIT = ".git"
_READ = ("network_config", "inventory", "root", "against", "history")


def add_config_options(parser: argparse.ArgumentParser) -> None:
    """Declare the configs and the two options about them."""
    parser.add_argument(
        "configs",
        metavar="CONFIG",
        nargs="*",
        help="network configs, each reviewed as with --network-config, and all in one report; "
        "{folder} and {stem} in --inventory, --root, --against and --history are those of the file",
    )
    group = parser.add_argument_group("network configs")
    group.add_argument(
        "--matching",
        metavar="PATTERNS",
        action="append",
        default=[],
        help="network configs that fit, one pattern a line, as a shell has them with ** among "
        "these; one that no file fits is an error; may be given again",
    )
    group.add_argument(
        "--within",
        metavar="DIR",
        help="of files that are named as below DIR none is read that a link leads out of it, or "
        "into a .git: for what somebody else has written",
    )


def each(args: argparse.Namespace) -> Iterator[argparse.Namespace]:
    """The options for each network config that is given, or as they are where none is.

    Raises HypervNetError for a pattern that no file fits.
    """
    import argparse

    configs: dict[Path, str] = {}
    for one in (*args.configs, *_matching(args.matching)):
        # ./x is x; where .. leads depends on links.
        configs.setdefault(Path(one), one)
    if not configs:
        yield args
        return
    if args.network_config is not None:
        raise UsageError(
            "both it and network configs by themselves are given",
            where="--network-config",
            hint="name all files without an option",
        )
    for path, config in configs.items():
        own = {
            name: value.replace("{folder}", str(path.parent)).replace("{stem}", path.stem)
            for name in ("inventory", "root", "against", "history")
            if (value := getattr(args, name)) is not None
        }
        yield argparse.Namespace(**{**vars(args), "network_config": config, **own})


def refuse_empty_paths(args: argparse.Namespace) -> None:
    """Refuse a path without a name, as a variable leaves that a pipeline has not set.

    Raises UsageError, and so for a folder of `--within` that is none: it would guard nothing.
    """
    for name in (*_READ, "within"):
        if getattr(args, name) == "":
            raise UsageError(
                "no path", where=f"--{name.replace('_', '-')} ''", hint="is a variable not set?"
            )
    if args.within is not None and not os.path.isdir(args.within):  # noqa: PTH112
        raise UsageError("not a directory", where=f"--within {args.within!r}")


def check_within(args: argparse.Namespace) -> None:
    """Raise HypervNetError where a file that is to be read is not where its name says."""
    if args.within is None:
        return
    top = Path(args.within).resolve()
    for name in _READ:
        given = getattr(args, name)
        # A revision is no path, and its links are followed inside of it.
        if given in (None, STDIN) or (name == "against" and not os.path.lexists(given)):
            continue
        named, real = Path(os.path.abspath(given)), Path(given).resolve()  # noqa: PTH100
        is_inside = top in (real, *real.parents)
        if top in (named, *named.parents) and not is_inside:
            told = f"a link out of {args.within}, which is all that is read"
        elif is_inside and _GIT in real.relative_to(top).parts:
            told = f"in {_GIT}, where the checkout has its credentials"
        else:
            continue
        raise HypervNetError(told, where=Place(given), hint="put the file itself there")


def _matching(given: Sequence[str]) -> Iterator[str]:
    if given and not any(map(str.strip, given)):
        raise UsageError("names no pattern", where="--matching")
    lines = (line.strip() for text in given for line in text.splitlines())
    for pattern in filter(None, lines):
        start = "/" if pattern.startswith("/") else ""
        found = list(dict.fromkeys(_files(start, pattern.strip("/").split("/"))))
        if not found:
            raise HypervNetError(
                "no file here fits it",
                where=f"--matching {pattern!a}",
                hint="a pattern is from this folder on, such as machines/**/network-config.yaml",
            )
        yield from found


def _files(folder: str, parts: Sequence[str]) -> Iterator[str]:
    """The files below a folder, which is empty or ends in a slash, that the parts lead to."""
    if not parts:
        if os.path.isfile(folder[:-1]):  # noqa: PTH113
            yield folder[:-1]
        return
    first, *rest = parts
    if first == "**":
        for one in _folders(folder):
            yield from _files(one, rest or ["*"])
    elif any(sign in first for sign in "*?["):
        for name in _names(folder):
            if fnmatchcase(name, first) and (name[:1] != "." or first[:1] == "."):
                yield from _files(f"{folder}{name}/", rest)
    elif os.path.lexists(f"{folder}{first}"):
        yield from _files(f"{folder}{first}/", rest)


def _folders(folder: str) -> Iterator[str]:
    """It and all below, but for hidden ones; a link to a folder is none, as in a shell."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        yield here
        found = [f"{here}{name}" for name in _names(here) if name[:1] != "."]
        folders = [one for one in found if os.path.isdir(one) and not os.path.islink(one)]  # noqa: PTH112, PTH114
        waiting += [f"{one}/" for one in reversed(folders)]


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder or "."))  # noqa: PTH208
    except OSError:
        return []
