"""The command line: choosing a verb, and what every verb has in common.

Exit status: 0 done, 1 error, 2 `--check` found a difference, 3 nothing is needed, 64 usage.
"""

from __future__ import annotations

import os
import sys

from hyperv_net import __version__, terminal
from hyperv_net.errors import HypervNetError, UsageError
from hyperv_net.own_modules import leave_out_others_folders
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.whole_process import run

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from typing import Any, NoReturn

_VERSION = f"hyperv-net {__version__}"

_DESCRIPTION = "Keeps the network of a machine whose network card exists twice."
_EPILOG = "'hyperv-net help VERB' ends with an example that works in a checkout."

#: In place of a verb: all verbs, or with a verb behind it what that one's --help says.
HELP = "help"

ERROR = 1
USAGE = 64
INTERRUPTED = 130

_TRACEBACK = "HYPERV_NET_TRACEBACK"
_LONGEST = 200  # characters of another library's message
_MOST = 20  # errors of one file that are told
_HANG = "  "  # begins further lines of an error, and the excerpt below it

VERBS = {
    "inventory": "show this machine's NICs, pairs and modes, and why",
    "plan": "show what would change, and write nothing",
    "review": "show a plan to those who decide about it: a page, a comment, a report for CI",
    "explain": "tell what a rule means that a finding names, and how to mend it",
    "render": "print the rendered files, or write them as a tree",
    "simulate": "tell what the machine would do when its VF comes and goes, and change nothing",
    "apply": "write the rendered files below the root, or put back what was there",
    "confirm": "keep what 'apply --confirm' activated, or take it back before its time is over",
    "bake": "put hyperv-net into an image, offline",
    "unbake": "leave an image as it was before it was baked",
    "guard": "keep everybody off VFs, without cloud-init or a network config",
    "reconcile": "make the running machine match its configuration, after a VF came or went",
    "kvp": "answer hv_kvp_daemon about the network, and write what its host injects",
    "drain": "move traffic to the synthetic NIC before an announced migration",
    "undrain": "move traffic back to the VF",
    "watch": "move traffic ahead of migrations that are announced, for as long as they last",
    "history": "tell what happened to the pairs: announcements, drains, VFs, steps, failures",
    "schema": "print the JSON Schema of a document of this program, or list them",
    "status": "show how the pairs are: active path, managers, addresses; 1 where one is unhealthy",
}


def program() -> NoReturn:
    """Run one verb as a process of its own."""
    leave_out_others_folders()
    run(main)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the result is the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not terminal.begin():
        return _fail("standard output is closed (open it, or send it to /dev/null)")
    try:
        status = _run(given)
        terminal.flush()
        return status
    except SystemExit as stopped:
        return USAGE if stopped.code else 0
    except HypervNetError as error:
        _tell(error)
        return USAGE if isinstance(error, UsageError) else ERROR
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "yaml":
            return _fail(_fault(error))
        return _fail(
            f"{sys.executable} has no PyYAML, which reads configurations "
            "(install your system's python3-yaml or py-pyyaml, or PyYAML with pip)"
        )
    except BrokenPipeError:
        # The reader has seen enough; the interpreter must not complain at exit.
        terminal.discard()
        return 0
    except OSError as error:
        terminal.discard()
        return _fail(f"{error.filename or 'output'}: {error.strerror or type(error).__name__}")
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _fail(_fault(error))


def _run(given: list[str]) -> int:
    # argparse takes longer to import than the interpreter to start.
    if given in (["--version"], ["-V"]):
        terminal.say(_VERSION)
        return 0
    if given in (["--help"], ["-h"], [HELP], [HELP, HELP]):
        terminal.say(_overview())
        return 0
    if given[:1] == [HELP]:
        given = [*given[1:], "--help"]
    parser = _parser(given)
    if given and given[0] not in VERBS and not given[0].startswith("-"):
        parser.error(_no_verb(given[0]))
    args = parser.parse_args(given)
    if getattr(args, "show_secrets", False):
        terminal.show_secrets()
    return int(_module(args.verb).run(args))


