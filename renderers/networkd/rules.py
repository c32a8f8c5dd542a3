"""The rules of findings about networkd's own files."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "adopted-reference",
        WARNING,
        title="A file refers to a NIC that is a member of an aggregate now",
        why="What it binds to, or routes by, is the bare NIC: with the VF away, or the traffic on"
        " the other member, it acts on a NIC that carries nothing.",
        mend="Name the aggregate there.",
        example="warning: etc/systemd/network/10-wg.network:4:13: [Network] BindCarrier=enp1s0:"
        " enp1s0 is a member of bond0 now (say bond0 there) [adopted-reference]",
    ),
    Rule(
        "adopted-vf",
        WARNING,
        title="A file configures the VF alone, which becomes a member",
        why="A member has no addresses or routes of its own, so that what this file says is lost.",
        mend="Move what is to hold for the card into the file of its synthetic NIC.",
        example="warning: etc/systemd/network/10-vf.network:2:6: it configures ens17, a member of"
        " bond0 that has nothing of its own (move what is to hold for the card into the file of its"
        " synthetic NIC) [adopted-vf]",
    ),
    Rule(
        "networkd-first",
        ERROR,
        title="A file that may fit a NIC of a pair comes before all of ours",
        why="networkd takes the first file that fits a NIC, in the order of their names. The NIC,"
        " or the aggregate, is configured by that file, and the aggregate does not come up as"
        " planned.",
        mend="Give the file a name that begins with a digit other than 0, or with a letter.",
        example="error: etc/systemd/network/!.network: it may fit a NIC of a pair or its bond, and"
        " networkd takes it before any of ours (give the file a name that begins with a digit other"
        " than 0, or a letter) [networkd-first]",
    ),
    Rule(
        "networkd-forgets-unmanaged",
        WARNING,
        title="This networkd now and then takes up a NIC that it is to leave alone",
        why="Before systemd 257.7 networkd takes up NICs marked as unmanaged on a few boots in a"
        " hundred (systemd issue 36997). Where the kernel owns the pair the VF may get an address"
        " of its own then, beside that of the synthetic NIC.",
        mend="Take systemd 257.7 or later where the pair is the kernel's; an aggregate is not"
        " affected.",
        example="warning: var/lib/dpkg/status:3: systemd 252.38: before 257.7 networkd takes up a"
        " NIC marked unmanaged on a few boots (take a later systemd where the pair is the kernel's;"
        " an aggregate is not affected) [networkd-forgets-unmanaged]",
    ),
    Rule(
        "networkd-name-taken",
        ERROR,
        title="Another file makes a device of the aggregate's name",
        why="networkd makes it as the file says that comes first, so that it may be of another kind"
        " or mode, and the pair has no failover.",
        mend="Remove the file, or name its device differently.",
        example="error: etc/systemd/network/05-x.netdev:2: bond0 is made by this file, and so not"
        " as the plan has it (remove the file, or name the device differently)"
        " [networkd-name-taken]",
    ),
    Rule(
        "networkd-newer",
        NOTE,
        title="Some lines need a later systemd than may be there",
        why="An earlier one passes them by, with a line in its log, and the machine comes up"
        " without these settings. Nothing in the plan tells which systemd will read the files.",
        mend="See that the machine's systemd is as late as the finding says.",
        example="note: etc/systemd/network/: an earlier systemd passes these lines by and logs it:"
        " 248: ActivationPolicy= in [Link] [networkd-newer]",
    ),
    Rule(
        "networkd-rival",
        NOTE,
        title="A file that may fit a NIC of a pair would come before ours",
        why="networkd takes the first file that fits. Ours get names here that come before it, so"
        " that nothing is wrong now; whoever reads that file is misled.",
        mend="Nothing, or remove what the file says of the pair.",
        example="note: etc/systemd/network/00-all.network: it comes before the files of a plan, and"
        " may fit a NIC of a pair or its bond (ours are called 0-hyperv-net-… here, and so come"
        " before it) [networkd-rival]",
    ),
    Rule(
        "networkd-superseded",
        NOTE,
        title="Files that cloud-init left have no effect any more",
        why="They are for devices of this plan, whose own files come first.",
        mend="Nothing, or remove them once the machine runs by the new ones.",
        example="note: etc/systemd/network/10-cloud-init-eth0.network: left by cloud-init, and"
        " without effect on the devices of this plan, whose files come first:"
        " 10-cloud-init-eth0.network [networkd-superseded]",
    ),
)
