"""What runs after an injection was written, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hyperv_net.errors import HypervNetError
from tests.kvp import texts
from tests.kvp.linux import run_on, with_pair, without_pair


@pytest.mark.parametrize(
    ("target", "make", "expected"),
    [
        ("ifupdown", with_pair, ["old ifdown bond0", "new ifup bond0"]),
        ("ifupdown", without_pair, ["old ifdown eth0", "new ifup eth0"]),
        (
            "netplan",
            with_pair,
            ["new netplan generate", "new networkctl reload", "new networkctl reconfigure bond0"],
        ),
        (
            "netplan",
            without_pair,
            ["new netplan generate", "new networkctl reload", "new networkctl reconfigure eth0"],
        ),
    ],
)
def test_the_commands_and_when_they_run(
    target: str, make: Callable[..., Path], expected: list[str], tmp_path: Path
) -> None:
    """ifdown sees the old files, all else the new ones; the members are never named."""
    root, said = make(tmp_path, target, dhcp4=True), list[str]()

    def run(command: Sequence[str]) -> str:
        files = (path for path in (root / "etc").rglob("*") if path.is_file())
        is_new = any("10.1.0.4" in path.read_text() for path in files)
        said.append(f"{'new' if is_new else 'old'} {' '.join(command)}")
        return ""

    run_on(root, texts.LINUX_IPV4, run)
    assert said == expected


def test_what_was_written_stays_where_a_command_fails(tmp_path: Path) -> None:
    """The next boot has it; the host is told that it failed."""
    root = with_pair(tmp_path, "netplan", dhcp4=True)

    def run(command: Sequence[str]) -> str:
        raise HypervNetError("no such program", where=command[0])

    with pytest.raises(HypervNetError, match="netplan: no such program"):
        run_on(root, texts.LINUX_IPV4, run)
    assert "10.1.0.4" in (root / "etc/netplan/95-hyperv-net-kvp.yaml").read_text()


def test_an_interface_that_was_down_may_fail_to_go_down(tmp_path: Path) -> None:
    """ifdown says so of one that is not up, and ifup goes on."""
    root, said = with_pair(tmp_path, "ifupdown", dhcp4=True), list[str]()

    def run(command: Sequence[str]) -> str:
        said.append(command[0])
        if command[0] == "ifdown":
            raise HypervNetError("interface bond0 not configured")
        return ""

    run_on(root, texts.LINUX_IPV4, run)
    assert said == ["ifdown", "ifup"]


def test_where_nothing_can_be_written_the_interface_comes_up_again(tmp_path: Path) -> None:
    """It was taken down for an injection that did not happen."""
    root, said = with_pair(tmp_path, "ifupdown", dhcp4=True), list[str]()
    file = root / "etc/network/interfaces.d/50-cloud-init"

    def run(command: Sequence[str]) -> str:
        said.append(command[0])
        if command[0] == "ifdown":
            file.write_text(file.read_text() + "# edited meanwhile\n")
        return ""

    with pytest.raises(HypervNetError, match="changed while"):
        run_on(root, texts.LINUX_IPV4, run)
    assert said == ["ifdown", "ifup"]
    assert "10.1.0.4" not in file.read_text()
