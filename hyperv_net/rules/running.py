"""Rules about the pairs of a machine that runs."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "aggregate-missing",
        ERROR,
        title="The aggregate of a pair is not there",
        why="The addresses of the card are meant to be on it, so that the card has none. The next"
        " migration, or this very moment, finds the machine without that network.",
        mend="Look with `hyperv-net reconcile --dry-run` and in the log of what configures the"
        " network; `hyperv-net reconcile` makes it again where that can be done.",
        example="error: bond0: bond0 is not there (see `hyperv-net reconcile --dry-run`, and the"
        " log of what configures the network) [aggregate-missing]",
    ),
    Rule(
        "aggregate-unfit",
        ERROR,
        title="The aggregate is there, and the VF cannot join it",
        why="It has another mode than was written, or the synthetic NIC is somewhere else. All"
        " traffic takes the slow path, and no failover is prepared.",
        mend="Put the aggregate right, or write it anew with `hyperv-net apply`.",
        example="error: bond0: the VF cannot join: bond0 is balance-rr, not active-backup (put the"
        " aggregate right, or write it anew with `hyperv-net apply`) [aggregate-unfit]",
    ),
    Rule(
        "drained",
        NOTE,
        title="Traffic was moved to the synthetic NIC ahead of a migration",
        why="Somebody has drained the pair, or an announced event has. All is well: the VF carries"
        " nothing until it has come back, or for an event until that is over.",
        mend="Nothing, or `hyperv-net undrain` to move the traffic back now, with `--all-owners`"
        " where an event keeps it away.",
        example="note: bond0: drained since 2026-11-22T12:00:00Z: the VF carries no traffic until"
        " it has come back (`hyperv-net undrain` moves it back) [drained]",
    ),
    Rule(
        "drained-long",
        WARNING,
        title="A pair has been drained for longer than a migration takes",
        why="It is for more than an hour for a person, or more than 95 minutes for an event."
        " The migration it was drained for did not come, or the VF did not come back, or what"
        " ends the drain of an announced event runs no more. All traffic takes the slow path.",
        mend="Move the traffic back with `hyperv-net undrain`, with `--all-owners` where an event"
        " keeps it away.",
        example="warning: bond0: drained since 2026-11-22T12:00:00Z: the VF carries no traffic"
        " until it has come back (`hyperv-net undrain` moves it back) [drained-long]",
    ),
    Rule(
        "member-address",
        ERROR,
        title="A member of a pair has an address of its own",
        why="The address belongs on the aggregate, or on the synthetic NIC where the kernel drives"
        " the pair. On a member it takes routes to itself: with a VF it vanishes in a migration,"
        " and on the other NIC answers go the wrong way.",
        mend="Have whoever put it there leave the NIC alone; the hint names the managers that are"
        " known to have it.",
        example="error: eth0: eth0 has 10.0.0.9/24, which belongs on bond0 (no manager is known to"
        " have it: it may have been put there by hand) [member-address]",
    ),
    Rule(
        "member-managed",
        ERROR,
        title="A DHCP client runs for the synthetic NIC of an aggregate",
        why="It gives the NIC a lease beside that of the aggregate: one address twice, or two"
        " default routes of which one leads nowhere.",
        mend="Tell the DHCP client, or what starts it, to leave the NIC alone.",
        example="error: eth0: dhclient (process 78) manages eth0, which belongs to bond0 (tell"
        " dhclient to leave it alone) [member-managed]",
    ),
    Rule(
        "no-path",
        ERROR,
        title="An aggregate cannot send",
        why="It is set down, or none of its members has a link and is up. The card has no network.",
        mend="Look at the links of its members, and set the aggregate up.",
        example="error: bond0: no member of bond0 can send (look at the links of its members)"
        " [no-path]",
    ),
    Rule(
        "not-configured",
        WARNING,
        milder=(NOTE,),
        title="A pair needs an aggregate and has none",
        why="The kernel does not join the VF to the synthetic NIC, and nothing else does. What is"
        " configured on the VF goes with it in a migration. It is a note while no VF is attached.",
        mend="Look with `hyperv-net plan`, and write it with `hyperv-net apply`.",
        example="warning: eth0: the pair needs an aggregate (the kernel does not own pairs of"
        " hv_netvsc, and eth0 and ens17 are one card), and hyperv-net has configured none (see"
        " `hyperv-net plan`) [not-configured]",
    ),
    Rule(
        "synthetic-missing",
        WARNING,
        title="There is no synthetic NIC to fall back to",
        why="The VF is alone. The next migration takes it away, and the machine has no network on"
        " this card until it comes back.",
        mend="Look with `hyperv-net inventory` for the synthetic NIC: its driver may be missing, or"
        " another program may have it.",
        example="warning: bond0: there is no synthetic NIC: the next migration cuts the machine off"
        " (see `hyperv-net inventory`) [synthetic-missing]",
    ),
    Rule(
        "synthetic-not-joined",
        ERROR,
        title="The synthetic NIC is not in its aggregate",
        why="The aggregate stands on the VF alone. The next migration takes that away and cuts the"
        " machine off.",
        mend="Look with `hyperv-net reconcile --dry-run`, and have the NIC joined by `hyperv-net"
        " reconcile`, or by what configures the network.",
        example="error: eth0: eth0 is not in bond0: the next migration cuts the machine off (see"
        " `hyperv-net reconcile --dry-run`) [synthetic-not-joined]",
    ),
    Rule(
        "tuning-refused",
        WARNING,
        title="A NIC has not what the setting tuning says",
        why="Its driver refused it, or it was changed since, so that queues, rings or offloads are"
        " other ones than the machine was planned with.",
        mend="Run `hyperv-net reconcile`, which says why the driver refuses it.",
        example="warning: ens17: channels of ens17 is 4, not 8 (run `hyperv-net reconcile`, which"
        " says why its driver refuses it) [tuning-refused]",
    ),
    Rule(
        "vf-away",
        NOTE,
        title="A pair has no VF at the moment",
        why="The synthetic NIC carries the traffic. That is what a migration looks like for a short"
        " while, and for good where accelerated networking is off.",
        mend="Nothing, if it comes back within some minutes; otherwise see whether accelerated"
        " networking is on.",
        example="note: bond0: no VF: eth0 carries the traffic (lasting more than some minutes, see"
        " whether accelerated networking is on) [vf-away]",
    ),
    Rule(
        "vf-down",
        WARNING,
        title="A VF has joined and is set down",
        why="It cannot carry anything, so that all traffic takes the slow path.",
        mend="Look with `hyperv-net reconcile --dry-run`, and at who set it down.",
        example="warning: ens17: ens17 is down: its traffic takes the slow path (see `hyperv-net"
        " reconcile --dry-run`) [vf-down]",
    ),
    Rule(
        "vf-managed",
        ERROR,
        title="A manager has taken a VF that is not its own",
        why="It gives the VF an address, or brings it up and down. Two NICs have one address then,"
        " and a migration takes addresses and routes away with the VF.",
        mend="Tell the manager to leave the VF alone; `hyperv-net guard` keeps everybody off the"
        " VFs of a machine that is not configured otherwise.",
        example="error: ens17: dhclient (process 77) manages ens17, which belongs to bond0 (tell"
        " dhclient to leave it alone) [vf-managed]",
    ),
    Rule(
        "vf-no-link",
        WARNING,
        title="A VF has joined and has no link",
        why="The synthetic NIC carries the traffic, over the slow path, until the host gives the"
        " VF's port a link.",
        mend="Wait, where a migration has just ended; otherwise look at the host.",
        example="warning: ens17: ens17 has no link (see `hyperv-net reconcile --dry-run`)"
        " [vf-no-link]",
    ),
    Rule(
        "vf-not-active",
        WARNING,
        title="A VF has joined, and the synthetic NIC carries the traffic",
        why="All works, over the slow path. The aggregate prefers the other NIC, or was told to.",
        mend="Look with `hyperv-net reconcile --dry-run`, and at the aggregate's `primary`.",
        example="warning: ens17: ens17 has joined, and eth0 carries the traffic (see `hyperv-net"
        " reconcile --dry-run`) [vf-not-active]",
    ),
    Rule(
        "vf-not-joined",
        ERROR,
        title="A VF is there and not in its aggregate, or not taken by the kernel",
        why="It carries nothing, so that all traffic takes the slow path; and standing alone it may"
        " be configured by somebody who takes it for a NIC of its own.",
        mend="Look with `hyperv-net reconcile --dry-run`, and in the kernel's log for netvsc or"
        " failover.",
        example="error: ens17: ens17 is not in bond0: cannot set the MTU of ens17 (9000): Invalid"
        " argument (see `hyperv-net reconcile --dry-run`) [vf-not-joined]",
    ),
    Rule(
        "vf-not-marked",
        WARNING,
        title="udev has not marked a VF as one to leave alone",
        why="The rules of `hyperv-net guard` are there, and this VF was seen before them, or a name"
        " for both NICs made udev forget it. Managers that go by the mark may take the VF.",
        mend="Have udev look again with `udevadm control --reload` and `udevadm trigger"
        " --action=change` for the VF; if that does not help, see its log.",
        example="warning: enP1s1: udev has not marked enP1s1 by the rules of `hyperv-net guard`"
        " (run `udevadm control --reload` and `udevadm trigger --action=change"
        " /sys/class/net/enP1s1`; if that does not help, see its log) [vf-not-marked]",
    ),
    Rule(
        "vf-second",
        WARNING,
        title="A pair has a second VF, which stays down",
        why="A pair is one synthetic NIC and one VF. Another VF of the same address is not joined,"
        " and carries nothing.",
        mend="Look at the virtual machine's settings for the device that is one too many.",
        example="warning: ens18: ens18 is a second VF and stays down (see `hyperv-net reconcile"
        " --dry-run`) [vf-second]",
    ),
)
