"""Findings on a terminal, with the line that they are about and carets below what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from tests.building import linux, mac, synthetic, vf
from tests.commands.calling import Capture
from tests.commands.test_look import COLOURS, shown

CONFIG = f"""\
version: 2
ethernets:
  eth0: {{match: {{macaddress: '{mac()}'}}, dhcp4: true}}
vlans:
  vlan7: {{id: 7, link: eht0}}
"""
COMMAND = "up tc qdisc add dev eth0 root fq"
INTERFACES = f"iface eth0 inet dhcp\n  {COMMAND}\n"


def words(folder: Path, verb: str, config: str | None, target: str) -> list[str]:
    """The command for a machine with a pair, and a root that has interfaces(5) where no config."""
    (folder / "nics.json").write_text(to_json(linux(synthetic(), vf())))
    given = [verb, "--inventory", str(folder / "nics.json"), "--target", target]
    if config is not None:
        (folder / "nc.yaml").write_text(config)
        return [*given, "--network-config", str(folder / "nc.yaml")]
    interfaces = folder / "root/etc/network/interfaces"
    interfaces.parent.mkdir(parents=True)
    interfaces.write_text(INTERFACES)
    return [*given, "--root", str(folder / "root")]


@pytest.mark.parametrize("verb", ["plan", "review"])
@pytest.mark.parametrize(
    ("config", "target", "rule", "line", "meant"),
    [
        (CONFIG, "netplan", "undeclared-device", "  vlan7: {id: 7, link: eht0}", "link: eht0"),
        (
            None,
            "ifupdown",
            "names-a-member",
            f"  {COMMAND}",
            "up tc qdisc add dev eth0 root fq",
        ),
    ],
)
def test_carets_stand_below_what_a_finding_is_about_on_a_terminal_alone(
    verb: str,
    config: str | None,
    target: str,
    rule: str,
    line: str,
    meant: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    given = words(tmp_path, verb, config, target)
    lines = COLOURS.sub("", shown(*given)).splitlines()
    (at,) = [number for number, one in enumerate(lines) if one.endswith(f"[{rule}]")]
    carets = " " * line.index(meant) + "^" * len(meant)
    assert lines[at + 1 : at + 3] == [f"      {line}", f"      {carets}"]
    main(given)
    assert carets not in capsys.readouterr().out


def test_what_is_long_is_cut_to_the_width_and_a_secret_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    long = f"password: hunter2hunter2, x: {'y' * 200}, link: eht0"
    given = words(tmp_path, "plan", CONFIG.replace("link: eht0", long), "netplan")
    lines = COLOURS.sub("", shown(*given)).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(one.endswith(" link: eht0") and one.startswith("      ...") for one in lines)
    assert "hunter2" not in "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "line", "meant"),
    [
        ("source $A\niface eth0 inet dhcp\n", "source $A", "$A"),
        ("auto eth0\n  mtu 5\niface eth0 inet dhcp\n", "  mtu 5", "mtu 5"),
    ],
)
def test_so_has_an_error_about_what_is_to_be_adopted(
    text: str,
    line: str,
    meant: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    given = words(tmp_path, "plan", None, "ifupdown")
    (tmp_path / "root/etc/network/interfaces").write_text(text)
    monkeypatch.setattr("hyperv_net.terminal.is_watched", lambda: True)
    monkeypatch.setenv("COLUMNS", "300")
    assert main(given) == 1
    carets = " " * line.index(meant) + "^" * len(meant)
    assert capsys.readouterr().err.splitlines()[1:] == [f"  {line}", f"  {carets}"]
