"""Having the running machine follow files of networkd.

`networkctl reload` makes the devices of new .netdev files and configures those whose .network file
is another now (manager_reload() of src/network/networkd-manager.c, since systemd 244); it
takes no device away, and changes none that is there (networkctl(1)).
"""

from __future__ import annotations

from hyperv_net.names import is_interface_name
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers.networkd.paths import FOLDERS
from hyperv_net.renderers.parts import Step
from hyperv_net.root.drop_ins import in_order
from hyperv_net.root.ini import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperv_net.renderers.parts import Run

#: What stands on others goes first.
_ON_TOP = ("bridge", "vlan", "bond")
# networkctl(1) asks networkd over D-Bus, which a small image may lack; systemctl(1) needs none.
_RELOAD = Step(
    ("networkctl", "reload"), otherwise=("systemctl", "restart", "systemd-networkd.service")
)


def activation(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Step, ...]:
    """Devices that are made otherwise now, or no more, go with what holds them together."""
    made, now = _made(before), _made(after)
    gone = [name for name, how in made.items() if now.get(name) != how]
    gone.sort(key=lambda name: _rank(made[name]))
    return (*(Step(("ip", "link", "delete", name), may_fail=True) for name in gone), _RELOAD)


def activate(
    before: Mapping[str, str], after: Mapping[str, str], device: str, interface: str, run: Run
) -> tuple[Step, ...]:
    """networkd configures the devices alone whose file is another one now."""
    return (_RELOAD,)


def _rank(how: frozenset[tuple[str, str, str]]) -> int:
    kind = next((value for section, key, value in how if (section, key) == ("NetDev", "Kind")), "")
    return _ON_TOP.index(kind) if kind in _ON_TOP else 0


def _made(existing: Mapping[str, str]) -> dict[str, frozenset[tuple[str, str, str]]]:
    """Each device of a .netdev file, with what the file says; of two for one name the first's.

    A VLAN is another one on another device, which the files below it say.
    """
    paths = in_order(existing, FOLDERS)
    found: dict[str, frozenset[tuple[str, str, str]]] = {}
    for path in paths:
        said = frozenset((one.section, one.key, one.value) for one in settings(existing[path]))
        for section, key, value in said:
            is_name = path.endswith(".netdev") and (section, key) == ("NetDev", "Name")
            if is_name and is_interface_name(value):
                found.setdefault(value, said)
    for path in paths:
        names = [one for one in settings(existing[path]) if one.section in ("Match", "Network")]
        below = " ".join(one.value for one in names if (one.section, one.key) == ("Match", "Name"))
        for one in names:
            if one.key == "VLAN" and one.value in found:
                found[one.value] |= {("VLAN", "below", below)}
    return found
