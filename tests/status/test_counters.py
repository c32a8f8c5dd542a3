"""How much went over the VF, by what each kernel counts."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hyperv_net.hotplug.look.counters import Bytes, Counters, Paths, Share, netstat_counters
from hyperv_net.hotplug.wanted import Wanted, WantedPair
from hyperv_net.model import Mode, System
from tests.debian.tools import tools
from tests.paths import CHECKOUT
from tests.status.scenes import Scene


def test_the_members_of_a_bond_count_apart(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.counted("eth0", 20, 10)
    scene.counted("ens17", 980, 990)
    assert scene.status().pairs[0].share == Share(Counters(980, 990), Counters(1000, 1000))


def _transparent(root: Path) -> Scene:
    mac = "60:45:bd:9d:ea:9c"
    pair = WantedPair(mac, Mode.TRANSPARENT, "eth0", ("hv_netvsc",))
    scene = Scene(root, "azure-transparent-mlx5", Wanted(System.LINUX, "netplan", (pair,)))
    scene.counted("eth0", 1000, 2000)
    scene.counted("enP35237s1", 400, 500)
    return scene


def test_hv_netvsc_counts_all_packets_and_its_driver_those_of_every_vf_there_was(
    tmp_path: Path,
) -> None:
    """The VF that is there now may have come a minute ago."""
    scene = _transparent(tmp_path)
    scene.statistics = {"vf_rx_packets": 900, "vf_tx_packets": 1900, "tx_busy": 1}
    assert scene.status().pairs[0].share == Share(Counters(900, 1900), Counters(1000, 2000))


def test_without_the_drivers_count_the_vfs_own_serves(tmp_path: Path) -> None:
    expected = Share(Counters(400, 500), Counters(1000, 2000))
    assert _transparent(tmp_path).status().pairs[0].share == expected


def test_the_members_of_net_failover_count_apart(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "net-failover", None)
    scene.counted("enp1s0", 9, 9)
    scene.counted("enp1s0nsby", 1, 2)
    scene.counted("enp2s0", 3, 4)
    assert scene.status().pairs[0].share == Share(Counters(3, 4), Counters(4, 6))


def test_a_bond_whose_vf_is_away_has_no_share(tmp_path: Path) -> None:
    """The counters of a VF leave with it, so nothing is known of what it carried."""
    scene = Scene(tmp_path)
    scene.counted("eth0", 20, 10)
    (scene.root / "sys/class/net/ens17").unlink()
    assert scene.status().pairs[0].share is None


def test_a_kernel_that_shows_no_counters_gives_no_share(tmp_path: Path) -> None:
    assert Scene(tmp_path).status().pairs[0].share is None


def test_a_counter_that_is_no_number_is_none(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.nic("eth0", statistics__rx_packets="-1", statistics__tx_packets="1")
    assert scene.status().pairs[0].members[0].counters is None


def test_the_lines_of_netstat_that_are_devices_are_read() -> None:
    """Columns as print_stats() of usr.bin/netstat/if.c in freebsd/freebsd-src prints them."""
    text = (
        "Name    Mtu Network       Address              Ipkts Ierrs Idrop    Opkts Oerrs  Coll\n"
        "lo0   16384 <Link#1>      lo0                      0     0     0        0     0     0\n"
        "lo0       - 127.0.0.0/8   127.0.0.1                7     -     -        8     -     -\n"
        "hn0    1500 <Link#2>      00:0d:3a:11:22:33       12     0     0       34     0     0\n"
        "mce0*  1500 <Link#3>      00:0d:3a:11:22:33      560     0     0      780     0     0\n"
        "bad;n  1500 <Link#4>      00:0d:3a:11:22:33        1     0     0        1     0     0\n"
        "<Link#5> short\n"
    )
    assert netstat_counters(text) == {
        "lo0": Counters(0, 0),
        "hn0": Counters(12, 34),
        "mce0": Counters(560, 780),
    }


def test_netstat_tells_bytes_where_it_is_asked_for_them() -> None:
    """A device may have no address; what the columns are is told in the first line alone."""
    head = "Name    Mtu Network       Address              Ipkts Ierrs Idrop     Ibytes "
    lines = (
        "   Opkts Oerrs     Obytes  Coll\n"
        "lo0   16384 <Link#1>                               7     0     0        700"
        "        8     0        800     0\n"
        "hn0    1500 <Link#2>      00:0d:3a:11:22:33       12     0     0       1200"
        "       34     0       3400     0\n"
        "hn1    1500 <Link#3>      00:0d:3a:11:22:34       12     0     0          -"
        "       34     0          -     0\n"
    )
    assert netstat_counters(head + lines) == {
        "lo0": Counters(7, 8, Bytes(700, 800)),
        "hn0": Counters(12, 34, Bytes(1200, 3400)),
        "hn1": Counters(12, 34),
    }
    assert netstat_counters(lines) == {}


def test_the_members_of_a_bond_count_their_bytes_apart(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.counted("eth0", 20, 10, 2000, 1000)
    scene.counted("ens17", 980, 990, 98000, 99000)
    expected = Paths(
        Counters(20, 10, Bytes(2000, 1000)), Counters(980, 990, Bytes(98000, 99000)), "ens17"
    )
    assert scene.status().pairs[0].paths == expected
    all_of_it = scene.status().pairs[0].share
    assert all_of_it is not None and all_of_it.all.bytes == Bytes(100000, 100000)
    (scene.root / "sys/class/net/ens17/statistics/tx_bytes").unlink()
    paths = scene.status().pairs[0].paths
    assert paths is not None and paths.synthetic.bytes == Bytes(2000, 1000)
    assert paths.vf == Counters(980, 990)
    share = scene.status().pairs[0].share
    assert share == Share(Counters(980, 990), Counters(1000, 1000))


def test_hv_netvsc_has_the_bytes_of_the_vf_in_its_own(tmp_path: Path) -> None:
    scene = _transparent(tmp_path)
    scene.counted("eth0", 1000, 2000, 100_000, 200_000)
    scene.statistics = {"vf_rx_packets": 900, "vf_tx_packets": 1900}
    assert scene.status().pairs[0].paths == Paths(Counters(100, 100), Counters(900, 1900), "eth0")
    scene.statistics = {**scene.statistics, "vf_rx_bytes": 90_000, "vf_tx_bytes": 200_001}
    assert scene.status().pairs[0].paths == Paths(
        Counters(100, 100, Bytes(10_000, 0)), Counters(900, 1900, Bytes(90_000, 200_001)), "eth0"
    )


def _may_make_namespaces() -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and (
        subprocess.run([unshare, "-m", "-n", "true"], capture_output=True).returncode == 0
    )


@pytest.mark.parametrize("device", ["none", pytest.param("veth", marks=pytest.mark.debian)])
def test_the_kernel_is_asked_for_a_drivers_counters(device: str) -> None:
    """A veth of a namespace of the test's own counts by its driver; lo and no device do not."""
    if not _may_make_namespaces():
        device = "none"
    make = ""
    if device == "veth":
        ip = shlex.join(tools("trixie").command("/usr/bin/ip"))
        make = f"{ip} link add v0 type veth peer name v1 &&"
    name = "v0" if device == "veth" else "lo"
    program = (
        "from hyperv_net.inventory.driver_statistics import driver_statistics as ask; "
        f"print(sorted(ask({name!r}) or {{}}), ask('no-such-nic'))"
    )
    command = f'{make} exec "$0" -c "$1"'
    words = ["sh", "-c", command, sys.executable, program]
    if device == "veth":
        words = ["unshare", "-m", "-n", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=CHECKOUT)
    names = done.stdout.rpartition("]")[0]
    assert done.stdout.rstrip().endswith("None")
    assert ("peer_ifindex" in names) == (device == "veth")
