"""An inventory of a kind of machine, and the addresses of the one that a config is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from hyperv_net.cli import main
from hyperv_net.decision.binding import NamedCard, bound, bound_to_both, cards_of
from hyperv_net.errors import HypervNetError
from hyperv_net.model import Inventory, Kind
from hyperv_net.places import Place
from tests.building import NEW_KERNEL, config, freebsd, hn, linux, mac, mce, nic, stacked
from tests.building import synthetic as synthetic_nic
from tests.building import vf as linux_vf
from tests.commands.calling import Capture, error_of, ethernet
from tests.paths import EXAMPLES

A, B, C = (f"7c:1e:52:00:00:0{number}" for number in (1, 2, 3))
TWO = linux(synthetic_nic(1), linux_vf(1), synthetic_nic(0), linux_vf(0), nic("eth9", 9))


def config_of(*macs: str) -> str:
    entries = (f'id{n}: {{match: {{macaddress: "{one}"}}}}' for n, one in enumerate(macs))
    return f"{{version: 2, ethernets: {{{', '.join(entries)}}}}}"


def addresses(inventory: Inventory, *macs: str) -> dict[str, str | None]:
    found = bound(inventory, cards_of(config(config_of(*macs))), ())
    assert all(one.mac == one.hardware_mac for one in found.nics)
    return {one.name: one.mac for one in found.nics}


def test_cards_get_the_addresses_in_the_order_of_both_files_and_both_nics_of_a_pair_the_same() -> (
    None
):
    both = {"eth0": A, "enP0s1": A, "eth1": B, "enP1s1": B, "eth9": mac(9)}
    assert addresses(TWO, A, B) == both
    assert addresses(TWO, A) == {**both, "eth1": mac(1), "enP1s1": mac(1)}
    assert addresses(TWO) == addresses(TWO, mac(1), mac(0), mac(9))


def test_a_card_that_the_config_names_keeps_its_address() -> None:
    found = addresses(TWO, A, mac(0))
    assert (found["eth0"], found["eth1"], found["enP1s1"]) == (mac(0), A, A)


def test_no_card_gets_the_address_of_an_infiniband_port() -> None:
    assert addresses(TWO, ":".join(["11"] * 20), A) == addresses(TWO, A)


def test_what_stands_on_a_pair_gets_its_address_too() -> None:
    machine = freebsd(hn(), mce(), stacked("lagg0", Kind.LAGG, ("hn0", "mce0")))
    assert addresses(machine, A) == {"hn0": A, "mce0": A, "lagg0": A}


@pytest.mark.parametrize("machine", [TWO, linux(nic("eth0"), kernel=NEW_KERNEL)])
def test_more_cards_than_there_are_is_an_error_that_counts_both(machine: Inventory) -> None:
    with pytest.raises(HypervNetError, match="names 3 cards by address, and the inventory has"):
        bound(machine, cards_of(config(config_of(A, B, C))), ())


def test_a_given_address_takes_no_card_from_one_that_is_named_and_is_never_one_too_many() -> None:
    where = Place("udev")
    lan, first = (
        NamedCard(name, mac, where, is_given=True) for name, mac in (("lan", A), ("eth0", B))
    )
    alone, said = NamedCard("eth0", "", where), NamedCard("", C, where)
    one = linux(synthetic_nic(0), linux_vf(0))

    def both(machine: Inventory, *cards: NamedCard) -> dict[str, str | None]:
        found = bound(machine, cards, ())
        return {nic.name: nic.mac for nic in found.nics if nic.name in ("eth0", "eth1", "lan")}

    assert both(one, lan, alone) == {"eth0": mac(0)}
    assert both(one, first, lan, alone) == {"eth0": B}
    assert both(one, first, alone, said) == {"eth0": C}
    assert both(TWO, lan, first, alone) == {"eth0": B, "lan": A}
    with pytest.raises(HypervNetError, match="names 2 cards by address, and the inventory has 1"):
        both(one, lan, said, said._replace(mac=B))


def test_a_plan_for_a_machine_of_a_kind_is_one_for_its_own_addresses(
    tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "network-config.yaml"
    file.write_text(ethernet(f'{{match: {{macaddress: "{A}"}}, dhcp4: true}}'))
    inventory = str(EXAMPLES / "azure-freebsd-mce" / "inventory.json")
    given = ["--network-config", str(file)]
    options = ["plan", "--inventory", inventory, *given, "--expect-aggregates", "1"]
    assert main(options) == 1
    assert "add --bind" in capsys.readouterr().out
    assert main([*options, "--bind"]) == 0
    assert f'"mac": "{A}"' in capsys.readouterr().out
    assert "--bind: --cloud-init takes" in error_of(["plan", "--bind", "--cloud-init"], capsys)
    assert "--bind: there is no inventory" in error_of(
        ["plan", "--bind", "--target", "netplan", *given], capsys
    )


def test_two_configs_are_of_one_machine_that_the_first_has_named() -> None:
    """A head that names another card is about that one, and not about a machine of its own."""

    def both(base: str, head: str) -> list[str | None]:
        found = bound_to_both(TWO, cards_of(config(base)), cards_of(config(head)), ())
        assert all(one.mac == one.hardware_mac for one in found.nics)
        return [one.mac for one in found.nics if one.name in ("eth0", "eth1")]

    # `eth1` stands first in that inventory, and `eth0` is the first pair.
    assert both(config_of(A), config_of(B)) == [B, A]
    assert both(config_of(A), config_of(B, A)) == [B, A]
    assert both(config_of(A, B), config_of(A)) == [B, A]
    assert both(config_of(A, B), config_of(C)) == [B, A]
    assert both(config_of(), config_of(C)) == [mac(1), C]
    with pytest.raises(HypervNetError, match="names 3 cards by address"):
        both(config_of(A, B, C), config_of(A))
