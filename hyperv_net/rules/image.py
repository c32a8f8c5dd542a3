"""Rules about an image or a root: what in it stands in the way at its first boot."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "another-cloud-init",
        NOTE,
        title="The image has a second cloud-init",
        why="hyperv-net goes beside the cloud-init that runs at boot. If another of them is run"
        " one day, it finds no hyperv-net, and pairs get no aggregate.",
        mend="Remove the cloud-init that is not meant.",
        example="note: usr/local/lib/python3.11/dist-packages/cloudinit: /usr/bin/python3 runs the"
        " cloud-init in usr/lib/python3/dist-packages, and this one is another (remove the one that"
        " is not meant) [another-cloud-init]",
    ),
    Rule(
        "cloud-cfg-unreadable",
        ERROR,
        milder=(WARNING,),
        title="A file of cloud-init's configuration cannot be read",
        why="cloud-init passes over such a file, so that nothing of what it says holds: another"
        " datasource or another network configuration may be taken than was meant.",
        mend="Mend the file where the finding says.",
        example="error: etc/cloud/cloud.cfg.d/95.cfg:3: not YAML: did not find expected node"
        " content (mend it: cloud-init passes over a file that it cannot read)"
        " [cloud-cfg-unreadable]",
    ),
    Rule(
        "cloud-init-hotplug",
        WARNING,
        title="cloud-init configures the network again whenever a VF comes back",
        why="Its own hotplug applies the whole network on every NIC that appears. A VF comes back"
        " after each migration, and each time all connections may be cut for a while.",
        mend="Take `hotplug` out of `updates.network.when`.",
        example="warning: etc/cloud/cloud.cfg.d/91.cfg:2:21: cloud-init's own hotplug applies the"
        " whole network again whenever a VF comes back (take 'hotplug' out of updates.network.when)"
        " [cloud-init-hotplug]",
    ),
    Rule(
        "cloud-init-network-disabled",
        WARNING,
        title="cloud-init is told to leave the network alone",
        why="Then nothing is rendered at the first boot, and what is baked in does nothing: a pair"
        " has what the image itself configures, for one of its NICs or for both.",
        mend="Remove the setting, or use `hyperv-net apply` on what the image configures.",
        example="warning: etc/cloud/cloud.cfg.d/92.cfg:3:3: cloud-init is told to leave the network"
        " alone, so nothing is rendered at first boot (remove it, or use 'hyperv-net apply' on what"
        " the image configures) [cloud-init-network-disabled]",
    ),
    Rule(
        "cloud-init-off",
        WARNING,
        title="cloud-init is turned off in the image",
        why="Then nothing is rendered at the first boot, and what is baked in does nothing.",
        mend="Remove the file, or use `hyperv-net apply` on what the image configures.",
        example="warning: etc/cloud/cloud-init.disabled: cloud-init is turned off, so nothing is"
        " rendered at first boot (remove the file, or use 'hyperv-net apply' on what the image"
        " configures) [cloud-init-off]",
    ),
    Rule(
        "datasource-not-extended",
        ERROR,
        milder=(WARNING,),
        title="cloud-init looks only for datasources that hyperv-net does not extend",
        why="cloud-init finds its datasource without hyperv-net, and pairs that need an aggregate"
        " get none at the first boot.",
        mend="Name one of Azure, ConfigDrive, NoCloud and OpenStack in `datasource_list`.",
        example="error: etc/cloud/cloud.cfg.d/90_dpkg.cfg:1:1: only Ec2, None is looked for, which"
        " hyperv-net does not extend (name one of Azure, ConfigDrive, NoCloud, OpenStack in"
        " datasource_list) [datasource-not-extended]",
    ),
    Rule(
        "datasource-packages-replaced",
        ERROR,
        milder=(WARNING,),
        title="A later file takes hyperv-net off the list of cloud-init's packages",
        why="A list in a file that is read later replaces an earlier one. cloud-init does not find"
        " hyperv-net then, and pairs that need an aggregate get none at the first boot.",
        mend="Add `hyperv_net.sources` to the list `datasource_pkg_list` in that file.",
        example="error: etc/cloud/cloud.cfg.d/95-site.cfg:2:1: its datasource_pkg_list takes the"
        " place of the one in 90-hyperv-net.cfg, so cloud-init does not find hyperv-net (add"
        " hyperv_net.sources to it) [datasource-packages-replaced]",
    ),
    Rule(
        "devd-rule-outranks",
        WARNING,
        title="A devd rule about VFs runs in place of hyperv-net's",
        why="devd runs the rule of the highest priority alone. A VF that comes back is configured"
        " by that rule, and does not join its lagg.",
        mend="Give the rule a priority below 20, or remove it.",
        example="warning: etc/devd/site.conf:2:12: a rule about VFs with priority 100 runs in"
        " place of hyperv-net's (20) (give it a priority below 20, or remove it)"
        " [devd-rule-outranks]",
    ),
    Rule(
        "kvp-scripts-left",
        NOTE,
        title="The host is answered by scripts that know no aggregate",
        why="hv_kvp_daemon keeps the scripts that came with it. The host is told that the NIC has"
        " no DHCP and no name server, and addresses that it injects go to a member of the"
        " aggregate.",
        mend="Bake again once one of the programs that the finding names is installed, or copy"
        " hyperv-net's scripts there where nothing else upgrades that folder.",
        example="note: usr/libexec/hypervkvpd: hv_kvp_daemon goes on with its own scripts, which"
        " know nothing of an aggregate: only a unit of systemd can be given others (copy those of"
        " data/kvp there, where nothing else upgrades usr/libexec/hypervkvpd) [kvp-scripts-left]",
    ),
    Rule(
        "loader-conf-overridden",
        ERROR,
        title="A file of the loader gives every pair to the kernel",
        why="The image is baked with `aggregate: always`, which needs `hw.hn.vf_transparent=0`, and"
        " a file that is read later sets it to something else. hn(4) keeps the VFs then, and a lagg"
        " never sees them.",
        mend="Take the line out, or bake with `--aggregate auto`.",
        example="error: boot/loader.conf.local:1:1: it sets hw.hn.vf_transparent to 1, so the"
        " kernel would keep every pair (take the line out, or bake with --aggregate auto)"
        " [loader-conf-overridden]",
    ),
    Rule(
        "names-the-synthetic-nic",
        WARNING,
        title="A file names the synthetic NIC, whose addresses an aggregate may get",
        why="A firewall rule or a service that names the NIC matches nothing, or does not start,"
        " once its addresses are on an aggregate.",
        mend="Name the aggregate there, or match both.",
        example="warning: etc/pf.conf:1:9: it names hn0, whose addresses are the aggregate's where"
        " one is made (name the aggregate there, or match both) [names-the-synthetic-nic]",
    ),
    Rule(
        "netif-not-told",
        WARNING,
        title="FreeBSD's netif cannot be told to leave unnamed VFs alone",
        why="What would tell it goes into a folder of rc.conf.d, and files stand in its place. A VF"
        " that rc.conf does not name may be configured by itself at boot, beside its pair.",
        mend="Make one of the two a folder, with the file as one in it.",
        example="warning: usr/local/etc/rc.conf.d: netif and network are files here, so that netif"
        " is not told of VFs that rc.conf does not name (make one of them a folder, and the file"
        " one in it) [netif-not-told]",
    ),
    Rule(
        "no-guard",
        NOTE,
        title="Nothing looks before a boot whether hyperv-net loads",
        why="cloud-init ends without a network where a package that it is told of cannot be loaded,"
        " as after an upgrade of Python. The guard keeps it from that, and nothing starts it here.",
        mend="Remove the link in the finding before the image's Python is replaced, and bake"
        " again.",
        example="note: etc/cloud/cloud.cfg.d/90-hyperv-net.cfg: neither systemd nor OpenRC is in"
        " the image, so nothing looks whether hyperv-net loads before cloud-init runs (remove that"
        " link before the image's Python is replaced, and bake again) [no-guard]",
    ),
    Rule(
        "no-ip-command",
        WARNING,
        title="The image has no ip(8)",
        why="The udev rule and `hyperv-net reconcile` run it to join a VF to its bond and to take"
        " addresses off it. Without it a VF that comes back stays out.",
        mend="Install iproute2.",
        example="warning: usr/sbin/ip: ip(8), which the udev rule and `reconcile` run, is not in"
        " the image (install iproute2) [no-ip-command]",
    ),
    Rule(
        "no-kernel",
        ERROR,
        title="The image has no kernel whose drivers could be looked up",
        why="`--expect-driver` asks that the drivers of VFs are there, and without a kernel nobody"
        " can tell. A kernel without them leaves the machine on its synthetic NIC.",
        mend="Install a kernel and run depmod(8) for it, or leave `--expect-driver` out.",
        example="error: boot/kernel: no kernel is in the image, so its drivers are not known"
        " (install a kernel, or leave --expect-driver out) [no-kernel]",
    ),
    Rule(
        "no-udev",
        WARNING,
        title="There is no udev, which is to go by the rules for VFs",
        why="The rules that join a VF to its bond and keep everybody else off it are udev's."
        " Without it a VF that comes back is configured by whoever sees it first.",
        mend="Install udev (Alpine: eudev, by `setup-devd udev`), or run `hyperv-net reconcile`"
        " from mdev.conf.",
        example="warning: sbin/mdev: mdev and no udev is in the image: it reads none of the rules"
        " that join a VF and keep others off it (install eudev (Alpine: setup-devd udev), or run"
        " 'hyperv-net reconcile' from mdev.conf) [no-udev]",
    ),
    Rule(
        "pinned-mac",
        WARNING,
        title="A file names the build machine's NIC by its MAC address",
        why="No machine that is made from the image has that NIC: its own are left without what the"
        " file says, or with other names than everything else expects.",
        mend="Remove the file, or the line.",
        example="warning: etc/udev/rules.d/75-nic.rules:2:39: it names a NIC by its hardware"
        " address 00:0d:3a:11:22:33, which is the build machine's (remove the file, or the line)"
        " [pinned-mac]",
    ),
    Rule(
        "rival-manager",
        WARNING,
        title="A second program manages NICs in the image",
        why="It configures a NIC of a pair as if it stood alone, or takes it down and up: the VF"
        " gets addresses of its own, or connections are cut.",
        mend="Keep one of the two: disable the other, or have it leave VFs alone, as the hint"
        " says.",
        example="warning: etc/waagent.conf:3:1: the Azure agent takes the network down and up when"
        " the host name changes (set Provisioning.MonitorHostName=n: cloud-init publishes the"
        " name) [rival-manager]",
    ),
    Rule(
        "stale-datasource",
        WARNING,
        title="The image was booted, and cloud-init remembers its datasource",
        why="The next boot takes up what was remembered, without hyperv-net, so that pairs which"
        " need an aggregate get none.",
        mend="Run `cloud-init clean` in the image.",
        example="warning: var/lib/cloud/instances/i-1/obj.pkl: cloud-init has booted here and would"
        " take up its kept datasource, without hyperv-net (run 'cloud-init clean' in the image)"
        " [stale-datasource]",
    ),
    Rule(
        "unreadable-file",
        WARNING,
        title="A file that was to be looked at cannot be read",
        why="What it says is not known, so that a fault in it is not found, and the programs that"
        " read it may pass over it too.",
        mend="Mend the file as the hint says, or run it as a user who may read it.",
        example="warning: etc/waagent.conf: not UTF-8 at byte 0 (convert it to UTF-8)"
        " [unreadable-file]",
    ),
    Rule(
        "vf-driver-missing",
        ERROR,
        milder=(WARNING,),
        title="The image's kernel has no driver of a VF that it may meet",
        why="On a host that gives such a VF the machine stays on its synthetic NIC, and all traffic"
        " takes the slow path. It is an error where `--expect-driver` names the driver.",
        mend="Install a kernel or module that has the driver.",
        example="warning: lib/modules/6.1.0: kernel 6.1.0 has no mana, the driver of Microsoft MANA"
        " (install a kernel that has it; without it the machine stays on its synthetic NIC)"
        " [vf-driver-missing]",
    ),
)
