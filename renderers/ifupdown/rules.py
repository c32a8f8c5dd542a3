"""The rules of findings about interfaces(5)."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "interfaces-helper",
        WARNING,
        title="A udev rule starts DHCP on every NIC that appears",
        why="A VF that comes back gets a lease of its own beside that of the aggregate, and the"
        " machine two default routes, one of which leaves with the VF.",
        mend="Replace the rule by an empty file of its name, or put a link to /dev/null there.",
        example="warning: etc/udev/rules.d/75-cloud-ifupdown.rules: starts DHCP on every NIC that"
        " appears, a VF too (replace it by an empty file of that name, or put a link to /dev/null"
        " at /etc/udev/rules.d/75-cloud-ifupdown.rules) [interfaces-helper]",
    ),
    Rule(
        "interfaces-not-included",
        WARNING,
        title="The file /etc/network/interfaces does not include the folder that is written to",
        why="ifupdown reads nothing in it then: the next boot has no aggregate, and no network"
        " where nothing else configures the NIC.",
        mend="Add the line `source /etc/network/interfaces.d/*`.",
        example="warning: etc/network/interfaces: does not include etc/network/interfaces.d, so"
        " that what is written there has no effect (add the line: source"
        " /etc/network/interfaces.d/*) [interfaces-not-included]",
    ),
    Rule(
        "interfaces-rival",
        ERROR,
        milder=(NOTE,),
        title="A stanza configures a NIC that belongs to the aggregate of a pair",
        why="ifup gives the member what the stanza says: one address twice, or a bridge or VLAN"
        " on a NIC that carries nothing while the traffic is on the other. It is a note where the"
        " stanza says nothing that is wanted, and is a comment now.",
        mend="Remove the stanza, name the aggregate in it, or say in the network config what it"
        " says.",
        example="error: etc/network/interfaces:4:1: eth0.inet: configures eth0, a member of bond0"
        " (move what it says to the stanza of bond0) [interfaces-rival]",
    ),
    Rule(
        "interfaces-unmoved",
        ERROR,
        title="A line cannot be moved to the aggregate as it stands",
        why="It names NICs by a pattern or a script, inherits from a stanza, or needs the NIC"
        " itself. Moved blindly it would mean other NICs, so that nothing is written.",
        mend="Write the line so that it names its interfaces one by one, as the hint says, or give"
        " the settings by `--network-config FILE`.",
        example="error: etc/network/interfaces:2:3: bond0.inet.bond-slaves: takes every NIC for a"
        " member (name the members one by one) [interfaces-unmoved]",
    ),
    Rule(
        "vlan-renamed",
        WARNING,
        milder=(NOTE,),
        title="A VLAN has another name than before",
        why="ifupdown takes a VLAN's device from its name, and the VLAN is on the aggregate now."
        " Scripts and firewall rules that say the old name match nothing.",
        mend="Put the new name where the old one stands elsewhere.",
        example="note: etc/network/interfaces:1:1: ['eth0.5'].inet: eth0.5 is bond0.5 now, since"
        " ifupdown takes a vlan's device from its name (name bond0.5 where eth0.5 stands"
        " elsewhere, as in rules of a firewall) [vlan-renamed]",
    ),
)
