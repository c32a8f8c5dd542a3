"""Rules about which NICs are one card, and what such a pair needs."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "fits-the-vf",
        WARNING,
        title="A file that is meant for one NIC fits the VF of its card too",
        why="Both NICs of a card have one MAC address, so that a file which picks its NIC by that,"
        " or by a pattern, may pick the VF. The VF then gets an address, a name or a manager of its"
        " own: two NICs fight for one address, and when a migration takes the VF away, its"
        " addresses and routes go with it.",
        mend="Say in the file which of the two is meant, by its driver beside its MAC address, or"
        " leave the VF out of it, as the finding's hint says.",
        example="warning: etc/udev/rules.d/70-persistent-net.rules:1: it fits enP0s1, of one card"
        " with eth0: ifup brings the VF up by itself (leave the VF out of it: what eth0 has is for"
        " both) [fits-the-vf]",
    ),
    Rule(
        "kernel-owns-pair",
        ERROR,
        milder=(WARNING,),
        title="The kernel owns a pair for which an aggregate is asked",
        why="A kernel that joins the VF to the synthetic NIC by itself lets no bond or lagg take"
        " either. An aggregate over such a pair is not made, or never sees the VF; what was to be"
        " on it would be on nothing. It is a warning where that is likely and not certain.",
        mend="Leave the setting `aggregate` at `auto`; the pair needs none. On FreeBSD"
        " `hw.hn.vf_transparent=0` in loader.conf gives the pair to a lagg.",
        example="error: 'aggregate: always' cannot be done: hv_netvsc of Linux 6.1 takes the VF"
        " itself, and bonding refuses a NIC that the kernel has taken (EBUSY) (leave the setting at"
        " auto) [kernel-owns-pair]",
    ),
    Rule(
        "needs-an-aggregate",
        WARNING,
        title="Keeping everybody off a VF leaves it idle, since its kernel does not use it",
        why="`hyperv-net guard` is enough where the kernel joins the VF to the synthetic NIC. Here"
        " it does not, so that with the VF kept off all traffic takes the slow path.",
        mend="Put the pair on an aggregate: look with `hyperv-net plan`, and write it with"
        " `hyperv-net apply`.",
        example="warning: eth0: the kernel does not own this pair (the kernel does not own pairs of"
        " virtio_net, and eth0 and eth1 are one card): its VF is kept off and idle (see 'hyperv-net"
        " plan') [needs-an-aggregate]",
    ),
    Rule(
        "pair-ambiguous",
        ERROR,
        title="More NICs share one MAC address than a pair has",
        why="A pair is one synthetic NIC and one VF. With another NIC of the same address nothing"
        " tells which two are one card, and a guess may cut the machine off, so these are left"
        " alone: they keep what configures them now, and the other cards are still done.",
        mend="Give each card its own MAC address in the virtual machine's settings.",
        example="error: 3 NICs share the MAC address 00:0d:3a:00:00:00: eth0 (hv_netvsc), enP0s1"
        " (mlx5_core), eno1 (igb); a pair is one synthetic NIC and one VF, so these are left alone"
        " (give each card its own MAC address in the virtual machine's settings) [pair-ambiguous]",
    ),
    Rule(
        "same-mac",
        NOTE,
        title="NICs share one MAC address, and none is known as synthetic",
        why="If they are one card, they are not treated as a pair, and lose the network with the"
        " VF. Ports of one switch or NIC that have one address by design are no pair, and nothing"
        " is wrong with them; cloud-init may refuse them all the same.",
        mend="Name the synthetic NIC's driver with `--synthetic-driver` or in the setting"
        " `synthetic_drivers`, if they are one card.",
        example="note: eno1 (mscc_felix), eno2 (mscc_felix) share the MAC address"
        " 00:0d:3a:00:00:00, and none has a synthetic driver (if one of them is synthetic, name its"
        " driver with --synthetic-driver) [same-mac]",
    ),
    Rule(
        "told-pair",
        ERROR,
        milder=(WARNING,),
        title="A pair that was told by hand cannot be one",
        why="The setting `pairs` names two NICs that are not the two of one card as far as can be"
        " seen, or means several. The pair is not made, and the card keeps what it has, without a"
        " failover. It is a warning where no NIC of the machine is meant.",
        mend="Name the synthetic NIC and the VF of one card, each once, as `hyperv-net inventory`"
        " lists them.",
        example="error: pairs: ens4=ens3: ens3 is in another pair too (tell each NIC once)"
        " [told-pair]",
    ),
    Rule(
        "told-pair-lease",
        WARNING,
        title="The address of an aggregate by DHCP may change with its VF",
        why="The two NICs of this pair have different MAC addresses, and the bond has that of the"
        " one that carries the traffic. A DHCP server that goes by it gives another lease after a"
        " migration, and connections break.",
        mend="Have the DHCP server go by the client identifier, or give the aggregate static"
        " addresses.",
        example="warning: network-config.yaml: bonds.bond0.dhcp4: the MAC address of bond0 is"
        " another when its VF comes or goes, and a DHCP server that goes by it gives another lease"
        " (have the server go by the client identifier, or give static addresses)"
        " [told-pair-lease]",
    ),
)
