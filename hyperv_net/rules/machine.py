"""Rules about the NICs that are found on a machine, or in a snapshot of one."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "inventory-key",
        WARNING,
        title="The inventory has a key that hyperv-net does not know",
        why="The key has no effect. Where it is misspelt, a fact about the machine is missing from"
        " the plan: a NIC without its driver, for example, may not be seen as half of a pair.",
        mend="Mend the key's spelling, or have `hyperv-net inventory --format json` print the"
        " inventory again on the machine.",
        example='warning: f.json: nics[0]: the inventory\'s key "drivers" is not known, and has no'
        " effect (check its spelling) [inventory-key]",
    ),
    Rule(
        "nic-driver",
        WARNING,
        title="It cannot be told which NIC is the synthetic one",
        why="FreeBSD's NICs were renamed, and this system does not say what they were called"
        " before. Without their drivers it is not known which of them belong to one card, so a"
        " pair among them is not planned for, and a migration may cut the machine off.",
        mend="Give the NICs the names of their drivers again (hn0), or attach the VF and run it"
        " again.",
        example="warning: ifconfig -a: cannot tell which of inner, outer is an hn(4): they were"
        " renamed, and this system does not say what they were (give them the names of their"
        " drivers again, or attach the VF and run this again) [nic-driver]",
    ),
    Rule(
        "nic-name",
        WARNING,
        title="A NIC has a name that no configuration may hold, and is left out",
        why="Names go into files that shells and other programs run as root, so that only plain"
        " ones are taken. The NIC and its pair are in no plan, and keep what they have.",
        mend="Rename the NIC to a letter or digit and then letters, digits and `_ . : -`, at most"
        " 15 in all.",
        example="warning: /sys/class/net: left out the NIC 'a b': an interface name is a letter or"
        " digit, then letters, digits and `_ . : -`, at most 15 in all (rename it with `ip link"
        " set`) [nic-name]",
    ),
    Rule(
        "nic-unreadable",
        ERROR,
        milder=(WARNING,),
        title="What is known of a NIC cannot be read, and it is left out",
        why="Its pair is not seen, so that no plan and no status speaks of it. It is an error where"
        " a copied tree has lost its links, since then all that follows from it may be wrong.",
        mend="Capture the machine again with the links kept, best by `hyperv-net inventory"
        " --capture FILE`.",
        example="warning: /sys/class/net/eth9: left out eth9: its directory is missing, unreadable"
        " or outside the root (capture the tree again with its links kept as they are)"
        " [nic-unreadable]",
    ),
    Rule(
        "synthetic-nic-taken",
        WARNING,
        title="Another program has a synthetic NIC, and so its VF too",
        why="The synthetic NIC is on its bus and has no network device: DPDK or another program"
        " took it. Its VF looks like a NIC of its own, and what configures it there takes it away"
        " from that program.",
        mend="Keep the VF of its MAC address out of the network's configuration, or give the"
        " synthetic NIC back to its driver.",
        example="warning: /sys/bus/vmbus/devices/000d3a11-2233: a synthetic NIC has the driver"
        " uio_hv_generic and no network device, so its VF stands alone: whoever took the one"
        " (DPDK?) has the other too (keep the VF of its MAC address out of the network's"
        " configuration) [synthetic-nic-taken]",
    ),
    Rule(
        "vf-taken",
        NOTE,
        title="Another program has a VF",
        why="The VF has a driver that makes no network device of it (vfio-pci, for example). The"
        " machine's own traffic takes the slow path over the synthetic NIC, which is right where"
        " the VF was given away on purpose.",
        mend="Nothing, where that is meant; otherwise give the VF back to its own driver.",
        example="note: /sys/bus/pci/devices/7870:00:00.0: a VF has the driver vfio-pci and no"
        " network device, so that another program has it [vf-taken]",
    ),
    Rule(
        "vf-without-netdev",
        WARNING,
        title="A VF is attached and has no network device",
        why="Its driver failed or is not there. The machine stays reachable over the synthetic NIC,"
        " and all traffic takes that slow path, with nothing else to show for it.",
        mend="Look for the driver's error in the kernel's log, and install the driver's module if"
        " it is missing.",
        example="warning: /sys/bus/pci/devices/7870:00:00.0: a VF has no driver and no network"
        " device: all traffic takes the slow path (look for its driver's error in the kernel's"
        " log, and for the driver's module) [vf-without-netdev]",
    ),
)
