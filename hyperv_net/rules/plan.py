"""Rules about a plan: what becomes of the settings, and of the files that are there."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "adopted-elsewhere",
        ERROR,
        title="A file that would have to change is where none is edited",
        why="Without a network config the files that are there are edited in their places, and only"
        " where they are the machine's own and count. What this file says of the NIC would stay on"
        " it beside the aggregate, so `apply` writes nothing.",
        mend="Move the file, or what it says, to where the hint says, or give the settings by"
        " `--network-config FILE`.",
        example="error: srv/net/eth0: configures a NIC of a pair, and only files in /etc/ are"
        " edited (move what it says to a file in /etc/network/interfaces.d) [adopted-elsewhere]",
    ),
    Rule(
        "allowed-nothing",
        NOTE,
        title="An --allow allows nothing",
        why="No finding of the plan is of that rule at that place. What it was for is mended, or"
        " its path is misspelt and the finding it was meant for still counts. An old one would"
        " allow the next fault of its kind unseen.",
        mend="Take the option out, or mend its path after the place in the finding's line.",
        example="note: --allow setting-dropped@ethernets.eth7: no finding is of this rule at this"
        " place (take it out, or mend it) [allowed-nothing]",
    ),
    Rule(
        "base-not-planned",
        WARNING,
        title="Nothing can be planned from the base of a comparison",
        why="The base itself is wrong, or is no longer of this machine. The review tells what the"
        " machine will be, and not what changes on it.",
        mend="Look at what is wrong in the base, or name another with `--against`.",
        example="warning: net.yaml: the base cannot be planned, so nothing is compared:"
        " HEAD:net.yaml:4:5: ethernets.eth0.dhcp4: not true or false: 'maybe' [base-not-planned]",
    ),
    Rule(
        "cannot-plan",
        ERROR,
        title="Nothing could be planned",
        why="What was given cannot be read or does not fit together, so that nobody knows what the"
        " machine would get. The finding says which file, and where in it.",
        mend="Mend what the finding names; `hyperv-net plan` with the same options says the same.",
        example="error: network-config.yaml: ethernets.eth0.mtu: not an MTU from 68 to 65536: 'big'"
        " [cannot-plan]",
    ),
    Rule(
        "known-system",
        WARNING,
        milder=(NOTE,),
        title="Something configures this machine that hyperv-net does not write",
        why="hyperv-net knows the system and edits none of its files. It is a note where no pair of"
        " the machine needs more, and a warning where that system changes the configuration at a"
        " first boot, so that it may undo what is written here.",
        mend="Go the way that the finding names for this system, where a pair needs an aggregate.",
        example="note: conf/config.xml: config.xml of OPNsense configure this machine: hyperv-net"
        " knows them, and does not write them (a transparent pair needs none, and inventory and"
        " status work here) [known-system]",
    ),
    Rule(
        "left-behind",
        NOTE,
        title="A first boot takes away what an earlier one made of another config",
        why="An image that was captured with an aggregate has its files still. This network config"
        " makes none of them, and left there they would make the old aggregate again.",
        mend="Nothing; put into the network config what is wanted of them.",
        example="note: etc/udev/rules.d/70-hyperv-net-vf.rules: an earlier boot made it of another"
        " network config, and this one takes it away [left-behind]",
    ),
    Rule(
        "leftover",
        ERROR,
        milder=(WARNING,),
        title="A file of an earlier run configures what is not wanted any more",
        why="It makes an aggregate, or joins a VF to one, that no pair needs now. At the next boot"
        " the NIC may be a member of that aggregate, and what is configured on the NIC has no"
        " network. It is a warning where the file only serves the running machine.",
        mend="Remove what the file marks as hyperv-net's (`hyperv-net apply --rollback` does it),"
        " or set `aggregate: always` if the aggregate is wanted.",
        example="warning: etc/udev/rules.d/70-hyperv-net-vf.rules: an earlier run wrote this for"
        " pairs that are not there or not decided so now (remove it if they will not come back)"
        " [leftover]",
    ),
    Rule(
        "lost-by-cloud-init",
        WARNING,
        title="cloud-init's own renderer loses a setting",
        why="hyperv-net has no renderer for this target, so that cloud-init writes the files, and"
        " this version's renderer is known not to write the setting, or to write it otherwise. The"
        " machine comes up without it.",
        mend="Look at what cloud-init wrote after the first boot, and put the setting in by other"
        " means if it is needed.",
        example="warning: network-config.yaml: bonds.bond0.routes[0].metric: cloud-init before 23.1"
        " leaves it out (look at what cloud-init wrote after the first boot) [lost-by-cloud-init]",
    ),
    Rule(
        "made-private",
        NOTE,
        title="A file with a secret in it becomes readable for its owner alone",
        why="It holds a password or a key, so that it is written with the mode 0600. Another"
        " program that reads it without being root does not see it any more.",
        mend="Nothing, unless such a program is there.",
        example="note: etc/network/interfaces.d/50-cloud-init: it holds a secret, so that it is"
        " written for its owner alone (mode 0600) [made-private]",
    ),
    Rule(
        "missing-package",
        ERROR,
        milder=(WARNING,),
        title="A package is missing without which the aggregate is not made",
        why="What is written is right, and nothing acts on it: the bond is not made at boot, and"
        " the machine has no network. It is a warning in an image that may make no aggregate.",
        mend="Install the package in the root or image.",
        example="error: etc/network/if-pre-up.d/ifenslave: ifenslave is not there, and nothing else"
        " makes what is to be configured (install ifenslave) [missing-package]",
    ),
    Rule(
        "names-a-member",
        ERROR,
        milder=(WARNING, NOTE),
        title="A file still names a NIC whose settings are on an aggregate now",
        why="A firewall rule, a service or a script that names the NIC speaks of one without"
        " addresses and traffic: the rule matches nothing, the service does not start. It is an"
        " error where the line is part of the network itself and cannot be renamed from here, and a"
        " note where it may mean the NIC after all.",
        mend="Name the aggregate there, unless the NIC itself is meant.",
        example="warning: etc/pf.conf:1:9: it names hn0, whose settings are on lagg0 now (name"
        " lagg0 there) [names-a-member]",
    ),
    Rule(
        "needs-package",
        NOTE,
        title="Options in a rendered file are acted on by another package",
        why="Without that package the options are passed over, at boot and without an error.",
        mend="Install the package, if it is not there.",
        example="note: etc/network/interfaces.d/50-cloud-init: has options that only ifenslave acts"
        " on (install ifenslave if it is not there) [needs-package]",
    ),
    Rule(
        "network-lost",
        ERROR,
        title="The machine will lose its network",
        why="No device of the configuration gets an address or asks for one, or none of it is for a"
        " NIC of this machine. Whoever writes it there does not reach the machine any more.",
        mend="Give a device an address or `dhcp4: true`, or the inventory of the machine that the"
        " configuration is for.",
        example="error: no device gets an address, or asks for one [network-lost]",
    ),
    Rule(
        "new-config",
        NOTE,
        title="The network config is not in the base revision",
        why="There is nothing to compare it with, so the review tells what the machine will be, and"
        " not what changes on it.",
        mend="Name another base with `--against`, if the file was moved.",
        example="note: machines/web/network-config.yaml: it is not in v1.2, so nothing is compared"
        " [new-config]",
    ),
    Rule(
        "rendered-by-cloud-init",
        NOTE,
        title="cloud-init writes the files of this target, from the rewritten config",
        why="hyperv-net has no renderer for it: at first boot cloud-init's own gets the config that"
        " the plan shows. What it makes of it depends on its version, and the plan cannot show it.",
        mend="Look at what cloud-init wrote after the first boot.",
        example="note: network-config.yaml: hyperv-net has no renderer for this target: at"
        " first boot cloud-init's own gets this config [rendered-by-cloud-init]",
    ),
    Rule(
        "rounded",
        NOTE,
        title="A time is rounded to the nearest that can be said",
        why="What configures the network there counts in coarser steps. Links are looked at, or"
        " ports forward, a little earlier or later than the network config has it.",
        mend="Write the time that is wanted in whole steps, as the finding has it.",
        example="note: etc/systemd/network/06-hyperv-net-bond0.netdev:"
        " bonds.bond0.parameters.up-delay: 500us is 1ms there, the nearest that can be said"
        " [rounded]",
    ),
    Rule(
        "setting-dropped",
        WARNING,
        title="A setting of the network config is not in the result",
        why="What configures the network there cannot say it, or not in full, so that the machine"
        " comes up without it. The finding has the reason. A dropped route, name server or MTU may"
        " cut connections; a dropped label or metric often changes nothing.",
        mend="See whether the machine needs the setting, and say it in another way if it does.",
        example="warning: network-config.yaml: ethernets.eth0.dhcp4-overrides.route-metric: 100 is"
        " not in the result: FreeBSD's routes have no metric [setting-dropped]",
    ),
    Rule(
        "tuning-unmet",
        WARNING,
        title="A rule of the setting tuning is about nothing here",
        why="It names no pair of this machine, or the system is not Linux, so that queues, rings"
        " and offloads stay as their drivers set them.",
        mend="Name the pair by its synthetic NIC, its aggregate or its MAC address, or leave `pair`"
        " out. On FreeBSD write it into the NIC's `ifconfig_` line.",
        example="warning: tuning: no pair of the machine goes by eth7, so nothing of it is tuned"
        " (name its synthetic NIC, its aggregate or its MAC address, or leave `pair` out)"
        " [tuning-unmet]",
    ),
    Rule(
        "unexpected-aggregates",
        ERROR,
        title="The plan has another number of aggregates than was expected",
        why="A pair was not found, is not configured or was decided otherwise than whoever wrote"
        " `--expect-aggregates` had in mind. A machine without its aggregate loses the network when"
        " its VF leaves.",
        mend="Look at the pairs' modes and the other findings, which say why, and mend the config,"
        " the inventory or the number.",
        example="error: --expect-aggregates: the plan has 0 aggregates, and 1 were expected (the"
        " pairs' modes and the findings say why) [unexpected-aggregates]",
    ),
    Rule(
        "written-again",
        WARNING,
        milder=(NOTE,),
        title="cloud-init writes a file of the plan again",
        why="At a next boot cloud-init, without hyperv-net in it, puts the configuration of the"
        " bare NICs back: the members of the aggregate get addresses of their own. It is a note"
        " where the plan leaves the file and only an edit by hand would be lost.",
        mend="Put hyperv-net into cloud-init with `hyperv-net bake`, or have cloud-init leave the"
        " network with `network: {config: disabled}` in a file of /etc/cloud/cloud.cfg.d.",
        example="warning: etc/network/interfaces.d/50-cloud-init: cloud-init writes it again at a"
        " next boot, and the members would have addresses (put hyperv-net into cloud-init with"
        " 'hyperv-net bake', or have cloud-init leave the network with 'network: {config:"
        " disabled}' in a file of /etc/cloud/cloud.cfg.d) [written-again]",
    ),
)
