"""The FreeBSD port, as far as it can be looked at elsewhere.

The order of blocks and variables is that of chapter 15 of FreeBSD's porter's
handbook; the features of USE_PYTHON are those of Mk/Uses/python.mk
(freebsd/freebsd-ports).
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import hyperv_net
from hyperv_net.cli import main
from tests.paths import CHECKOUT

PORT = CHECKOUT / "packaging" / "freebsd"
MAKEFILE = (PORT / "Makefile").read_text()
IMAGE = CHECKOUT / "examples" / "image-freebsd" / "root"

#: A block each, in the handbook's order; only those variables that a port like this may have.
ORDER = (
    ("PORTNAME", "DISTVERSION", "PORTREVISION", "CATEGORIES", "MASTER_SITES", "DISTNAME"),
    ("MAINTAINER", "COMMENT", "WWW"),
    ("LICENSE", "LICENSE_FILE"),
    ("BUILD_DEPENDS", "LIB_DEPENDS", "RUN_DEPENDS", "TEST_DEPENDS"),
    ("USES", "USE_PYTHON"),
    ("NO_ARCH",),
    ("PLIST_FILES",),
    ("DATA",),
)

#: What the port leaves to setuptools, to the settings and to rc.conf(5).
CHOSEN = (
    "usr/local/bin/hyperv-net",
    "usr/local/etc/cloud/cloud.cfg.d/91-hyperv-net-settings.cfg",
    "usr/local/etc/rc.conf.d/hyperv_net_watch",
)


def joined() -> str:
    """The Makefile with its continued lines in one."""
    return MAKEFILE.replace("\\\n", " ")


def variable(name: str) -> list[str]:
    """The words a variable is set to."""
    found = re.search(rf"^{name}=\t+(.*)$", joined(), re.MULTILINE)
    assert found is not None, name
    return found[1].split()


def test_it_installs_what_bake_puts_into_an_image(tmp_path: Path) -> None:
    """But the package itself, which the ports tree lists, and what belongs to the base system.

    And besides what is for people: the manual, and what shells complete.  What is chosen, and so
    enabled, in an image is for rc.conf(5) to say where the port is.
    """
    shutil.copytree(IMAGE, tmp_path / "root")
    before = {path for path in (tmp_path / "root").rglob("*") if not path.is_dir()}
    assert main(["bake", "--root", str(tmp_path / "root"), "--announcements", "azure"]) == 0
    new = {path for path in (tmp_path / "root").rglob("*") if not path.is_dir()} - before
    paths = {str(path.relative_to(tmp_path / "root")) for path in new}
    ours = {
        path.removeprefix("usr/local/")
        for path in paths
        if path.startswith("usr/local/") and "/site-packages/" not in path and path not in CHOSEN
    }
    listed = set(variable("PLIST_FILES"))
    for_people = {one for one in listed if one.startswith("share/")}
    assert ours == listed - for_people
    assert "share/man/man8/hyperv-net.8.gz" in for_people and len(for_people) == 4


def test_every_file_of_the_list_is_installed_and_exists() -> None:
    targets = joined().partition("post-install:")[2]
    for path in variable("PLIST_FILES"):
        folder, _, name = path.removesuffix(".gz").rpartition("/")
        assert f"${{PREFIX}}/{folder}" in targets
        assert name in targets
    for source in re.findall(r"\$\{DATA\}/(\S+)", targets):
        assert (CHECKOUT / "hyperv_net" / "data" / source).is_file()


def test_its_program_is_isolated() -> None:
    """The first line of what the wheel's installer wrote gets `-I`."""
    (script,) = re.findall(
        r"REINPLACE_CMD\} -i '' -e '1s\|(.*)\|' \S*/bin/hyperv-net$", MAKEFILE, re.M
    )
    pattern, _, added = script.replace("$$", "$").partition("|")
    assert re.sub(pattern, added, "#!/usr/local/bin/python3.11").endswith("/python3.11 -I")


def test_name_version_and_archive_are_the_packages_own() -> None:
    assert variable("DISTVERSION") == [hyperv_net.__version__]
    assert variable("DISTNAME") == ["hyperv_net-${DISTVERSION}"]
    setup = (CHECKOUT / "setup.cfg").read_text()
    needs = re.findall(r"^    (\S+) >= (\S+)$", setup, re.MULTILINE)
    assert needs
    for name, oldest in needs:
        wanted = f"${{PYTHON_PKGNAMEPREFIX}}{name.lower()}>={oldest}:"
        assert any(one.startswith(wanted) for one in variable("RUN_DEPENDS"))
    python = re.search(r"python_requires = >=(\S+)", setup)
    assert python is not None
    assert variable("USES") == [f"python:{python[1]}+"]


def test_blocks_and_variables_are_in_the_handbooks_order() -> None:
    blocks = joined().partition("\npost-")[0].strip().split("\n\n")
    set_in = [re.findall(r"^(\w+)=", block, re.MULTILINE) for block in blocks]
    known = [[name for name in block if name in set_in[i]] for i, block in enumerate(ORDER)]
    assert set_in == known
    assert MAKEFILE.endswith("\n\n.include <bsd.port.mk>\n")


def test_it_is_written_as_portlint_wants_it() -> None:
    """Tabs after `=` and before commands, no trailing blanks, a short COMMENT, no article."""
    assert not re.search(r"[ \t]$", MAKEFILE, re.MULTILINE)
    assert not re.search(r"^ ", MAKEFILE, re.MULTILINE)
    assert re.findall(r"^(\w+)=[^\t\n]", MAKEFILE, re.MULTILINE) == []
    comment = " ".join(variable("COMMENT"))
    assert len(comment) <= 70
    assert not comment.endswith(".")
    assert comment.split()[0] not in ("A", "An", "The")
    features = variable("USE_PYTHON")
    assert features == sorted(features)
    description = (PORT / "pkg-descr").read_text().splitlines()
    assert max(map(len, description)) <= 80
    assert len(description) > 3
