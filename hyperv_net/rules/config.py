"""Rules about the network config and the NICs that its entries are for."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "aggregate-mode",
        WARNING,
        title="A bond sends over all its members at once, so no VF joins it",
        why="A card's two NICs are one port of the host's switch, and only one of them may carry"
        " its traffic. A bond whose mode sends over all its members cannot have both, so the pair"
        " is left alone: its VF is not used there, or nothing takes over when it leaves.",
        mend="Give the bond the mode active-backup.",
        example="warning: network-config.yaml: bonds.uplink.parameters.mode: its mode is"
        " balance-xor, which sends over all its members at once, so it gets no VF and the pair is"
        " left alone: eth0 (00:0d:3a:00:00:00) (use active-backup) [aggregate-mode]",
    ),
    Rule(
        "aggregate-primary",
        WARNING,
        title="A bond prefers the synthetic NIC, so its VF is not used",
        why="A bond of mode active-backup sends over its primary for as long as that is up, and the"
        " synthetic NIC always is. The VF that the card was bought for carries nothing.",
        mend="Name the VF as `primary`, or leave `primary` out.",
        example="warning: network-config.yaml: bonds.uplink.parameters.primary: eth0 is the"
        " synthetic NIC, so its VF is not used (name eth0-vf there, or leave primary out)"
        " [aggregate-primary]",
    ),
    Rule(
        "aggregate-unwatched",
        WARNING,
        title="A bond that watched no link is made to watch its links",
        why="Without a look at the links a bond may send over a VF that has just come back and has"
        " no link yet. The setting that is added is not in the network config, which is worth a"
        " look.",
        mend="Write `mii-monitor-interval` into the bond's parameters yourself, so that the config"
        " says what happens.",
        example="warning: network-config.yaml: bonds.uplink.parameters: the bond watched no link,"
        " and does now: a VF's link is late when it comes back [aggregate-unwatched]",
    ),
    Rule(
        "config-without-nic",
        WARNING,
        title="The network config speaks of no NIC of this machine",
        why="Machine and configuration do not belong together, or every name and address in it is"
        " wrong. Nothing is planned, so that a green result would mean nothing; written to that"
        " machine it would come up without a network. Under `--check` it fails.",
        mend="Give the inventory of the machine that it is for, add `--bind` to one of its kind, or"
        " mend the names and MAC addresses.",
        example="warning: network-config.yaml: ethernets: no NIC of this machine fits eth0"
        " (00:0d:3a:00:00:00) (give the inventory of the machine it is for, add --bind to one of"
        " its kind, or mend its names and addresses) [config-without-nic]",
    ),
    Rule(
        "entry-for-one",
        ERROR,
        milder=(WARNING,),
        title="An entry fits several cards and says what only one NIC can have",
        why="A name, a MAC address or an IP address that several cards get is a fault on the"
        " network: names clash, and addresses are there twice. No aggregate is made of the entry."
        " It is a warning where the kernel owns the pairs, whose settings stay as they are.",
        mend="Write an entry for each card, with its MAC address in `match` beside the driver.",
        example="error: nc.yaml: ethernets.all.addresses: the entry fits eth0 and eth1, and only"
        " one NIC can have this (write an entry for each, with its MAC address in match beside the"
        " driver) [entry-for-one]",
    ),
    Rule(
        "entry-split",
        NOTE,
        title="An entry for several NICs is written out for each card",
        why="Each card of a pair needs an aggregate of its own, so that one entry becomes several."
        " What fits a pattern today is written out; a NIC that is attached later fits none of it.",
        mend="Nothing, where these are all the NICs; otherwise give a later one an entry of its"
        " own.",
        example="note: nc.yaml: ethernets.all: it fits 2 NICs, a pair among them, and is written"
        " out as eth0, eth9 (where no pattern can be said, give a NIC that is attached later an"
        " entry of its own) [entry-split]",
    ),
    Rule(
        "entry-without-nic",
        WARNING,
        title="An entry fits no NIC, and a pair is left without settings",
        why="It is likely meant for that pair, with a name or a MAC address that is wrong or old."
        " The pair gets no aggregate and none of these settings.",
        mend="Mend the entry's name or MAC address.",
        example="warning: network-config.yaml: ethernets.eth1: no NIC of this machine fits eth1"
        " (00:0d:3a:99:99:99), and a pair is left without settings (mend its name or address)"
        " [entry-without-nic]",
    ),
    Rule(
        "pair-in-two-aggregates",
        ERROR,
        title="The two NICs of one card are members of different bonds",
        why="Then neither bond has anything to fall back to within the card, and both bear its MAC"
        " address. The pair is left alone: where the VF's bond has no other member, a migration"
        " takes its network away.",
        mend="Put both NICs into one bond of mode active-backup.",
        example="error: network-config.yaml: bonds: the synthetic NIC and the VF of"
        " 00:0d:3a:00:00:00 are members of a and b, so the pair is left alone (put both into one"
        " bond of mode active-backup) [pair-in-two-aggregates]",
    ),
    Rule(
        "pair-without-settings",
        NOTE,
        title="The network config says nothing of a pair",
        why="The pair gets no aggregate, since nothing would be on it. That is right for a card"
        " that is not to be used, and a forgotten entry otherwise.",
        mend="Write an entry for the synthetic NIC into the network config, if the card is to be"
        " used.",
        example="note: network-config.yaml: nothing in it speaks of eth1 (00:0d:3a:00:00:01), so"
        " the pair is left alone [pair-without-settings]",
    ),
    Rule(
        "prefix-assumed",
        WARNING,
        title="An address has no prefix length, and one is assumed",
        why="The length decides which machines are reached without a gateway. cloud-init assumes"
        " one as well, and the wrong one sends traffic for the next network to nobody.",
        mend="Write the prefix length that is meant behind the address, as in `10.0.0.4/24`.",
        example="warning: network-config.yaml: config[0].subnets[0].address: 192.0.2.4 has no"
        " prefix length; taken as /24, as cloud-init does (write 192.0.2.4/24 or the prefix that is"
        " meant) [prefix-assumed]",
    ),
    Rule(
        "undeclared-device",
        ERROR,
        milder=(WARNING,),
        title="The network config refers to a device that it does not declare",
        why="Some targets refuse all of their files for one such reference, and an interface's name"
        " is no id to them: the machine comes up without a network. Others take the name for an"
        " interface of the machine, so that it is a warning where none is called so; or where only"
        " an older version refuses it.",
        mend="Write the id that is meant, or declare the device: `eth1: {}` below `ethernets` does"
        " for a NIC.",
        example="warning: nc.yaml:6:17: bonds.bond0.interfaces[1]: no device is declared"
        " as 'eht1', and no NIC here is called so (did you mean 'eth1'?) [undeclared-device]",
    ),
    Rule(
        "unknown-key",
        WARNING,
        title="A key is almost one that is known",
        why="Nobody reads a key that is misspelt, and most programs say nothing of it: `dhpc4` asks"
        " for no lease, and the machine comes up without an address. It is the same of"
        " `gatway` in a file of the machine that is adopted, unless a script of yours reads it.",
        mend="Write the key that the finding names, or leave this one out.",
        example="warning: network-config.yaml:5:7: network.ethernets.eth0.dhpc4: no key 'dhpc4' is"
        " known here (did you mean 'dhcp4'?) [unknown-key]",
    ),
)
