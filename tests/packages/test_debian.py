"""The Debian package, as dpkg, lintian and cloud-init see it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import hyperv_net
from hyperv_net.bake.package import own_package
from hyperv_net.cli import main
from hyperv_net.companions.beside import reads
from hyperv_net.companions.keep_off import keep_off_paths
from hyperv_net.model import System
from hyperv_net.root.extension import GRANT
from tests.outcome import Outcome
from tests.packages import roots
from tests.packages.debian import PACKAGING, Built

SUITES = ("bookworm", "trixie")

#: Everything below the root but what dpkg, the dynamic loader and the shell keep for themselves.
LIST = """
find / -xdev \\( -path /proc -o -path /dev -o -path /var/lib/dpkg -o -path /var/log -o -path /tmp \
    -o -path /.step -o -path /var/lib/systemd/deb-systemd-helper-enabled \\) -prune \
    -o \\( -name '*.pyc' ! -path '*hyperv_net*' \\) -o ! -type d -printf '%p %m %s %l\\n' | sort
"""

#: Which datasource classes cloud-init would ask, in order, and from which module each is.
SOURCES = """
cat >/tmp/sources.py <<'END'
from cloudinit import sources, stages
init = stages.Init(ds_deps=[sources.DEP_FILESYSTEM])
init.read_cfg()
names, packages = init._get_datasources()
for one in sources.list_sources(names, [sources.DEP_FILESYSTEM], packages):
    print(one.__name__, one.__module__)
END
python3 /tmp/sources.py
"""

#: What an image has where every part of hyperv-net finds its place.
IMAGE = (
    "usr/lib/python3/dist-packages/cloudinit/__init__.py",
    "usr/lib/python3.11/os.py",
    "usr/lib/systemd/systemd",
    "usr/lib/systemd/system/hv-kvp-daemon.service",
    "usr/libexec/hypervkvpd/hv_get_dhcp_info",
    "usr/sbin/netplan",
    "usr/share/initramfs-tools/hook-functions",
    "usr/bin/dracut",
)

#: What the unit of the guard starts.
GUARD = "$(sed -n s/^ExecStart=//p /usr/lib/systemd/system/hyperv-net-guard.service)"

INSTALL = "dpkg --install /hyperv-net.deb 2>&1"

#: What a machine has once the package has worked on it.
USED = """
mkdir -p /etc/udev/rules.d /etc/systemd/network /var/lib/hyperv-net /var/lib/cloud/instance
for file in /etc/udev/rules.d/70-hyperv-net-vf.rules \
    /etc/systemd/network/05-hyperv-net-vf.network /etc/systemd/network/98-hyperv-net-bond.link \
    /etc/systemd/network/05-hyperv-net-joined.network \
    /etc/cloud/cloud.cfg.d/99-hyperv-net-kvp.cfg /var/lib/hyperv-net/wanted.json; do
    echo '# written' >$file
done
echo 'x hyperv_net.sources.DataSourceAzure' >/var/lib/cloud/instance/obj.pkl
"""


def fresh(folder: Path, deb: Path) -> Path:
    """A machine's own files: the package and a list of datasources."""
    (folder / "etc/cloud/cloud.cfg.d").mkdir(parents=True)
    shutil.copy(deb, folder / "hyperv-net.deb")
    (folder / "etc/cloud/cloud.cfg.d/90_dpkg.cfg").write_text(
        "datasource_list: [NoCloud, Azure, None]\n"
    )
    return folder


def text(outcome: Outcome) -> str:
    """What a step printed; where it failed, the test fails with all it said."""
    assert outcome.status == 0, outcome.out + outcome.err
    return outcome.out


def paths(deb: Path) -> dict[str, str]:
    """Path → kind and permissions, and a link's target, of each file in a package."""
    listed = subprocess.run(["dpkg-deb", "--contents", deb], capture_output=True, text=True)
    rows = (re.split(r"\s+", line, maxsplit=5) for line in listed.stdout.splitlines())
    return {
        name.partition(" -> ")[0].removeprefix("./"): f"{mode} {name.partition(' -> ')[2]}".strip()
        for mode, *_, name in rows
        if not name.endswith("/")
    }


@pytest.fixture(scope="module")
def unpacked(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "--extract", built.deb, folder], check=True)
    return folder


def baked(root: Path) -> dict[str, tuple[bytes, int]]:
    """Path → bytes and permissions of what bake puts into an image that has all it asks for."""
    for path in IMAGE:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    chosen = ["--announcements", "azure", "--metrics", "/var/lib/prometheus/node-exporter"]
    assert main(["bake", "--root", str(root), "--force", *chosen]) == 0
    (root / "etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg").unlink()
    return {
        path: content
        for path, content in files(root).items()
        if path not in IMAGE and not path.startswith("var/lib/hyperv-net/")
    }


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    """Path → bytes and permission to run of each file; links lead to where the root has them."""
    found = {}
    for path in root.rglob("*"):
        real = path
        if path.is_symlink():
            target = str(path.readlink())
            real = root / target[1:] if target.startswith("/") else path.parent / target
        if real.is_file():
            found[str(path.relative_to(root))] = (real.read_bytes(), real.stat().st_mode & 0o111)
    return found


