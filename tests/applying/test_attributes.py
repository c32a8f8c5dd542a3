"""Extended attributes: what takes a file's place has them, and what cannot be had is said."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hyperv_net.applying import attributes, below
from hyperv_net.cli import main
from hyperv_net.model import RenderedFile
from tests.applying.disk import snapshot
from tests.applying.scenes import OURS, RC_CONF, apply, make, roll_back
from tests.commands.calling import NETPLAN, Capture

LABEL, LIST, USER = "security.selinux", "system.posix_acl_access", "user.note"
#: The file is read by one more user: acl(5), as linux/posix_acl_xattr.h has it.
ENTRIES = ((0x01, 6, 2**32 - 1), (0x02, 4, 1234), (0x04, 4, 2**32 - 1), (0x10, 4, 2**32 - 1))
LIST_OF_ONE = struct.pack("<I", 2) + b"".join(
    struct.pack("<HHI", *one) for one in (*ENTRIES, (0x20, 0, 2**32 - 1))
)


class Kept:
    """Module `os` of a file system that has any attribute, and refuses to set some."""

    def __init__(self) -> None:
        self.of: dict[tuple[int, int], dict[str, bytes]] = {}
        self.refused: set[str] = set()
        # A number that is held is not given to another file.
        self._held: list[int] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def _found(self, file: int | Path) -> dict[str, bytes]:
        descriptor = os.dup(file) if isinstance(file, int) else os.open(file, os.O_RDONLY)
        status = os.fstat(descriptor)
        number = (status.st_dev, status.st_ino)
        if number in self.of:
            os.close(descriptor)
        else:
            self._held.append(descriptor)
        return self.of.setdefault(number, {})

    def listxattr(self, file: int | Path) -> list[str]:
        return sorted(self._found(file))

    def getxattr(self, file: int | Path, name: str) -> bytes:
        return self._found(file)[name]

    def setxattr(self, file: int | Path, name: str, value: bytes) -> None:
        if name in self.refused:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        self._found(file)[name] = value

    def release(self) -> None:
        for descriptor in self._held:
            os.close(descriptor)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    kept = Kept()
    monkeypatch.setattr(attributes, "os", kept)
    yield kept
    kept.release()


def test_a_file_that_is_replaced_and_put_back_keeps_what_it_had(root: Path, kept: Kept) -> None:
    had = {LABEL: b"system_u:object_r:etc_t:s0\0", LIST: LIST_OF_ONE, USER: b"x"}
    file = root / RC_CONF.path
    for name, value in had.items():
        kept.setxattr(file, name, value)
    before = snapshot(root)
    applied = apply(root, RC_CONF)
    assert applied.notes == ()
    assert kept._found(file) == had
    apply(root, RenderedFile(RC_CONF.path, "a=1\nb=3\n", in_place=True))
    assert kept._found(file) == had
    roll_back(root)
    assert snapshot(root) == before
    assert kept._found(file) == had


def test_a_file_that_was_removed_comes_back_with_what_it_had(root: Path, kept: Kept) -> None:
    make(root, {"etc/netplan/50-old.yaml": "old\n"}, 0o600)
    file = root / "etc/netplan/50-old.yaml"
    kept.setxattr(file, LABEL, b"net_conf_t")
    apply(root, OURS, stale=["etc/netplan/50-old.yaml"])
    assert not file.exists()
    roll_back(root)
    assert kept._found(file) == {LABEL: b"net_conf_t"}


@pytest.mark.parametrize(
    "name", ["security.capability", "security.ima", "security.evm", "trusted.overlay.origin"]
)
def test_what_was_said_of_other_bytes_is_not_given_to_new_ones(
    name: str, root: Path, kept: Kept
) -> None:
    """Capabilities among them: the kernel takes them from a file that is written to."""
    kept.setxattr(root / RC_CONF.path, name, b"x")
    assert apply(root, RC_CONF).notes == ()
    assert kept._found(root / RC_CONF.path) == {}


def test_what_may_not_be_given_is_a_warning_and_no_failure(
    tmp_path: Path, kept: Kept, capsys: Capture
) -> None:
    root = make(tmp_path / "root", {"etc/netplan/50-cloud-init.yaml": "network: {version: 2}\n"})
    file = root / "etc/netplan/50-cloud-init.yaml"
    kept.setxattr(file, LABEL, b"net_conf_t")
    kept.setxattr(file, USER, b"x")
    kept.refused = {LABEL}
    given = ["--inventory", str(NETPLAN / "inventory.json"), "--target", "netplan"]
    given += ["--network-config", str(NETPLAN / "network-config.yaml"), "--root", str(root)]
    assert main(["apply", *given, "--synthetic-driver", "virtio_net"]) == 0
    said = capsys.readouterr()
    assert (
        f"warning: etc/netplan/50-cloud-init.yaml: {LABEL} could not be kept: "
        "Operation not permitted\n"
    ) in said.err
    assert "replaced" in said.out
    assert kept._found(file) == {USER: b"x"}


def test_a_label_that_a_new_file_has_by_itself_needs_no_right_to_be_set(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Labelling(Kept):
        def _found(self, file: int | Path) -> dict[str, bytes]:
            return {**super()._found(file), LABEL: b"etc_t"}

    labelling = Labelling()
    labelling.refused = {LABEL}
    monkeypatch.setattr(attributes, "os", labelling)
    assert apply(root, RC_CONF).notes == ()
    labelling.release()


def test_a_list_opens_no_file_that_is_to_be_closed(tmp_path: Path) -> None:
    """With the system's own: a file of mode 0600 is one, whoever was let in before."""
    path = tmp_path / "file"
    path.touch()
    try:
        os.setxattr(path, LIST, LIST_OF_ONE)
    except OSError as error:
        # A file system without lists has nothing to open a file with.
        assert error.errno == errno.ENOTSUP
        return
    with below.opened(tmp_path, alone=False) as root:
        assert below.stage(root, "file", b"secret\n", 0o600, None, "file") == ()
        below.put(root, "file")
        assert path.stat().st_mode & 0o777 == 0o600
        os.setxattr(path, LIST, LIST_OF_ONE)
        mode = path.stat().st_mode & 0o777
        assert below.stage(root, "file", b"2\n", mode, None, "file") == ()
        below.put(root, "file")
    assert os.getxattr(path, LIST) == LIST_OF_ONE


def test_a_system_without_them_is_asked_for_none(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FreeBSD's Python has no such calls."""

    class Without:
        def __getattr__(self, name: str) -> Any:
            if "xattr" in name:
                raise AttributeError(name)
            return getattr(os, name)

    monkeypatch.setattr(attributes, "os", Without())
    assert apply(root, RC_CONF).notes == ()
