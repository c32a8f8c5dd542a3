"""Whatever goes wrong in the plugin, the machine boots as it would without it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.firstboot.cases import SHORT, result
from tests.firstboot.checks import stock, told_why, with_plugin
from tests.firstboot.faults import Function, break_function, called, fault_met, note_calls
from tests.firstboot.machine import NETWORK, Boot, Machine
from tests.firstboot.root import SUITES

pytestmark = [pytest.mark.debian, pytest.mark.firstboot]

PARTS = 4

#: The guards themselves.  Each calls the stock function and hands the rest to `attempt`; with a
#: `raise` put at its head there is nothing left that could save the boot.
GUARDS = {
    Function("sources/__init__.py", "extend"),
    Function("sources/factory.py", "extend_module.get_datasource_list"),
    Function("sources/failsafe.py", "attempt"),
    Function("sources/patches.py", "_of_synthetic_nics.read_initramfs_config"),
    Function("sources/patches.py", "_past_vfs._rename_interfaces"),
    Function("sources/patches.py", "_with_our_plan.parse_net_config_data"),
    Function("sources/patches.py", "_without_doubles.get_interfaces"),
    Function("sources/patches.py", "_without_vfs.get_devicelist"),
    Function("sources/stand_in.py", "_stand_in_class.render_network_state"),
}

PLUGIN = "usr/lib/python3/dist-packages/hyperv_net"


def functions_at_stake(machine: Machine, whole: Boot) -> list[Function]:
    """Those of sources/ that a boot called, and with one version also those that they called."""
    assert not whole.troubles
    found = {
        function
        for function, caller in called(machine)
        if function.file.startswith("sources/")
        or (machine.suite == "trixie" and "/hyperv_net/sources/" in caller)
    }
    assert found > GUARDS
    return sorted(found - GUARDS)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("suite", SUITES)
def test_every_function_that_takes_part_may_raise(suite: str, part: int, tmp_path: Path) -> None:
    """The result is stock's, or the plan's where the function was not needed for it.

    Never anything between, never a worse status, and one line says why.
    """
    noted = with_plugin(suite, tmp_path / "noted")
    note_calls(noted)
    whole = noted.boot(NETWORK)
    allowed = (result(stock(suite)), result(whole))
    wrong = {}
    for function in functions_at_stake(noted, whole)[part::PARTS]:
        machine = with_plugin(suite, tmp_path / "broken")
        break_function(machine, function)
        boot = machine.boot(NETWORK)
        if not (
            fault_met(machine)
            and result(boot) in allowed
            and "Traceback" not in boot.log
            and told_why(boot)
        ):
            wrong[str(function)] = (told_why(boot), boot.troubles, sorted(boot.network()))
        shutil.rmtree(machine.files)
    assert not wrong


def without_a_module(machine: Machine) -> None:
    """Part of the package is not there."""
    (machine.files / PLUGIN / "decision/pairing.py").unlink()


def without_renderers(machine: Machine) -> None:
    """Nor is another part, which is loaded late."""
    shutil.rmtree(machine.files / PLUGIN / "renderers")


def with_a_syntax_error(machine: Machine) -> None:
    """A file that was cut off."""
    machine.write(f"{PLUGIN}/sources/factory.py", "def extend_module(")


def with_an_unknown_setting(machine: Machine) -> None:
    """The administrator's settings cannot be read."""
    machine.write("etc/cloud/cloud.cfg.d/92-more.cfg", "hyperv_net: {agregate: always}\n")


def with_a_setting_of_another_kind(machine: Machine) -> None:
    """They are not even a mapping."""
    machine.write("etc/cloud/cloud.cfg.d/92-more.cfg", "hyperv_net: yes please\n")


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(without_a_module, marks=SHORT),
        without_renderers,
        with_a_syntax_error,
        with_an_unknown_setting,
        with_a_setting_of_another_kind,
    ],
    ids=lambda harm: harm.__name__,
)
@pytest.mark.parametrize("suite", SUITES)
def test_a_damaged_plugin_or_setting_leaves_the_stock_result(
    suite: str, harm: Callable[[Machine], None], tmp_path: Path
) -> None:
    """Files, exit statuses and `cloud-init status` are stock's, and the log says why."""
    machine = with_plugin(suite, tmp_path)
    harm(machine)
    boot = machine.boot(NETWORK)
    assert result(boot) == result(stock(suite))
    assert told_why(boot)
    assert "Traceback" not in boot.log
