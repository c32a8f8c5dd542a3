"""The command line as its user meets it: what is printed, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from hyperv_net.cli import main
from tests.paths import CHECKOUT, EXAMPLES

NETPLAN = EXAMPLES / "linux-netplan"
COMPANIONS = (
    "var/lib/hyperv-net/wanted.json",
    "etc/udev/rules.d/70-hyperv-net-vf.rules",
    "etc/systemd/network/05-hyperv-net-vf.network",
)
TRANSPARENT = EXAMPLES / "linux-transparent"

Capture = pytest.CaptureFixture[str]


def example(folder: Path, *options: str) -> list[str]:
    """The input options for one of the examples."""
    return [
        "--inventory",
        str(folder / "inventory.json"),
        "--network-config",
        str(folder / "network-config.yaml"),
        "--root",
        str(folder / "root"),
        *options,
    ]


def with_config(path: Path) -> list[str]:
    return [
        "--inventory",
        str(NETPLAN / "inventory.json"),
        "--target",
        "netplan",
        "--synthetic-driver",
        "virtio_net",
        "--network-config",
        str(path),
    ]


def error_of(arguments: list[str], capsys: Capture) -> str:
    """The one line on standard error of a run that must fail with status 1."""
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("hyperv-net: ")
    return lines[0]


ALIASES_THAT_EXPLODE = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    + ["version: 2"]
)


def ethernet(settings: str, name: str = "eth0") -> str:
    return f"version: 2\nethernets:\n  {name}: {settings}\n"


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
        "network-config.yaml: ethernets.eth0.addresses[1]: not an IP interface: '10.0.0.300/24'"
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


@pytest.mark.parametrize("verb", ["plan", "render", "inventory"])
def test_a_full_disk_behind_standard_output_is_one_line(verb: str) -> None:
    arguments = (
        ["--inventory", str(NETPLAN / "inventory.json")]
        if verb == "inventory"
        else example(NETPLAN)
    )
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device, opened as a shell does
        done = run(verb, *arguments, stdout=full)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "hyperv-net: output: No space left on device"
    assert "Traceback" not in done.stderr


def run(
    *arguments: str, stdout: int | IO[str] = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hyperv_net", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]},
    )


def test_a_reader_that_stops_early_is_no_error() -> None:
    command = f"{sys.executable} -m hyperv_net plan --help | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=CHECKOUT)
    assert done.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [[], ["paln"], ["plan", "--no-such-option"], ["plan", "--target", "windows"]],
)
def test_wrong_usage_is_status_64(arguments: list[str], capsys: Capture) -> None:
    assert main(arguments) == 64
    assert "usage:" in capsys.readouterr().err


def test_help_ends_with_an_example_that_works(capsys: Capture) -> None:
    for verb in ("inventory", "plan", "render"):
        assert main([verb, "--help"]) == 0
        command = capsys.readouterr().out.split("example:\n")[1].replace("\\\n", "")
        program, *arguments = command.split()
        assert program == "hyperv-net"
        done = run(*arguments)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("target", ["netplan", "ifupdown"])
def test_check_is_status_2_until_the_files_are_there(target: str, tmp_path: Path) -> None:
    arguments = example(NETPLAN, "--target", target)
    assert main(["plan", *arguments, "--check"]) == 2
    assert main(["render", *arguments, "--output-dir", str(tmp_path)]) == 0
    arguments[arguments.index("--root") + 1] = str(tmp_path)
    options = ["--synthetic-driver", "virtio_net"]
    assert main(["plan", *arguments, *options, "--check"]) == 0


def test_a_transparent_pair_is_left_alone_with_a_reason(capsys: Capture) -> None:
    assert main(["plan", *example(TRANSPARENT), "--target", "netplan"]) == 0
    out = capsys.readouterr().out
    assert "transparent" in out
    assert "the kernel has made eth0 the master of" in out
    assert main(["render", *example(TRANSPARENT), "--target", "netplan"]) == 0
    captured = capsys.readouterr()
    written = [line.split()[1] for line in captured.out.splitlines() if line.startswith("==> ")]
    assert written == list(COMPANIONS)
    assert "no pair needs an aggregate: what cloud-init writes stands" in captured.err


def test_turned_off_nothing_is_rendered(capsys: Capture) -> None:
    """Not even for a pair that the kernel has taken."""
    assert main(["render", *example(TRANSPARENT), "--target", "netplan", "--disabled"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing is rendered" in captured.err


def test_a_network_config_comes_from_standard_input(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (NETPLAN / "network-config.yaml").open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert main(["plan", *with_config(Path("-"))]) == 0
    assert "standard input" in capsys.readouterr().out


def test_the_json_plan_has_a_schema_and_the_text_of_every_file(capsys: Capture) -> None:
    assert main(["plan", *example(NETPLAN), "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "hyperv-net/plan/1"
    assert document["pairs"][0]["mode"] == "aggregate"
    assert [one["path"] for one in document["files"]] == [
        "etc/netplan/50-cloud-init.yaml",
        "etc/netplan/99-hyperv-net.yaml",
        *COMPANIONS[:2],
        "etc/systemd/network/05-hyperv-net-joined.network",
    ]
    assert [one["companion"] for one in document["files"]] == [False, False, *[True] * 3]


def test_the_diff_is_one_that_patch_takes(tmp_path: Path, capsys: Capture) -> None:
    folder = EXAMPLES / "azure-freebsd-mce"
    assert main(["plan", *example(folder), "--format", "diff"]) == 0
    diff = capsys.readouterr().out
    subprocess.run(["cp", "-r", f"{folder / 'root'}/.", tmp_path], check=True)
    subprocess.run(["patch", "-p1", "-s"], input=diff, text=True, cwd=tmp_path, check=True)
    assert main(["render", *example(folder), "--output-dir", str(tmp_path / "out")]) == 0
    rendered = tmp_path / "out" / "etc" / "rc.conf"
    assert (tmp_path / "etc" / "rc.conf").read_text() == rendered.read_text()


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
    assert (
        "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg: hyperv_net: no such setting: 'agregate'" in line
    )


def test_a_target_of_another_system_than_the_inventorys_is_refused(capsys: Capture) -> None:
    line = error_of(["plan", *example(NETPLAN, "--target", "freebsd")], capsys)
    assert "--target freebsd: the inventory is of a linux machine" in line


@pytest.mark.parametrize("verb", ["plan", "render", "inventory"])
def test_an_empty_root_is_not_the_machine_this_runs_on(verb: str, capsys: Capture) -> None:
    assert "--root '': not a directory" in error_of([verb, "--root", ""], capsys)


def test_what_an_earlier_run_left_behind_is_an_error_once_nothing_needs_it(
    tmp_path: Path, capsys: Capture
) -> None:
    folder = EXAMPLES / "azure-freebsd-mce"
    assert main(["render", *example(folder), "--output-dir", str(tmp_path)]) == 0
    arguments = example(EXAMPLES / "freebsd-transparent")
    arguments[arguments.index("--root") + 1] = str(tmp_path)
    capsys.readouterr()
    assert main(["plan", *arguments]) == 1
    assert "error: etc/rc.conf: an earlier run wrote this" in capsys.readouterr().out


def test_a_pair_that_nothing_speaks_of_is_not_said_to_need_nothing(
    tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet("{dhcp4: true}", "eth7"))
    assert main(["plan", *with_config(file)]) == 0
    assert "no pair that needs an aggregate is configured" in capsys.readouterr().out


def test_a_terminal_without_the_letters_gets_them_escaped(tmp_path: Path) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet("{no-such-key: \u20ac}"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hyperv_net", "plan", *with_config(file)],
        capture_output=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "latin-1"},
    )
    assert done.returncode == 0, done.stderr
    assert b"\\u20ac" in done.stdout


def test_a_closed_standard_output_is_one_line() -> None:
    arguments = " ".join(example(NETPLAN))
    done = subprocess.run(
        f"{sys.executable} -m hyperv_net render {arguments} >&-",
        shell=True,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("hyperv-net: standard output is closed")


def test_a_part_of_a_setting_that_the_target_cannot_say_is_a_finding(
    tmp_path: Path, capsys: Capture
) -> None:
    """Stateful DHCPv6 is router advertisements and DHCPv6, for which there is no client here."""
    file = tmp_path / "network-config.yaml"
    subnet = "{type: ipv6_dhcpv6-stateful}"
    file.write_text(f"{{version: 1, config: [{{type: physical, name: hn0, subnets: [{subnet}]}}]}}")
    inventory = EXAMPLES / "azure-freebsd-mce" / "inventory.json"
    options = ["--inventory", str(inventory), "--network-config", str(file)]
    assert main(["plan", *options]) == 0
    assert "is not wholly in the result" in capsys.readouterr().out
