"""What is measured is the real thing: the machines have pairs, and both sides find them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import bench
from bench.first_boot import figures
from bench.instructions import Counter, counts, of_perf, of_valgrind
from bench.machines import freebsd_inventory, network_config, write_machine
from hyperv_net.decision.pairing import find_pairs
from hyperv_net.inventory.snapshot import from_json
from hyperv_net.inventory.sysfs import read_sysfs
from hyperv_net.netconfig.read import read_network_config

SCRIPT = Path(bench.__file__).with_name("bondvf_way.sh")


def pairs_of(root: Path) -> set[tuple[str, str]]:
    """The pairs that hyperv-net finds: names of synthetic NIC and VF."""
    found = find_pairs(read_sysfs(root), ("hv_netvsc",)).pairs
    return {(pair.synthetic.name, pair.vf.name) for pair in found if pair.synthetic and pair.vf}


def test_a_machine_has_as_many_pairs_as_asked_for(tmp_path: Path) -> None:
    write_machine(tmp_path, 3)
    assert pairs_of(tmp_path) == {("eth0", "enP1s2"), ("eth1", "enP2s2"), ("eth2", "enP3s2")}


def test_a_freebsd_machine_has_as_many_pairs_as_asked_for() -> None:
    inventory = from_json(freebsd_inventory(3), "inventory.json")
    pairs = find_pairs(inventory, ("hv_netvsc",)).pairs
    assert [(one.synthetic.name, one.vf.name) for one in pairs if one.synthetic and one.vf] == [
        ("hn0", "mce0"),
        ("hn1", "mce1"),
        ("hn2", "mce2"),
    ]


def test_the_network_config_has_an_entry_for_every_synthetic_nic() -> None:
    config = read_network_config(network_config(3), "network-config.yaml")
    ethernets = config.tree.get("ethernets")
    assert ethernets and [key for key, _ in ethernets.items()] == ["eth0", "eth1", "eth2"]


def test_the_way_of_bondvf_finds_the_same_pairs(tmp_path: Path) -> None:
    write_machine(tmp_path, 3)
    for attributes in ("", "all"):
        subprocess.run(["bash", SCRIPT, tmp_path, tmp_path / "out", attributes], check=True)
        text = (tmp_path / "out").read_text()
        members = re.findall(r"^iface (e\w+) inet manual$", text, re.MULTILINE)
        assert set(zip(members[::2], members[1::2])) == pairs_of(tmp_path)


def test_perf_counts_where_the_processor_lets_it() -> None:
    report = "# started on Sat Nov 28 05:51:45 2026\n\n36201674,,instructions:u,11385942,100.00,,\n"
    assert of_perf(report) == 36201674


def test_perf_counts_on_each_kind_of_core() -> None:
    assert (
        of_perf(
            "<not counted>,,cpu_atom/instructions:u/,0,0.00,,\n"
            "36201674,,cpu_core/instructions:u/,11385942,100.00,,\n"
        )
        == 36201674
    )


def test_perf_says_where_it_cannot_count() -> None:
    assert of_perf("<not supported>,,instructions:u,0,100.00,,\n") is None
    assert of_perf("") is None


def test_valgrind_counts_what_cachegrind_refers_to() -> None:
    for line in ("==12== I   refs:      36,201,674", "==12== I refs:        36,201,674"):
        report = f"==12== Command: python -I -c pass\n==12== \n==12== \n{line}\n"
        assert of_valgrind(report) == 36201674


def test_valgrind_says_where_it_could_not_start() -> None:
    assert of_valgrind("valgrind: failed to start tool 'cachegrind'\n") is None


def test_a_counter_gives_what_its_report_has_of_a_process_with_one_seed(tmp_path: Path) -> None:
    script = tmp_path / "count"
    script.write_text(
        '#!/bin/sh\nreport=$1\nshift\n"$@" && echo "${PYTHONHASHSEED:-1}" >"$report"\n'
    )
    script.chmod(0o755)
    counter = Counter("a script", (str(script), ""), lambda report: int(report))
    seen = [sys.executable, "-I", "-c", "import sys; sys.exit(sys.flags.hash_randomization)"]
    assert counter.works()
    assert counts(counter, [seen, ["true"]], os.environ) == [0, 0]


def test_nothing_is_counted_where_nothing_counts() -> None:
    assert not Counter("none", ("/nonexistent", "--report="), of_perf).works()
    assert not Counter("no report", ("echo", "--report="), of_perf).works()
    assert counts(None, [["true"]], os.environ) == [None]


def test_a_first_boot_adds_what_the_middle_run_does() -> None:
    stock = (500.0, 400.0)
    added = [10, 12, 99, 30, 31, 32, 20, 19, 0]
    rounds = [(stock, (500.0 + more, 400.0 + more / 2)) for more in added]
    row = figures({"rounds": rounds, "modules": [500, 552]}, (1282_000_000, 1384_400_000))
    assert (row["more ms"], row["of runs"], row["more CPU ms"]) == ("+19", "+12 +19 +31", "+10")
    assert (row["M instructions"], row["more M"]) == ("1282", "+102")
    assert (row["more modules"], row["aim"]) == ("+52", "20 ms more: met")
