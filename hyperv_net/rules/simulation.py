"""Rules about a machine that `simulate` imagines."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, Rule

RULES = (
    Rule(
        "simulated-member-address",
        ERROR,
        title="A member of an aggregate has an address in the story",
        why="The address belongs on the aggregate. On a member it takes routes to itself, and with"
        " a VF it vanishes in a migration.",
        mend="See in docs/simulate.md whether the story fits your machine, and report it with the"
        " input where it does: the hook takes such an address off.",
        example="error: eth0: eth0 has 10.0.0.9/24, and is a member of bond0"
        " [simulated-member-address]",
    ),
    Rule(
        "simulated-no-path",
        ERROR,
        title="No NIC of a pair carries traffic in the story",
        why="At the end of an event, as where a VF without a synthetic NIC leaves, the machine has"
        " no network there until the VF is back. Between two steps, a note, it is the moment until"
        " the link of a VF comes, by which the host sends already.",
        mend="Have the host give the machine a synthetic NIC beside the VF; drain ahead of a"
        " migration where the moment between two steps matters.",
        example="error: eth0: no NIC of the pair carries traffic [simulated-no-path]",
        milder=(NOTE,),
    ),
    Rule(
        "simulated-two-defaults",
        ERROR,
        title="Two NICs of one card have a default route of one family in the story",
        why="Packets leave by one NIC and are answered at the other, and after a migration the"
        " route that stays may be the one that leads nowhere.",
        mend="Leave the default route to the aggregate: take the gateway, and DHCP's routes, off"
        " the entry of the other NIC.",
        example="error: bond0: IPv4 has default routes by bond0 and eth0, which are one card"
        " [simulated-two-defaults]",
    ),
)
