"""What the shells complete, made of the command line's own parsers.

`python -m tests.completions` writes packaging/completions/, from where packages take it.
"""

from __future__ import annotations

import argparse
import importlib

import shtab

from hyperv_net.cli import HELP, VERBS
from hyperv_net.review.documents import DOCUMENTS
from hyperv_net.rules.catalogue import stages
from tests.paths import CHECKOUT

FOLDER = CHECKOUT / "packaging/completions"
#: Shell → its file, named as the shell looks for it.
FILES = {
    "bash": "bash/hyperv-net",
    "zsh": "zsh/_hyperv-net",
    "fish": "fish/hyperv-net.fish",
}


#: Verb and argument → the names that it knows.
NAMES = {
    ("schema", "name"): [one.short for one in DOCUMENTS],
    ("explain", "rule"): [rule.id for stage in stages() for rule in stage.rules],
}


def texts() -> dict[str, str]:
    """Path below the folder → text."""
    return {path: shtab.complete(_parser(), shell).rstrip() + "\n" for shell, path in FILES.items()}


def _parser() -> argparse.ArgumentParser:
    """The whole command line: every verb with its options."""
    parser = argparse.ArgumentParser(prog="hyperv-net")
    parser.add_argument("-V", "--version", action="version", version="", help="show the version")
    verbs = parser.add_subparsers(dest="verb")
    for verb, purpose in VERBS.items():
        below = verbs.add_parser(verb, help=purpose, description=purpose)
        importlib.import_module(f"hyperv_net.commands.{verb}").configure(below)
        _complete_paths(below)
        for action in below._actions:
            if (verb, action.dest) in NAMES:
                action.choices = NAMES[verb, action.dest]
    told = verbs.add_parser(HELP, help="show what a verb's --help says")
    told.add_argument("about", nargs="?", choices=list(VERBS))
    return parser


def _complete_paths(parser: argparse.ArgumentParser) -> None:
    """Have the shell name files for options that take one, by what their values are called."""
    for action in parser._actions:
        words = str(action.metavar or "")
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _complete_paths(below)
        elif "FILE" in words:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif "DIR" in words:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]


def main() -> None:
    """Write them."""
    for path, text in texts().items():
        file = FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


if __name__ == "__main__":
    main()
