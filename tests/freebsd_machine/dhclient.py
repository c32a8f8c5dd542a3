"""dhclient(8), and the DHCP server of the network it is on.

A client that got a lease runs on as a real process named dhclient, which does
nothing, so that ps, pgrep and kill find it: a program that sleeps, started
through a link of that name.  pid file and lease file are where sbin/dhclient
has them.  A client that is killed leaves its address; one whose interface
goes or is set down ends with it, and one whose interface's link comes up again
asks for its lease anew (routehandler() of sbin/dhclient/dhclient.c), which is
what brings a flushed default route back; `hear` does both.  Where a test runs
programs in its own process, the client is only noted, as NO_PROCESS.

dhclient-script sets the address without `alias`, so that ifconfig(8) first takes
off the one of 0.0.0.0 that PREINIT added, and where there is none, at each
REBOOT, the interface's *first* address, whosever that is (in_difaddr_ioctl() of
sys/netinet/in.c), and puts its own at the end.  Before its work it reads
/etc/dhclient-enter-hooks, which may give its functions other bodies; a real
shell reads it here too.
"""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from ipaddress import IPv4Address, ip_network
from pathlib import Path

from tests.freebsd_machine.enter_hooks import hooked
from tests.freebsd_machine.ifconfig import ifconfig
from tests.freebsd_machine.route import route
from tests.freebsd_machine.state import Interface, Offer, State

#: Stands for the process of a client that is only noted.
NO_PROCESS = 0

#: A client left behind by a broken test ends by itself.
_SECONDS = "600"


def dhclient(
    state: State, root: Path, arguments: list[str], *, real: bool = True
) -> tuple[int, str, str]:
    """Run it in the machine's `root`: get a lease, configure the interface, stay in background.

    `real`: the client is a process.
    """
    words, named = list(arguments), {}
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option in ("-c", "-l", "-p", "-C") and words:
            named[option] = words.pop(0)
    if len(words) != 1:
        return 1, "", "usage: dhclient [-bdnqu] [-c file] [-l file] [-p file] interface\n"
    (name,) = words
    interface = state.find(name)
    if interface is None:
        return 1, "", f"{name}: not found\nexiting.\n"
    # pidfile_open(3): of two with the same pid file the second gives up.
    usual = f"/var/run/dhclient/dhclient.{name}.pid"
    pid_file = named.get("-p", usual)
    client = name if pid_file == usual else f"{name} {pid_file}"
    pid = running(state, client)
    if pid is not None:
        return 1, "", f"dhclient already running, pid: {pid}.\nexiting.\n"
    # PREINIT
    any_address = ["0.0.0.0", "netmask", "255.0.0.0", "broadcast", "255.255.255.255"]
    ifconfig(state, [name, "inet", "alias", *any_address, "up"])
    offer = _offer(state, interface)
    if interface.link != "up" or offer is None:
        why = "no link ...... giving up" if interface.link != "up" else "No DHCPOFFERS received."
        return 1, "", f"{name} {why}\n" if interface.link != "up" else f"{why}\n"
    _bind(state, root, name, offer, "BOUND")
    # It looks at the link as it starts; what was before is no news to it.
    state.relinked = [one for one in state.relinked if one != name]
    lease_file = named.get("-l", f"/var/db/dhclient.leases.{name}")
    _write(root / lease_file.lstrip("/"), _lease(name, offer), append=True)
    state.clients[client] = _start(root, name) if real else NO_PROCESS
    _write(root / pid_file.lstrip("/"), f"{state.clients[client]}\n")
    bound = f"bound to {offer.address} -- renewal in 43200 seconds.\n"
    return 0, "", f"DHCPREQUEST on {name} to 255.255.255.255 port 67\n{bound}"


def _offer(state: State, interface: Interface) -> Offer | None:
    return state.offers.get(interface.mac) or state.offers.get("*")


def _bind(state: State, root: Path, name: str, offer: Offer, reason: str, old: str = "") -> None:
    """What dhclient-script does for a `reason`: the address, its routes, the name servers.

    `old` is the address that the lease had before.
    """
    mask = str(ip_network(f"0.0.0.0/{offer.prefix}").netmask)
    lease = {"new_ip_address": offer.address, "new_subnet_mask": mask, "old_ip_address": old}
    adding = [name, "inet", offer.address, "netmask", mask]
    for words in hooked(state, root, {"reason": reason, "interface": name, **lease}, adding):
        ifconfig(state, words)
    if offer.routes:
        # The router is not for those that were given routes.
        for line in offer.routes:
            route(state, ["add", *(["-net"] * ("/" in line)), *line.split()])
    elif offer.router and _is_default(state, name):
        route(state, ["add", "default", offer.router])
    if _is_default(state, name):
        _write(root / "etc/resolv.conf", _resolv_conf(name, offer))


