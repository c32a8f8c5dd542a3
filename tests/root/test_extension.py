"""What cloud-init's Python would load of hyperv-net, told from a root that is not run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.lint import lint
from hyperv_net.model import Severity, System
from hyperv_net.root.cloud_config import writes_network
from hyperv_net.root.extension import find_extension
from tests.bake.images import DEBIAN, make

OLD, NEW = "usr/lib/python3.12/site-packages", "usr/lib/python3.13/site-packages"

FEDORA = {
    "etc/os-release": "ID=fedora\n",
    "usr/bin/cloud-init": "#!/usr/bin/python3 -sP\n",
    "usr/bin/python3": "-> python3.12",
    "usr/bin/python3.12": "",
    f"{OLD}/cloudinit/__init__.py": "",
    "usr/lib/systemd/systemd": "",
    "usr/sbin/ip": "",
    "etc/cloud/cloud.cfg": "datasource_list: [NoCloud, None]\n",
}


def upgraded(root: Path) -> Path:
    """Python 3.12 to 3.13, and cloud-init with it; what no package holds stays behind."""
    (root / "usr/bin/python3").unlink()
    (root / OLD / "cloudinit/__init__.py").unlink()
    (root / "usr/bin/python3.12").unlink()
    tree = {"usr/bin/python3": "-> python3.13", "usr/bin/python3.13": ""}
    return make(root, {**tree, f"{NEW}/cloudinit/__init__.py": ""})


@pytest.fixture
def behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A baked image whose Python was upgraded since."""
    root = make(tmp_path / "image", FEDORA)
    assert main(["bake", "--root", str(root)]) == 0
    assert main(["bake", "--root", str(root), "--verify"]) == 0
    capsys.readouterr()
    return upgraded(root)


SAID = (
    f"/usr/bin/python3 runs cloud-init and finds no hyperv-net; it is in {OLD}, for another Python"
)


def test_verify_says_that_the_python_has_left_the_package_behind(
    behind: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bake", "--root", str(behind), "--verify"]) == 1
    assert capsys.readouterr().out == (
        f"etc/cloud/cloud.cfg.d/90-hyperv-net.cfg: {SAID}; bake it again, or install hyperv-net "
        "for that Python\n1 file differs\n"
    )
    assert main(["bake", "--root", str(behind), "--verify", "--format", "json"]) == 1
    (one,) = json.loads(capsys.readouterr().out)["differing"]
    assert SAID in one["what"]


def test_a_second_bake_brings_it_after(behind: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bake", "--root", str(behind)]) == 0
    assert main(["bake", "--root", str(behind), "--verify"]) == 0
    assert (behind / NEW / "hyperv_net/cli.py").exists()
    assert not (behind / OLD / "hyperv_net").exists()
    assert main(["unbake", "--root", str(behind)]) == 0
    assert not (behind / "usr/libexec").exists()


def test_lint_says_it_of_the_image(behind: Path) -> None:
    (found,) = lint(behind)
    assert (found.rule, found.severity) == ("extension-not-loaded", Severity.ERROR)
    assert found.message == SAID
    # Not of one into which the package is about to be written.
    assert lint(behind, {f"{NEW}/hyperv_net/sources/__init__.py": ""}) == ()


def test_status_says_it_and_is_unhealthy(behind: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (behind / "sys/class/net").mkdir(parents=True)
    assert main(["status", "--root", str(behind)]) == 1
    assert SAID in capsys.readouterr().out


def test_status_has_what_the_guard_said_in_this_boot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "image", FEDORA)
    (root / "sys/class/net").mkdir(parents=True)
    assert main(["bake", "--root", str(root)]) == 0
    for verdict, status in (("granted", 0), ("refused: python3 does not load it: E: x", 1)):
        make(root, {"run/hyperv-net/guard": f"{verdict}\n"})
        capsys.readouterr()
        assert main(["status", "--root", str(root)]) == status
        said = capsys.readouterr().out
        assert ("takes no part in this boot: python3 does not load it: E: x" in said) == status


def test_what_is_turned_off_is_no_fault_and_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make(tmp_path / "image", FEDORA)
    (root / "sys/class/net").mkdir(parents=True)
    assert main(["bake", "--root", str(root)]) == 0
    make(root, {"run/hyperv-net/guard": "off: enabled: false in a file\n"})
    found = find_extension(root, System.LINUX)
    assert found is not None and found.is_off and found.refused == "enabled: false in a file"
    assert writes_network(root), "cloud-init does so alone"
    capsys.readouterr()
    assert main(["status", "--root", str(root)]) == 0
    assert "extension-refused" not in capsys.readouterr().out


def test_who_may_not_look_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The guard's folder is root's alone; a link that leads to itself cannot be read by anybody."""
    root = make(tmp_path / "image", FEDORA)
    (root / "sys/class/net").mkdir(parents=True)
    assert main(["bake", "--root", str(root)]) == 0
    make(root, {"run/hyperv-net/guard": "-> guard"})
    capsys.readouterr()
    assert main(["status", "--root", str(root)]) == 0
    assert "is root's to know" in capsys.readouterr().out


def test_another_copy_that_python_takes_first_is_told_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As pip puts one there."""
    tree = {**DEBIAN, "usr/bin/cloud-init": "#!/usr/bin/python3\n", "usr/bin/python3": ""}
    root = make(tmp_path / "image", tree)
    assert main(["bake", "--root", str(root)]) == 0
    pip = "usr/local/lib/python3.11/dist-packages/hyperv_net"
    make(root, {f"{pip}/__init__.py": ""})
    capsys.readouterr()
    assert main(["bake", "--root", str(root), "--verify"]) == 1
    assert f"{pip}: /usr/bin/python3 loads this one for cloud-init" in capsys.readouterr().out


def test_a_cloud_init_whose_python_is_gone_is_told_of(
    behind: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (behind / "usr/bin/python3.13").unlink()
    assert main(["bake", "--root", str(behind), "--verify"]) == 1
    assert "runs on /usr/bin/python3, which is not in the image" in capsys.readouterr().out


def test_where_cloud_init_is_not_told_of_it_nothing_is_asked(tmp_path: Path) -> None:
    assert find_extension(make(tmp_path, FEDORA), System.LINUX) is None


def test_who_writes_the_network_next_depends_on_what_loads(tmp_path: Path) -> None:
    """In an image the link leads nowhere, and yet the next boot has hyperv-net in it."""
    root = make(tmp_path / "image", FEDORA)
    assert writes_network(root)
    assert main(["bake", "--root", str(root)]) == 0
    assert not writes_network(root)
    make(root, {"run/hyperv-net/guard": "refused: E\n"})
    assert writes_network(root)
    (root / "run/hyperv-net/guard").unlink()
    assert writes_network(upgraded(root))
