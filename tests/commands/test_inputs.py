"""What the verbs are given: files, settings, roots and targets, and how each is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hyperv_net.cli import main
from tests.commands.calling import NETPLAN, Capture, error_of, ethernet, example, with_config
from tests.paths import EXAMPLES

ALIASES_THAT_EXPLODE = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    + ["version: 2"]
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("version: [2", "network-config.yaml", id="not YAML"),
        pytest.param("", "network-config.yaml", id="empty"),
        pytest.param("- version: 2\n", "list", id="a list"),
        pytest.param("version: 3\nethernets: {}\n", "version", id="version 3"),
        pytest.param(ethernet("{addresses: [10.0.0.4]}"), "addresses[0]", id="no prefix"),
        pytest.param(ethernet("{addresses: [10.0.0.4/33]}"), "addresses[0]", id="a prefix of 33"),
        pytest.param(
            ethernet('{match: {macaddress: "00:0d:3a:11:22"}}'), "macaddress", id="5 bytes of MAC"
        ),
        pytest.param(ethernet("{}", '"eth0\\neth1"'), "ethernets", id="a newline in a name"),
        pytest.param(ethernet("{}", "'et\"h0'"), "ethernets", id="a quote in a name"),
        pytest.param(ethernet("{}", '"et\'h0"'), "ethernets", id="a single quote in a name"),
        pytest.param(ethernet("{}", '"$(touch x)"'), "ethernets", id="a command in a name"),
        pytest.param(ethernet("{}", '"eth0;reboot"'), "ethernets", id="a semicolon in a name"),
        pytest.param("[" * 100_000, "deep", id="deep nesting"),
        pytest.param("{a: " * 5_000, "deep", id="deep nesting of mappings"),
        pytest.param(ALIASES_THAT_EXPLODE, "network-config.yaml", id="exploding aliases"),
        pytest.param(
            "version: 2\nbonds: {bond0: {interfaces: [bond0]}}\n",
            "bonds.bond0.interfaces",
            id="a bond over itself",
        ),
        pytest.param("version: 2\nvlans: {v5: {id: 5}}\n", "vlans.v5", id="a vlan without link"),
        pytest.param("version: 2\n\0", "network-config.yaml", id="a NUL byte"),
    ],
)
def test_a_bad_network_config_is_one_line_and_status_1(
    text: str, says: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(text)
    for verb in ("plan", "render"):
        assert says in error_of([verb, *with_config(file)], capsys)


def test_an_address_that_is_none_is_named_with_file_and_key(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("network-config.yaml").write_text(
        ethernet("{addresses: [10.0.0.3/24, 10.0.0.300/24]}"),
    )
    line = error_of(["plan", *with_config(Path("network-config.yaml"))], capsys)
    assert (
        "config.yaml:3:35: ethernets.eth0.addresses[1]: not an IP interface: '10.0.0.300/24'"
        in line
    )


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_bytes(b"version: 2\n# caf\xe9\n")
    assert "not UTF-8 at byte 16" in error_of(["plan", *with_config(file)], capsys)


def test_a_file_of_50_megabytes_is_refused_by_its_size(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "network-config.yaml"
    with file.open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    assert "larger than 4 MiB" in error_of(["plan", *with_config(file)], capsys)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: Capture) -> None:
    missing = tmp_path / "missing.yaml"
    assert "No such file" in error_of(["plan", *with_config(missing)], capsys)
    assert "not a regular file" in error_of(["plan", *with_config(tmp_path)], capsys)
    through_a_file = tmp_path / "file" / "network-config.yaml"
    through_a_file.parent.write_text("")
    assert "cannot be read" in error_of(["plan", *with_config(through_a_file)], capsys)


def test_an_inventory_of_another_schema_is_refused(tmp_path: Path, capsys: Capture) -> None:
    document = json.loads((NETPLAN / "inventory.json").read_text())
    document["schema"] = "hyperv-net/inventory/99"
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(document))
    line = error_of(["inventory", "--inventory", str(file)], capsys)
    assert "inventory.json" in line and "schema" in line


@pytest.mark.parametrize("name", ["eth0\neth1", 'et"h0', "$(touch x)", "eth0;reboot", ""])
def test_a_nic_name_that_no_system_has_is_refused(
    name: str, tmp_path: Path, capsys: Capture
) -> None:
    document = json.loads((NETPLAN / "inventory.json").read_text())
    document["nics"][0]["name"] = name
    file = tmp_path / "inventory.json"
    file.write_text(json.dumps(document))
    assert "nics[0].name" in error_of(["inventory", "--inventory", str(file)], capsys)


def test_a_network_config_comes_from_standard_input(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (NETPLAN / "network-config.yaml").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert main(["plan", *with_config(Path("-"))]) == 0
    assert "standard input" in capsys.readouterr().out


def test_what_inventory_prints_as_json_is_what_it_reads(tmp_path: Path, capsys: Capture) -> None:
    for folder in sorted(EXAMPLES.iterdir()):
        if not (folder / "inventory.json").exists():
            continue
        main(["inventory", "--inventory", str(folder / "inventory.json"), "--format", "json"])
        printed = capsys.readouterr().out
        file = tmp_path / "inventory.json"
        file.write_text(printed)
        main(["inventory", "--inventory", str(file), "--format", "json"])
        assert capsys.readouterr().out == printed


def test_settings_come_from_cloud_cfg_d_and_options_outrank_them(
    tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "etc" / "cloud" / "cloud.cfg.d"
    folder.mkdir(parents=True)
    (folder / "90-hyperv-net.cfg").write_text(
        "hyperv_net: {aggregate: never, synthetic_drivers: [virtio_net]}\n"
    )
    arguments = example(NETPLAN, "--target", "netplan")
    arguments[arguments.index("--root") + 1] = str(tmp_path)
    assert main(["plan", *arguments]) == 0
    assert "aggregate: never" in capsys.readouterr().out
    assert main(["plan", *arguments, "--aggregate", "auto"]) == 0
    assert "bond0" in capsys.readouterr().out


def test_a_setting_that_does_not_exist_names_the_file(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "etc" / "cloud" / "cloud.cfg.d"
    folder.mkdir(parents=True)
    (folder / "90-hyperv-net.cfg").write_text("hyperv_net: {agregate: never}\n")
    arguments = example(NETPLAN, "--target", "netplan")
    arguments[arguments.index("--root") + 1] = str(tmp_path)
    line = error_of(["plan", *arguments], capsys)
    assert "90-hyperv-net.cfg:1:14: hyperv_net.agregate: no such setting: 'agregate'" in line


def test_a_target_of_another_system_than_the_inventorys_is_refused(capsys: Capture) -> None:
    line = error_of(["plan", *example(NETPLAN, "--target", "freebsd")], capsys)
    assert "--target freebsd: the inventory is of a linux machine" in line


@pytest.mark.parametrize("verb", ["plan", "render", "inventory"])
def test_an_empty_root_is_not_the_machine_this_runs_on(verb: str, capsys: Capture) -> None:
    assert "--root '': not a directory" in error_of([verb, "--root", ""], capsys)
