"""Machines that cloud-init has nothing to do with: everybody is kept off a VF that comes late."""

from __future__ import annotations

import lzma

import pytest

from hyperv_net.bake.package import own_package
from hyperv_net.companions.keep_off import keep_off_files
from tests.debian.packages import unpacked
from tests.lab import cpio
from tests.lab.health import addresses
from tests.lab.image import image, packages
from tests.lab.machine import OTHER_SLOT, OTHER_VF, SLOT, VF, Machine, Results, started
from tests.lab.network import GUEST, MAC, PEER

pytestmark = pytest.mark.lab

_PACKAGE = "usr/lib/python3/dist-packages/hyperv_net"
_HYPERV_NET = "python3 -m hyperv_net"

#: What each manager is told by the machine's owner: to take whatever there is.
CONFIGURED = {
    "netplan": ("etc/systemd/network/50-all.network", "[Match]\nName=e*\n\n[Network]\nDHCP=yes\n"),
    "ifupdown": (
        "etc/network/interfaces",
        "auto lo eth0\niface lo inet loopback\niface eth0 inet dhcp\n"
        f"allow-hotplug {VF} {OTHER_VF}\niface {VF} inet dhcp\niface {OTHER_VF} inet dhcp\n",
    ),
    "network-manager": ("etc/NetworkManager/conf.d/50-lab.conf", "[main]\nplugins=keyfile\n"),
}
#: A script that succeeds once each has decided to leave the NIC alone.
LEFT_ALONE = {
    "netplan": "networkctl status NIC | grep -q 'unmanaged'",
    "ifupdown": "systemctl show -P Result ifup@NIC | grep -q exit-code",
    "network-manager": 'nmcli -g GENERAL.STATE device show NIC | grep -q "10 (unmanaged)"',
}
_CHECKSUMS = "find /etc -xdev -type f | sort | xargs sha256sum"


def as_hv_netvsc(suite: str, renderer: str) -> cpio.Entry:
    """Debian's module of virtio-net, whose driver bears the name of Hyper-V's.

    The name is one constant; another stands after a `=`, and one in the module's own record is
    followed by zeros.  Its signature, which would not fit any more, is left out: the kernel takes
    a module without one (module_sig_check() of kernel/module/signing.c).
    """
    root = unpacked(suite, packages(renderer)).root
    (module,) = root.glob("usr/lib/modules/*/kernel/drivers/net/virtio_net.ko*")
    content = module.read_bytes()
    text = lzma.decompress(content) if module.suffix == ".xz" else content
    name, at = b"\0virtio_net\0", -1
    found = []
    while (at := text.find(name, at + 1)) >= 0:
        if text[at + len(name) : at + len(name) + 8] != bytes(8):
            found.append(at)
    assert len(found) == 1, found
    text = text.removesuffix(b"~Module signature appended~\n")
    patched = text[: found[0]] + b"\0hv_netvsc\0\0" + text[found[0] + len(name) :]
    packed = lzma.compress(patched, check=lzma.CHECK_CRC32) if module.suffix == ".xz" else patched
    return cpio.file(str(module.relative_to(root)), packed)


@pytest.mark.parametrize(
    ("suite", "renderer"),
    [("trixie", "netplan"), ("bookworm", "ifupdown"), ("trixie", "network-manager")],
    ids=["netplan", "ifupdown", "network-manager"],
)
def test_a_vf_that_comes_late_is_left_alone_and_nothing_of_the_machine_changes(
    suite: str, renderer: str, results: Results
) -> None:
    """Without the rules the same machine's manager gives the VF the card's address once more."""
    link = b"[Match]\nDriver=hv_netvsc\n[Link]\nNamePolicy=keep\n"
    files = [
        *without_cloud_init(renderer),
        as_hv_netvsc(suite, renderer),
        cpio.file("etc/systemd/network/97-netvsc.link", link),
    ]
    name = f"{suite}-{renderer}-guarded"
    with started(name, renderer, image(suite, renderer), files, results, None) as machine:
        has_its_address(machine, "eth0")
        assert "/hv_netvsc" in machine.guest.ask("readlink -f /sys/class/net/eth0/device/driver")
        machine.guest.attach_vf(SLOT)
        has_its_address(machine, VF)
        machine.guest.detach_vf()
        machine.guest.rest()
        machine.guest.until(f"[ ! -e /sys/class/net/{VF} ]")
        before = machine.guest.ask(_CHECKSUMS)

        said = machine.guest.ask(f"{_HYPERV_NET} guard").splitlines()
        (follow,) = [one.partition(": ")[2] for one in said if one.startswith("to use it now:")]
        machine.guest.ask(follow)
        assert "VFs kept off by its guard" in machine.guest.run(f"{_HYPERV_NET} status").out
        for slot, vf in ((SLOT, VF), (OTHER_SLOT, OTHER_VF)):
            start = len(machine.guest.notes())
            machine.guest.attach_vf(slot)
            is_left_alone(machine, vf)
            machine.guest.detach_vf()
            machine.guest.rest()
            machine.guest.until(f"[ ! -e /sys/class/net/{vf} ]")
            taken = [
                note
                for note in machine.guest.notes(start)
                if note["what"] == "address" and note["name"] == vf
            ]
            assert taken == []
        has_its_address(machine, "eth0")
        machine.saw("guarded", f"{VF} and {OTHER_VF} came late, and nobody touched them")

        is_shown_again(machine)

        machine.guest.ask(f"{_HYPERV_NET} guard --remove")
        assert machine.guest.ask(_CHECKSUMS) == before
        machine.saw("guard removed", "all files as they were")


