"""The block in etc/dhclient-enter-hooks that keeps a lease to its own address."""

from __future__ import annotations

import subprocess

import pytest

from hyperv_net.marks import BEGIN
from hyperv_net.renderers.freebsd.render.lease_hook import PATH, lease_hook, lease_hook_files

OWN = 'echo "$reason" >>/var/log/leases\n'


def test_it_stands_before_an_administrators_own_hooks_which_may_return() -> None:
    text = lease_hook(["lagg1", "lagg0", "lagg0"], OWN, keeps_block=False)
    assert text.startswith(f"{BEGIN}\n")
    assert '"lagg0" | "lagg1") ;;' in text
    assert text.endswith(OWN)


def test_it_is_written_once_and_goes_with_the_last_aggregate() -> None:
    text = lease_hook(["lagg0"], OWN, keeps_block=False)
    assert lease_hook(["lagg0"], text, keeps_block=False) == text
    assert lease_hook([], text, keeps_block=False) == OWN
    assert lease_hook_files([], {}, keeps_block=False) == ()
    (file,) = lease_hook_files(
        [], {PATH: lease_hook(["lagg0"], "", keeps_block=False)}, keeps_block=False
    )
    assert file.text == ""


def test_an_aggregate_that_is_left_as_it_was_stays_in_it() -> None:
    text = lease_hook(["lagg0", "lan.0"], "", keeps_block=False)
    assert lease_hook([], text, keeps_block=True) == text
    assert '"lagg0" | "lagg7" | "lan.0") ;;' in lease_hook(["lagg7"], text, keeps_block=True)


@pytest.mark.parametrize(
    ("reason", "old", "does"),
    [
        ("PREINIT", "", ["own"]),
        ("BOUND", "", ["add", "own"]),
        ("REBOOT", "10.0.0.4", ["add", "own"]),
        ("RENEW", "10.0.0.4", ["own"]),
        ("REBIND", "10.0.0.3", ["add", "own"]),
        ("TIMEOUT", "", ["add", "own"]),
        ("EXPIRE", "10.0.0.4", ["own"]),
        ("FAIL", "", ["own"]),
    ],
)
@pytest.mark.parametrize("name", ["lagg0", "lagg0.10", "hn1"])
def test_a_shell_adds_the_address_that_is_to_go_where_one_is_set_on_an_aggregate(
    name: str, reason: str, old: str, does: list[str]
) -> None:
    """`own` stands for what the script does after it."""
    over = "vlan: 10 vlanproto: 802.1q vlanpcp: 0 parent interface: lagg0" if "." in name else ""
    script = (
        f'ifconfig() {{ case $* in {name}) echo "{over}" ;; *alias*) echo add >&3 ;; esac; }}\n'
        "exec 3>&1 >/dev/null\n"
        f"{lease_hook(['lagg0'], '', keeps_block=False)}echo own >&3\n"
    )
    lease = {"new_ip_address": "10.0.0.4", "old_ip_address": old, "new_subnet_mask": "255.0.0.0"}
    done = subprocess.run(
        ["/bin/sh", "-uc", script],
        env={"PATH": "/usr/bin:/bin", "reason": reason, "interface": name, **lease},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [one for one in does if one != "add" or name != "hn1"]
    assert (done.stdout.split(), done.stderr) == (expected, "")


def test_lines_behind_a_begin_whose_end_is_lost_are_an_administrators() -> None:
    cut = f"{BEGIN}\n{OWN}"
    text = lease_hook(["lagg0"], cut, keeps_block=False)
    assert text.endswith(cut)
    assert lease_hook(["lagg0"], text, keeps_block=False) == text
