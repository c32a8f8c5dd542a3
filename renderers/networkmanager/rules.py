"""The rules of findings about NetworkManager's profiles, and whoever acts beside it."""

from __future__ import annotations

from hyperv_net.rules.rule import NOTE, WARNING, Rule

RULES = (
    Rule(
        "cloud-netconfig",
        NOTE,
        title="SUSE's cloud-netconfig gives interfaces addresses and rules besides",
        why="It puts further addresses of Azure's metadata on interfaces, and numbers the routing"
        " tables for them by the last character of a name, so that bond0 and eth0 share one.",
        mend="Set `CLOUD_NETCONFIG_MANAGE=no` in the interface's file to keep it off.",
        example="note: usr/libexec/cloud-netconfig/cloud-netconfig: gives interfaces further"
        " addresses of Azure's metadata and rules for them, and numbers their tables by the last"
        " character of a name: that of bond0 is eth0's (CLOUD_NETCONFIG_MANAGE=no in the"
        " interface's file keeps it off) [cloud-netconfig]",
    ),
    Rule(
        "profile-copied",
        NOTE,
        title="The aggregate has a copy of a profile, which stays as it is",
        why="The profile is for other NICs too, or is in /run and gone at the next boot. A later"
        " edit of the one does not reach the other.",
        mend="Edit the copy as well when the profile changes.",
        example="note: etc/NetworkManager/system-connections/any.nmconnection: bond0 has a copy of"
        " it, and it stays as it is, since it is for other NICs too [profile-copied]",
    ),
    Rule(
        "profile-rival",
        WARNING,
        milder=(NOTE,),
        title="Another profile fits a port of the aggregate and may come first",
        why="NetworkManager activates the profile of the highest autoconnect-priority. With this"
        " one the NIC has addresses of its own, and does not join the aggregate. It is a note"
        " where an earlier boot left the profile: it is a comment now.",
        mend="Remove the profile, or give it a lower autoconnect-priority.",
        example="warning: etc/NetworkManager/system-connections/mine: fits eth0, a port of the"
        " bond, and its autoconnect-priority is not below 120 (remove it, or give it a lower"
        " autoconnect-priority) [profile-rival]",
    ),
    Rule(
        "starts-by-hand",
        NOTE,
        title="A VLAN waits for a hand, since what it stands on does",
        why="NetworkManager brings up what a VLAN stands on together with the VLAN. That is to"
        " start by hand here, so that the VLAN does not start at boot either, and has no network"
        " until somebody brings it up.",
        mend="Bring it up with `nmcli connection up`, or leave `activation-mode` out of what it"
        " stands on.",
        example="note: etc/NetworkManager/system-connections/cloud-init-v5.nmconnection: v5 would"
        " bring bond0 up, which is to start by hand, and so it does too ('nmcli connection up'"
        " brings it up, and bond0 with it) [starts-by-hand]",
    ),
    Rule(
        "two-profiles",
        WARNING,
        title="One NIC has an ifcfg file beside a keyfile",
        why="NetworkManager up to that of RHEL 9 reads both, and takes that with the higher"
        " priority, or the one that was up last: a boot may have the settings of the other.",
        mend="Remove the ifcfg file or the keyfile; `nmcli connection migrate` makes keyfiles of"
        " ifcfg files.",
        example="warning: etc/sysconfig/network-scripts/ifcfg-eth0: is a profile for eth0 too, and"
        " NetworkManager takes that with the higher priority, or the one that was up last (remove"
        " it, or the keyfile etc/NetworkManager/system-connections/nic ('nmcli connection migrate'"
        " makes keyfiles of them)) [two-profiles]",
    ),
)
