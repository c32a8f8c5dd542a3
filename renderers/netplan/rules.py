"""The rules of findings about netplan's files."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "netplan-broken",
        WARNING,
        title="A file of netplan's is broken, so netplan reads none",
        why="`netplan generate` ends with an error while one file is no YAML, and writes nothing:"
        " the next boot has no network of netplan's.",
        mend="Repair the file, or remove it.",
        example="warning: etc/netplan/91-broken.yaml: not YAML that can be read (repair it or"
        " remove it: netplan reads no file while one is broken) [netplan-broken]",
    ),
    Rule(
        "netplan-first",
        ERROR,
        title="Another entry fits a member of the aggregate and comes before ours",
        why="networkd takes the first file that fits a NIC, in the order of their names, and"
        " netplan names files after the entries' ids. The member is configured as that entry says,"
        " and does not join the aggregate.",
        mend="Give the entry an id that begins with a letter, or a match that the NIC does not"
        " fit.",
        example="error: etc/netplan/10-x.yaml: ethernets.!a: matches eth0's NIC, and networkd reads"
        " it first (give the device an id that begins with a letter) [netplan-first]",
    ),
    Rule(
        "netplan-hidden",
        ERROR,
        title="A file in /run/netplan hides the one that is written",
        why="netplan reads one file of each name, and those in /run before those in /etc. What is"
        " written has no effect until that file is gone.",
        mend="Remove the file in /run/netplan.",
        example="error: run/netplan/50-cloud-init.yaml: netplan reads this file in place of"
        " etc/netplan/50-cloud-init.yaml (remove run/netplan/50-cloud-init.yaml) [netplan-hidden]",
    ),
    Rule(
        "netplan-member-taken",
        ERROR,
        title="Another file makes a member of the aggregate one of something else too",
        why="A NIC can be in one bond or bridge alone. netplan refuses all files then, or the NIC"
        " is in the wrong one.",
        mend="Remove the other device from its file, or the member from its list.",
        example="error: etc/netplan/10-x.yaml: bridges.br9: eth0 is a member here too, and of bond0"
        " (remove bridges.br9 from etc/netplan/10-x.yaml, or name the device differently)"
        " [netplan-member-taken]",
    ),
    Rule(
        "netplan-name-taken",
        ERROR,
        title="Another file declares a device of the name of the aggregate or of a member",
        why="netplan takes both for one device, and refuses all files where they are of different"
        " types: no network is configured.",
        mend="Remove that device, or name it differently.",
        example="error: etc/netplan/10-x.yaml: bridges.bond0: another device is declared under the"
        " name of bond0 (remove bridges.bond0 from etc/netplan/10-x.yaml, or name the device"
        " differently) [netplan-name-taken]",
    ),
    Rule(
        "netplan-networkd",
        WARNING,
        title="networkd gets the pair, where NetworkManager was asked for",
        why="netplan tells NetworkManager of no driver, and that alone tells the two NICs of a card"
        " apart. Settings that only NetworkManager has are dropped or made alike, and networkd has"
        " to run on the machine.",
        mend="See that networkd may run there, or take `--target network-manager`, which writes"
        " NetworkManager's own profiles.",
        example="warning: etc/netplan/50-cloud-init.yaml: renderer: netplan gives NetworkManager no"
        " driver to tell a VF from its synthetic NIC by, so networkd has the pair: eth0, eth0-vf,"
        " bond0 ('--target network-manager' writes NetworkManager's own profiles, without netplan)"
        " [netplan-networkd]",
    ),
    Rule(
        "netplan-rival",
        NOTE,
        title="Another file of netplan's speaks of a member of the aggregate",
        why="What it says would hold besides, or before, what is written. hyperv-net's own files"
        " take it back, so that nothing is wrong now; whoever reads that file is misled.",
        mend="Remove what it says of the NIC from that file, to be rid of it.",
        example="note: etc/netplan/10-x.yaml: ethernets.!a matches eth0's NIC and comes before it"
        " (hyperv-net's files take it back; to be rid of it, remove it from"
        " etc/netplan/10-x.yaml) [netplan-rival]",
    ),
)
