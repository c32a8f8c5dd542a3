"""Rules about a machine that runs: hyperv-net itself, the host, addresses and routes."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "duplicate-address",
        ERROR,
        milder=(WARNING,),
        title="One address is on two devices",
        why="Which of the two answers is a matter of chance, so that connections come and go. It is"
        " a warning where neither belongs to a pair.",
        mend="Keep the address on one device, the aggregate where there is one.",
        example="error: bond0: 10.77.0.50 is on bond0 and lo (keep it on one device)"
        " [duplicate-address]",
    ),
    Rule(
        "extension-not-loaded",
        ERROR,
        milder=(WARNING,),
        title="The Python that runs cloud-init does not find hyperv-net",
        why="cloud-init is told of hyperv-net and would not get it, so that the next first boot"
        " writes what cloud-init alone writes: pairs get no aggregate. An upgrade of Python leaves"
        " packages behind like that.",
        mend="Bake it again, or install hyperv-net for that Python.",
        example="error: etc/cloud/cloud.cfg.d/90-hyperv-net.cfg: /usr/bin/python3 runs cloud-init"
        " and finds no hyperv-net (bake it again, or install hyperv-net for that Python)"
        " [extension-not-loaded]",
    ),
    Rule(
        "extension-refused",
        ERROR,
        milder=(WARNING,),
        title="The guard kept hyperv-net out of this boot",
        why="Its files did not load before cloud-init ran, and cloud-init went on alone, so that"
        " the machine has a network. A pair that cloud-init configured in this boot has no"
        " aggregate.",
        mend="Bake or install it again; the next boot takes it in by itself.",
        example="error: run/hyperv-net/guard: hyperv-net takes no part in this boot:"
        " /usr/bin/python3 does not load it: SyntaxError (bake or install it again; the next boot"
        " takes it in by itself) [extension-refused]",
    ),
    Rule(
        "kvp-scripts-stock",
        WARNING,
        title="FreeBSD's own scripts answer the host, and know nothing of the lagg",
        why="The host is told of hn0, which has no addresses, and what it injects goes to hn0,"
        " where it does nothing. An upgrade of the base system puts these scripts back.",
        mend="Run `hyperv-net bake --root / --force`.",
        example="warning: usr/libexec/hyperv/hv_get_dhcp_info: the host is answered by the base"
        " system's scripts, which know nothing of lagg0 (run `hyperv-net bake --root / --force`, or"
        " see docs/kvp.md) [kvp-scripts-stock]",
    ),
    Rule(
        "no-default-route",
        ERROR,
        milder=(WARNING,),
        title="There is no default route, and the configuration asks for one",
        why="Nothing beyond the machine's own networks is reached over that family. It is a warning"
        " where a DHCP server or a router may give none.",
        mend="See the log of what configures the network, and have it configure anew.",
        example="error: IPv4: there is no IPv4 default route, and gateway of eth0 asks for one (see"
        " the log of what configures the network, and have it configure anew) [no-default-route]",
    ),
    Rule(
        "no-nameserver",
        WARNING,
        title="resolv.conf names no name server",
        why="Names are not resolved, though the configuration asks for a route to the world.",
        mend="See what writes /etc/resolv.conf, and what DHCP gave.",
        example="warning: etc/resolv.conf: it names no name server (see what writes it, and what"
        " DHCP gave) [no-nameserver]",
    ),
    Rule(
        "not-shown",
        NOTE,
        title="What hyperv-net did in this boot is shown to root alone",
        why="This user may not read /run/hyperv-net, so that the status lacks the guard's answer"
        " and what `reconcile` did.",
        mend="Run it as root.",
        example="note: run/hyperv-net/guard: whether hyperv-net takes part in this boot, and what"
        " it did, is root's to know (run it as root) [not-shown]",
    ),
    Rule(
        "reconcile-failed",
        ERROR,
        title="The last reconcile failed, or ended with steps left",
        why="The machine is not as its configuration says: a VF may be out of its aggregate, or up"
        " where it should not be.",
        mend="Run `hyperv-net reconcile` again, and look at what it says.",
        example="error: reconcile: the last reconcile (2026-11-22T12:00:00Z): cannot join ens17 to"
        " bond0: EBUSY (run `hyperv-net reconcile` again) [reconcile-failed]",
    ),
    Rule(
        "reconcile-never",
        NOTE,
        title="No reconcile has run since the machine booted",
        why="Either no VF has come yet, or the hook that starts it is not installed. In that case a"
        " VF that comes back may stay out.",
        mend="Run `hyperv-net reconcile`, and see whether its hook is installed.",
        example="note: reconcile: no reconcile has run since the machine booted (run `hyperv-net"
        " reconcile`, and see whether its hook is installed) [reconcile-never]",
    ),
    Rule(
        "switch-pending",
        WARNING,
        title="The settings turn hyperv-net off or on, and events do not go by it yet",
        why="What runs at an event goes by a file that the next boot makes of the settings. Until"
        " then a VF that comes back is treated as before the edit.",
        mend="Boot, or have it take effect at once with `hyperv-net apply`.",
        example="warning: var/lib/hyperv-net/off: hyperv-net is turned on for events, and its"
        " settings turn it off (it takes effect at the next boot, or at once with 'hyperv-net"
        " apply') [switch-pending]",
    ),
    Rule(
        "turned-off",
        NOTE,
        title="hyperv-net is turned off on this machine",
        why="The settings say `enabled: false`: no VF is joined, nothing is answered to the host,"
        " and what was written before stays as it is.",
        mend="Nothing, where that is meant; otherwise set `enabled: true` and run `hyperv-net"
        " apply`.",
        example="note: var/lib/hyperv-net/off: hyperv-net is turned off: enabled: false among"
        " cloud-init's settings [turned-off]",
    ),
    Rule(
        "unconfirmed",
        NOTE,
        title="An apply waits to be confirmed",
        why="It was made with `--confirm`, and all of it is taken back when its time is over, which"
        " the finding says.",
        mend="Keep it with `hyperv-net confirm`.",
        example="note: apply: an apply waits to be confirmed, and is taken back in 93 s"
        " ('hyperv-net confirm' keeps it) [unconfirmed]",
    ),
    Rule(
        "unwatched",
        WARNING,
        title="Migrations are announced, and nobody watches for them",
        why="The setting `announcements` names whom to ask, and no `hyperv-net watch` runs: its"
        " service was never enabled, or it has ended. The machine is not drained ahead of a"
        " migration, and loses packets as its VF goes.",
        mend="Run `systemctl enable --now hyperv-net-watch`, on FreeBSD `sysrc"
        " hyperv_net_watch_enable=YES` and `service hyperv_net_watch start`. What ended it is in"
        " its log. Where nobody is meant to watch, take the setting out.",
        example="warning: watch: nobody watches for what azure announces (run `systemctl enable"
        " --now hyperv-net-watch`; why one ended is in its log) [unwatched]",
    ),
    Rule(
        "waagent-restarts",
        NOTE,
        title="The Azure agent takes interfaces down and up when the host's name changes",
        why="Connections are cut for a while each time. On an aggregate it takes down the interface"
        " that has the addresses.",
        mend="Set `Provisioning.MonitorHostName=n` in waagent.conf; cloud-init publishes the name.",
        example="note: etc/waagent.conf: Provisioning.MonitorHostName: waagent takes interfaces"
        " down and up when the host's name changes (set it to n) [waagent-restarts]",
    ),
)
