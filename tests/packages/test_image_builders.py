"""The examples for mkosi, Packer and virt-customize.

Debian's mkosi reads its configuration, and its script is run as mkosi would
run it, with $BUILDROOT.  Debian's Packer runs the whole template.  Of
virt-customize's example only the part that runs inside the image is run: a
virtual machine of libguestfs is not had here.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.debian.packages import unpacked
from tests.outcome import Outcome
from tests.packages import roots
from tests.packages.debian import Built
from tests.paths import EXAMPLES

IMAGE = EXAMPLES / "image-freebsd" / "root"

PLUG = "usr/local/etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"


def building_machine(folder: Path, deb: Path, example: str) -> Path:
    """The own files of a machine with an example, and an image to bake, beside the package."""
    shutil.copy(deb, folder / "hyperv-net.deb")
    shutil.copytree(EXAMPLES / example, folder / "example")
    shutil.copytree(IMAGE, folder / "mnt/image", symlinks=True)
    return folder


def ok(outcome: Outcome) -> str:
    assert outcome.status == 0, outcome.out + outcome.err
    return outcome.out


@pytest.mark.packages
def test_mkosi_reads_its_configuration_and_finds_the_script(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "mkosi", tmp_path / "example")
    tree = unpacked("trixie", ("mkosi",))
    script = "cd /example && python3 -m mkosi --json summary"
    (outcome,) = roots.shell([tree.root, *roots.installing("trixie")], tmp_path, script)
    (image,) = json.loads(ok(outcome))["Images"]
    assert image["Distribution"] == "debian"
    assert image["ImageId"] == "accelerated"
    assert {"cloud-init", "netplan.io"} <= set(image["Packages"])
    assert [Path(path).name for path in image["FinalizeScripts"]] == ["mkosi.finalize"]


@pytest.mark.packages
def test_mkosis_script_bakes_the_image_below_buildroot(built: Built, tmp_path: Path) -> None:
    own = building_machine(tmp_path, built.deb, "mkosi")
    script = "dpkg --install /hyperv-net.deb; BUILDROOT=/mnt/image /example/mkosi.finalize"
    (outcome,) = roots.shell(roots.installing("bookworm"), own, script)
    ok(outcome)
    assert (own / "mnt/image" / PLUG).is_symlink()


@pytest.mark.packages
def test_packer_runs_the_template_and_the_image_is_baked(built: Built, tmp_path: Path) -> None:
    own = building_machine(tmp_path, built.deb, "packer")
    layers = [unpacked("bookworm", ("packer",)).root, *roots.installing("bookworm")]
    build = "CHECKPOINT_DISABLE=1 packer {} -var root=/mnt/image /example/hyperv-net.pkr.hcl 2>&1"
    outcomes = roots.shell(
        layers,
        own,
        "dpkg --install /hyperv-net.deb",
        *(build.format(verb) for verb in ("validate", "build")),
        "packer fmt -check -diff /example/hyperv-net.pkr.hcl",
        "hyperv-net bake --root /mnt/image --verify",
    )
    said = [ok(outcome) for outcome in outcomes]
    assert "all is as it was baked" in said[2]
    assert said[4] == "all is as it was baked\n"
    assert (own / "mnt/image" / PLUG).is_symlink()


@pytest.mark.packages
def test_what_virt_customize_runs_inside_installs_the_package(built: Built, tmp_path: Path) -> None:
    (tmp_path / "var/tmp").mkdir(parents=True)
    shutil.copy(built.deb, tmp_path / "var/tmp/hyperv-net.deb")
    (tmp_path / "etc/cloud/cloud.cfg.d").mkdir(parents=True)
    shutil.copy(EXAMPLES / "virt-customize/in-image.sh", tmp_path / "in-image.sh")
    (tmp_path / "var/lib/cloud/instances/i-0001").mkdir(parents=True)
    (tmp_path / "var/lib/cloud/instance").symlink_to("instances/i-0001")
    script = "/in-image.sh 2>&1; hyperv-net --version"
    (outcome,) = roots.shell(roots.installing("bookworm"), tmp_path, script)
    assert "Setting up hyperv-net" in ok(outcome)
    assert (tmp_path / "etc/cloud/cloud.cfg.d/90-hyperv-net.cfg").is_symlink()
    assert not (tmp_path / "var/tmp/hyperv-net.deb").exists()
    assert not (tmp_path / "var/lib/cloud/instance").exists(), "the next boot is a first boot"
