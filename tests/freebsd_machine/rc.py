"""netif of rc(8), and pccard_ether: what rc.d/netif and network.subr do with rc.conf.

Own and small, but in the order and with the rules of libexec/rc/network.subr
and rc.d/netif for the variables that this project writes or carries over.
devd(8) runs beside rc: what a script makes is announced, and pccard_ether
starts it once more, at the latest when rc is through, and at the earliest
before rc has come to configure it (`State.devd_is_quick`).
"""

from __future__ import annotations

import re

from tests.freebsd_machine.links import eui64
from tests.freebsd_machine.rc_dhclient import Dhclient
from tests.freebsd_machine.rc_routing import FAMILIES, Routing
from tests.freebsd_machine.rc_script import Script
from tests.freebsd_machine.route import route
from tests.freebsd_machine.state import Address


class Netif(Script):
    """One run of rc.d/netif."""

    loads = ("network", "netif")

    def start(self, only: list[str]) -> None:
        """Make the cloned interfaces, give names, then configure: those named, or all."""
        made = []
        for name in self._cloned(only):
            if self.state.find(name) is None:
                made.append(name)
                self.ifconfig(name, "create", *self.conf.of_interface("create_args_IF", name))
        for name in only or [one.name for one in self.state.interfaces]:
            for new in self.conf.of_interface("ifconfig_IF_name", name)[:1]:
                self.ifconfig(name, "name", new)
        for name in made:
            self._announced(name)
        started = [name for name in only or self._listed() if self._start(name)]
        if started:
            self.out += f"Starting Network: {' '.join(started)}.\n"
        for name in only:
            self._routes("add", name)

    def stop(self, only: list[str]) -> None:
        """Take all off again, and destroy what was cloned."""
        stopped = [name for name in only or self._listed() if self._stop(name)]
        for name in self._cloned(only):
            if self.state.find(name) is not None and not self._is_sticky(name):
                self.ifconfig("-n", name, "destroy")
        if stopped:
            self.out += f"Stopping Network: {' '.join(stopped)}.\n"
        for name in only:
            self._routes("delete", name)

    def _routes(self, action: str, name: str) -> None:
        routing = Routing(self.state, self.root, real=self.real)
        for family in FAMILIES:
            routing.static(family, action, name)
        self.said(routing)

    def _announced(self, name: str) -> None:
        if self.state.devd_is_quick:
            devd = PccardEther(self.state, self.root, real=self.real)
            devd.start(name)
            self.said(devd)

    def _cloned(self, only: list[str]) -> list[str]:
        names = [word.partition(":")[0] for word in self.conf.words("cloned_interfaces")]
        return [name for name in names if not only or name in only]

    def _is_sticky(self, name: str) -> bool:
        words = self.conf.words("cloned_interfaces")
        return f"{name}:sticky" in words or self.conf.yes("cloned_interfaces_sticky")

    def _listed(self) -> list[str]:
        """list_net_interfaces(): loopback first, and without those that say NOAUTO."""
        if self.conf.value("network_interfaces").lower() != "auto":
            names = [*self.conf.words("network_interfaces"), *self._cloned([])]
            return names if "lo0" in names else ["lo0", *names]
        names = [one.name for one in self.state.interfaces]
        auto = [one for one in names if self.is_auto(one)]
        return sorted(auto, key=lambda one: one != "lo0")

    def _start(self, name: str) -> bool:
        """ifn_start(): ifconfig_up() with its order of lines, addresses, children."""
        conf = self.conf
        done = name == "lo0"
        if conf.yes("ipv6_activate_all_interfaces"):
            self.ifconfig(name, "inet6", "-ifdisabled")
        elif name != "lo0":
            self.ifconfig(name, "inet6", "ifdisabled")
        words = self.arguments(name)
        if words:
            self.ifconfig(name, *conf.evaluated(words))
            done = True
        words = self.arguments(name, "ipv6")
        if words:
            self.ifconfig(name, "inet6", "-ifdisabled")
            self.ifconfig(name, *conf.evaluated(words))
            done = True
        description = conf.of_interface("ifconfig_IF_descr", name)
        if description:
            self.ifconfig(name, "description", " ".join(description))
        if done:
            self.ifconfig(name, "up")
        if self.has_dhcp(name):
            if not done:
                self.ifconfig(name, "up")
            if self._is_synchronous(name):
                client = Dhclient(self.state, self.root, real=self.real)
                client.start(name)
                self.said(client)
            done = True
        for alias in self._aliases(name):
            done = self.ifconfig(name, *alias, "alias") or done
        if "accept_rtadv" in words and self._is_for_ipv6(name):
            self.ifconfig(name, "inet6", "accept_rtadv", "up")
            self._solicit(name)
        return self._vlans(name) or done

    def _stop(self, name: str) -> bool:
        """ifn_stop()"""
        interface = self.state.find(name)
        if interface is None:
            self.err += f"/etc/rc.d/netif: WARNING: {name} does not exist.  Skipped.\n"
            return False
        aliases = self._aliases(name)
        if self._is_for_ipv6(name):
            self.ifconfig(name, "inet6", "-accept_rtadv")
            for alias in (one for one in aliases if one[0] == "inet6"):
                self.ifconfig(name, *alias[:2], "-alias")
            for address in list(interface.inet6):
                self.ifconfig(name, "inet6", address.address, "-alias")
        for alias in (one for one in aliases if one[0] == "inet"):
            self.ifconfig(name, *alias[:2], "-alias")
        for address in list(interface.inet):
            self.ifconfig(name, "inet", address.address, "delete")
        if self.has_dhcp(name):
            client = Dhclient(self.state, self.root, real=self.real)
            client.stop(name)
            self.said(client)
        self.ifconfig(name, "down")
        for child in self._children(name):
            if self.state.find(child) is not None:
                self.ifconfig("-n", child, "destroy")
        return True

    def _aliases(self, name: str) -> list[list[str]]:
        """ifalias_af_common(): every `inet …` or `inet6 …` of the alias variables, IPv4 first."""
        conf = self.conf
        lines = [*conf.aliases(name)]
        lines += [f"inet {one}" for one in conf.of_interface("ipv4_addrs_IF", name)]
        words = [*conf.of_interface("ifconfig_IF_aliases", name)]
        for line in lines:
            words += conf.evaluated(line.split())
        found: list[list[str]] = []
        for word in words:
            if word in ("inet", "inet6"):
                found.append([word])
            elif found:
                found[-1].append(word)
        found = [one for one in found if len(one) > 1]
        second = [one for one in found if one[0] == "inet6" and self._is_for_ipv6(name)]
        return [*(one for one in found if one[0] == "inet"), *second]

    def _is_for_ipv6(self, name: str) -> bool:
        return name == "lo0" or bool(
            self.conf.line(name, "ipv6") or self.conf.of_interface("ipv6_prefix_IF", name)
        )

    def _children(self, name: str) -> list[str]:
        words = self.conf.of_interface("vlans_IF", name)
        return [f"{name}.{one}" if one.isdigit() else one for one in words]

    def _vlans(self, name: str) -> bool:
        """childif_create()"""
        children = self._children(name)
        for child in children:
            arguments = self.conf.of_interface("create_args_IF", child)
            if child.startswith(f"{name}."):
                self.ifconfig(child, "create", *arguments)
            elif re.match(r"vlan[0-9]+\Z", child):
                self.ifconfig(child, "create", "vlandev", name, *arguments)
            else:
                before = len(self.state.interfaces)
                self.ifconfig("vlan", "create", "vlandev", name, *arguments)
                if len(self.state.interfaces) > before:
                    self.ifconfig(self.state.interfaces[-1].name, "name", child)
            self._announced(child)
            if self.is_auto(child):
                self._start(child)
        return bool(children)

    def _solicit(self, name: str) -> None:
        """rtsol(8), and the answer of a router where the network has one."""
        interface, prefix = self.state.get(name), self.state.advertised
        if not prefix or interface.link != "up" or "ACCEPT_RTADV" not in interface.nd6:
            return
        address = eui64(prefix, interface.mac)
        if not any(one.address == address for one in interface.inet6):
            interface.inet6.append(Address(address, 64, automatic=True))
        route(self.state, ["-n", "add", "-inet6", "default", f"fe80::1%{name}"])

    def _is_synchronous(self, name: str) -> bool:
        for word in map(str.lower, self.conf.line(name)):
            if word in ("syncdhcp", "nosyncdhcp"):
                return word == "syncdhcp"
        return self.conf.yes("synchronous_dhclient")


class PccardEther(Script):
    """libexec/rc/pccard_ether, which devd runs for an interface that has appeared."""

    loads = ("pccard_ether", "network")

    def start(self, name: str) -> int:
        """Not for what says NOAUTO, nor for what is up."""
        found = self.state.find(name)
        if found is None:
            return 1
        if found.up or not self.is_auto(name):
            return 0
        netif = Netif(self.state, self.root, real=self.real)
        netif.start([name])
        # `quietstart` keeps to itself what it would say.
        self.err += netif.err
        if self.arguments(name) and not self.has_dhcp(name):
            for words in self._routes(name):
                _, out, err = route(self.state, ["add", *words])
                self.out += out
                self.err += err
        return 0

    def _routes(self, name: str) -> list[list[str]]:
        """setup_routes(): those of rc.conf, and the default one, of IPv4."""
        router = self.conf.words("defaultrouter")
        names = [
            *self.conf.of_interface("static_routes_IF", name),
            *self.conf.words("static_routes"),
        ]
        found = [self.conf.of_interface("route_IF", one) for one in names]
        if router and router[0].lower() != "no":
            found.append(["default", *router])
        return found
