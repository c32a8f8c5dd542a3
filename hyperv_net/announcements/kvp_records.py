"""The records of a pool of Hyper-V's key-value pairs.

A key in 512 bytes and its value in 2048, one record behind the other; each text ends at its first
NUL, and behind that is whatever was there before (hv_kvp_daemon.c of torvalds/linux, tools/hv, and
of freebsd/freebsd-src, contrib/hyperv/tools: `kvp_key_delete` moves records with strcpy).
"""

from __future__ import annotations

_KEY = 512
_VALUE = 2048
RECORD = _KEY + _VALUE


def value_of(data: bytes, key: bytes) -> bytes | None:
    """The value of a key in a pool; None where that has none.

    The first record counts, as for the daemon, and a part of one at the end is none.
    """
    for at in range(0, len(data) - RECORD + 1, RECORD):
        if _text(data[at : at + _KEY]) == key:
            return _text(data[at + _KEY : at + RECORD])
    return None


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]
