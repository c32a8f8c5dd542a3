"""Whether the target's own program takes the files, asked before anything is replaced.

The program gets a folder that stands for /, in which the target's files are as they would
be.  Only where it is at hand: on the machine that is applied to, and on no other.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hyperv_net import processes
from hyperv_net.errors import HypervNetError
from hyperv_net.programs import SECONDS
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.root.patterns import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hyperv_net.applying.writing import Applied
    from hyperv_net.renderers.target import Target

    Run = Callable[[Sequence[str], Mapping[str, str], float], processes.Ended]

#: Stands for the folder in a target's command.
ROOT = "{root}"


def refusal(
    target: Target, before: Mapping[str, str], would: Applied, run: Run = processes.run
) -> HypervNetError | None:
    """What the program says against the files; None where it takes them or is not at hand.

    `before` are the target's files that are there, and `would` what would be done.  None, too,
    where it refuses the files that are there already: then nothing is lost.
    """
    if not target.trial:
        return None
    after = dict(before)
    for one in would.operations:
        if any(fits(one.path, pattern) for pattern in target.reads):
            after.pop(one.path, None)
            if one.after is not None:
                after[one.path] = would.contents[one.after.sha256].decode()
    try:
        said = _said_against(target.trial, after, run)
        if said is None or _said_against(target.trial, before, run) is not None:
            return None
    except OSError:
        return None  # There is no room to ask in.
    return HypervNetError(
        f"{target.trial[0]} would refuse what is to be written: {said}",
        where=f"--target {target.name}",
        hint="nothing was written; please report this with the network config",
    )


def _said_against(command: Sequence[str], files: Mapping[str, str], run: Run) -> str | None:
    with tempfile.TemporaryDirectory(prefix="hyperv-net-") as folder:
        for path, text in files.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch(mode=0o600)
            place.write_text(text, encoding="utf-8")
        words = [folder if word == ROOT else word for word in command]
        try:
            ended = run(words, processes.ENVIRONMENT, SECONDS)
        except HypervNetError:
            return None  # It is not there, or takes too long to be asked.
        if ended.status == 0:
            return None
        lines = (ended.err or ended.out).decode("utf-8", "backslashreplace").splitlines()
        first = next((line for line in lines if "rror" in line), (lines or ["no reason given"])[0])
        return first.replace(f"{folder}{os.sep}", "").strip()
