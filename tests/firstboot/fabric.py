"""What a virtual machine of a cloud finds on its wire: DHCP and its services.

They are Azure's metadata service and wireserver, or, where the machine has a folder of files
to be served, OpenStack's metadata service.

Runs as a program in the network namespace where the far ends of a machine's
NICs are: `fabric.py LOG ROOT FAR=NIC...`.  It answers on all of them, and
writes a line to LOG for each thing that was asked: the NIC for DHCP, method and
path for HTTP.  Prints `ready` once it is.

Addresses and answers are those that Microsoft documents for the instance
metadata service and for 168.63.129.16, cut down to what cloud-init reads; paths are those of
OpenStack's (nova/api/metadata of openstack/nova).
"""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_METADATA, _WIRESERVER = "169.254.169.254", "168.63.129.16"
_GUEST, _GATEWAY, _PREFIX = "10.0.0.4", "10.0.0.1", 24
_ROOT = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("/")

#: The files of a metadata service, below the machine's root; its listings are named `index`.
SERVED = "fabric"

_DISCOVER, _OFFER, _REQUEST, _ACK = 1, 2, 3, 5
_COOKIE = b"\x63\x82\x53\x63"
_IPV4 = 0x0800

INSTANCE = {
    "compute": {
        "azEnvironment": "AzurePublicCloud",
        "location": "westeurope",
        "name": "guest",
        "osProfile": {
            "adminUsername": "somebody",
            "computerName": "guest",
            "disablePasswordAuthentication": "true",
        },
        "ppsType": "None",
        "publicKeys": [{"keyData": "ssh-ed25519 AAAAC3Nza somebody", "path": "unused"}],
        "vmId": "00112233-4455-6677-8899-aabbccddeeff",
        "vmSize": "Standard_D2s_v5",
    },
    "network": {
        "interface": [
            {
                "ipv4": {
                    "ipAddress": [{"privateIpAddress": _GUEST, "publicIpAddress": ""}],
                    "subnet": [{"address": "10.0.0.0", "prefix": str(_PREFIX)}],
                },
                "ipv6": {"ipAddress": []},
                "macAddress": "000D3A112233",
            }
        ]
    },
}

_GOAL_STATE = """<?xml version="1.0" encoding="utf-8"?>
<GoalState>
  <Version>2012-11-30</Version><Incarnation>1</Incarnation>
  <Container>
    <ContainerId>c-0001</ContainerId>
    <RoleInstanceList><RoleInstance><InstanceId>r-0001</InstanceId></RoleInstance></RoleInstanceList>
  </Container>
</GoalState>
"""

OVF = """<?xml version="1.0" encoding="utf-8"?>
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1"
    xmlns:wa="http://schemas.microsoft.com/windowsazure">
  <wa:ProvisioningSection>
    <wa:Version>1.0</wa:Version>
    <LinuxProvisioningConfigurationSet xmlns="http://schemas.microsoft.com/windowsazure">
      <ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType>
      <HostName>guest</HostName>
      <UserName>somebody</UserName>
      <DisableSshPasswordAuthentication>true</DisableSshPasswordAuthentication>
    </LinuxProvisioningConfigurationSet>
  </wa:ProvisioningSection>
  <wa:PlatformSettingsSection>
    <wa:Version>1.0</wa:Version>
    <PlatformSettings xmlns="http://schemas.microsoft.com/windowsazure">
      <ProvisionGuestAgent>true</ProvisionGuestAgent>
      <PreprovisionedVm>false</PreprovisionedVm>
    </PlatformSettings>
  </wa:PlatformSettingsSection>
</Environment>
"""


