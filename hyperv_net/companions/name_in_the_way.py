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
    from collections.abc import Collection, Iterator

    from hyperv_net.hotplug.wanted import WantedPair

#: How long, in seconds, udev may take over the event of the NIC that has the name: most often that
#: is about to be given another one.
_SECONDS = 5


def rules(pair: WantedPair, driver: str, mark: str, given: Collection[str]) -> Iterator[str]:
    """The rule by which the event of a synthetic NIC finds its name free, when udev renames it.

    `mark` is the property by which udev has noted what is a VF.  None where the name is not known,
    or not one of those that are `given`: where nobody renames the synthetic NIC it would only be
    taken from the VF, and no NIC would have it.
    """
    if is_interface_name(pair.synthetic) and pair.synthetic in given:
        yield (
            f'ACTION=="add", DRIVERS=="{driver}", ATTR{{address}}=="{pair.mac}",'
            f' KERNEL!="{pair.synthetic}", PROGRAM=="{program(pair, driver, mark)}"'
        )


def program(pair: WantedPair, driver: str, mark: str) -> str:
    """The command of a PROGRAM key, which is run before any NIC of an event is renamed.

    It takes the name from a VF alone, of whichever pair, and only once udev has left it that name.
    For a NIC of the synthetic driver it does not wait: two that have each other's names would wait
    for each other, since udev has noted nothing of a NIC whose event it is still at.
    One that is up is taken down for it where it has a master, since kernels before 6.2 rename no
    other (dev_change_name() of net/core/dev.c), and is raised again under either name.  One that is
    up without a master may carry the network of the initramfs, whose routes would be gone with it:
    there it keeps the name.  The new name has its number, and is of no kernel's own: nobody else
    can come to have it.
    """
    name, nic = pair.synthetic, f"/sys/class/net/{pair.synthetic}"
    steps = [
        "exec 2>/dev/null",
        f"PATH={PATH}",
        f"n={nic}",
        "IFS=. read -r end rest </proc/uptime",
        # What has no driver is software's, or nobody has the name any more.
        f"while case x$(readlink $n/device/driver) in x|*/{driver}) exit 1;; esac",
        "IFS=. read -r now rest </proc/uptime",
        f"[ $now -le $((end + {_SECONDS})) ]",
        "do said=$(udevadm info -q property $n)",
        "case $said in *ID_RENAMING=1*) ;; *USEC_INITIALIZED=*) break;; esac",
        "sleep 0.1",
        "done",
        "read -r mac <$n/address && read -r index <$n/ifindex && read -r flags <$n/flags || exit 1",
        f"case $said in *{mark}=?*) ;; *) [ $mac = {pair.mac} ] || exit 1;; esac",
        f"rename() {{ ip link set dev {name} name vf$index; }}",
        "rename && exit",
        "[ $((flags & 1)) = 1 ] && [ -e $n/master ] || exit 1",
        f"ip link set dev {name} down",
        f"rename && n=vf$index || n={name}",
        "ip link set dev $n up",
    ]
    return "/bin/sh -c '{}'".format("; ".join(steps).replace("$", "$$"))
