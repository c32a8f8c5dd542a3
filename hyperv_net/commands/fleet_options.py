"""The options of `review` for many machines, and which of the others have a meaning for them."""

from __future__ import annotations

from hyperv_net.commands.machine import given_settings
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.model import Settings
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.settings import with_values

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_OF_BOTH = frozenset({"verb", "fleet", "merge", "out", "fail_on"})
_OF_FLEET = frozenset({"jobs", "allow", "target"})
#: Options that are not called as their values are in the program.
_CALLED = {"synthetic_drivers": "--synthetic-driver", "pairs": "--pair"}
#: What options are where nobody gave them, other than nothing.
_DEFAULTS = {"target": "auto", "enabled": None}


def add_fleet_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options for many machines."""
    group = parser.add_argument_group("many machines")
    group.add_argument(
        "--fleet",
        metavar="DIR|FILE",
        help="review many machines: DIR has a folder with inventory.json, network-config.yaml and "
        "root for each, or captures; FILE has a JSON object a line; '-' for standard input",
    )
    group.add_argument(
        "--merge",
        metavar="DIR",
        nargs="+",
        help="put together what several runs with --fleet wrote",
    )
    group.add_argument(
        "--out", metavar="DIR", help="write groups, findings and machines there, into a new folder"
    )
    group.add_argument(
        "--jobs", metavar="N", type=int, help="how many processes (default: one a processor)"
    )


def check_fleet_options(args: argparse.Namespace) -> None:
    """Refuse, ahead of the first machine, what is wrong with the options for many machines.

    Raises UsageError.
    """
    option = "--merge" if args.merge else "--fleet"
    if args.merge and args.fleet is not None:
        raise UsageError("both are given", where="--fleet with --merge", hint="leave one out")
    if args.out is None:
        raise UsageError("no --out", where=option, hint="name a new folder with --out DIR")
    if args.jobs is not None and args.jobs < 1:
        raise UsageError("less than one", where=f"--jobs {args.jobs}")
    settings = given_settings(args)
    meant = _OF_BOTH if args.merge else {*_OF_BOTH, *_OF_FLEET, *settings}
    for where in _given(args, meant):
        raise UsageError(
            f"it has no meaning with {option}",
            where=where,
            hint=f"'hyperv-net help review' says what goes with {option}; leave it out",
        )
    from hyperv_net.rules.allowing import parsed

    for one in args.allow:
        parsed(one)
    try:
        with_values(Settings(), settings)
    except HypervNetError as error:
        raise UsageError(error.what, where=error.where, hint=error.hint) from None


def _given(args: argparse.Namespace, meant: frozenset[str] | set[str]) -> Iterator[str]:
    """The options that were given and are none of these, as they are called."""
    for name, value in vars(args).items():
        # 0 is a value, and no `False`.
        is_given = value not in (None, [], "") and str(value) != str(_DEFAULTS.get(name, False))
        if name in meant or not is_given:
            continue
        called = "--disabled" if value is False else _CALLED.get(name)
        yield value[0] if name == "configs" else called or f"--{name.replace('_', '-')}"


def refuse_fleet_options(args: argparse.Namespace) -> None:
    """Refuse what is of many machines alone.  Raises UsageError."""
    for name in ("out", "jobs"):
        if getattr(args, name) is not None:
            raise UsageError(
                "it is of many machines",
                where=f"--{name}",
                hint="name them with --fleet, or a file for this review with -o",
            )