def test_a_pair_that_the_kernel_owns_is_guarded_and_shown_and_not_drained(results: Results) -> None:
    """net_failover's own, in an image that has the rules; its standby is kept off as well."""
    rules = [
        cpio.file(one.path, one.text.encode(), one.mode)
        for one in keep_off_files((), lambda path: False)
    ]
    files = [*without_cloud_init("netplan"), *rules]
    made = image("trixie", "netplan")
    with started("trixie-failover", "netplan", made, files, results, None, failover=True) as one:
        one.guest.until("ls -d /sys/class/net/*/lower_* && udevadm settle")
        master = one.guest.ask("basename $(dirname /sys/class/net/*/lower_*)")
        has_its_address(one, master)
        one.guest.attach_vf()
        one.guest.until(
            f"[ $(ls -d /sys/class/net/{master}/lower_* | wc -l) = 2 ] && udevadm settle"
        )
        vf = one.guest.ask("ls /sys/bus/pci/drivers/e1000e/0*/net")
        is_left_alone(one, vf)
        one.guest.until(f"[ $(cat /sys/class/net/{vf}/operstate) = up ]")
        shown = one.guest.ask(f"{_HYPERV_NET} status")
        assert f"through {vf} (VF)" in shown and shown.endswith("healthy")

        refused = one.guest.run(f"{_HYPERV_NET} drain")
        assert refused.status == 1 and "net_failover hears nothing" in refused.err
        one.guest.ask(f"ping -c 1 -W 5 {PEER}")
        hears_nothing_with_its_vf_down(one, vf)
        one.guest.detach_vf()
        one.guest.rest()
        one.guest.attach_vf()
        one.guest.until(f"[ -e /sys/class/net/{vf} ]")
        is_left_alone(one, vf)
        one.guest.until(f"{_HYPERV_NET} status | grep -q 'through {vf} (VF)'")
        assert "drained" not in one.guest.ask(f"{_HYPERV_NET} status")
        one.guest.ask(f"ping -c 1 -W 5 {PEER}")
        elsewhere = {
            note["name"]
            for note in one.guest.notes()
            if note["what"] == "address" and ":" not in note["address"]
        } - {master, "lo"}
        assert elsewhere == set()
        one.saw("net_failover", f"{master} alone had an address; {vf} left and came back")


def hears_nothing_with_its_vf_down(one: Machine, vf: str) -> None:
    """Why it is refused: the kernel hands nothing on that the standby receives."""
    one.guest.ask(f"ip link set {vf} down")
    assert one.guest.run(f"ping -c 3 -W 2 {PEER}").status == 1
    one.guest.ask(f"ip link set {vf} up")
    one.guest.until(f"ping -c 1 -W 2 {PEER}")


def without_cloud_init(renderer: str) -> list[cpio.Entry]:
    """A machine that its owner configured, with the package beside its Python and nothing else."""
    path, text = CONFIGURED[renderer]
    return [
        cpio.file("etc/cloud/cloud-init.disabled", b""),
        cpio.file(path, text.encode()),
        *(
            cpio.file(f"{_PACKAGE}/{name}", content.encode())
            for name, content in own_package().items()
        ),
    ]


def has_its_address(machine: Machine, nic: str) -> None:
    """Wait until a NIC has what the DHCP server gives to the card."""
    machine.guest.until(f"ip -4 -o addr show dev {nic} | grep -q {GUEST}/")


def is_left_alone(machine: Machine, vf: str) -> None:
    """Wait until udev and the manager have decided, and see that the VF has no address."""
    machine.guest.until(
        f"[ -e /sys/class/net/{vf} ] && udevadm settle &&"
        f" udevadm info -q property /sys/class/net/{vf} | grep -qx HYPERV_NET_KEPT_OFF=1"
    )
    machine.guest.until(LEFT_ALONE[machine.renderer].replace("NIC", vf))
    found = addresses(machine.guest.ask("ip -j addr show"))[vf]
    assert [one for one in found if ":" not in one] == []


def is_shown_again(machine: Machine) -> None:
    """A VF that is there before its synthetic NIC is marked as soon as that comes."""
    marked = f"udevadm info -q property /sys/class/net/{VF} | grep -qx HYPERV_NET_KEPT_OFF=1"
    device = machine.guest.ask("basename $(readlink -f /sys/class/net/eth0/device)")
    driver = "/sys/bus/virtio/drivers/hv_netvsc"
    machine.guest.ask(f"echo {device} >{driver}/unbind")
    machine.guest.attach_vf(SLOT)
    machine.guest.until(f"[ -e /sys/class/net/{VF} ] && udevadm settle && ! {marked}")
    machine.guest.ask(f"echo {device} >{driver}/bind")
    machine.guest.until(f"udevadm settle && {marked}")
    assert machine.guest.ask(f"cat /sys/class/net/{VF}/address") == MAC
    machine.saw("VF before its synthetic NIC", "not marked, and marked when that came")