def _no_verb(word: str) -> str:
    """What to say of a verb that there is not."""
    from difflib import get_close_matches

    close = get_close_matches(word, [*VERBS, HELP], n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"'hyperv-net {HELP}' lists them"
    return f"no verb {word!r} ({hint})"


def _fail(line: str, *, is_hidden: bool = False) -> int:
    told = f"hyperv-net: {terminal.renamed(line) if is_hidden else line}"
    if terminal.is_watched():
        lines = _wrapped(told, terminal.columns() - len(_HANG))
        told = "\n".join(f"{'' if is_first else _HANG}{one}" for is_first, one in lines)
    terminal.complain(told, is_hidden=is_hidden)
    return ERROR


def _tell(error: HypervNetError) -> None:
    """What is wrong, each on a line of its own; on a terminal with the lines that are meant."""
    told = [(one.told(terminal.hidden), one.where) for one in (error, *error.others)]
    if error.findings:
        from hyperv_net.review.layout import finding_lines
        from hyperv_net.review.printing import shown

        places = [one.where for one in error.findings]
        told += zip(finding_lines(shown(error.findings)), places)
    for line, where in told[:_MOST]:
        _fail(line, is_hidden=True)
        if not isinstance(where, str) and where.file in error.texts and terminal.is_watched():
            from hyperv_net.excerpt import WIDEST, excerpt

            widest = min(terminal.columns() - len(_HANG), WIDEST)
            for excerpted in excerpt(error.texts[where.file], where, widest) or ():
                terminal.complain(f"{_HANG}{excerpted}")
    if len(told) > _MOST:
        _fail(f"and {len(told) - _MOST} more")


def _fault(error: Exception) -> str:
    """One line about a mistake of this program: what, where in it, and how to report it.

    With HYPERV_NET_TRACEBACK in the environment the traceback comes before it.
    """
    if os.environ.get(_TRACEBACK):
        import traceback

        terminal.write_error(traceback.format_exc())
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    code = at.tb_frame.f_code if at else None
    place = f"{os.path.basename(code.co_filename)}:{at.tb_lineno}" if code and at else "cli.py"  # noqa: PTH119
    said = " ".join(str(error).split())
    told = f"{type(error).__name__}: {said[:_LONGEST]}" if said else type(error).__name__
    return (
        f"{place}: {told} (a mistake of {_VERSION}: please report it with the input, what"
        f" {_TRACEBACK}=1 prints, and what 'hyperv-net inventory --capture FILE' makes)"
    )


def _overview() -> str:
    """What `--help` prints of all verbs, in the shape of argparse's."""
    indent = max(map(len, VERBS)) + 6
    lines = [
        "usage: hyperv-net [-h] [-V] VERB ...",
        "",
        _DESCRIPTION,
        "",
        "verbs:",
        *(
            f"  {verb if is_first else '':{indent - 4}}  {line}"
            for verb, purpose in VERBS.items()
            for is_first, line in _wrapped(purpose, terminal.columns() - indent - 2)
        ),
        "",
        "options:",
        f"  {'-h, --help':{indent - 4}}  show this, or with VERB its options and an example",
        f"  {'-V, --version':{indent - 4}}  show the version",
        "",
        _EPILOG,
    ]
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> Iterator[tuple[bool, str]]:
    """The lines of a text, each with whether it is the first."""
    line, is_first = "", True
    for word in text.split():
        if line and len(line) + len(word) + 1 > width:
            yield is_first, line
            line, is_first = "", False
        line = f"{line} {word}" if line else word
    yield is_first, line


def _module(verb: str) -> Any:
    return __import__(f"hyperv_net.commands.{verb}", fromlist=("",))


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; of the verbs only the one that is about to run has its options."""
    import argparse

    # Left to itself argparse imports a module for archives to ask how wide the terminal is.
    width = terminal.columns() - 2

    class Parser(argparse.ArgumentParser):
        """Its messages quote what it was given, and go out as all others do."""

        def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
            terminal.write_error(message or "")
            raise SystemExit(status)

    parser = Parser(
        prog="hyperv-net",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=width),
    )
    parser.add_argument("-V", "--version", action="version", version=_VERSION)
    chosen = given[0] if given and given[0] in VERBS else None
    verbs = parser.add_subparsers(
        dest="verb",
        metavar="VERB",
        required=True,
        # Without it argparse would format a usage message at every start to find it out.
        prog=parser.prog,
    )
    for verb, purpose in VERBS.items() if chosen is None else ((chosen, VERBS[chosen]),):
        subparser = verbs.add_parser(
            verb,
            help=purpose,
            description=f"{purpose[0].upper()}{purpose[1:]}.",
            formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=width),
            allow_abbrev=False,
        )
        if verb == chosen:
            _module(verb).configure(subparser)
    return parser
