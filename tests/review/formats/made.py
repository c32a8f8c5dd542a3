"""Reviews for the tests of formats: of every example, and made by hand."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from hyperv_net.cli import main
from hyperv_net.review import model
from tests.commands.calling import NETPLAN
from tests.paths import EXAMPLES

#: All examples in one report.
ALL_EXAMPLES = [
    "review",
    *sorted(map(str, EXAMPLES.glob("*/network-config.yaml"))),
    *("--inventory", "{folder}/inventory.json", "--root", "{folder}/root"),
]

#: The address of that machine's card.
MAC = next(
    nic["mac"]
    for nic in json.loads((NETPLAN / "inventory.json").read_text())["nics"]
    if nic["name"] == "eth0"
)

FINDING = model.Finding(
    rule="setting-dropped",
    severity="warning",
    message="100 is not in the result",
    where="net.yaml: ethernets.eth0.mtu",
    hint="",
)


def finding(span: model.Span | None = None, **changes: Any) -> model.Finding:
    """A finding with these fields, at a span."""
    return dataclasses.replace(FINDING, **changes, **(vars(span) if span else {}))


def review(*findings: model.Finding, **changes: Any) -> model.Review:
    """The review of a machine with a pair, with these findings and fields."""
    one = model.Review(
        schema=model.SCHEMA,
        version="0",
        system="linux",
        kernel="6.1",
        target="netplan",
        network_config="net.yaml",
        differs=False,
        secrets="hidden",
        verdict=model.Verdict("fine", "Fine.", ()),
        counts=model.Counts({}, {}, {"create": 1, "change": 2, "same": 3}),
        nics=(),
        pairs=(model.Pair("02:00:00:00:00:01", "eth0", "ens1", "aggregate", "bond0", "one", ()),),
        before=(),
        after=(),
        ledger=(),
        findings=findings,
        inputs=(model.Input("net.yaml", "version: 2\n"),),
        files=(),
        reproduce="",
        against=None,
        basis=None,
    )
    return dataclasses.replace(one, **changes)


def config(folder: Path, *lines: str, name: str = "net.yaml", nic: str = "eth0") -> Path:
    """A network config for the machine of an example, whose card is eth0."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    indented = "".join(f"    {line}\n" for line in lines)
    file.write_text(f"version: 2\nethernets:\n  {json.dumps(nic)}:\n{indented}")
    return file


def reviewed(out: Path, name: str, *words: str) -> tuple[int, str]:
    """What `review` of that machine comes to in a format, with its exit status."""
    given = ["review", "--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]
    given += ["--synthetic-driver", "virtio_net", "--format", name, "-o", str(out)]
    return main([*given, *words]), out.read_text(encoding="utf-8")
