"""`hyperv-net render`: the rendered files themselves."""

from __future__ import annotations

from pathlib import Path

from hyperv_net import terminal
from hyperv_net.applying.tree import write_tree
from hyperv_net.commands.captured import captures_unpacked
from hyperv_net.commands.inputs import add_input_options, plan_from
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.printing import complain_of
from hyperv_net.review.text import nothing

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hyperv_net.model import RenderedFile


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's options."""
    add_input_options(parser)
    group = parser.add_argument_group("output")
    group.add_argument(
        "--output-dir", metavar="DIR", help="write the files below DIR instead of printing them"
    )
    parser.epilog = (
        "The files are printed as they would be written, with their passwords and keys; all other\n"
        "verbs hide those.\n\n"
        "example:\n"
        "  hyperv-net render --inventory examples/linux-netplan/inventory.json \\\n"
        "      --network-config examples/linux-netplan/network-config.yaml \\\n"
        "      --root examples/linux-netplan/root --target netplan"
    )


def run(args: argparse.Namespace) -> int:
    """Print or write the files; 1 where a part could not be done."""
    with captures_unpacked(args):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    plan = plan_from(args)
    rendered = [change.file for change in plan.changes]
    if args.output_dir is not None:
        write_tree(args.output_dir, rendered)
        for file in rendered:
            terminal.say(str(Path(args.output_dir) / file.path))
    else:
        is_exact = terminal.write(_as_one_text(rendered), is_product=True)
        if not is_exact:
            terminal.complain(
                "control characters are shown as escapes: --output-dir writes the files as they are"
            )
    complain_of(plan.findings)
    if not plan.rewritten.aggregates:
        terminal.complain(nothing(plan))
    return int(plan.failed)


def _as_one_text(rendered: Sequence[RenderedFile]) -> str:
    """One file as it is; several each below a line with its path, as tail(1) does."""
    if len(rendered) == 1:
        return rendered[0].text
    return "\n".join(f"==> {file.path} <==\n{file.text}" for file in rendered)
