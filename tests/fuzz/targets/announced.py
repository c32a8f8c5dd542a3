"""What is announced to the machine, by a cloud, a host or a script: refused, or fit to be used."""

from __future__ import annotations

from hyperv_net.announcements import azure, google
from hyperv_net.announcements.announcement import ID, Announcement
from hyperv_net.announcements.kvp_records import value_of
from hyperv_net.announcements.own_document import announcement_in
from tests.fuzz.inputs import refused_in_one_line

_NAME = "vm_0"


def once(data: bytes) -> None:
    read = _READ[(data[:1] or b"\0")[0] % len(_READ)]
    with refused_in_one_line():
        read(data[1:])


def _azure(data: bytes) -> None:
    told = azure.announcements_in(data, _NAME)
    assert "\n" not in told.trouble
    assert len({one.id for one in told.announcements}) == len(told.announcements)
    for one in told.announcements:
        _is_sound(one)


def _instance(data: bytes) -> None:
    name = azure.machine_name(data)
    assert name == name.strip() != ""


def _google(data: bytes) -> None:
    etag, _, value = data.partition(b"\n")
    for one in google.announcements_in(value, etag.decode("latin-1")):
        _is_sound(one)


def _own(data: bytes) -> None:
    _is_sound(announcement_in(data, "x.json", "directory", "x"))


def _pool(data: bytes) -> None:
    # The records are far longer than an input: its parts are put into them.
    parts = data.split(b"\xff")
    records = b"".join(
        key[:512].ljust(512, b"\0") + value[:2048].ljust(2048, b"\0")
        for key, value in zip(parts[::2], parts[1::2])
    )
    value = value_of(records + data[:99], b"hyperv-net.announcement")
    assert value is None or b"\0" not in value
    if value:
        _own(value)


def _is_sound(one: Announcement) -> None:
    assert ID.match(one.id) and one.owner == f"{one.source}:{one.id}"
    assert one.kind and one.kind.isascii() and one.kind.isprintable()
    assert one.text.isprintable() and len(one.text) < 220
    assert one.not_before is None or 0 <= one.not_before + 86_400 < 10**12
    assert one.interrupts is None or 0 <= one.interrupts < float("inf")
    assert one.is_mine or not one.is_mine_alone


_READ = (_azure, _instance, _google, _own, _pool)
