"""Files of other programs in which the name of an interface may stand, below the root.

rc.conf, interfaces(5) and the like are not among them: what they say is moved.
"""

from __future__ import annotations

#: Its own name is that of the interface which it is run for (rc.d/netif of FreeBSD).
START_IF = "etc/start_if.*"

#: Those that are part of how FreeBSD's network comes up: every plan looks into them.
#: jail(8) puts a jail's addresses on the interface that its file names.
FREEBSD_NETWORK = (
    *("etc/dhclient.conf", "etc/dhclient-enter-hooks", "etc/dhclient-exit-hooks"),
    *("etc/ipfw.rules", "etc/pf.conf", "etc/rtadvd.conf"),
    *("etc/ipf.rules", "etc/ipf6.rules", "etc/ipnat.rules", "etc/natd.conf"),
    *("etc/jail.conf", "etc/jail.*.conf", "etc/jail.conf.d/*.conf"),
    *("usr/local/etc/dhcp6c.conf", "usr/local/etc/dhcpcd.conf"),
)
#: The switches of vm-bhyve, below its `vm_dir`, which may be any folder.
_BHYVE = (
    *("vm/.config/system.conf", "*/vm/.config/system.conf", "usr/local/vm/.config/system.conf"),
)
_JAIL_MANAGERS = (
    *("usr/local/etc/bastille/bastille.conf", "usr/local/bastille/jails/*/jail.conf"),
    *("iocage/jails/*/config.json", "zroot/iocage/jails/*/config.json"),
    *("usr/local/etc/ezjail/*", "usr/local/etc/jail.conf", "usr/local/etc/jail.conf.d/*.conf"),
)
_ROUTING = (
    *("usr/local/etc/frr/*.conf", "usr/local/etc/quagga/*.conf", "usr/local/etc/bird*.conf"),
    *("usr/local/etc/bird/*.conf", "usr/local/etc/ospfd.conf", "usr/local/etc/ospf6d.conf"),
    *("usr/local/etc/ripd.conf", "usr/local/etc/bgpd.conf", "usr/local/etc/ldpd.conf"),
)
FREEBSD = (
    *(*FREEBSD_NETWORK, *_BHYVE, *_JAIL_MANAGERS, *_ROUTING),
    *("etc/ipfw.conf", "etc/sysctl.conf", "etc/sysctl.conf.local", "etc/rc.local"),
    *("etc/ppp/ppp.conf", "usr/local/etc/mpd5/mpd.conf", "etc/snmpd.config", "etc/ntp.conf"),
    # carp(4) tells devd of `VHID@interface`.
    *("etc/devd/*.conf", "usr/local/etc/devd/*.conf"),
    *("usr/local/etc/ipfw.rules", "usr/local/etc/dnsmasq.conf", "usr/local/etc/dhcpd*.conf"),
    *("usr/local/etc/kea/*.conf", "usr/local/etc/snmp/snmpd.conf", "usr/local/etc/snmpd.conf"),
    *("usr/local/etc/keepalived/keepalived.conf", "usr/local/etc/unbound/unbound.conf"),
)
LINUX = (
    *("etc/nftables.conf", "etc/nftables.d/*", "etc/nftables/*", "etc/iptables/*"),
    *("etc/iptables.rules", "etc/sysconfig/iptables", "etc/dhcpcd.conf", "etc/ferm/ferm.conf"),
    *("etc/ufw/*.rules", "etc/shorewall/interfaces", "etc/keepalived/keepalived.conf"),
    *("etc/keepalived/conf.d/*.conf", "etc/dhcp/dhclient.conf", "etc/sysctl.conf"),
    *("etc/sysctl.d/*.conf", "etc/dnsmasq.conf", "etc/dnsmasq.d/*", "etc/firewalld/zones/*.xml"),
)
