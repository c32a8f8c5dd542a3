"""Which machine's facts are gathered, and by what means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.inventory import driver_statistics, ethtool, freebsd, gathering, rooted, sysfs
from hyperv_net.inventory.gathering import gather, run_tool
from hyperv_net.model import Inventory, System
from tests.inventory.captured import capture, materialise


def test_a_root_with_a_sysfs_is_a_linux_machine(tmp_path: Path) -> None:
    found = gather(materialise(capture("azure-vf-absent"), tmp_path))
    assert [nic.name for nic in found.nics] == ["eth0", "lo"]


def test_a_captured_tree_never_asks_the_running_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def permanent_address(name: str) -> str:
        raise AssertionError(name)

    monkeypatch.setattr(ethtool, "permanent_address", permanent_address)
    found = gather(materialise(capture("virtio-bond"), tmp_path))
    assert len(found.nics) == 4


def test_the_running_linux_is_asked_for_permanent_addresses_and_for_counters_of_a_vf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooted, "is_directory", lambda root, path: True)
    asked: list[object] = []

    def read_sysfs(root: Path, permanent_address: object = None, counts: Any = None) -> Inventory:
        asked.extend((permanent_address, counts and counts("eth0")))
        return Inventory(System.LINUX, "", ())

    monkeypatch.setattr(sysfs, "read_sysfs", read_sysfs)
    monkeypatch.setattr(driver_statistics, "driver_statistics", {"eth0": {"vf_rx_bytes": 0}}.get)
    gather(Path("/"))
    assert asked == [ethtool.permanent_address, True]


def test_an_empty_root_is_an_error_with_a_hint_even_on_freebsd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(sysname="FreeBSD"))
    with pytest.raises(HypervNetError) as caught:
        gather(tmp_path)
    assert caught.value.where == str(tmp_path)
    assert "--inventory" in caught.value.hint


def test_a_running_freebsd_is_read_with_its_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: Sequence[str]) -> str | None:
        return "hn0: flags=8843<UP> mtu 1500\n" if "ifconfig" in command[0] else ""

    monkeypatch.setattr(rooted, "is_directory", lambda root, path: False)
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(sysname="FreeBSD"))
    monkeypatch.setattr(gathering, "run_tool", run)
    monkeypatch.setattr(freebsd, "netifaces_link_addresses", dict)
    found = gather(Path("/"))
    assert (found.system, [nic.name for nic in found.nics]) == (System.FREEBSD, ["hn0"])


def test_a_tool_gives_its_output_in_the_c_locale_and_none_where_it_fails() -> None:
    assert run_tool(("/bin/sh", "-c", "echo $LC_ALL; cat")) == "C\n"
    assert run_tool(("/bin/sh", "-c", "echo x; exit 1")) is None
    assert run_tool(("/no/such/tool",)) is None


def test_a_tools_bytes_that_are_no_text_are_kept_visible() -> None:
    assert run_tool(("/bin/sh", "-c", r"printf 'a\377'")) == "a\\xff"
