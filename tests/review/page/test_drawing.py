"""Where boxes and lines stand."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from hyperv_net.review.model import Device, Lower
from hyperv_net.review.page.drawing import Box, drawing_of


def _device(
    name: str,
    *lowers: tuple[str, str],
    kind: str = "nic",
    settings: Sequence[str] = (),
    is_there: bool = True,
) -> Device:
    return Device(name, kind, is_there, tuple(Lower(*one) for one in lowers), tuple(settings))


PAIR = (
    _device("vf0", kind="vf"),
    _device("eth0", kind="synthetic"),
    _device("bond0", ("eth0", "backup"), ("vf0", "primary"), kind="bond", settings=["dhcp4"]),
    _device("bond0.7", ("bond0", "parent"), kind="vlan", settings=["10.0.0.4/24", "id 7"]),
)


def test_what_stands_on_another_is_above_it() -> None:
    boxes = {one.name: one for one in drawing_of(PAIR).boxes}
    for upper, lower in (("bond0.7", "bond0"), ("bond0", "eth0"), ("bond0", "vf0")):
        assert boxes[upper].y + boxes[upper].height < boxes[lower].y


def test_an_aggregate_is_in_the_middle_above_its_members_the_synthetic_nic_left() -> None:
    boxes = {one.name: one for one in drawing_of(PAIR).boxes}
    middles = {name: one.x + one.width / 2 for name, one in boxes.items()}
    assert middles["eth0"] < middles["bond0"] < middles["vf0"]
    assert abs(middles["eth0"] + middles["vf0"] - 2 * middles["bond0"]) < 1


def test_each_line_has_its_role_and_whether_its_device_is_away() -> None:
    away = _device("vf0", kind="vf", is_there=False)
    lines = {one.role: one.is_away for one in drawing_of((away, *PAIR[1:])).lines}
    assert lines == {"backup": False, "primary": True, "parent": False}


def test_a_long_text_is_cut_in_its_box_and_whole_in_words() -> None:
    address = "2001:db8:1234:5678:9abc:def0:1234:5678/64"
    drawing = drawing_of([_device("e" * 60, settings=[address])])
    (box,) = drawing.boxes
    assert box.shown.endswith("…") and box.badges[0].text.endswith("…")
    assert box.badges[0].whole == address
    assert drawing.sentences == (f"{'e' * 60}: NIC; {address}",)


_NAMES = st.lists(st.text("abc", min_size=1, max_size=30), min_size=1, max_size=9, unique=True)


@st.composite
def _machines(draw: st.DrawFn) -> list[Device]:
    """Devices, each of which stands on some of those ahead of it."""
    made: list[Device] = []
    for name in draw(_NAMES):
        names = [one.name for one in made]
        lowers = draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) if names else []
        settings = draw(st.lists(st.text("0123/.", min_size=1, max_size=50), max_size=6))
        made.append(_device(name, *((one, "port") for one in lowers), settings=settings))
    return made


@given(_machines())
def test_no_box_is_on_another_and_all_are_in_the_picture(devices: list[Device]) -> None:
    drawing = drawing_of(devices)
    for one in drawing.boxes:
        assert one.x >= 0 and one.x + one.width <= drawing.width
        assert one.y >= 0 and one.y + one.height <= drawing.height
        for badge in one.badges:
            assert one.x < badge.x and badge.x + badge.width < one.x + one.width
            assert one.y < badge.y and badge.y + 20 < one.y + one.height
    pairs = [(a, b) for a in drawing.boxes for b in drawing.boxes if a is not b]
    assert not any(_on_each_other(a, b) for a, b in pairs)


def _on_each_other(a: Box, b: Box) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )
