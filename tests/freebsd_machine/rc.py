"""netif, routing and dhclient of rc(8): what rc.d and network.subr do with rc.conf.

Own and small, but in the order and with the rules of libexec/rc/network.subr
and rc.d/{netif,routing,dhclient} for the variables that this project writes
or carries over.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.freebsd_machine.dhclient import dhclient, running, stop
from tests.freebsd_machine.ifconfig import ifconfig
from tests.freebsd_machine.links import eui64
from tests.freebsd_machine.rc_conf import RcConf
from tests.freebsd_machine.route import route
from tests.freebsd_machine.state import Address, State

_OF_RC = {"dhcp", "noauto", "nosyncdhcp", "syncdhcp", "wpa", "hostap"}
_DHCP = {"dhcp", "nosyncdhcp", "syncdhcp"}
_NO_DHCP_ON = re.compile(r"(lo|stf|lp|sl)[0-9]")


class Rc:
    """One run of an rc.d script."""

    def __init__(self, state: State, root: Path, *, real: bool) -> None:
        self._state = state
        self._root = root
        self._real = real
        self._conf = RcConf(root)
        self.out = ""
        self.err = self._conf.errors

    def _run(self, *arguments: str) -> bool:
        """ifconfig, with its outputs passed on."""
        status, out, err = ifconfig(self._state, list(arguments))
        self.out += out
        self.err += err
        return status == 0

    # rc.d/netif

    def netif_start(self, only: list[str]) -> None:
        """Make the cloned interfaces, give names, then configure: those named, or all."""
        for name in self._cloned(only):
            if self._state.find(name) is None:
                self._run(name, "create", *self._conf.of_interface("create_args_IF", name))
        for name in only or [one.name for one in self._state.interfaces]:
            for new in self._conf.of_interface("ifconfig_IF_name", name)[:1]:
                self._run(name, "name", new)
        started = [name for name in only or self._listed() if self._start(name)]
        if started:
            self.out += f"Starting Network: {' '.join(started)}.\n"
        for name in only:
            self._static("inet", "add", name)
            self._static("inet6", "add", name)

    def netif_stop(self, only: list[str]) -> None:
        """Take all off again, and destroy what was cloned."""
        stopped = [name for name in only or self._listed() if self._stop(name)]
        for name in self._cloned(only):
            if self._state.find(name) is not None and not self._is_sticky(name):
                self._run("-n", name, "destroy")
        if stopped:
            self.out += f"Stopping Network: {' '.join(stopped)}.\n"

    def _cloned(self, only: list[str]) -> list[str]:
        names = [word.partition(":")[0] for word in self._conf.words("cloned_interfaces")]
        return [name for name in names if not only or name in only]

    def _is_sticky(self, name: str) -> bool:
        words = self._conf.words("cloned_interfaces")
        return f"{name}:sticky" in words or self._conf.yes("cloned_interfaces_sticky")

    def _listed(self) -> list[str]:
        """list_net_interfaces(): loopback first, and without those that say NOAUTO."""
        if self._conf.value("network_interfaces").lower() != "auto":
            names = [*self._conf.words("network_interfaces"), *self._cloned([])]
            return names if "lo0" in names else ["lo0", *names]
        names = [one.name for one in self._state.interfaces]
        auto = [one for one in names if "noauto" not in map(str.lower, self._conf.line(one))]
        return sorted(auto, key=lambda one: one != "lo0")

    def _start(self, name: str) -> bool:
        """ifn_start(); ifconfig_up() with its order of lines."""
        conf = self._conf
        done = name == "lo0"
        words = [one for one in conf.line(name) if one.lower() not in _OF_RC]
        if conf.yes("ipv6_activate_all_interfaces"):
            self._run(name, "inet6", "-ifdisabled")
        if words:
            self._run(name, *conf.evaluated(words))
            done = True
        words = [one for one in conf.line(name, "ipv6") if one.lower() not in _OF_RC]
        if words:
            self._run(name, "inet6", "-ifdisabled")
            self._run(name, *conf.evaluated(words))
            done = True
        description = conf.of_interface("ifconfig_IF_descr", name)
        if description:
            self._run(name, "description", " ".join(description))
        if done:
            self._run(name, "up")
        if "accept_rtadv" in words and self._is_for_ipv6(name):
            self._run(name, "inet6", "accept_rtadv", "up")
            self._solicit(name)
        if self._has_dhcp(name):
            if not done:
                self._run(name, "up")
            if self._is_synchronous(name):
                self.dhclient_start(name)
            done = True
        for alias in self._aliases(name):
            done = self._run(name, *alias, "alias") or done
        return self._vlans(name) or done

    def _stop(self, name: str) -> bool:
        """ifn_stop()"""
        interface = self._state.find(name)
        if interface is None:
            self.err += f"/etc/rc.d/netif: WARNING: {name} does not exist.  Skipped.\n"
            return False
        for alias in self._aliases(name):
            self._run(name, *alias[:2], "-alias")
        for address in list(interface.inet):
            self._run(name, "inet", address.address, "delete")
        if self._is_for_ipv6(name):
            for address in list(interface.inet6):
                self._run(name, "inet6", address.address, "-alias")
        if self._has_dhcp(name):
            self.dhclient_stop(name)
        self._run(name, "down")
        for child in self._children(name):
            if self._state.find(child) is not None:
                self._run("-n", child, "destroy")
        return True

    def _aliases(self, name: str) -> list[list[str]]:
        """ifalias_af_common(): every `inet …` or `inet6 …` of the alias variables, IPv4 first."""
        conf = self._conf
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
            self._conf.line(name, "ipv6") or self._conf.of_interface("ipv6_prefix_IF", name)
        )

    def _children(self, name: str) -> list[str]:
        words = self._conf.of_interface("vlans_IF", name)
        return [f"{name}.{one}" if one.isdigit() else one for one in words]

    def _vlans(self, name: str) -> bool:
        """childif_create()"""
        children = self._children(name)
        for child in children:
            arguments = self._conf.of_interface("create_args_IF", child)
            if child.startswith(f"{name}."):
                self._run(child, "create", *arguments)
            elif re.match(r"vlan[0-9]+\Z", child):
                self._run(child, "create", "vlandev", name, *arguments)
            else:
                before = len(self._state.interfaces)
                self._run("vlan", "create", "vlandev", name, *arguments)
                if len(self._state.interfaces) > before:
                    self._run(self._state.interfaces[-1].name, "name", child)
            if "noauto" not in map(str.lower, self._conf.line(child)):
                self._start(child)
        return bool(children)

    def _solicit(self, name: str) -> None:
        """rtsol(8), and the answer of a router where the network has one."""
        interface, prefix = self._state.get(name), self._state.advertised
        if not prefix or interface.link != "up" or "ACCEPT_RTADV" not in interface.nd6:
            return
        address = eui64(prefix, interface.mac)
        if not any(one.address == address for one in interface.inet6):
            interface.inet6.append(Address(address, 64, automatic=True))
        route(self._state, ["-n", "add", "-inet6", "default", f"fe80::1%{name}"])

    # rc.d/dhclient

    def _has_dhcp(self, name: str) -> bool:
        words = {one.lower() for one in self._conf.line(name)}
        return bool(words & _DHCP) and not _NO_DHCP_ON.match(name)

    def _is_synchronous(self, name: str) -> bool:
        for word in map(str.lower, self._conf.line(name)):
            if word in ("syncdhcp", "nosyncdhcp"):
                return word == "syncdhcp"
        return self._conf.yes("synchronous_dhclient")

    def dhclient_start(self, name: str, *, quiet: bool = False, force: bool = False) -> int:
        """Not for an interface whose line says nothing of DHCP, unless forced."""
        if not force and not self._has_dhcp(name):
            self.out += "" if quiet else f"'{name}' is not a DHCP-enabled interface\n"
            return 1
        pid = running(self._state, name)
        if pid is not None:
            self.out += "" if quiet else f"dhclient already running? (pid={pid}).\n"
            return 0 if quiet else 1
        status, out, err = dhclient(self._state, self._root, [name], real=self._real)
        self.out += out
        self.err += err
        return status

    def dhclient_stop(self, name: str, *, force: bool = False) -> int:
        """By the pid file, as rc.subr does."""
        if not force and not self._has_dhcp(name):
            self.out += f"'{name}' is not a DHCP-enabled interface\n"
            return 1
        if running(self._state, name) is None:
            self.out += "dhclient not running? "
            return 1
        stop(self._state, name)
        return 0

    # rc.d/routing

    def routing_start(self, family: str = "", name: str = "") -> int:
        """The loopback and default routes and those of static_routes; 1 where one failed."""
        families = ("inet", "inet6") if family in ("", "any", "all") else (family,)
        return max([self._static(one, "add", name) for one in families])

    def routing_stop(self, family: str = "", name: str = "") -> int:
        """Take them away; all routes of the family, where no interface is named."""
        families = ("inet", "inet6") if family in ("", "any", "all") else (family,)
        for one in families:
            self._static(one, "delete", name)
            if not name:
                route(self._state, ["-n", "flush", f"-{one}"])
        return 0

    def _static(self, family: str, action: str, only: str) -> int:
        prefix = "ipv6_" if family == "inet6" else ""
        loopback = ["::1", "-iface", "lo0"] if prefix else ["-inet", "127.0.0.1", "-iface", "lo0"]
        routes = [("_loopback", loopback)]
        for name in self._conf.words(f"{prefix}static_routes"):
            words = self._conf.of_interface(f"{prefix}route_IF", name.partition(":")[0])
            if words:
                routes.append((name, words))
            elif not only or name.endswith(f":{only}"):
                self.err += (
                    f"/etc/rc.d/routing: WARNING: route_{name.partition(':')[0]} not found.\n"
                )
        router = self._conf.words(f"{prefix}defaultrouter")
        if router and router[0].lower() != "no":
            routes.append(("_default", ["default", *router]))
        failed = 0
        for name, words in routes:
            if only and not name.endswith(f":{only}"):
                continue
            given = ["-inet6", *words] if prefix else words
            status, out, err = route(self._state, [action, *given])
            self.out += out
            self.err += err
            failed = failed or status
        return failed
