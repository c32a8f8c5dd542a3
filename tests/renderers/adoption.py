"""What every target's adoption is tested with: its roots, its machine, and a plan of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from hyperv_net.model import Inventory, RenderedFile, Settings
from hyperv_net.plan.flow import Plan, make_plan
from hyperv_net.renderers import load
from hyperv_net.root import files


class Adoption(NamedTuple):
    """The adoption of what one target has configured.

    In `folder` is a root for each case, in the likeness of a published one,
    and `machine` is the machine that the files of a root are about.  `source`
    is a pattern of the files that a plan names as the config it was made from.
    """

    target: str
    folder: Path
    source: str
    machine: Callable[[Mapping[str, str]], Inventory]
    settings: Settings = Settings()

    @property
    def roots(self) -> list[Path]:
        """The root of each case."""
        return sorted(self.folder.iterdir())

    @property
    def options(self) -> list[str]:
        """The settings, as options of the program."""
        if self.settings == Settings():
            return []
        return [f"--synthetic-driver={driver}" for driver in self.settings.synthetic_drivers]

    def existing(self, root: Path) -> dict[str, str]:
        """The files of a root that the target reads, with those that they include."""
        target = load(self.target)
        found = files.read_matching(root, target.reads)
        while True:
            patterns = target.further_files(found)
            paths = [path for one in patterns for path in files.find_below(root, one)]
            more = files.read_matching(root, [path for path in paths if path not in found])
            if not more:
                return found
            found.update(more)

    def planned(self, texts: Mapping[str, str], inventory: Inventory | None = None) -> Plan:
        """The plan for these files, of which something must be there to adopt."""
        inventory = inventory or self.machine(texts)
        target = load(self.target)
        adopted = target.adopt(texts, inventory, self.settings)
        assert adopted is not None
        return make_plan(inventory, adopted.config, self.settings, target, texts, adopted.render)

    def after(self, texts: Mapping[str, str]) -> dict[str, str]:
        """The files once the plan is applied."""
        return {
            **texts,
            **{one.file.path: one.file.text for one in self.planned(texts).changes},
        }


def rendered(plan: Plan) -> dict[str, RenderedFile]:
    """The target's own files in a plan, by path."""
    return {one.file.path: one.file for one in plan.changes if not one.is_companion}
