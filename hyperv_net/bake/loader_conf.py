"""FreeBSD's loader.conf: what the kernel must know before it starts.

`hw.hn.vf_transparent` can be set by the loader only, and 1 is the kernel's
default (sys/dev/hyperv/netvsc/if_hn.c of freebsd/freebsd-src).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hyperv_net.model import AggregatePolicy, Finding, Severity

FILE = "boot/loader.conf"
#: Read after loader.conf, in this order (loader.conf(5)).
LATER = ("boot/loader.conf.d/*.conf", "boot/loader.conf.local")

_TRANSPARENT = "hw.hn.vf_transparent"
_BEGIN = "# hyperv-net: begin (this block is rewritten; keep your own settings outside it)\n"
_END = "# hyperv-net: end\n"
_BLOCK = re.compile(re.escape(_BEGIN) + r"(?:.*\n)*?" + re.escape(_END))
_SETTING = re.compile(r'^[ \t]*([A-Za-z0-9_.]+)="?([^"#\n]*)"?', re.M)


class Loader(NamedTuple):
    """loader.conf's new text, and what is to be said about it."""

    text: str
    findings: tuple[Finding, ...]


def with_settings(existing: Mapping[str, str], policy: AggregatePolicy) -> Loader:
    """loader.conf as the chosen mode needs it; `existing` has the files above by path.

    With `auto` the kernel's own choice stands: where it drives the pairs there
    is no lagg, and where it is told not to, the module is loaded early.
    """
    text = _BLOCK.sub("", existing.get(FILE, ""))
    own = _settings(text)
    lines = []
    if policy is AggregatePolicy.ALWAYS and own.get(_TRANSPARENT) != "0":
        lines.append("# A lagg over hn(4) and its VF: the kernel must not join them by itself.\n")
        lines.append(f'{_TRANSPARENT}="0"\n')
    needs_lagg = policy is AggregatePolicy.ALWAYS or (
        policy is AggregatePolicy.AUTO and own.get(_TRANSPARENT) == "0"
    )
    if needs_lagg and own.get("if_lagg_load", "").upper() != "YES":
        lines.append("# lagg(4), there before the network is configured.\n")
        lines.append('if_lagg_load="YES"\n')
    block = f"{_BEGIN}{''.join(lines)}{_END}" if lines else ""
    if block and text and not text.endswith("\n"):
        text += "\n"
    return Loader(text + block, tuple(_overridden(existing, policy)))


def _settings(text: str) -> dict[str, str]:
    return {name: value.strip() for name, value in _SETTING.findall(text)}


def _overridden(existing: Mapping[str, str], policy: AggregatePolicy) -> Iterator[Finding]:
    for path, text in sorted(existing.items()):
        value = _settings(text).get(_TRANSPARENT)
        if path != FILE and value not in (None, "0") and policy is AggregatePolicy.ALWAYS:
            yield Finding(
                "loader-conf-overridden",
                Severity.ERROR,
                f"it sets {_TRANSPARENT} to {value}, so the kernel would keep every pair",
                path,
                "take the line out, or bake with --aggregate auto",
            )
