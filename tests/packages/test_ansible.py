"""The Ansible role, run by the real ansible-core on a machine of Debian's packages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.inventory.captured import capture, materialise
from tests.packages import ansible, roots
from tests.packages.debian import Built
from tests.packages.test_debian import LIST
from tests.paths import CHECKOUT

NETPLAN = """\
# Written by hand.
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
      nameservers: {addresses: [192.0.2.53]}
"""

#: Ansible is patient with the machine it runs on, if that has what it takes for granted.
PREPARED = f"mkdir -p /dev/shm; chmod 1777 /dev/shm; export PYTHONPATH={ansible.FOLDER}"
PLAY = f"""
{PREPARED} ANSIBLE_NOCOLOR=1 ANSIBLE_LOCALHOST_WARNING=0
cd /ansible
python3 -m ansible playbook -i localhost, -c local -e @/vars.yml playbook.yml \
    -e ansible_python_interpreter=/usr/bin/python3"""
CHECK = f"{PLAY} --check --diff 2>&1"
REAL = f"{PLAY} --diff 2>&1"
ROLLBACK = "hyperv-net apply --rollback"

#: Every file of the machine but what Ansible and the tests keep for themselves.
FILES = LIST.replace(
    "-path /tmp", "-path /tmp -o -path /root -o -path /vars.yml -o -path /var/cache"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    shutil.copytree(
        CHECKOUT,
        source,
        symlinks=True,
        ignore=lambda path, names: (
            set(names) - {"hyperv_net", "renderers", "setup.cfg", "pyproject.toml", "README.md"}
            if Path(path) == CHECKOUT
            else {"__pycache__"}
        ),
    )
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder))
    command = [sys.executable, "-m", "pip", "wheel", *options, str(source)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def changed(out: str) -> int:
    """How many tasks changed something; none may have failed."""
    found = re.search(r"ok=\d+ +changed=(\d+) +unreachable=0 +failed=0", out)
    assert found is not None, out
    return int(found[1])


def host(folder: Path, package: Path) -> Path:
    """A machine with a pair that is configured by hand, the playbook, and the package."""
    own = materialise(capture("virtio-bare"), folder)
    shutil.copytree(CHECKOUT / "examples/ansible", own / "ansible")
    shutil.copy(package, own / package.name)
    (own / "etc/netplan").mkdir(parents=True)
    (own / "etc/netplan/50-cloud-init.yaml").write_text(NETPLAN)
    (own / "etc/cloud/cloud.cfg.d").mkdir(parents=True)
    (own / "vars.yml").write_text(
        f"hyperv_net_package: /{package.name}\n"
        "hyperv_net_settings: {synthetic_drivers: [virtio_net]}\n"
    )
    return own


def play(own: Path, *scripts: str) -> list[str]:
    """What each script prints, on the machine whose own files are `own`."""
    outcomes = roots.shell([ansible.layer(), *roots.installing("bookworm")], own, *scripts)
    return [outcome.out + outcome.err for outcome in outcomes]


@pytest.mark.packages
def test_the_role_shows_its_diff_changes_nothing_in_check_mode_and_nothing_twice(
    built: Built, tmp_path: Path
) -> None:
    """On a fresh host, on one that it has worked on, and after somebody has rolled back."""
    own = host(tmp_path, built.deb)
    said = play(
        own,
        *(FILES, CHECK, FILES, REAL, FILES, CHECK, REAL, FILES),
        *(ROLLBACK, FILES, CHECK, FILES, REAL, FILES),
    )
    before, fresh, untouched, first, after, second_check, second, again = said[:8]
    assert changed(fresh) > 0
    assert "not installed here yet" in fresh
    assert untouched == before
    assert changed(first) > 0
    assert "+    bond0:" in first
    assert "to use it now: netplan apply" in first
    assert after != before
    assert changed(second_check) == 0, second_check
    assert changed(second) == 0, second
    assert again == after
    _, rolled_back, third_check, still, third, final = said[8:]
    assert changed(third_check) == changed(third) == 1
    assert "+    bond0:" in third_check
    assert still == rolled_back != after
    assert final == after
    edited = (own / "etc/netplan/50-cloud-init.yaml").read_text()
    assert edited.startswith("# Written by hand.\n")
    assert edited != NETPLAN
    written = "".join(path.read_text() for path in (own / "etc/netplan").iterdir())
    assert "bond0:" in written


@pytest.mark.packages
def test_a_wheel_does_the_same_by_way_of_bake(wheel: Path, tmp_path: Path) -> None:
    """For systems without a package: the modules, the plug and the units are in their places."""
    own = host(tmp_path, wheel)
    first, files, check, second, again = play(own, REAL, FILES, CHECK, REAL, FILES)
    assert changed(first) > 0
    assert "/etc/cloud/cloud.cfg.d/90-hyperv-net.cfg" in files
    assert "/usr/lib/systemd/system/hyperv-net-reconcile.path" in files
    assert "+    bond0:" in first
    assert (changed(check), changed(second)) == (0, 0), check + second
    assert again == files
