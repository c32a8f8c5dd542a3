"""Links of a machine stand in its capture so that they lead where they did."""

from __future__ import annotations

from pathlib import Path

from hyperv_net.root import files
from tests.capture.made import captured, unpacked
from tests.files import put
from tests.inventory.captured import capture, materialise


def test_every_link_on_the_way_to_a_file_is_kept_and_leads_there(tmp_path: Path) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    put(root, "usr/lib/systemd/network/80-x.network", "[Match]\nName=eth0\n")
    put(root, "usr/bin/python3.11")
    (root / "lib").symlink_to("usr/lib")
    (root / "usr/bin/python3").symlink_to("/usr/bin/python3.11")
    again = unpacked(captured(root, tmp_path / "c.tar.gz"), tmp_path / "again")
    assert (again / "lib").readlink() == Path("usr/lib")
    assert files.resolve_below(again, "usr/bin/python3") == f"{again}/usr/bin/python3.11"
    found = files.read_matching(again, ["lib/systemd/network/*.network"])
    assert found == {"lib/systemd/network/80-x.network": "[Match]\nName=eth0\n"}


def test_what_is_masked_by_a_link_to_dev_null_is_masked_elsewhere_too(tmp_path: Path) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    unit = "etc/systemd/system/NetworkManager.service"
    (root / "dev").mkdir()
    (root / "dev/null").symlink_to("/dev/zero")  # As a device is, it is no regular file.
    put(root, "dev/zero/stands for a device")
    (root / unit).parent.mkdir(parents=True)
    (root / unit).symlink_to("/dev/null")
    again = unpacked(captured(root, tmp_path / "c.tar.gz"), tmp_path / "again")
    assert files.exists_below(again, unit)
    assert files.read_matching(again, [unit]) == {unit: ""}


def test_a_link_that_leads_out_of_a_root_is_left_out_and_told(tmp_path: Path) -> None:
    root = materialise(capture("virtio-bare"), tmp_path / "root")
    put(root, "run/x.conf", "a=1\n")
    (root / "etc/sysctl.d").mkdir(parents=True)
    (root / "etc/sysctl.d/9.conf").symlink_to("../../../../run/x.conf")
    again = unpacked(captured(root, tmp_path / "c.tar.gz"), tmp_path / "again")
    assert not (again / "etc/sysctl.d/9.conf").is_symlink()
    assert "leads out of the root" in (again / "hyperv-net-capture/answers.json").read_text()
