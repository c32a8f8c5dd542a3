"""A capture goes to others: no secret is in it, and of many files only the lines that are read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from hyperv_net.capture.kept import INSTEAD
from hyperv_net.cli import main
from hyperv_net.inventory.snapshot import to_json
from hyperv_net.model import Inventory, Nic, System
from tests.capture.made import captured, texts, unpacked
from tests.files import put
from tests.inventory.captured import capture, materialise
from tests.secrets.places import make_root

SECRET = "qHusch-Husch+42/Zq"
CLOUD_CFG = """\
# A comment: root:hunter22
users:
  - name: me
    passwd: $6$abcdef
chpasswd:
  list: |
    root:hunter22
hyperv_net:
  # why
  synthetic_drivers: [virtio_net]
ssh_keys:
  rsa_private: |
    -----BEGIN RSA PRIVATE KEY-----
    MIIabcdef
    -----END RSA PRIVATE KEY-----
"network": {config: disabled}
"""


@pytest.mark.parametrize("system", list(System))
def test_no_secret_of_any_file_is_in_it(system: System, tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", system.value, SECRET)
    # Named elsewhere, where no name tells that it is one.
    put(root, "etc/sysctl.d/9.conf", f"# eth0 and hn0: {SECRET}\n")
    put(root, "etc/rc.local", f"connect hn0 {SECRET}\n")
    put(root, "etc/udev/rules.d/9.rules", f'RUN+="login {SECRET}"\n')
    file = captured(root, tmp_path / "c.tar.gz", Inventory(system, "", ()))
    plain = gzip.decompress(file.read_bytes())
    assert SECRET.encode() not in plain
    assert plain.count(INSTEAD.encode()) > 10


def test_what_stands_for_a_secret_is_read_by_every_target_as_the_secret_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An rc.conf with `(hidden)` in it would be no script any more."""
    root = tmp_path / "root"
    put(root, "etc/rc.conf", 'ifconfig_hn0="DHCP"\nddclient_secret=abc123def\n')
    put(root, "bin/freebsd-version")
    nics = (Nic("hn0", mac="00:15:5d:00:00:01", driver="hn", bus="vmbus"),)
    file = captured(root, tmp_path / "c.tar.gz", Inventory(System.FREEBSD, "14.2-RELEASE", nics))
    text = (unpacked(file, tmp_path / "again") / "etc/rc.conf").read_text()
    assert text == f'ifconfig_hn0="DHCP"\nddclient_secret={INSTEAD}\n'
    inventory = put(
        tmp_path,
        "i.json",
        '{"schema": "hyperv-net/inventory/1", "system": "freebsd", "vf_transparent": false,'
        ' "nics": [{"name": "hn0", "mac": "00:15:5d:00:00:01", "driver": "hn", "bus": "vmbus"}]}',
    )
    assert main(["plan", "--root", str(file), "--inventory", str(inventory)]) == 0
    assert "lagg0" in capsys.readouterr().out


def test_of_cloud_inits_configuration_only_what_is_read_is_in_it(tmp_path: Path) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    put(root, "etc/cloud/cloud.cfg", CLOUD_CFG)
    # A link, as the one of hyperv-net itself is.
    put(root, "run/somewhere/else.cfg", CLOUD_CFG)
    (root / "etc/cloud/cloud.cfg.d").mkdir()
    (root / "etc/cloud/cloud.cfg.d/9.cfg").symlink_to("/run/somewhere/else.cfg")
    found = texts(captured(root, tmp_path / "c.tar.gz"))
    for path in ("etc/cloud/cloud.cfg", "run/somewhere/else.cfg"):
        text = found[path]
        assert text.splitlines()[7:10] == CLOUD_CFG.splitlines()[7:10]
        assert text.splitlines()[-1] == '"network": {config: disabled}'
        assert {*text.splitlines()[:7], *text.splitlines()[10:-1]} == {"#"}


def test_a_cloud_cfg_in_a_flow_style_shows_nothing_of_others(tmp_path: Path) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    put(root, "etc/cloud/cloud.cfg", "network: {a: 1}\n{chpasswd: {list: 'root:hunter22'}}\n")
    assert texts(captured(root, tmp_path / "c.tar.gz"))["etc/cloud/cloud.cfg"] == (
        "network: {a: 1}\n#\n"
    )


def test_of_files_that_are_read_for_names_the_lines_with_a_name_are_in_it_at_their_place(
    tmp_path: Path,
) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    rules = "table inet x {\n  ip saddr 192.0.2.7 drop\n  iifname ens17 accept\n\n  eth3 ens170\n"
    put(root, "etc/nftables.conf", rules)
    assert texts(captured(root, tmp_path / "c.tar.gz"))["etc/nftables.conf"] == (
        "#\n#\n  iifname ens17 accept\n\n  eth3 ens170\n"
    )


def test_it_is_its_owners_alone_and_takes_nothings_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    file = tmp_path / "c.tar.gz"
    assert main(["inventory", "--root", str(root), "--capture", str(file)]) == 0
    assert "look through it before" in capsys.readouterr().err
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    put(tmp_path, "other", "mine")
    (tmp_path / "link").symlink_to("other")
    for name in ("c.tar.gz", "link", "away/c.tar.gz"):
        there = str(tmp_path / name)
        assert main(["inventory", "--root", str(root), "--capture", there]) == 1
        assert capsys.readouterr().err.startswith(f"hyperv-net: {there}: ")
    assert file.read_bytes() == before and (tmp_path / "other").read_text() == "mine"


def test_what_cannot_be_read_is_told_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    (root / "etc").mkdir()
    (root / "etc/waagent.conf").write_bytes(b"a=\xff\n")
    (root / "etc/iptables").mkdir()
    (root / "etc/iptables/eth0").symlink_to("eth0")
    file = tmp_path / "c.tar.gz"
    assert main(["inventory", "--root", str(root), "--capture", str(file)]) == 0
    told = capsys.readouterr().err
    assert "not in the capture: etc/waagent.conf: not UTF-8" in told
    assert "not in the capture: etc/iptables/eth0: too many symbolic links" in told
    answers = texts(file)["hyperv-net-capture/answers.json"]
    assert '"path": "etc/waagent.conf"' in answers


def test_an_inventory_alone_is_no_machine_to_capture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inventory = put(tmp_path, "i.json", to_json(Inventory(System.LINUX, "", ())))
    file = tmp_path / "c.tar.gz"
    assert main(["inventory", "--inventory", str(inventory), "--capture", str(file)]) == 64
    assert "--capture with --inventory" in capsys.readouterr().err
