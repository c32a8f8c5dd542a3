"""FreeBSD machines that real cloud-init boots, with its own FreeBSD distro and renderer.

What is real: cloud-init and its stages, its Python, and the shell, of a Debian
suite; nothing of cloud-init is changed but the one file that FreeBSD's port
changes too, `settings.py`, where the configuration is below /usr/local.  And,
as 22.4.2 ends on FreeBSD with "'FreeBSDNetworking' object has no attribute
'blacklist_drivers'" before it looks at any NIC, with a plugin and without: it
is given that attribute.

What stands in for something:

- The kernel, the network and rc(8) are `tests.freebsd_machine`: ifconfig,
  sysctl, route, dhclient, service and so on are its programs.
- `os.uname` says FreeBSD, from a `.pth` file beside cloud-init; that is all that
  cloud-init looks at to know where it is.
- Linux's own programs for the network (ip, udevadm, systemctl, netplan, dhcpcd)
  cannot be executed, so that nothing can find them.
- kenv answers from the machine's state, for cloud-init's DMI data.
- Azure's metadata service and wireserver are `fabric.py`, at the far end of a
  real interface that has nothing to do with those of the fake kernel; DHCP is
  that of `tests.freebsd_machine`.  So what is asked of them shows that
  cloud-init got so far, not over which NIC; `calls` shows that.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tests.files import put
from tests.firstboot import root as machine_root
from tests.firstboot.cases import MAC
from tests.firstboot.fabric import OVF
from tests.firstboot.freebsd_layer import IP, PACKAGES, STATE, layer
from tests.firstboot.machine import Boot
from tests.firstboot.sandbox import Step, run
from tests.freebsd_machine import host, kernel
from tests.freebsd_machine.path import to_gateway
from tests.freebsd_machine.rc_conf import DEFAULTS
from tests.freebsd_machine.state import Interface, Offer, State, from_document, save
from tests.outcome import Outcome
from tests.paths import CHECKOUT

PAIR = {"hn0": MAC, "mce0": MAC}
VF_AWAY = {"hn0": MAC}
NO_HN = {"vtnet0": MAC}

NETWORK = {
    "init-local": "cloud-init init --local",
    # What fails of the routes is there already: cloud-init has restarted both.
    "rc": "sh -c 'service netif start; service routing start; :'",
    "init": "cloud-init init",
}
"""The part of a boot that has to do with the network, in the order of rc(8)."""

BOOT = {
    **NETWORK,
    "modules-config": "cloud-init modules --mode=config",
    "modules-final": "cloud-init modules --mode=final",
    "status": "cloud-init status --long",
}

OFFER = Offer(
    "10.0.0.4",
    24,
    "10.0.0.1",
    ["168.63.129.16"],
    "internal.example.org",
    ["default 10.0.0.1", "168.63.129.16/32 10.0.0.1", "169.254.169.254/32 10.0.0.1"],
)

_CFG = "usr/local/etc/cloud"
_SETTINGS = """\
datasource_list: [NoCloud, Azure, None]
disable_root: false
cloud_init_modules: [write_files, set_hostname]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts_user, final_message]
system_info: {distro: freebsd, network: {renderers: [freebsd]}}
"""
_RC_CONF = """\
# The image's own.  cloud-init writes the name anew, so it stands here as that has it.
hostname=guest
sshd_enable="YES"  # as shipped
ifconfig_DEFAULT="SYNCDHCP"
"""
_DMI = {
    "smbios.system.maker": "Microsoft Corporation",
    "smbios.system.product": "Virtual Machine",
    "smbios.system.serial": "0000-0001",
    "smbios.system.uuid": "00112233-4455-6677-8899-aabbccddeeff",
    "smbios.chassis.tag": "7783-7084-3265-9085-8269-3286-77",
}
# DHCP clients would keep the sandbox from being taken down.
_POWER_OFF = """\
#!/bin/sh
kill -9 -1
for process in /proc/[0-9]*; do
    case ${process#/proc/} in
    1 | $$) ;;
    *) while grep -q . "$process/cmdline" 2>/dev/null; do :; done ;;
    esac
