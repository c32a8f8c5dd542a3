"""The rules of findings about rc.conf and what is beside it."""

from __future__ import annotations

from hyperv_net.rules.rule import ERROR, NOTE, WARNING, Rule

RULES = (
    Rule(
        "address-before-lease",
        WARNING,
        title="A lease comes when further addresses are there, and takes the place of one",
        why="rc.conf has DHCP go on in the background (NOSYNCDHCP), and dhclient puts the lease in"
        " the place of the first address that it finds. One of the static addresses is lost.",
        mend="Use SYNCDHCP in that line, so that the lease is there first.",
        example="warning: etc/rc.conf: ifconfig_lagg0: lagg0 gets its lease when its further"
        " addresses are there, and loses one (use SYNCDHCP) [address-before-lease]",
    ),
    Rule(
        "dhcp-may-come-unasked",
        NOTE,
        title="A DHCP server may send what is not to be used",
        why="dhclient does not ask for it here, as the network config wants it. What a server sends"
        " all the same is taken, and the machine has the route or name server that it was not to"
        " have.",
        mend="Have the server send it to those alone that ask.",
        example="note: etc/dhclient.conf: em0: use-dns: em0 does not request this of DHCP; what a"
        " server sends unasked is taken (have the server send it to those alone that ask)"
        " [dhcp-may-come-unasked]",
    ),
    Rule(
        "dhcp-routes-of-one",
        NOTE,
        title="Of several leases one alone brings routes",
        why="FreeBSD has one default route and no metrics, so that only the lease of the lowest"
        " metric is asked for routes. Nothing goes by way of the other interfaces but their own"
        " networks.",
        mend="Write routes that are wanted through the others into the network config.",
        example="note: etc/dhclient.conf: eth9: eth9 asks DHCP for no routes: FreeBSD has one"
        " default route, and that of the lease with metric 0 is preferred; what a server sends"
        " unasked is taken (write routes that are wanted through it into the network config)"
        " [dhcp-routes-of-one]",
    ),
    Rule(
        "hn-renamed",
        NOTE,
        title="The host cannot inject addresses into a synthetic NIC that is renamed",
        why="hv_kvp_daemon looks for the NIC by the name that its driver gave, and gives up before"
        " it runs a script. A machine that Hyper-V Replica fails over keeps its old addresses.",
        mend="Leave `set-name` out, or set it to the driver's own name, where the host is to inject"
        " addresses.",
        example="note: etc/rc.conf: ifconfig_hn0_name: the host cannot inject addresses into hn0"
        " while it is called eth0: hv_kvp_daemon looks for its first name (say set-name: hn0, or"
        " none, where the host is to do that) [hn-renamed]",
    ),
    Rule(
        "lagg-mtu",
        WARNING,
        title="A lagg takes the MTU of its first port, for which none is set",
        why="The MTU in the network config is that of the synthetic NIC, and the VF is the first"
        " port. The lagg has the VF's MTU then, and not the one that was asked for.",
        mend="Make the synthetic NIC the primary, or name none.",
        example="warning: etc/rc.conf: ifconfig_lagg0: lagg0 takes the MTU of its first port mce0,"
        " not that of hn0 (make hn0 the primary, or none) [lagg-mtu]",
    ),
    Rule(
        "lagg-name-taken",
        ERROR,
        title="rc.conf has a lagg of that name over other NICs",
        why="The pair cannot have a lagg of the same name, and that of others is not touched. The"
        " pair is left as it is, without a failover.",
        mend="Give that lagg another name, or the pair a bond of another name in the network"
        " config.",
        example="error: etc/rc.conf:1:1: ifconfig_lagg0: ifconfig_lagg0 is a lagg over ix7"
        " already, so the pair of 00:0d:3a:11:22:00 is left as it is (give that lagg another name,"
        " or the pair a bond of another name) [lagg-name-taken]",
    ),
    Rule(
        "pair-name-unusable",
        ERROR,
        title="A name of the pair cannot stand in rc.conf",
        why="rc.conf has a shell variable for each interface, and none can be made of this name."
        " The pair is left as it is, without a failover.",
        mend="Use another name, of at most 15 letters, digits and `. _ -`.",
        example="error: bonds.bo:0: rc.conf has no variable for an interface named 'bo:0', so the"
        " pair of 00:0d:3a:11:22:00 is left as it is (use another name, of at most 15 letters,"
        " digits and . _ -) [pair-name-unusable]",
    ),
    Rule(
        "pair-renamed",
        WARNING,
        title="rc.conf renames a NIC in a way that parts it from its pair",
        why="hn(4) loses its VF when either is renamed like that, so that the line is taken out."
        " What else names the NIC as it was renamed, a firewall for example, matches nothing.",
        mend="Rename the synthetic NIC, not the one in the finding.",
        example="warning: etc/rc.conf:1:1: ifconfig_mce0_name: ifconfig_mce0_name is removed:"
        " hn(4) loses its VF when either is renamed that way (rename the synthetic NIC, not mce0)"
        " [pair-renamed]",
    ),
    Rule(
        "rc-conf-address-gone",
        WARNING,
        title="An address of rc.conf is not in the network config, and goes",
        why="The network config counts, and the line that had the address is written anew. Whoever"
        " reaches the machine by that address does not any more.",
        mend="Put the address into the network config, if it is wanted.",
        example="warning: etc/rc.conf:1:1: ifconfig_hn0: the network config does not have"
        " 10.0.0.4, which is taken out of it (put the address into the network config if it is"
        " wanted) [rc-conf-address-gone]",
    ),
    Rule(
        "rc-conf-conditional",
        WARNING,
        title="A variable is also set on a condition, which may undo what is written",
        why="rc.conf is a shell script, and what stands in an `if` there is not edited. Where the"
        " condition holds at boot, the NIC has what that line says.",
        mend="Take the line out there by hand.",
        example="warning: etc/rc.conf:2:5: ifconfig_hn0: ifconfig_hn0 is also set where it hangs"
        " on a condition, which may undo what is written (take it out there) [rc-conf-conditional]",
    ),
    Rule(
        "rc-conf-conflict",
        WARNING,
        title="Two aggregates in rc.conf take the same port",
        why="A NIC is a port of one lagg or bridge. At boot whichever comes first has it, and the"
        " other lacks it.",
        mend="Take one of the two out.",
        example="warning: etc/rc.conf:1:1: ifconfig_lagg9: ifconfig_lagg9 takes hn0, which is a"
        " port of lagg0 (take one of the two out) [rc-conf-conflict]",
    ),
    Rule(
        "rc-conf-ends-early",
        ERROR,
        title="rc.conf ends its own reading before its end",
        why="A command in it, such as `exit` or `return`, keeps the shell from reading on, so that"
        " nothing that is written behind it has an effect. The pair is left as it is.",
        mend="Take the command out.",
        example="error: etc/rc.conf:2:1: etc/rc.conf ends its own reading, and what stands behind"
        " that has no effect, so the pair of 00:0d:3a:11:22:00 is left as it is (take the command"
        " out there) [rc-conf-ends-early]",
    ),
    Rule(
        "rc-conf-includes",
        ERROR,
        milder=(NOTE,),
        title="rc.conf reads another file that was not looked into",
        why="That file may set anything anew, and undo what is written. It is an error where the"
        " settings of rc.conf itself are to be moved, since nobody knows what they are then.",
        mend="Name the file there without variables, or see that it sets nothing of the NICs.",
        example="note: etc/rc.conf:3:1: it reads /etc/extra, which was not looked into and may set"
        " anything anew (see that it sets nothing of the NICs) [rc-conf-includes]",
    ),
    Rule(
        "rc-conf-overridden",
        ERROR,
        milder=(WARNING,),
        title="A later file sets a variable to something else",
        why="Files that are read after rc.conf outrank it, so that the NIC has what they say, and"
        " the aggregate is not made or lacks a setting. It is an error where rc.conf's own settings"
        " are moved to the aggregate.",
        mend="Take the variable out of that file.",
        example='warning: etc/rc.site:1: it sets ifconfig_hn0 to something else than "up" in'
        " etc/rc.conf (take it out there) [rc-conf-overridden]",
    ),
    Rule(
        "rc-conf-readonly",
        ERROR,
        milder=(WARNING,),
        title="A variable of rc.conf is readonly and cannot be written",
        why="The shell takes no other value for it, and ends with an error at a second one. What"
        " needs the variable is not done. It is a warning where it only stays beside what is"
        " written.",
        mend="Take the word `readonly` out, or the whole line.",
        example="error: etc/rc.conf:1:10: defaultrouter: defaultrouter is readonly in etc/rc.conf,"
        ' and "10.0.0.1" cannot be put there (take the word readonly out) [rc-conf-readonly]',
    ),
    Rule(
        "rc-conf-replaced",
        WARNING,
        milder=(NOTE,),
        title="Words of rc.conf give way to the network config",
        why="The network config counts, and it does not have them: offloads, a CARP address or an"
        " IPv6 setting that somebody wrote there is gone at the next boot. It is a note where two"
        " lines say the same thing, or the config says that it is not wanted.",
        mend="Put into the network config what is to stay.",
        example="warning: etc/rc.conf:1:1: ifconfig_hn0: the network config takes the place of"
        " 'vhid 1' in it [rc-conf-replaced]",
    ),
    Rule(
        "rc-conf-unknown-value",
        ERROR,
        milder=(WARNING, NOTE),
        title="Only the shell can work out a value in rc.conf",
        why="It hangs on a command, a variable or a condition, and is neither run nor replaced."
        " It is an error where the pair's own settings hang on it, so that the pair is left as it"
        " is; a warning or note where something beside them does.",
        mend="Write the value out, or say it in a network config (`--network-config FILE`).",
        example="note: etc/rc.conf:1:1: ifconfig_hn0: ifconfig_hn0 had a value that only the shell"
        " can work out [rc-conf-unknown-value]",
    ),
    Rule(
        "rc-conf-unreadable",
        ERROR,
        milder=(WARNING,),
        title="rc.conf, or a file that it reads, is no complete shell script",
        why="rc(8) stops reading where the script breaks, and the machine boots with what came"
        " before that, if at all. It is a warning in a file that is only compared.",
        mend="Mend the file; `sh -n` shows where it breaks.",
        example="error: etc/rc.conf:2:14: not a complete shell script: a double quote is never"
        " closed (mend the file, sh -n shows where it breaks) [rc-conf-unreadable]",
    ),
    Rule(
        "resolver-and-dhcp",
        NOTE,
        title="The name servers that are written give way to those of a lease",
        why="dhclient(8) writes resolv.conf anew with each lease, so that the name servers of the"
        " network config are asked only until then.",
        mend="Put `supersede domain-name-servers` into /etc/dhclient.conf to keep them.",
        example="note: etc/resolv.conf: dhclient(8) replaces the name servers with those of the"
        " lease (put `supersede domain-name-servers` into /etc/dhclient.conf to keep them)"
        " [resolver-and-dhcp]",
    ),
    Rule(
        "resolver-limit",
        NOTE,
        title="There are more name servers than FreeBSD's resolver asks",
        why="It asks the first three alone. Names that only a later one knows are not found.",
        mend="Put the three that matter first.",
        example="note: etc/resolv.conf: FreeBSD's resolver asks the first 3 of 4 name servers"
        " [resolver-limit]",
    ),
    Rule(
        "route-before-lease",
        WARNING,
        title="Routes are added before the lease is there that they go by",
        why="rc.conf has DHCP go on in the background (NOSYNCDHCP), and a route through a gateway"
        " of that network is refused while the interface has no address.",
        mend="Use SYNCDHCP in that line.",
        example="warning: etc/rc.conf: ifconfig_lagg0: lagg0 gets its address while routes are"
        " being added already (use SYNCDHCP) [route-before-lease]",
    ),
    Rule(
        "route-refused",
        WARNING,
        title="A static route of rc.conf is not added at boot",
        why="route(8) refuses its words, or `static_routes` names one that no variable has. rc(8)"
        " says so at boot and goes on with the other routes. It is so without an aggregate too,"
        " and the line stays as it is.",
        mend="Mend the route, or take its name out of `static_routes`.",
        example="warning: etc/rc.conf:2:18: static_routes: there is no route_old (set it, or take"
        " the name out) [route-refused]",
    ),
    Rule(
        "vf-name-in-use",
        WARNING,
        title="A name that a VF may return with has an address in rc.conf",
        why="Where it is the VF that bears it one day, the VF gets that address at boot, beside the"
        " lagg, and it leaves with the VF.",
        mend="Take the line out, unless such a NIC exists.",
        example="warning: etc/rc.conf:1:1: ifconfig_mlxen0: mlxen0, a name that a VF may return"
        " with, has an address there, and is left so (take the line out unless such a NIC exists)"
        " [vf-name-in-use]",
    ),
)
