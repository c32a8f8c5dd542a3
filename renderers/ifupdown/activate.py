"""Having the running machine follow new stanzas of one interface."""

from __future__ import annotations

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.ifupdown.inject import bonds
from hyperv_net.renderers.parts import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.parts import Run


def release(interface: str) -> tuple[Step, ...]:
    """ifdown(8) ends a DHCP client only where the files still speak of one."""
    return (Step(("ifdown", interface), may_fail=True),)


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Step, ...]:
    """ifdown(8) passes by a bond whose stanzas are gone, and it would keep its members."""
    return (
        *(
            Step(("ip", "link", "delete", name), may_fail=True)
            for name in bonds(before)
            if name not in bonds(after)
        ),
        Step(("systemctl", "restart", "networking")),
    )


def activate(
    before: Mapping[str, str], after: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """The other interfaces are not touched."""
    return (Step(("ifup", interface)),)
