"""Renderers that stand in for cloud-init's, and write a plan where there is one.

A stand-in is a subclass of the stock renderer.  Where no pair needs an
aggregate it is the stock renderer, and the plan's companions are written when
that is done.  Where one does, the plan's files are written and what the stock
renderer does after writing is done as well.  Whatever fails is undone, and the
stock renderer gets the config as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from hyperv_net.records import TYPE_CHECKING, NamedTuple
from hyperv_net.renderers import of_cloud_init
from hyperv_net.sources import machine
from hyperv_net.sources.failsafe import attempt, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hyperv_net.plan.flow import Plan
    from hyperv_net.renderers.target import Target

Parse = Callable[..., Any]


class Prepared(NamedTuple):
    """What a stand-in is about to render: the plan, and the way back to what stock would do."""

    plan: Plan
    target: Target
    config: Mapping[str, Any]
    stock_parse: Parse


def stand_in_for_renderers() -> None:
    """Put a stand-in in the place of each renderer.

    One for which there is no target does nothing of its own: to know that takes the
    targets' records, and only the one renderer that cloud-init selects is asked.
    """
    from cloudinit.net.renderers import NAME_TO_RENDERER

    for name, stock in NAME_TO_RENDERER.items():
        if not hasattr(stock.Renderer, "hyperv_net_prepared"):
            NAME_TO_RENDERER[name] = _stand_in_module(name, stock)


def _stand_in_module(name: str, stock: ModuleType) -> ModuleType:
    module = ModuleType(stock.__name__, stock.__doc__)
    vars(module).update(vars(stock), Renderer=_stand_in_class(name, stock))
    return module


def _stand_in_class(name: str, stock: ModuleType) -> type:
    base: Any = stock.Renderer

    def render_network_state(self: Any, network_state: Any, *args: Any, **kwargs: Any) -> None:
        prepared, self.hyperv_net_prepared = self.hyperv_net_prepared, None
        has_aggregates = prepared is not None and bool(prepared.plan.rewritten.aggregates)
        if has_aggregates:
            before = dict(vars(self))

            def ours() -> bool:
                if prepared.target.cloud_init.is_passed_on:
                    _try_out(self, base, network_state)
                    base.render_network_state(self, network_state, *args, **kwargs)
                    _write_companions(prepared.plan)
                else:
                    _render(self, stock, prepared, network_state)
                return True

            if attempt(ours, otherwise=lambda: False):
                made = [change.file.path for change in prepared.plan.changes]
                attempt(lambda: _clear(name, made), otherwise=lambda: None)
                attempt(lambda: _have_udev_look(prepared.plan), otherwise=lambda: None)
                return
            vars(self).clear()
            vars(self).update(before)
            as_stock = prepared.stock_parse(prepared.config, renderer=self)
            vars(network_state).update(vars(as_stock))
        base.render_network_state(self, network_state, *args, **kwargs)
        attempt(lambda: _clear(name, ()), otherwise=lambda: None)
        if prepared is not None and not has_aggregates:
            attempt(lambda: _beside_stock(prepared.plan), otherwise=lambda: None)

    stand_in: type = type(base)(
        base.__name__,
        (base,),
        {
            "__module__": base.__module__,
            "__doc__": base.__doc__,
            "hyperv_net_stands_for": name,
            "hyperv_net_prepared": None,
            "render_network_state": render_network_state,
        },
    )
    return stand_in


def planned_state(stock_parse: Parse, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """The state for a network config that a stand-in is about to render; None: take the stock one.

    The arguments are those of cloud-init's parse_net_config_data.  The state
    says no more than what the rest of cloud-init needs of it; the plan is
    given to the renderer.
    """
    renderer = kwargs.get("renderer")
    if not args or not hasattr(renderer, "hyperv_net_stands_for"):
        return None
    return _prepare(stock_parse, args[0], renderer)


def _prepare(stock_parse: Parse, config: Mapping[str, Any], renderer: Any) -> Any:
    target = of_cloud_init(renderer.hyperv_net_stands_for)
    if target is None:
        return None
    plan = machine.make_boot_plan(config, target)
    if plan is None:
        return None
    prepared = Prepared(plan, target, config, stock_parse)
    state = _state(prepared, renderer) if plan.rewritten.aggregates else None
    _tell(plan)
    renderer.hyperv_net_prepared = prepared
    return state


def _state(prepared: Prepared, renderer: Any) -> Any:
    """What the rest of cloud-init gets to see of a plan with aggregates."""
    cloud_init = prepared.target.cloud_init
    if cloud_init.is_passed_on:
        from hyperv_net.renderers.passed_on import network_config

        cloud_init.check(renderer)
        return prepared.stock_parse(network_config(prepared.plan.rewritten), renderer=renderer)
    from cloudinit.net.network_state import NetworkState

    return NetworkState.to_passthrough({"version": prepared.config["version"]})


def _tell(plan: Plan) -> None:
    reasons = {one.pair.mac: one.reason for one in plan.decisions}
    for aggregate in plan.rewritten.aggregates:
        say(f"{aggregate.name} for the pair {aggregate.pair.mac}: {reasons[aggregate.pair.mac]}")
    for finding in plan.findings:
        place = f"{finding.where}: " if finding.where else ""
        say(f"{finding.severity.value}: {place}{finding.message}")


def _try_out(renderer: Any, base: Any, network_state: Any) -> None:
    """Let the stock renderer write into an empty folder: what it cannot do, it raises there."""
    import copy
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        base.render_network_state(copy.deepcopy(renderer), network_state, target=folder)


def _write_companions(plan: Plan) -> None:
    """Write what the running machine needs besides its configuration, or nothing of it."""
    from hyperv_net.sources.written import written

    companions = [change.file for change in plan.changes if change.is_companion]
    with written(machine.system_root(), companions):
        pass


def _clear(renderer: str, made: Sequence[str]) -> None:
    """Take away what an earlier boot has left of ours, which nobody else would."""
    target = of_cloud_init(renderer)
    if target is None:
        return
    from hyperv_net.sources.removing import remove_left_behind

    for path in remove_left_behind(machine.system_root(), target, made):
        say(f"{path} is gone, which an earlier boot made of another network config")


def _beside_stock(plan: Plan) -> None:
    _write_companions(plan)
    _have_udev_look(plan)


def _have_udev_look(plan: Plan) -> None:
    """Show udev the NICs of each pair once more: it saw them before there were rules for them.

    This is before any network manager starts (cloud-init-local.service comes
    before network-pre.target).
    """
    from hyperv_net.model import System

    is_new = any(change.differs for change in plan.changes if change.is_companion)
    # A root of tests is no machine that runs.
    is_here = plan.inventory.system is System.LINUX and str(machine.system_root()) == "/"
    if not (is_new and is_here):
        return
    from cloudinit import subp

    subp.subp(["udevadm", "control", "--reload"])
    to_nics = ("udevadm", "trigger", "--action=change", "--subsystem-match=net")
    for mac in sorted({one.pair.mac for one in plan.decisions}):
        subp.subp([*to_nics, f"--attr-match=address={mac}"])


def _render(renderer: Any, stock: ModuleType, prepared: Prepared, network_state: Any) -> None:
    """Write the plan's files and do what follows; on any failure, put back what was there."""
    from hyperv_net.sources.written import written

    root = machine.system_root()
    plan = prepared.plan
    with written(root, [change.file for change in plan.changes]):
        prepared.target.cloud_init.follow_up(renderer, stock, plan)
        # For the activators of cloud-init, which bring up what the state names.
        network_state._network_state["interfaces"] = {
            name: {"name": name, "type": "physical"} for name in _to_bring_up(plan)
        }


def _to_bring_up(plan: Plan) -> list[str]:
    """The interfaces that the config brings up; a member comes up with its aggregate."""
    from hyperv_net.rewrite.devices import devices_of

    members = {
        member for one in plan.rewritten.aggregates for member in (one.synthetic_id, one.vf_id)
    }
    return [
        plan.rewritten.interfaces.get(device_id, device_id)
        for kind, devices in devices_of(plan.rewritten.tree).items()
        for device_id, device in devices.items()
        if not (kind == "ethernets" and device_id in members)
        and _control(device) not in ("manual", "off")
    ]


def _control(device: Any) -> object:
    control = device.get("control")
    return None if control is None else control.value
