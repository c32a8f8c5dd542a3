"""FreeBSD's loader.conf: what the kernel must know before it starts.

`hw.hn.vf_transparent` can be set by the loader only, and 1 is the kernel's
default (sys/dev/hyperv/netvsc/if_hn.c of freebsd/freebsd-src).
"""

from __future__ import annotations

import re

from hyperv_net.marks import BEGIN, END, find_block
from hyperv_net.model import AggregatePolicy, Finding, Severity
from hyperv_net.places import within
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hyperv_net.model import Settings

FILE = "boot/loader.conf"
#: Read after loader.conf, in this order (loader.conf(5)).
LATER = ("boot/loader.conf.d/*.conf", "boot/loader.conf.local")

_TRANSPARENT = "hw.hn.vf_transparent"
_SETTING = re.compile(r'^[ \t]*([A-Za-z0-9_.]+)="?([^"#\n]*)"?', re.M)


class Loader(NamedTuple):
    """loader.conf's new text, and what is to be said about it."""

    text: str
    findings: tuple[Finding, ...]


def with_settings(existing: Mapping[str, str], settings: Settings) -> Loader:
    """loader.conf as the chosen mode needs it; `existing` has the files above by path.

    With `auto` the kernel's own choice stands: where it drives the pairs there
    is no lagg, and where it is told not to, the module is loaded early.
    """
    policy = settings.aggregate if settings.enabled else AggregatePolicy.NEVER
    text = existing.get(FILE, "")
    while (block := find_block(text)) is not None:
        text = text[: block[0]] + text[block[1] :]
    later = {path: _settings(existing[path]) for path in _in_order(existing)}
    known = dict(item for one in (_settings(text), *later.values()) for item in one.items())
    lines = []
    if policy is AggregatePolicy.ALWAYS and known.get(_TRANSPARENT) != "0":
        lines.append("# A lagg over hn(4) and its VF: the kernel must not join them by itself.\n")
        lines.append(f'{_TRANSPARENT}="0"\n')
    needs_lagg = policy is AggregatePolicy.ALWAYS or (
        policy is AggregatePolicy.AUTO and known.get(_TRANSPARENT) == "0"
    )
    if needs_lagg and known.get("if_lagg_load", "").upper() != "YES":
        lines.append("# lagg(4), there before the network is configured.\n")
        lines.append('if_lagg_load="YES"\n')
    ours = f"{BEGIN}\n{''.join(lines)}{END}\n" if lines else ""
    if ours and text and not text.endswith("\n"):
        text += "\n"
    return Loader(text + ours, tuple(_overridden(existing, policy)))


def _in_order(existing: Mapping[str, str]) -> list[str]:
    """The files that are read after loader.conf, the last of which wins."""
    local = LATER[-1]
    folder = sorted(path for path in existing if path not in (FILE, local))
    return [*folder, *([local] if local in existing else [])]


def _settings(text: str) -> dict[str, str]:
    return {name: value.strip() for name, value in _SETTING.findall(text)}


def _overridden(existing: Mapping[str, str], policy: AggregatePolicy) -> Iterator[Finding]:
    if policy is not AggregatePolicy.ALWAYS:
        return
    for path in _in_order(existing):
        for line in _SETTING.finditer(existing[path]):
            if line[1] == _TRANSPARENT and line[2].strip() != "0":
                start, end = line.start(1), line.end(2)
                yield Finding(
                    "loader-conf-overridden",
                    Severity.ERROR,
                    f"it sets {_TRANSPARENT} to {line[2].strip()}, so the kernel would keep "
                    "every pair",
                    within(path, existing[path], start, end),
                    "take the line out, or bake with --aggregate auto",
                )