def _is_default(state: State, name: str) -> bool:
    """is_default_interface(): no default route goes out over another."""
    owners = {one.interface for one in state.routes if one.destination == "default"}
    return not owners - {name} or name in owners


def renew(state: State, root: Path, name: str, offer: Offer) -> None:
    """RENEW of dhclient-script: nothing where the address is the same, and no route then."""
    interface = state.get(name)
    before = _offer(state, interface)
    state.offers = {interface.mac: offer}
    if before is not None and before.address != offer.address:
        ifconfig(state, [name, "inet", "-alias", before.address])
        if _is_default(state, name):
            route(state, ["delete", "default"])
        _bind(state, root, name, offer, "RENEW", before.address)


def hear(state: State, root: Path) -> None:
    """What the clients make of what has become of their interfaces."""
    for client in list(state.clients):
        interface = state.find(client.split()[0])
        if interface is None or not interface.up:
            stop(state, client)
        elif interface.name in state.relinked and running(state, client) is not None:
            offer = _offer(state, interface)
            if offer is not None and interface.link == "up":
                _bind(state, root, interface.name, offer, "REBOOT", offer.address)
    state.relinked = []


def running(state: State, client: str) -> int | None:
    """The process of a client (`State.clients`), if it still runs."""
    pid = state.clients.get(client)
    if pid == NO_PROCESS:
        return pid
    if pid is not None:
        with suppress(OSError):
            if Path(f"/proc/{pid}/comm").read_text() == "dhclient\n":
                stat = Path(f"/proc/{pid}/stat").read_text()
                if stat.rpartition(")")[2].split()[0] != "Z":
                    return pid
        del state.clients[client]
    return None


def stop(state: State, client: str) -> None:
    """End a client (`State.clients`), if there is one."""
    pid = running(state, client)
    if pid is not None and pid != NO_PROCESS:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    state.clients.pop(client, None)


def make_real(state: State, root: Path) -> None:
    """Give the clients that were only noted their processes."""
    for name, pid in state.clients.items():
        if pid == NO_PROCESS:
            state.clients[name] = _start(root, name)
            _write(root / f"var/run/dhclient/dhclient.{name}.pid", f"{state.clients[name]}\n")


def _start(root: Path, name: str) -> int:
    """Start what stands for the client; it is nobody's child, as a daemon is not."""
    sleep = shutil.which("sleep", path="/usr/bin:/bin")
    assert sleep is not None
    # The name of a process is that of the file it was started from.
    program = root / "var/run/dhclient/dhclient"
    program.parent.mkdir(parents=True, exist_ok=True)
    if not program.is_symlink():
        program.symlink_to(sleep)
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        os.setsid()
        null = os.open("/dev/null", os.O_RDWR)
        child = os.fork()
        if child:
            os.write(writing, f"{child}\n".encode())
            os._exit(0)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.closerange(3, 256)
        os.execv(program, [f"dhclient: {name}", _SECONDS])
    os.close(writing)
    with os.fdopen(reading) as told:
        pid = int(told.readline())
    os.waitpid(parent, 0)
    # It is a dhclient for everybody only once it has its new name.
    while Path(f"/proc/{pid}/comm").read_text() != "dhclient\n":
        pass
    return pid


def _write(path: Path, text: str, *, append: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text() if append and path.exists() else ""
    path.write_text(before + text)


def _resolv_conf(name: str, offer: Offer) -> str:
    domain = f"search {offer.domain}\n" if offer.domain else ""
    return f"# Generated by resolvconf\n{domain}" + "".join(
        f"nameserver {server}\n" for server in offer.servers
    )


def _lease(name: str, offer: Offer) -> str:
    mask = IPv4Address(int(ip_network(f"0.0.0.0/{offer.prefix}").netmask))
    lines = [
        f'interface "{name}";',
        f"fixed-address {offer.address};",
        f"option subnet-mask {mask};",
        *([f"option routers {offer.router};"] if offer.router else []),
        *([f"option {offer.routes_named} {_packed(offer.routes)};"] if offer.routes else []),
        *([f"option domain-name-servers {','.join(offer.servers)};"] if offer.servers else []),
        *([f'option domain-name "{offer.domain}";'] if offer.domain else []),
        "option dhcp-lease-time 86400;",
        "renew 3 2036/1/2 12:00:00;",
        "rebind 3 2036/1/2 21:00:00;",
        "expire 4 2036/1/3 00:00:00;",
    ]
    return "lease {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"


def _packed(routes: list[str]) -> str:
    """The routes as RFC 3442 has them: length, the octets that matter, and the gateway."""
    octets: list[str] = []
    for line in routes:
        target, gateway = line.split()
        network, _, length = ("0.0.0.0/0" if target == "default" else target).partition("/")
        significant = (int(length) + 7) // 8
        octets += [length, *network.split(".")[:significant], *gateway.split(".")]
    return ",".join(octets)
