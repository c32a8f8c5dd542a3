"""A VF is tuned as often as it comes back; what its driver refuses is told and stops nothing."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.hotplug.act.tuning import Tools, differences, kind_of, live_tools, tune_all
from hyperv_net.hotplug.wanted import Wanted
from hyperv_net.model import Mode, System
from hyperv_net.tuning import Tuning
from tests.hotplug.kernel import Kernel
from tests.hotplug.machines import arrive, hook, machine, transparent, wanted

VF = "enP1s1"
TUNING: Tuning = (("qdisc", "fq"), ("rx_ring", "4096"), ("gro", "on"))


def tuned(state: Wanted, vf: Tuning = TUNING, synthetic: Tuning = ()) -> Wanted:
    (pair,) = state.pairs
    return state._replace(pairs=(pair._replace(vf_tuning=vf, synthetic_tuning=synthetic),))


class Nics:
    """What NICs have; as with real ones, a number above the largest is refused."""

    def __init__(self) -> None:
        self.settings: dict[tuple[str, str], str] = {}
        self.asked: list[tuple[str, str, str]] = []

    def tools(self) -> Tools:
        return Tools(lambda nic, setting: self.settings.get((nic, setting)), self.tune)

    def tune(self, nic: str, setting: str, text: str) -> None:
        self.asked.append((nic, setting, text))
        if text.isdecimal() and int(text) > 2048:
            raise HypervNetError("Invalid argument")
        self.settings[nic, setting] = text


def state(kernel: Kernel, known: Wanted) -> Nics:
    nics = Nics()
    done = tune_all(kernel.read(), known, nics.tools())
    assert [one.nic for one in done.refused if one.setting != "rx_ring"] == []
    return nics


def test_a_vf_that_has_joined_is_tuned_and_its_driver_may_refuse_one_thing() -> None:
    kernel, known = machine(System.LINUX), tuned(wanted(System.LINUX))
    arrive(kernel)
    hook(kernel, known)
    nics = Nics()
    nics.settings[VF, "gro"] = "on"
    done = tune_all(kernel.read(), known, nics.tools())
    assert done.changed == (f"set qdisc of {VF} to fq (was None)",)
    assert [str(one) for one in done.refused] == [
        f"rx_ring of {VF} cannot be told, not 4096: Invalid argument"
    ]
    assert kernel.devices[VF].master == "bond0"


def test_what_is_as_wanted_is_not_touched() -> None:
    kernel, known = machine(System.LINUX), tuned(wanted(System.LINUX), (("gro", "on"),))
    arrive(kernel)
    hook(kernel, known)
    nics = state(kernel, known)
    nics.asked.clear()
    assert tune_all(kernel.read(), known, nics.tools()).changed == ()
    assert nics.asked == []
    assert differences(kernel.read(), known, nics.tools()) == ()


def test_what_is_wanted_of_a_vf_is_not_done_to_the_next_one_of_its_name() -> None:
    kernel, known = machine(System.LINUX), tuned(wanted(System.LINUX))
    arrive(kernel)
    hook(kernel, known)
    looked, nics = kernel.read(), Nics()
    for index, is_asked in ((kernel.devices[VF].index, True), (99, False)):
        kernel.devices[VF].index = index
        tools = nics.tools()._replace(
            is_still=lambda index, name: kernel.devices[name].index == index
        )
        nics.asked.clear()
        tune_all(looked, known, tools)
        assert bool(nics.asked) is is_asked


@pytest.mark.parametrize(
    ("index", "name", "found"), [(1, "lo", True), (1, "eth0", False), (2**30, "lo", False)]
)
def test_the_machines_own_kernel_tells_whose_name_it_is(index: int, name: str, found: bool) -> None:
    assert live_tools(lambda words: "").is_still(index, name) is found
    assert live_tools(lambda words: "").is_still(0, name)


def test_a_vf_that_comes_back_is_tuned_again() -> None:
    kernel, known = machine(System.LINUX), tuned(wanted(System.LINUX))
    nics = Nics()
    for name in ("enP1s1", "enP7s1"):
        arrive(kernel, name)
        hook(kernel, known)
        tune_all(kernel.read(), known, nics.tools())
        kernel.remove(name)
    assert [one for one in nics.asked if one[1] == "qdisc"] == [
        ("enP1s1", "qdisc", "fq"),
        ("enP7s1", "qdisc", "fq"),
    ]


def test_a_vf_outside_of_its_aggregate_is_left_alone_and_the_synthetic_nic_is_tuned() -> None:
    kernel = machine(System.LINUX)
    known = tuned(wanted(System.LINUX), synthetic=(("qdisc", "noqueue"),))
    arrive(kernel)
    assert {nic for nic, _, _ in state(kernel, known).asked} == {"eth0"}


def test_the_vf_of_a_pair_that_the_kernel_drives_is_tuned() -> None:
    kernel = transparent()
    known = tuned(wanted(System.LINUX, Mode.TRANSPARENT), synthetic=(("qdisc", "noqueue"),))
    assert {nic for nic, _, _ in state(kernel, known).asked} == {"eth0", VF}


def test_the_kind_of_a_qdisc_is_the_roots() -> None:
    assert kind_of("qdisc fq_codel 0: root refcnt 2 limit 10240p\n") == "fq_codel"
    assert kind_of("qdisc mq 8001: root \nqdisc fq 0: parent 8001:1 limit 1p\n") == "mq"
    both = "qdisc noqueue 0: dev x parent 1:1\nqdisc fq 1: root refcnt 2\n"
    assert kind_of(both) == "fq"
    assert kind_of("qdisc ingress ffff: parent ffff:fff1 ----\n") is None
    assert kind_of("") is None
