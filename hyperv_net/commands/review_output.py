"""Where the reports of a review go: standard output, files, and folders of pages."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from hyperv_net import terminal
from hyperv_net.commands.plan import add_show_option
from hyperv_net.commands.root import add_show_secrets
from hyperv_net.errors import UsageError
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review import formats
from hyperv_net.review.layout import PLAIN_LOOK
from hyperv_net.review.terminal_look import look_of_terminal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from hyperv_net.review.model import Review

_TEXT = "text"


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Declare which reports there are to be, and where."""
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=list(formats.FORMATS), help="default: text")
    group.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=_file,
        help="write it there; '-' for standard output; for html a folder, with a page for each "
        "machine, where it ends in '/', is one already, or there are several or --matching",
    )
    group.add_argument(
        "--also",
        metavar="FORMAT=FILE",
        action="append",
        default=[],
        type=_format_and_file,
        help="write it in this format too; may be given several times",
    )
    group.add_argument(
        "--name",
        metavar="NAME",
        help="what this report is called, where there are several of one change: by it whoever "
        "posts the comment finds the one of last time",
    )
    add_show_option(group)
    add_show_secrets(group)


def check_output_options(args: argparse.Namespace) -> None:
    """Refuse what is wrong with them before anything is read.  Raises UsageError."""
    wanted = [(args.format or _TEXT, args.output), *args.also]
    files = [Path(file).resolve() for _, file in wanted if file is not None]
    for where, times in Counter(files).items():
        # Of two reports in one file the first would be gone, and nobody would know.
        if times > 1:
            raise UsageError(
                "two reports are to be written there",
                where=str(where),
                hint="name a file for each with -o and --also",
            )
    for name, file in wanted:
        if file is not None and _is_folder(file) and not formats.has_folder(name):
            raise UsageError(
                f"a folder, and {name} is one file for all machines",
                where=file,
                hint="name a file in it",
            )


def write_reports(args: argparse.Namespace, reviews: Sequence[Review]) -> None:
    """Write the reviews where they are to go; a text to a terminal as that shows it."""
    # All are drawn before the first is written: one that cannot be leaves none behind.
    further = [(file, _drawn(args, name, file, reviews)) for name, file in args.also]
    look = PLAIN_LOOK
    if args.format in (None, _TEXT):
        if args.output is None:
            look = look_of_terminal(shows_all=args.show is not None)
        look = look._replace(folds=args.show is None)
        drawn: str | dict[str, str] = formats.load(_TEXT).draw_all(reviews, look)
    else:
        drawn = _drawn(args, args.format, args.output, reviews)
    if args.output is None:
        assert isinstance(drawn, str), "a folder has a name"
        terminal.write(drawn, coloured=look.coloured, is_hidden=True)
    else:
        further.insert(0, (args.output, drawn))
    for file, one in further:
        if isinstance(one, str):
            terminal.write_file(file, one)
        else:
            _put_pages(Path(file), one)


def _is_folder(file: str) -> bool:
    return file.endswith("/") or Path(file).is_dir()


def _drawn(
    args: argparse.Namespace, name: str, file: str | None, reviews: Sequence[Review]
) -> str | dict[str, str]:
    """The text of a format, or the files of its folder where each machine has one of its own.

    What is written must not depend on how many files a pattern fits today.
    """
    is_several = len(reviews) > 1 or bool(args.matching)
    is_folder = is_several or (file is not None and _is_folder(file))
    if not is_folder or not formats.has_folder(name):
        return formats.draw(name, reviews)
    if file is None or Path(file).is_file():
        raise UsageError(
            "each machine has a page of its own, in a folder",
            where=file or f"format {name}",
            hint=f"name a folder for them with -o, or --also {name}=FOLDER",
        )
    pages = formats.draw_folder(name, reviews)
    for page in pages:
        if os.path.lexists(Path(file, page)) and not _is_ours(Path(file, page)):
            raise UsageError(
                "there already, and no page of a review",
                where=str(Path(file, page)),
                hint="name a folder of its own for the pages",
            )
    return pages


def _put_pages(folder: Path, pages: Mapping[str, str]) -> None:
    """Write the pages; those of an earlier review, of machines that are no more, go."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        terminal.write_file(str(folder / name), _mark_of(name) + text)
    for page in [*_pages_of_reviews(folder)]:
        if page.name not in pages:
            page.unlink()


def _pages_of_reviews(folder: Path) -> Iterator[Path]:
    return (one for one in folder.glob("*.html") if _is_ours(one))


def _mark_of(name: str) -> str:
    """The first line of a page that is written into a folder under this name."""
    return f"<!-- hyperv-net review: {name} -->\n"


def _is_ours(page: Path) -> bool:
    """Whether a review wrote a file there; one that somebody has copied or linked is theirs."""
    if page.is_symlink() or not page.is_file():
        return False
    mark = _mark_of(page.name).encode(errors="surrogateescape")
    with page.open("rb") as file:
        return file.read(len(mark)) == mark


def _file(text: str) -> str | None:
    """The file of an option; None for standard output."""
    import argparse

    if not text:
        raise argparse.ArgumentTypeError("names no file")
    return None if text == "-" else text


def _format_and_file(text: str) -> tuple[str, str]:
    import argparse

    name, _, file = text.partition("=")
    if name not in formats.FORMATS or file in ("", "-"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not FORMAT=FILE with one of {', '.join(formats.FORMATS)}"
        )
    return name, file
