"""The ioctl that asks a Linux kernel for a permanent address."""

from __future__ import annotations

import ctypes
import fcntl
import struct
import sys

import pytest

from hyperv_net.inventory.ethtool import permanent_address

SIOCETHTOOL = 0x8946
ETHTOOL_GPERMADDR = 0x20


def kernel_that_answers(monkeypatch: pytest.MonkeyPatch, address: bytes) -> list[bytes]:
    """Puts a kernel in place that has `address` for every NIC; the names it was asked for."""
    asked = []

    def ioctl(descriptor: int, request: int, argument: bytes) -> bytes:
        assert request == SIOCETHTOOL
        assert len(argument) == 40
        name, location = struct.unpack_from("16sP", argument)
        command, size = struct.unpack("=II", ctypes.string_at(location, 8))
        assert (command, size) == (ETHTOOL_GPERMADDR, 32)
        answer = struct.pack("=II", command, len(address)) + address
        ctypes.memmove(location, answer, len(answer))
        asked.append(name.rstrip(b"\0"))
        return argument

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    return asked


def test_the_kernels_answer_is_an_address_as_the_program_writes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = kernel_that_answers(monkeypatch, bytes.fromhex("000d3aABCDEF"))
    assert permanent_address("enP35237s1") == "00:0d:3a:ab:cd:ef"
    assert asked == [b"enP35237s1"]


@pytest.mark.parametrize("address", [b"", bytes(6), bytes(20), b"\1" * 20], ids=len)
def test_no_address_or_one_of_another_length_is_none(
    address: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel_that_answers(monkeypatch, address)
    assert permanent_address("eth0") is None


def test_a_kernel_that_refuses_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def ioctl(*_: object) -> bytes:
        raise OSError

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    assert permanent_address("eth0") is None


def test_a_real_kernel_has_no_permanent_address_for_a_nic_that_is_not_there() -> None:
    assert permanent_address("no-such-nic") is None


if sys.platform == "linux":

    def test_a_real_linux_has_no_permanent_address_for_the_loopback() -> None:
        assert permanent_address("lo") is None
