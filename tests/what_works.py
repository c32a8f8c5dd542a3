"""README's table of what works where, made of the targets' own records and the list of others.

`python -m tests.what_works` writes it into README.md anew.  What works on every target alike (a
VF that comes back is joined, a drain, a plan for review) is in no record: the columns about it
say what a target lacks all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hyperv_net.model import System
from hyperv_net.renderers import lacking, targets
from hyperv_net.renderers.known import KNOWN
from tests.paths import CHECKOUT

if TYPE_CHECKING:
    from hyperv_net.renderers.known import Known
    from hyperv_net.renderers.target import Target

README = CHECKOUT / "README.md"
BEGIN = "<!-- what works where: `python -m tests.what_works` writes it -->\n"
END = "<!-- end of what works where -->\n"

_COLUMNS = (
    *("system", "target", "at first boot", "adoption", "run time", "drain", "KVP", "review"),
)
_SYSTEMS = {System.LINUX: "Linux", System.FREEBSD: "FreeBSD"}


def table() -> str:
    """The table, a row for each target and each system that is known and not written."""
    rows = [_COLUMNS, ("---",) * len(_COLUMNS)]
    rows += sorted(_rows(), key=lambda row: list(_SYSTEMS.values()).index(row[0]))
    return "".join(f"|{'|'.join(f' {cell} ' for cell in row)}|\n" for row in rows).replace(
        " --- ", "---"
    )


def _rows() -> Iterator[tuple[str, ...]]:
    yield from map(_of_target, targets())
    yield from map(_of_known, KNOWN)


def _of_target(one: Target) -> tuple[str, ...]:
    written = "cloud-init's renderer" if one.cloud_init.is_passed_on else "yes"
    rebuilds = one.rebuild is not lacking.rebuild
    return (
        _SYSTEMS[one.system],
        f"`{one.name}`",
        written,
        "no" if one.adopt is lacking.adopt else "yes",
        "joins, rebuilds" if rebuilds else "joins",
        "yes",
        "no" if one.injecting is lacking.INJECTING else "yes",
        "the config" if one.cloud_init.is_passed_on else "the files",
    )


def _of_known(one: Known) -> tuple[str, ...]:
    if one.is_beside:
        beside = next(target for target in targets(one.system) if target.is_systems_own)
        return (_SYSTEMS[one.system], one.name, "by itself, warned of", *_of_target(beside)[3:])
    if one.by_cloud_init:
        # A target has its files in mind too, but for those that are there.
        files = next(
            target for target in targets(one.system) if {*target.evidence} & {*one.evidence}
        )
        system, _, first_boot, _, *rest = _of_target(files)
        return (system, one.name, first_boot, "refused by name", *rest)
    drain = "transparent pairs" if one.system is System.LINUX else "hn(4) switches by itself"
    return (
        *(_SYSTEMS[one.system], one.name, "no", "refused by name", "transparent pairs", drain),
        *("no", "pairs and modes"),
    )


def with_table(text: str) -> str:
    """A README with the table of now."""
    within = rf"(?<={re.escape(BEGIN)}).*?(?={re.escape(END)})"
    return re.sub(within, lambda _: f"\n{table()}\n", text, flags=re.DOTALL)


def main(readme: Path = README) -> None:
    """Write it."""
    readme.write_text(with_table(readme.read_text()))


if __name__ == "__main__":
    main()