def main(log: Path, ends: dict[str, str]) -> None:
    """Answer until the namespace goes."""
    # Never in another namespace than the sandbox's: addresses are about to be added.
    if not ends or not set(ends) <= {name for _, name in socket.if_nameindex()}:
        raise SystemExit("fabric: the far ends are not in this network namespace")
    for address in (_METADATA, _WIRESERVER, _GATEWAY):
        _ip("address", "add", f"{address}/32", "dev", "lo")
    _ip("link", "set", "lo", "up")

    def note(text: str) -> None:
        with log.open("a") as file:
            file.write(f"{text}\n")

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            note(f"GET {self.headers['Host']}{self.path}")
            if (_ROOT / SERVED).is_dir():
                at = _ROOT / SERVED / self.path.strip("/")
                file = at / "index" if at.is_dir() else at
                if file.is_file():
                    self._answer(file.read_bytes(), "text/plain")
                else:
                    self.send_error(404)
                return
            body, kind = json.dumps(INSTANCE), "application/json"
            if "comp=goalstate" in self.path:
                body, kind = _GOAL_STATE, "text/xml"
            self._answer(body.encode(), kind)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            note(f"POST {self.headers['Host']}{self.path}")
            self._answer(b"", "text/plain")

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing on standard error."""

    for end, nic in ends.items():
        _ip("link", "set", end, "up")
        wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_IPV4))
        wire.bind((end, _IPV4))
        threading.Thread(target=_serve_dhcp, args=(wire, end, nic, note), daemon=True).start()
    server = ThreadingHTTPServer(("", 80), Answers)
    print("ready", flush=True)
    server.serve_forever()


def _serve_dhcp(wire, end, nic, note) -> None:  # type: ignore[no-untyped-def]
    while True:
        frame = wire.recv(4096)
        request = _dhcp_request(frame)
        if request is None:
            continue
        kind, identity, hardware = request
        note(f"DHCP {nic} {'discover' if kind == _DISCOVER else 'request'}")
        _ip("route", "replace", f"{_GUEST}/32", "dev", end)
        wire.send(_dhcp_reply(_OFFER if kind == _DISCOVER else _ACK, identity, hardware))


def _dhcp_request(frame: bytes) -> tuple[int, bytes, bytes] | None:
    """Message type, transaction and MAC of a DHCP request; None for any other frame."""
    header = 14 + (frame[14] & 0x0F) * 4
    if len(frame) < header + 248 or frame[23] != socket.IPPROTO_UDP:
        return None
    if struct.unpack_from("!H", frame, header + 2)[0] != 67:
        return None
    bootp = frame[header + 8 :]
    options = bootp[240:]
    while options and options[0] != 255:
        if options[0] == 0:
            options = options[1:]
            continue
        code, length = options[0], options[1]
        if code == 53 and options[2] in (_DISCOVER, _REQUEST):
            return options[2], bootp[4:8], bootp[28:34]
        options = options[2 + length :]
    return None


def _dhcp_reply(kind: int, identity: bytes, hardware: bytes) -> bytes:
    packed = socket.inet_aton
    routes = b"".join(
        (
            b"\x00" + packed(_GATEWAY),
            b"\x20" + packed(_WIRESERVER) + packed(_GATEWAY),
            b"\x20" + packed(_METADATA) + packed(_GATEWAY),
        )
    )
    options = {
        53: bytes([kind]),
        54: packed(_WIRESERVER),
        51: struct.pack("!I", 86400),
        1: packed("255.255.255.0"),
        3: packed(_GATEWAY),
        6: packed(_WIRESERVER),
        121: routes,
        245: packed(_WIRESERVER),
    }
    encoded = b"".join(bytes([code, len(value)]) + value for code, value in options.items())
    bootp = b"".join(
        (
            struct.pack("!BBBB4sHH", 2, 1, 6, 0, identity, 0, 0x8000),
            bytes(4) + packed(_GUEST) + packed(_WIRESERVER) + bytes(4),
            hardware.ljust(16, b"\0") + bytes(192),
            _COOKIE + encoded + b"\xff",
        )
    ).ljust(300, b"\0")
    udp = struct.pack("!HHHH", 67, 68, 8 + len(bootp), 0) + bootp
    head = struct.pack(
        "!BBHHHBBH4s4s",
        *(0x45, 0, 20 + len(udp), 0, 0, 64, socket.IPPROTO_UDP, 0),
        *(packed(_GATEWAY), packed(_GUEST)),
    )
    head = head[:10] + struct.pack("!H", _checksum(head)) + head[12:]
    return hardware + b"\x02\0\0\0\0\x01" + struct.pack("!H", _IPV4) + head + udp


def _checksum(header: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(header) // 2}H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def _ip(*arguments: str) -> None:
    subprocess.run(["chroot", _ROOT, "/bin/ip", *arguments], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), dict(end.split("=") for end in sys.argv[3:]))
