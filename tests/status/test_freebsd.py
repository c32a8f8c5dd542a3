"""The status of a FreeBSD machine, from what its tools printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hyperv_net.decision.modes import decide
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.kept.drains import keep_drains
from hyperv_net.hotplug.kept.last import Run, record
from hyperv_net.hotplug.look.counters import Bytes, Counters, Share
from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.inventory.freebsd import inventory_from
from hyperv_net.kvp.scripts import SCRIPTS
from hyperv_net.model import Mode, Settings, System
from hyperv_net.status.assemble import assemble
from hyperv_net.status.freebsd import see_freebsd
from hyperv_net.status.judge import judge
from hyperv_net.status.model import MachineStatus
from hyperv_net.status.text import status_text
from tests.files import put
from tests.inventory.captured import output
from tests.paths import CHECKOUT

DATA = CHECKOUT / "hyperv_net/data/kvp"
MAC, NOW = "00:0d:3a:11:22:33", "2026-11-22T12:00:00Z"
LAGG = Wanted(
    System.FREEBSD, "freebsd", (WantedPair(MAC, Mode.AGGREGATE, "hn0", ("hn",), "lagg0"),)
)
NETSTAT = (
    "Name    Mtu Network       Address              Ipkts Ierrs Idrop     Ibytes"
    "    Opkts Oerrs     Obytes  Coll\n"
    "hn0    1500 <Link#2>      00:0d:3a:11:22:33       10     0     0       1000"
    "       10     0        600     0\n"
    "mlxen0 1500 <Link#4>      00:0d:3a:11:22:33       90     0     0     135000"
    "      190     0     200000     0\n"
)


def _status(
    name: str,
    wanted: Wanted | None,
    directory: Path,
    netstat: str | None = NETSTAT,
    drained: str = "",
) -> MachineStatus:
    ifconfig = output(f"{name}.ifconfig")
    if drained:
        before, name_and_more = ifconfig.split(f"{drained}: flags=")
        # The hn has a link of its own again, and is the active port.
        ifconfig = before.replace("no carrier", "active") + (
            f"{drained}: flags=" + name_and_more.replace("UP,", "", 1)
        )
        ifconfig = ifconfig.replace("flags=1<MASTER>", "flags=5<MASTER,ACTIVE>")
        ifconfig = ifconfig.replace(f"{drained} flags=4<ACTIVE>", f"{drained} flags=0<>")
    sysctl = output(f"{name}.sysctl")

    def run(command: Sequence[str]) -> str:
        if "netstat" in command[0]:
            if netstat is None:
                raise HypervNetError("cannot be run: No such file", where=command[0])
            return netstat
        if command[0] == "/bin/ps":
            raise HypervNetError("no such process")
        return ifconfig if "ifconfig" in command[0] else sysctl

    inventory = inventory_from(ifconfig, sysctl, {})
    decided = decide(find_pairs(inventory, ("hn",)).pairs, inventory, Settings())
    seen = see_freebsd(inventory, run, str(directory), str(directory))
    return assemble(seen, wanted, decided.decisions, ())


def test_a_lagg_with_both_ports_is_healthy(tmp_path: Path) -> None:
    record(str(tmp_path), Run(NOW))
    status = _status("lagg-13-mlxen", LAGG, tmp_path, NETSTAT)
    # A second hn, which has no VF, was never configured.
    assert [(one.rule, str(one.where)) for one in judge(status, NOW).findings] == [
        ("not-configured", "hn1")
    ]
    pair = status.pairs[0]
    vf, both = Counters(90, 190, Bytes(135000, 200000)), Counters(100, 200, Bytes(136000, 200600))
    assert (pair.active, pair.share) == ("mlxen0", Share(vf, both))
    assert pair.aggregate is not None and pair.aggregate.addresses == ("198.51.100.4",)


def test_scripts_of_the_base_system_that_answer_for_a_lagg_are_told_of(tmp_path: Path) -> None:
    """An upgrade has put one back; without them all the image has no daemon of Hyper-V's."""
    record(str(tmp_path), Run(NOW))
    for name in SCRIPTS:
        put(tmp_path, f"usr/libexec/hyperv/{name}", (DATA / name).read_text())

    def rules() -> list[tuple[str, str]]:
        status = _status("lagg-13-mlxen", LAGG, tmp_path)
        return [(one.rule, str(one.where)) for one in judge(status, NOW).findings]

    assert ("not-configured", "hn1") in rules() and len(rules()) == 1
    script = "usr/libexec/hyperv/hv_set_ifconfig"
    (tmp_path / script).write_text("#!/bin/sh\n# $FreeBSD$\n")
    assert ("kvp-scripts-stock", script) in rules()


def test_a_drained_lagg_sends_through_its_hn(tmp_path: Path) -> None:
    record(str(tmp_path), Run(NOW))
    keep_drains(str(tmp_path), [Drain(MAC, 0, "mlxen0", Phase.HELD, since=NOW)])
    status = _status("lagg-13-mlxen", LAGG, tmp_path, drained="mlxen0")
    assert status.pairs[0].active == "hn0"
    assert [one.rule for one in judge(status, NOW).findings] == ["drained", "not-configured"]


def test_a_transparent_machine_is_healthy_and_its_share_is_not_known(tmp_path: Path) -> None:
    status = _status("azure-15-mce", None, tmp_path, NETSTAT)
    verdict = judge(status, NOW)
    assert verdict.is_healthy
    assert (status.pairs[0].active, status.pairs[0].share) == ("mce0", None)
    assert "through mce0 (VF)\n" in status_text(status, verdict)


def test_a_machine_without_netstat_says_so(tmp_path: Path) -> None:
    status = _status("lagg-13-mlxen", LAGG, tmp_path, None)
    why = "/usr/bin/netstat: cannot be run: No such file"
    assert status.not_seen == (f"packets: {why}", f"default routes: {why}")
