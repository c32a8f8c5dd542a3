"""Words of every network config and of this program's own, which are no secret anywhere.

A secret may be such a word.  It is hidden where it stands.  Hiding it wherever else it is would
take a document its meaning, and tell the secret: what `dhcp4: (hidden)` was, everybody knows.
"""

from __future__ import annotations

#: Values of all formats; keys of network configs; what rendered files and documents are made of.
_WORDS = """
true false none null auto yes no on off enabled disabled optional static dhcp manual inet inet6
loopback boot any 1500 9000 1492 1460 address addresses netmask gateway gateway4 gateway6 network
networks broadcast metric route routes routing via default defaultrouter nameserver nameservers
search domain domains interface interfaces iface ethernet ethernets bond bonds bonding bridge
bridges vlan vlans wifi wifis tunnels vrfs dummy-devices virtual-ethernets version renderer
systemd linux match macaddress name
driver drivers set-name dhcp4 dhcp6 dhcp4-overrides dhcp6-overrides use-dns use-routes use-domains
accept-ra link-local mtubytes parameters mode active-backup activebackup primary primary-reselect
mii-monitor-interval fail-over-mac-policy all-slave-macs lagg failover laggproto laggport method
peap ttls identity password passwords secret secrets private shared username key-management eap
802.1x auth access-points connection ipv4 ipv6 type subnets physical config kind role system target
kernel settings setting findings finding warning error note verdict severity message where hint
rule file files path line column schema hyperv-net hyperv_net review reviews plan plans status
simulate simulation history inventory apply applied configuration machine machines synthetic
aggregate aggregates transparent virtual vf-only synthetic-only member members master backup state
evidence reason events event boot attach detach moments pairs pair changed change create created
replace replaced remove removed kept moved rewritten dropped result value source action
""".split()  # noqa: SIM905
WORDS = frozenset(_WORDS)


def is_ordinary(word: str) -> bool:
    """Whether it says nothing that it stands somewhere, whoever has it for a secret."""
    return word.lower() in WORDS