@pytest.mark.packages
def test_lintian_has_no_error_and_no_warning(built: Built) -> None:
    assert built.lint_status == 0, built.lint
    assert not re.search(r"^[EW]:", built.lint, re.MULTILINE), built.lint
    assert not list(PACKAGING.glob("*lintian-overrides")), "nothing is hidden from it"
    assert built.deb.name == f"hyperv-net_{hyperv_net.__version__}_all.deb"


@pytest.mark.packages
def test_the_package_holds_all_that_bake_puts_into_an_image(unpacked: Path, tmp_path: Path) -> None:
    """Same bytes, to be run or not; a package's places are below /usr where an image's are in /etc.

    The program in /usr/bin is setuptools', and a unit is enabled at installation.
    """
    inside = "usr/lib/python3/dist-packages/"
    packaged = [file for path, file in files(unpacked).items() if not path.startswith(inside)]
    wanted = {path: file for path, file in baked(tmp_path).items() if not path.startswith(inside)}
    assert {path for path in wanted if wanted[path] not in packaged} == {"usr/bin/hyperv-net"}
    data = {
        text.encode()
        for path, text in own_package().items()
        if path.startswith(("data/guard", "data/l", "data/k")) and "openrc" not in path
    }
    assert data <= {content for content, _ in wanted.values()}
    modules = unpacked / inside / "hyperv_net"
    assert {name for name in own_package() if not (modules / name).is_file()} == set()


@pytest.mark.packages
def test_its_program_is_isolated(unpacked: Path) -> None:
    """What root runs takes no module by its environment or from the folder it is in."""
    first = (unpacked / "usr/bin/hyperv-net").read_text().splitlines()[0]
    assert first.removeprefix("#!").split() == ["/usr/bin/python3", "-I"]


@pytest.mark.packages
def test_nothing_in_etc_is_a_file_that_removal_would_leave_behind(built: Built) -> None:
    """dpkg keeps conffiles until a purge; the one path in /etc is the link that the guard fills."""
    held = paths(built.deb)
    in_etc = {path: kind for path, kind in held.items() if path.startswith("etc/")}
    assert list(in_etc) == ["etc/cloud/cloud.cfg.d/90-hyperv-net.cfg"]
    (kind,) = in_etc.values()
    assert kind.startswith("l") and kind.split()[1] == f"/{GRANT[System.LINUX]}"


def test_a_purge_names_every_file_that_the_program_writes_for_a_running_machine() -> None:
    script = (PACKAGING / "hyperv-net.postrm").read_text()
    files = [path for path in (*reads(), *keep_off_paths()) if "var/db" not in path]
    assert len(files) == 10
    assert [path for path in files if f"/{path}" not in script and "var/lib" not in path] == []
    assert "/var/lib/hyperv-net" in script


@pytest.mark.packages
@pytest.mark.parametrize("suite", SUITES)
def test_installed_it_is_cloud_inits_and_removed_nothing_of_it_is(
    suite: str, built: Built, tmp_path: Path
) -> None:
    """The datasources are ours, then cloud-init's own; a purge leaves every path as it was."""
    plug = "ls -l /etc/cloud/cloud.cfg.d"
    links = "paths.target.wants/hyperv-net-reconcile.path"
    links += " sockets.target.wants/hyperv-net-activate.socket"
    enabled = f"cd /etc/systemd/system; readlink {links}"
    outcomes = roots.shell(
        roots.installing(suite),
        fresh(tmp_path, built.deb),
        *(LIST, SOURCES, INSTALL, "hyperv-net --version; hyperv-net status --help"),
        *(SOURCES, GUARD, SOURCES, enabled, INSTALL, USED),
        *("dpkg --remove hyperv-net 2>&1", plug, SOURCES, "ls /var/lib/cloud/instance"),
        *("ls /var/lib/hyperv-net", "dpkg --purge hyperv-net 2>&1"),
        *("rmdir /var/lib/cloud/instance", LIST),
    )
    said = iter(text(outcome) for outcome in outcomes)
    before, stock = next(said), next(said)
    assert "DataSourceAzure cloudinit.sources.DataSourceAzure" in stock
    assert "hyperv_net" not in stock

    assert "Setting up hyperv-net" in next(said)
    assert next(said).startswith(f"hyperv-net {hyperv_net.__version__}\n")
    assert next(said) == stock, "until the guard has looked, which is at the next boot"
    next(said)
    ours = next(said)
    assert [line.split()[0] for line in ours.splitlines()] == [
        line.split()[0] for line in stock.splitlines()
    ]
    assert "DataSourceAzure hyperv_net.sources" in ours
    assert [one.rpartition("/")[2] for one in next(said).split()] == [
        "hyperv-net-reconcile.path",
        "hyperv-net-activate.socket",
    ]
    assert "Setting up hyperv-net" in next(said)
    next(said)

    next(said)
    assert "90-hyperv-net.cfg" not in next(said)
    assert next(said) == stock
    assert next(said) == "", "cloud-init does not remember a class that has gone"
    assert next(said).split() == ["wanted.json"], "what a rollback needs stays until a purge"
    next(said)
    next(said)
    assert next(said) == before
