"""Keys that netplan knows and that are nobody's typing mistake, whatever they are like."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.model import RenderedFile
from hyperv_net.netconfig.read import read_network_config
from hyperv_net.renderers.netplan.paths import FILE
from tests.debian.tools import SUITES, netplan_generate, write

#: Every key that only devices of their type have, and those of the two backends.
TEXT = """\
network:
  version: 2
  renderer: NetworkManager
  ethernets:
    eth0:
      auth: {key-management: 802.1x, method: ttls, anonymous-identity: a, identity: b,
             password: c, ca-certificate: /ca, client-certificate: /cert, client-key: /key,
             client-key-password: d, phase2-auth: MSCHAPV2}
      networkmanager: {name: one, uuid: 626dd384-8b3d-3690-9511-192b2c79b3fd, stable-id: e,
                       device: eth0, passthrough: {connection.autoconnect-priority: "5"}}
  wifis:
    wl0:
      wakeonwlan: [default]
      regulatory-domain: GB
      access-points:
        home: {mode: ap, band: 5GHz, channel: 7, bssid: "00:0d:3a:00:00:01", hidden: true,
               auth: {key-management: psk, password: 0123456789}}
  modems:
    cdc0: {apn: a, auto-config: false, device-id: b, network-id: c, number: d, password: e,
           pin: "1234", sim-id: f, sim-operator-id: g, username: h}
  tunnels:
    gre0: {mode: gre, local: 10.0.0.4, remote: 10.0.0.5, keys: {input: 5, output: 6}}
    gre1: {mode: gre, local: 10.0.1.4, remote: 10.0.1.5, key: 7}
    wg0:
      mode: wireguard
      mark: 42
      port: 51820
      key: {private: 4GgaQCy68nzNsUE5aJ9fuLzHhB65tAlwbmA72MWnOm8=}
      peers:
        - keys: {public: M9nt4YujIOmNrRmpIRTmYSfMdrpvE7u6WkG8FY8WjG4=,
                 shared: 7voRZ/ojfXgfPOlswo3Lpma1RJq7qijIEEUEMShQFV8=}
          endpoint: 10.0.0.6:51820
          keepalive: 25
          allowed-ips: [0.0.0.0/0]
    vx0: {mode: vxlan, id: 5, link: eth0, local: 10.0.0.4, ageing: 100, limit: 50,
          type-of-service: 5, notifications: [l2-miss], checksums: [udp],
          extensions: [group-policy], port-range: [1, 10]}
"""
OPEN_VSWITCH = """\
network:
  version: 2
  openvswitch: {protocols: [OpenFlow13], external-ids: {a: b}, other-config: {c: d},
                ports: [[patch0, patch1]],
                ssl: {ca-cert: /ca, certificate: /cert, private-key: /key}}
  ethernets: {eth0: {openvswitch: {external-ids: {iface-id: a}}}}
  bridges:
    ovs0:
      interfaces: [patch0]
      openvswitch: {fail-mode: secure, mcast-snooping: true, rstp: true,
                    controller: {addresses: ["ssl:10.0.0.7"], connection-mode: out-of-band}}
    ovs1: {interfaces: [patch1], openvswitch: {}}
"""


@pytest.mark.parametrize("text", [TEXT, OPEN_VSWITCH])
def test_none_is_taken_for_another_key(text: str) -> None:
    found = read_network_config(text, "nc.yaml").findings
    assert [str(one.where) for one in found if one.rule == "unknown-key"] == []


@pytest.mark.debian
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("text", [TEXT, OPEN_VSWITCH])
def test_the_real_one_knows_them_all(suite: str, text: str, tmp_path: Path) -> None:
    """It says so of the first key that it does not know, before anything else."""
    write(tmp_path, [RenderedFile(FILE, text)])
    ended = netplan_generate(suite, tmp_path)
    assert "unknown key" not in ended.err, ended.err
    assert ended.status == 0 or "The 'ovs-vsctl' tool is required" in ended.err, ended.err
