"""The alert rules on what machines tell, whose pairs are joined by their hardware addresses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hyperv_net.hotplug.look.state import Drain, Phase
from hyperv_net.status.exposition import Sample
from hyperv_net.status.model import MachineStatus
from tests.monitoring.test_alerts import RULES, promtool
from tests.status.scenes import MAC, NOW, Scene
from tests.status.told import told

pytestmark = pytest.mark.debian

OTHER = "00:0d:3a:44:55:66"


def series(found: list[Sample]) -> list[dict[str, str]]:
    """What a machine told, unchanged for two hours."""
    return [
        {
            "series": "{}{{{}}}".format(
                one.metric.sample_name,
                ", ".join(
                    f"{name}={json.dumps(value)}"
                    for name, value in (
                        ("instance", "a"),
                        *zip(one.metric.labels, one.labels),
                    )
                ),
            ),
            "values": f"{one.value}x120",
        }
        for one in found
    ]


def assert_firing(folder: Path, found: list[Sample], *expected: str) -> None:
    """Just these fire in the end, as in `HypervNetVfIdle bond0`; those about ages are left out."""
    wanted = [dict(zip(("alertname", "device"), one.split(" "))) for one in expected]
    labels = ["ALERTS{" + ", ".join(f'{k}="{v}"' for k, v in one.items()) + "}" for one in wanted]
    query = 'ALERTS{alertstate="firing", alertname!~".*(Long|Old|Failing)"}'
    test = {
        "expr": f"max by (__name__, alertname, device) ({query})",
        "eval_time": "115m",
        "exp_samples": [{"labels": one, "value": 1} for one in labels],
    }
    tests = [{"interval": "1m", "input_series": series(found), "promql_expr_test": [test]}]
    file = folder / "joined.test.yml"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "tests": tests}))
    tried = promtool("test", "rules", str(file))
    assert tried.returncode == 0, tried.stdout + tried.stderr


def _idle(scene: Scene) -> MachineStatus:
    """The traffic goes around a VF that is there."""
    scene.bonding(active_slave="eth0")
    return scene.status()


def test_a_bond_with_another_address_than_its_pair_is_told_by_the_pairs(tmp_path: Path) -> None:
    """As with fail_over_mac, or an address that the administrator gave the bond."""
    scene = Scene(tmp_path / "root")
    scene.nic("bond0", address="02:00:00:00:00:07")
    found = told(_idle(scene))
    macs = {dict(zip(one.metric.labels, one.labels)).get("mac") for one in found}
    assert macs == {None, MAC}
    assert_firing(tmp_path, found, "HypervNetVfIdle bond0")
    drained = Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW)
    scene.drained(drained)
    assert_firing(tmp_path, told(scene.status()))


def test_of_two_pairs_the_one_that_is_well_is_told_nothing_of(tmp_path: Path) -> None:
    """Nor hides the drain of the one that the other has lost its VF."""
    scene = Scene(tmp_path / "root")
    pair = scene.status().pairs[0]
    well = told(scene.status())
    assert_firing(tmp_path, well)
    without = pair._replace(
        mac=OTHER,
        aggregate=pair.aggregate and pair.aggregate._replace(name="bond1"),
        members=pair.members[:1],
        active=pair.members[0].name,
    )
    both = told(scene.status()._replace(pairs=(pair, without)))
    assert_firing(tmp_path, both, "HypervNetVfAway bond1")
    drained = pair._replace(drain=Drain(MAC, 3, "ens17", Phase.HELD, "always", True, NOW))
    both = told(scene.status()._replace(pairs=(drained, without)))
    assert_firing(tmp_path, both, "HypervNetVfAway bond1")
    swapped = without._replace(drain=drained.drain and drained.drain._replace(mac=OTHER))
    assert_firing(tmp_path, told(scene.status()._replace(pairs=(pair, swapped))))
