"""Rules about what a simulation must never come to."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, Rule

RULES = (
    Rule(
        "simulated-member-address",
        ERROR,
        title="A member of an aggregate has an address in a simulation",
        why="The address would vanish with the VF, or have its answers sent the wrong way. What the"
        " machine runs would have let that happen after this event.",
        mend="Report it with the configuration and the inventory, and do not rely on this pair's"
        " failover until it is known why.",
        example="error: eth0: eth0 has 10.0.0.4/24 and is in bond0 [simulated-member-address]",
    ),
    Rule(
        "simulated-no-path",
        ERROR,
        milder=(NOTE,),
        title="No NIC of a pair carries traffic in a simulation",
        why="The machine would have no network on this card after the event. It is a note where"
        " that lasts only until the next step.",
        mend="Look at the step in `hyperv-net simulate`, and at the findings of the plan that say"
        " why a NIC does not join.",
        example="error: bond0: no NIC of the pair carries traffic [simulated-no-path]",
    ),
    Rule(
        "simulated-two-defaults",
        ERROR,
        title="One card has two default routes in a simulation",
        why="One of the two leads over a NIC that carries nothing, or that leaves in a migration,"
        " so that some connections break.",
        mend="Report it with the configuration and the inventory, and see which of the two devices"
        " is to have the route.",
        example="error: bond0: IPv4 has default routes by bond0 and ens17, which are one card"
        " [simulated-two-defaults]",
    ),
)
