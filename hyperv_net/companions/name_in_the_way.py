"""The name of a synthetic NIC, where the kernel has given it to a VF that registered first.

Drivers are loaded side by side, so that which NIC of a card registers first, and is eth0, may
change from boot to boot.  What gives the synthetic NIC its name, a rule of udev's or a .link, fails
with EEXIST for as long as the other has it: udev tries once, and never swaps names (systemd/systemd
issues 2657 and 29073; Name= of systemd.link(5)).  Nothing that is configured by that name is there
then: a bond of ifupdown has no member, a .network of netplan fits no NIC.
"""

from __future__ import annotations

from hyperv_net.names import is_interface_name
from hyperv_net.programs import PATH
from hyperv_net.records import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hyperv_net.hotplug.wanted import WantedPair

#: How long, in tenths of a second, udev may take over the event of the NIC that has the name: most
#: often that is about to be given another one.
_TENTHS = 50


def rules(pair: WantedPair, driver: str, mark: str) -> Iterator[str]:
    """The rule by which the event of a synthetic NIC finds its name free, when udev renames it.

    `mark` is the property by which udev has noted what is a VF.  None where the name is not known.
    """
    if is_interface_name(pair.synthetic):
        yield (
            f'ACTION=="add", DRIVERS=="{driver}", ATTR{{address}}=="{pair.mac}",'
            f' KERNEL!="{pair.synthetic}", PROGRAM=="{program(pair, mark)}"'
        )


def program(pair: WantedPair, mark: str) -> str:
    """The command of a PROGRAM key, which is run before any NIC of an event is renamed.

    It takes the name from a VF alone, of whichever pair, and only once udev has left it that name.
    One that is up is taken down for it, since kernels before 6.2 rename no other
    (dev_change_name() of net/core/dev.c), and raised again where it has a master.  Its new name has
    its number, and is of no kernel's own: nobody else can come to have it.
    """
    name, nic = pair.synthetic, f"/sys/class/net/{pair.synthetic}"
    steps = [
        "exec 2>/dev/null",
        f"PATH={PATH}",
        "tries=0 said=",
        f"while read -r index <{nic}/ifindex && [ $tries -lt {_TENTHS} ]",
        f"do said=$(udevadm info -q property {nic})",
        "case $said in *ID_RENAMING=1*) ;; *USEC_INITIALIZED=*) break;; esac",
        "tries=$((tries + 1))",
        "sleep 0.1",
        "done",
        f"[ -e {nic}/device ] && read -r mac <{nic}/address || exit 1",
        f"case $said in *{mark}=?*) ;; *) [ $mac = {pair.mac} ] || exit 1;; esac",
        f"read -r index <{nic}/ifindex && read -r flags <{nic}/flags || exit 1",
        f"rename() {{ ip link set dev {name} name vf$index; }}",
        f"rename || {{ ip link set dev {name} down && rename; }} || exit 1",
        "[ $((flags & 1)) -eq 0 ] || [ ! -e /sys/class/net/vf$index/master ]"
        " || ip link set dev vf$index up",
    ]
    return "/bin/sh -c '{}'".format("; ".join(steps).replace("$", "$$"))
