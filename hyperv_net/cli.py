"""The command line: choosing a verb, and what every verb has in common.

Exit status: 0 done, 1 error, 2 `--check` found a difference, 64 usage.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence

from hyperv_net import __version__
from hyperv_net.errors import HypervNetError

ERROR = 1
USAGE = 64
INTERRUPTED = 130

VERBS = {
    "inventory": "show this machine's NICs, pairs and modes, and why",
    "plan": "show what would change, and write nothing",
    "render": "print the rendered files, or write them as a tree",
    "apply": "write the rendered files below the root, or put back what was there",
    "bake": "put hyperv-net into an image, offline",
    "unbake": "leave an image as it was before it was baked",
    "reconcile": "make the running machine match its configuration, after a VF came or went",
    "kvp": "answer hv_kvp_daemon about the network, and write what its host injects",
    "drain": "move traffic to the synthetic NIC before an announced migration",
    "undrain": "move traffic back to the VF",
    "status": "show how the pairs are: active path, managers, addresses; 1 where one is unhealthy",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the result is the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        args = _parser(given).parse_args(given)
    except SystemExit as stopped:
        return USAGE if stopped.code else 0
    if sys.stdout is None:
        return _fail("standard output is closed (open it, or send it to /dev/null)")
    # A name in a file may be in letters that the terminal does not have.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = int(importlib.import_module(f"hyperv_net.commands.{args.verb}").run(args))
        sys.stdout.flush()
        return status
    except HypervNetError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader has seen enough; the interpreter must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _fail(f"{error.filename or 'output'}: {error.strerror}")
    except KeyboardInterrupt:
        return INTERRUPTED


def _fail(line: str) -> int:
    print(f"hyperv-net: {line}", file=sys.stderr)
    return ERROR


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser, with the options of the verb that is about to run."""
    parser = argparse.ArgumentParser(
        prog="hyperv-net",
        description="Keeps the network of a machine whose network card exists twice.",
        epilog="'hyperv-net VERB --help' ends with an example that works in a checkout.",
    )
    parser.add_argument("--version", action="version", version=f"hyperv-net {__version__}")
    # Without `prog` argparse would format a usage message at every start to find it out.
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True, prog=parser.prog)
    chosen = next((word for word in given if not word.startswith("-")), None)
    for verb, purpose in VERBS.items():
        subparser = verbs.add_parser(
            verb,
            help=purpose,
            description=f"{purpose[0].upper()}{purpose[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if verb == chosen:
            importlib.import_module(f"hyperv_net.commands.{verb}").configure(subparser)
    return parser
