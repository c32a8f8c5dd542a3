"""`review(record) -> Row`: one machine's plan in little, whatever is wrong with the machine."""

from __future__ import annotations

from hyperv_net.errors import HypervNetError
from hyperv_net.fleet.rows import row_of, row_of_error
from hyperv_net.inventory.snapshot import from_json
from hyperv_net.model import Mode, Settings
from hyperv_net.netconfig.read import read_network_config, with_names
from hyperv_net.places import Place
from hyperv_net.plan.flow import NO_CONFIG, Ground, make_plan
from hyperv_net.records import TYPE_CHECKING
from hyperv_net.renderers import TARGETS, load, of_system, targets
from hyperv_net.review.assembling import review_of
from hyperv_net.root.settings import with_values
from hyperv_net.rules.allowing import judged
from hyperv_net.secrets.masking import hiding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hyperv_net.fleet.model import Record, Row
    from hyperv_net.fleet.shapes import Shaped
    from hyperv_net.model import System
    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target
    from hyperv_net.rules.allowing import Allow

#: What findings and errors call a record's network config.
SOURCE = "network-config"


def review(record: Record, allows: Sequence[Allow] = ()) -> Row:
    """The row of a machine.  It raises nothing: a machine's error is a row too."""
    return reviewed(record, allows)[0]


def reviewed(record: Record, allows: Sequence[Allow] = ()) -> tuple[Row, Shaped | None]:
    """The row, and what its digests are of; None of a machine with an error."""
    try:
        return row_of(record.id, review_of(plan_of(record, allows)))
    except Exception as error:
        texts = [record.network_config or "", *record.existing.values()]
        return row_of_error(record.id, as_told(error), hiding(texts)), None


def as_told(error: Exception) -> HypervNetError:
    """What ended the plan of a machine, as it is told, whatever it was."""
    if isinstance(error, HypervNetError):
        return error
    if isinstance(error, OSError) and error.filename:
        return HypervNetError(f"cannot be read: {error.strerror}", where=str(error.filename))
    mistake = f"{type(error).__name__}: {error}"
    return HypervNetError(f"a mistake of hyperv-net, please report it: {mistake}")


def plan_of(record: Record, allows: Sequence[Allow] = ()) -> Plan:
    """The plan of a machine, from its record alone.  Raises HypervNetError."""
    plan = _plan_of(record)
    if not allows:
        return plan
    findings, allowed = judged(plan.findings, allows)
    return plan._replace(findings=findings, allowed=allowed)


def _plan_of(record: Record) -> Plan:
    inventory = from_json(record.inventory, "inventory")
    target = _target(record.target, inventory.system)
    settings = with_values(Settings(), record.settings, Place("", ("settings",)))
    existing = record.existing
    ground = Ground(record.network_config, existing)
    if record.network_config is not None:
        config = read_network_config(record.network_config, SOURCE)
        config = with_names(config, record.network_config, inventory, settings.synthetic_drivers)
        return make_plan(inventory, config, settings, target, existing)._replace(ground=ground)
    adopted = target.adopt(existing, inventory, settings) if existing else None
    if adopted is not None:
        plan = make_plan(inventory, adopted.config, settings, target, existing, adopted.render)
        return plan._replace(ground=ground)
    plan = make_plan(inventory, NO_CONFIG, settings, target, existing)
    if not plan.decisions or any(one.mode is Mode.AGGREGATE for one in plan.decisions):
        raise HypervNetError(
            "the record has no network config, and no file that one could be adopted from",
            where="network_config",
            hint="give the text of cloud-init's",
        )
    return plan._replace(ground=ground)


def _target(name: str | None, system: System) -> Target:
    if name is not None and name not in TARGETS:
        raise HypervNetError(f"no such target: {name!a}", where="target", hint=_one_of(TARGETS))
    if name is not None:
        return load(name)
    target = of_system(system)
    if target is not None:
        return target
    raise HypervNetError(
        f"nothing says what configures the network of a {system.value} machine",
        where="target",
        hint=_one_of(one.name for one in targets(system)),
    )


def _one_of(names: Iterable[str]) -> str:
    return f"name one of {', '.join(names)}, in the record or with --target"
