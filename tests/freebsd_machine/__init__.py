"""A FreeBSD machine that keeps state, and refuses what the real one refuses.

Modelled on, by reading freebsd/freebsd-src and not by running:

- `kernel`: sys/net/if_lagg.c (SIOCSLAGGPORT takes the IPv6 addresses off a port that has
  a link-local one, before it checks anything; EEXIST, EBUSY, EINVAL for a lagg in a lagg; the first
  port gives MTU and MAC, a later one gets them or is refused; a port's own MTU is
  fixed, the lagg's is set on all ports or none; ports by index; the next is primary
  where that leaves; the port stays down), sys/net/if.c and if_clone.c (rename is a
  departure and an arrival, names, cloners), sys/netinet6/nd6.c and in6_ifattach.c
  (IPv6 is off on a new interface of 13.2 and later; one that is up and has it gets fe80::),
  sys/net/if_vlan.c (a new VLAN has its parent's link, and no event of it),
  sys/netinet/in.c and in_rmx.c (an address takes its routes with it, and where none is named
  the first one goes).
- `host` and `links`: sys/dev/hyperv/netvsc/if_hn.c (pairs by address, never
  lagg or vlan; a VF that is up takes the datapath, and hn's link is down from then
  on, with or without a lagg; VF_UP and VF_DOWN; transparent mode says nothing).
- `ifconfig`, `ifconfig_words`, `shown`: sbin/ifconfig, ifconfig.c (how words are gone through),
  iflagg.c (a port that does not join is a warning), af_inet.c, af_inet6.c,
  af_nd6.c, ifvlan.c, ifbridge.c, ifmedia.c (text).
- `sysctl`: sbin/sysctl, and the nodes of if_hn.c.
- `route`: sbin/route and usr.bin/netstat.
- `dhclient`: sbin/dhclient and dhclient-script (pid file, lease file; it ends with its
  interface, and asks again when the link comes back).
- `timeout`: usr.bin/timeout, which waits for all descendants and ends them.
- `rc_conf`, `rc_script`, `rc`, `rc_routing`, `rc_dhclient`, `service`: libexec/rc/rc.subr,
  network.subr, pccard_ether and rc.d/{netif,routing,dhclient}.
- `path`: which way a packet leaves, and why it does not; `journey` asks that after each
  step of a scenario.

What a running 13.2 kernel was seen to do is held against it in `test_measured`.
What is not here: answers to packets, duplicate address detection, timers, fibs beside 0,
jails, wireless, link-level details of bridges.  `machine` is what tests use.
"""
