"""rc.d/routing of FreeBSD's rc(8)."""

from __future__ import annotations

from tests.freebsd_machine.rc_script import Script
from tests.freebsd_machine.route import route

FAMILIES = ("inet", "inet6")


class Routing(Script):
    """The loopback and default routes and those of static_routes."""

    loads = ("routing",)

    def start(self, family: str = "", name: str = "") -> int:
        """1 where one failed."""
        return max([self.static(one, "add", name) for one in _families(family)])

    def stop(self, family: str = "", name: str = "") -> int:
        """Take them away; all routes of the family, where no interface is named."""
        for one in _families(family):
            self.static(one, "delete", name)
            if not name:
                route(self.state, ["-n", "flush", f"-{one}"])
        return 0

    def static(self, family: str, action: str, only: str) -> int:
        """static_inet() and static_inet6(); only `NET:INTERFACE` where an interface is named."""
        prefix = "ipv6_" if family == "inet6" else ""
        loopback = ["::1", "-iface", "lo0"] if prefix else ["-inet", "127.0.0.1", "-iface", "lo0"]
        routes = [("_loopback", loopback)]
        for name in self.conf.words(f"{prefix}static_routes"):
            words = self.conf.of_interface(f"{prefix}route_IF", name.partition(":")[0])
            if words:
                routes.append((name, words))
            elif not only or name.endswith(f":{only}"):
                self.err += (
                    f"/etc/rc.d/routing: WARNING: route_{name.partition(':')[0]} not found.\n"
                )
        router = self.conf.words(f"{prefix}defaultrouter")
        if router and router[0].lower() != "no":
            routes.append(("_default", ["default", *router]))
        failed = 0
        for name, words in routes:
            if only and not name.endswith(f":{only}"):
                continue
            given = ["-inet6", *words] if prefix else words
            status, out, err = route(self.state, [action, *given])
            self.out += out
            self.err += err
            failed = failed or status
        return failed


def _families(family: str) -> tuple[str, ...]:
    return FAMILIES if family in ("", "any", "all") else (family,)