done
"""
_FABRIC = Path(__file__).with_name("fabric.py")


@dataclass(frozen=True)
class FreeBsd:
    """A FreeBSD machine: its suite, and the folder with its own files.

    With `fabric` Azure's metadata service and wireserver are there.
    """

    suite: str
    files: Path
    fabric: bool = False

    def write(self, path: str, text: str) -> None:
        """Put a file below the root."""
        put(self.files, path, text)

    def state(self) -> State:
        """The state of its kernel and network after the last boot."""
        return from_document(json.loads((self.files / STATE / "state.json").read_text()))

    def gateways(self) -> list[str]:
        """Its default routes after the last boot, as `gateway interface`."""
        routes = (one for one in self.state().routes if one.destination == "default")
        return [f"{one.gateway} {one.interface}" for one in routes]

    def cards(self, family: str = "inet") -> list[str]:
        """By which card a packet to the gateway gets out after each step of the last boot.

        By the name that its driver gave it; '' where the packet is lost.  A card that stays the
        same is there once.
        """
        found: list[str] = []
        for file in sorted((self.files / STATE).glob("after-*.json")):
            state = from_document(json.loads(file.read_text()))
            name = to_gateway(state, family).card
            card = state.get(name).born if name else ""
            found += [card] * (found[-1:] != [card])
        return found

    def calls(self) -> list[str]:
        """The programs that were run since it was made, each with its arguments."""
        return (self.files / STATE / "calls").read_text().splitlines()

    def boot(self, steps: Mapping[str, str] = BOOT) -> Boot:
        """Start it as it is, its interfaces unconfigured, and go through the steps."""
        for folder in ("run", "tmp", "var/run"):
            shutil.rmtree(self.files / folder, ignore_errors=True)
            (self.files / folder).mkdir(parents=True)
        former = self.state()
        cards = {one.born: one.own_mac for one in former.interfaces if one.kind == "ether"}
        save(self.files / STATE, _powered_on(former, cards))
        outcomes = self._run({name: f"exec {command}" for name, command in steps.items()})
        return Boot(outcomes, self.files)

    def run(self, command: str) -> Outcome:
        """Run a shell command on the machine as it is, between two boots."""
        return self._run({"command": command})["command"]

    def _run(self, commands: Mapping[str, str]) -> dict[str, Outcome]:
        for old in (self.files / STATE).glob("after-*.json"):
            old.unlink()
        scripts = {name: f"#!/bin/sh\n{command}\n" for name, command in commands.items()}
        steps = [Step(name, script) for name, script in scripts.items()]
        looks = [
            Step("look", f"#!/bin/sh\ncd /{STATE} && cp state.json after-{number:02}.json\n")
            for number, _ in enumerate(steps)
        ]
        steps = [one for pair in zip(steps, looks) for one in pair]
        layers = [layer(self.suite), *machine_root.layers(self.suite)[1:]]
        wires = [_wire(self.suite)] if self.fabric else []
        outcomes = run(layers, self.files, [*wires, *steps, Step("power-off", _POWER_OFF)])
        if wires and outcomes[0].status:
            raise RuntimeError(f"no wire to Azure's services: {outcomes[0].err}")
        return dict(zip(commands, outcomes[len(wires) : -1 : 2]))


def new_freebsd(
    suite: str,
    files: Path,
    cards: Mapping[str, str] = PAIR,
    *,
    transparent: int | None = 0,
    offer: Offer = OFFER,
) -> FreeBsd:
    """A machine that has never booted; its cards are by name, with their MACs."""
    settings = State(transparent=transparent, offers={"*": offer}, kenv=dict(_DMI))
    machine = FreeBsd(suite, files)
    (files / STATE).mkdir(parents=True)
    save(files / STATE, _powered_on(settings, cards))
    (files / STATE / "calls").touch()
    machine.write("etc/defaults/rc.conf", DEFAULTS)
    machine.write("etc/rc.conf", _RC_CONF)
    machine.write("etc/resolv.conf", "")
    machine.write("boot/loader.conf", f'hw.hn.vf_transparent="{transparent}"\n')
    machine.write(f"{_CFG}/cloud.cfg", _SETTINGS)
    (files / _CFG / "cloud.cfg.d").mkdir()
    stock = machine_root.packages(suite).root / "etc/cloud/cloud.cfg.d/05_logging.cfg"
    machine.write(f"{_CFG}/cloud.cfg.d/05_logging.cfg", stock.read_text())
    return machine


def _powered_on(former: State, cards: Mapping[str, str]) -> State:
    """The kernel as it comes up with these cards, name and MAC, the synthetic ones first."""
    state = State(
        release=former.release,
        transparent=former.transparent,
        offers=former.offers,
        kenv=former.kenv,
        hostname="",
    )
    for name, mac in cards.items():
        if name.startswith("hn"):
            host.attach_hn(state, int(name.removeprefix("hn")), mac)
    kernel.attach(state, Interface("lo0", 0, "loopback", mtu=16384, groups=["lo"]))
    for name, mac in cards.items():
        if not name.startswith("hn"):
            host.attach_vf(state, name, mac)
    return state


def on_azure(machine: FreeBsd) -> FreeBsd:
    """The same machine on Azure: its services on a wire, its provisioning media as a seed."""
    machine.write("var/lib/cloud/seed/azure/ovf-env.xml", OVF)
    return replace(machine, fabric=True)


def install(machine: FreeBsd) -> None:
    """Install the package by hand where FreeBSD's port of cloud-init has its own."""
    shutil.copytree(
        CHECKOUT / "hyperv_net",
        machine.files / PACKAGES / "hyperv_net",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    link = machine.files / _CFG / "cloud.cfg.d/90-hyperv-net.cfg"
    link.symlink_to(f"/{PACKAGES}/hyperv_net/data/90-hyperv-net.cfg")


def remove(machine: FreeBsd) -> None:
    """Take the plugin out again."""
    shutil.rmtree(machine.files / PACKAGES / "hyperv_net")
    (machine.files / _CFG / "cloud.cfg.d/90-hyperv-net.cfg").unlink()


def _wire(suite: str) -> Step:
    """A real interface with the machine's address, and Azure's services at its far end."""
    tree = machine_root.packages(suite).root
    ip = f'chroot "$1" /{IP}'
    lines = [
        "#!/bin/sh -e",
        'mkfifo "$1/../ready"',
        'unshare --net sh -c \'echo >"$0"; exec sleep infinity\' "$1/../ready" &',
        'far=$!; read -r ready <"$1/../ready"',
        f"{ip} link set lo up",
        f"{ip} link add wire0 type veth peer name far0 netns $far",
        f"{ip} address add {OFFER.address}/{OFFER.prefix} dev wire0",
        f"{ip} link set wire0 up",
        f"nsenter --net --target $far {sys.executable} {_FABRIC} "
        f'"$1/run/fabric" {tree} far0=wire0 >"$1/../ready" &',
        'read -r ready <"$1/../ready"',
        # What the services would do when they are asked for an address.
        f"nsenter --net --target $far {ip} route replace {OFFER.address}/32 dev far0",
        f"{ip} route add default via {OFFER.router}",
    ]
    return Step("wire", "\n".join([*lines, ""]), outside=True)
