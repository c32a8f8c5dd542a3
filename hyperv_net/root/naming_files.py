"""Files of other programs in which the name of an interface may stand, below the root.

rc.conf, interfaces(5) and the like are not among them: what they say is moved.
"""

from __future__ import annotations

#: Its own name is that of the interface which it is run for (rc.d/netif of FreeBSD).
START_IF = "etc/start_if.*"

#: Those that are part of how FreeBSD's network comes up: every plan looks into them.
FREEBSD_NETWORK = (
    *("etc/dhclient.conf", "etc/ipfw.rules", "etc/pf.conf", "etc/rtadvd.conf"),
    *("usr/local/etc/dhcp6c.conf", "usr/local/etc/dhcpcd.conf"),
)
FREEBSD = (
    *FREEBSD_NETWORK,
    *("etc/ipfw.conf", "etc/ipf.rules", "etc/sysctl.conf", "etc/sysctl.conf.local"),
    *("usr/local/etc/ipfw.rules", "usr/local/etc/dnsmasq.conf", "usr/local/etc/dhcpd.conf"),
    *("usr/local/etc/keepalived/keepalived.conf", "usr/local/etc/unbound/unbound.conf"),
)
LINUX = (
    *("etc/nftables.conf", "etc/nftables.d/*", "etc/nftables/*", "etc/iptables/*"),
    *("etc/iptables.rules", "etc/sysconfig/iptables", "etc/dhcpcd.conf", "etc/ferm/ferm.conf"),
    *("etc/ufw/*.rules", "etc/shorewall/interfaces", "etc/keepalived/keepalived.conf"),
    *("etc/keepalived/conf.d/*.conf", "etc/dhcp/dhclient.conf", "etc/sysctl.conf"),
    *("etc/sysctl.d/*.conf", "etc/dnsmasq.conf", "etc/dnsmasq.d/*", "etc/firewalld/zones/*.xml"),
)
