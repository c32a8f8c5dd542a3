"""Devices as boxes and lines: where each stands in a picture, and how big it is.

Nothing is drawn here, and no browser is asked how wide a text is: the widths are those of the
letters that the page's style names, rounded up.  What stands on another is above it; the NICs
are the lowest row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.review.model import Device

#: Pixels of a letter: of a name (14 px, bold), of a kind (11.5 px) and of a badge (11.5 px, mono).
_NAME, _KIND, _BADGE = 8.6, 6.6, 7.0
_PAD, _GAP, _RISE = 12, 20, 46
_HEAD, _CHIP, _CHIP_GAP = 34, 20, 5
_NARROWEST, _WIDEST = 132, 250
#: More beside each other would be too small to read.
_IN_A_ROW = 3
_EDGE = 2
#: From the middle of a line to what is written beside it.
_BESIDE = 18

#: Of the NICs, the hypervisor's own stand left of their VFs.
_ORDER = {"synthetic": 0, "vf": 1}
_KINDS = {"vf": "VF", "nic": "NIC", "vlan": "VLAN", "vrf": "VRF"}


@dataclass(frozen=True)
class Badge:
    """A setting in its box; `text` is cut to what fits, `whole` is not."""

    text: str
    whole: str
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class Box:
    """A device; `x` and `y` are its upper left corner."""

    name: str
    shown: str
    label: str
    kind: str
    is_there: bool
    x: float
    y: float
    width: float
    height: float
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class Line:
    """From a device up to what stands on it.

    `path` is SVG's.  The role ends (with the side `left`) or begins (`right`) at `x`, `y`.
    """

    role: str
    is_away: bool
    path: str
    side: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """A picture; `sentences` say the same in words."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    sentences: tuple[str, ...]


def drawing_of(devices: Sequence[Device]) -> Drawing:
    """The picture of these devices; a lower that is none of them is left out."""
    sizes = {one.name: _size(one) for one in devices}
    left: dict[str, float] = {}
    top: dict[str, float] = {}
    height = 0.0
    for row in _rows(devices):
        low = max(sizes[one.name].height for one in row)
        height += low + (_RISE if height else 0)
        for one, x in zip(row, _places(row, sizes, left)):
            left[one.name], top[one.name] = x, -height + (low - sizes[one.name].height)
    shift = min(left.values(), default=0)
    boxes = {
        name: _moved(box, left[name] - shift + _EDGE, top[name] + height + _EDGE)
        for name, box in sizes.items()
    }
    right = max((one.x + one.width for one in boxes.values()), default=0)
    return Drawing(
        width=round(right + _EDGE),
        height=round(height + 2 * _EDGE),
        boxes=tuple(boxes.values()),
        lines=tuple(line for one in devices for line in _lines(one, boxes)),
        sentences=tuple(map(sentence, devices)),
    )


def sentence(device: Device) -> str:
    """A device in words: what it is, on what it stands, what it bears."""
    words = f"{device.name}: {label_of(device)}"
    if not device.is_there:
        words += ", away"
    if device.lowers:
        words += " on " + ", ".join(f"{low.name} ({low.role})" for low in device.lowers)
    return words + (f"; {', '.join(device.settings)}" if device.settings else "")


def label_of(device: Device) -> str:
    """Its kind as people write it."""
    return _KINDS.get(device.kind, device.kind)


def _size(device: Device) -> Box:
    """The box of a device, with its badges, at the origin."""
    label = label_of(device) + ("" if device.is_there else ", away")
    head = len(device.name) * _NAME + len(label) * _KIND + 3 * _PAD
    chips = [len(text) * _BADGE + 12 for text in device.settings]
    widest = max(_NARROWEST, head, *(chip + 2 * _PAD for chip in chips))
    width = min(math.ceil(widest), _WIDEST)
    badges: list[Badge] = []
    x, y = float(_PAD), float(_HEAD)
    for text, chip in zip(device.settings, chips):
        room = width - 2 * _PAD
        wide = min(chip, room)
        if x > _PAD and x + wide > width - _PAD:
            x, y = _PAD, y + _CHIP + _CHIP_GAP
        badges.append(Badge(_cut(text, int((room - 12) / _BADGE)), text, x, y, wide))
        x += wide + _CHIP_GAP
    high = badges[-1].y + _CHIP + 9 if badges else _HEAD + 2
    shown = _cut(device.name, int((width - 3 * _PAD - len(label) * _KIND) / _NAME))
    return Box(
        name=device.name,
        shown=shown,
        label=label,
        kind=device.kind,
        is_there=device.is_there,
        x=0,
        y=0,
        width=width,
        height=high,
        badges=tuple(badges),
    )


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: max(letters - 1, 1)]}…"


def _moved(box: Box, x: float, y: float) -> Box:
    x, y = round(x, 1), round(y, 1)
    badges = tuple(
        Badge(one.text, one.whole, round(one.x + x, 1), round(one.y + y, 1), round(one.width, 1))
        for one in box.badges
    )
    return Box(
        box.name, box.shown, box.label, box.kind, box.is_there, x, y, box.width, box.height, badges
    )


def _rows(devices: Sequence[Device]) -> Iterable[Sequence[Device]]:
    """The rows from the lowest on, each short enough to be read."""
    levels: dict[str, int] = {}
    for one in devices:  # those that others stand on come first
        below = [levels[low.name] for low in one.lowers if low.name in levels]
        levels[one.name] = max(below) + 1 if below else 0
    for level in range(max(levels.values(), default=-1) + 1):
        row = [one for one in devices if levels[one.name] == level]
        row.sort(key=lambda one: _ORDER.get(one.kind, len(_ORDER)))
        for start in range(0, len(row), _IN_A_ROW):
            yield row[start : start + _IN_A_ROW]


def _places(
    row: Sequence[Device], sizes: dict[str, Box], left: dict[str, float]
) -> Sequence[float]:
    """The left edges of a row's boxes: in the middle above what each stands on, and apart."""
    found: list[float] = []
    wanted: list[float] = []
    at = 0.0
    for one in row:
        width = sizes[one.name].width
        below = [
            left[low.name] + sizes[low.name].width / 2 for low in one.lowers if low.name in left
        ]
        middle = sum(below) / len(below) if below else at + width / 2
        wanted.append(middle - width / 2)
        found.append(max(wanted[-1], at) if found else wanted[-1])
        at = found[-1] + width + _GAP
    too_far = sum(x - want for x, want in zip(found, wanted)) / len(row)
    return [x - too_far for x in found]


def _lines(device: Device, boxes: dict[str, Box]) -> Iterable[Line]:
    upper = boxes[device.name]
    lowers = [one for one in device.lowers if one.name in boxes]
    ordered = sorted(lowers, key=lambda one: boxes[one.name].x)
    for place, one in enumerate(ordered, 1):
        lower = boxes[one.name]
        x1, y1 = lower.x + lower.width / 2, lower.y
        x2, y2 = upper.x + upper.width * place / (len(ordered) + 1), upper.y + upper.height
        middle = round((y1 + y2) / 2, 1)
        ends = [f"{number:.6g}" for number in (x1, y1, x1, middle, x2, middle, x2, y2)]
        side = "left" if x1 < x2 else "right"
        yield Line(
            role=one.role,
            is_away=not lower.is_there,
            path=f"M{' '.join(ends[:2])}C{' '.join(ends[2:])}",
            side=side,
            x=round((x1 + x2) / 2 + (-_BESIDE if side == "left" else _BESIDE), 1),
            y=round(middle + 4, 1),
        )
