"""The JSON documents of this program: their names, and the types that say what is in them."""

from __future__ import annotations

import importlib

from hyperv_net.errors import UsageError
from hyperv_net.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

_PREFIX = "hyperv-net/"


class Described(NamedTuple):
    """A document: its name, what it is, who prints and reads it, and where its type is."""

    name: str
    what: str
    printed_by: str
    read_by: str
    module: str
    type: str

    @property
    def short(self) -> str:
        """The name without what all names begin with."""
        return self.name[len(_PREFIX) :]

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, which is made from its type."""
        from hyperv_net.review.document import schema_of

        return schema_of(getattr(importlib.import_module(self.module), self.type), self.name)


DOCUMENTS = (
    Described(
        "hyperv-net/inventory/1",
        "the NICs of a machine, and its pairs",
        "inventory --format json",
        "--inventory",
        "hyperv_net.review.documents.inventory",
        "InventoryDocument",
    ),
    Described(
        "hyperv-net/plan/2",
        "a plan, with its verdict",
        "plan, review --format json",
        "apply --plan",
        "hyperv_net.review.model",
        "Review",
    ),
    Described(
        "hyperv-net/reviews/1",
        "the plans of several machines, in one report",
        "review --format json (of several)",
        "",
        "hyperv_net.review.model",
        "Reviews",
    ),
    Described(
        "hyperv-net/apply/1",
        "what was written, or would be",
        "apply, bake, unbake, guard --format json",
        "",
        "hyperv_net.review.documents.applied",
        "AppliedDocument",
    ),
    Described(
        "hyperv-net/verify/1",
        "what of an image was edited since it was baked",
        "bake --verify --format json",
        "",
        "hyperv_net.review.documents.applied",
        "Verified",
    ),
    Described(
        "hyperv-net/status/1",
        "how the pairs of a machine are",
        "status --format json",
        "",
        "hyperv_net.status.document",
        "StatusDocument",
    ),
    Described(
        "hyperv-net/history/1",
        "what happened to the pairs of a machine",
        "history --format json",
        "review --history",
        "hyperv_net.journal.document",
        "HistoryDocument",
    ),
    Described(
        "hyperv-net/simulation/1",
        "what a machine would do when its VF comes and goes",
        "simulate --format json",
        "",
        "hyperv_net.simulation.document",
        "SimulationDocument",
    ),
    Described(
        "hyperv-net/rules/1",
        "the rules of findings",
        "explain --format json",
        "",
        "hyperv_net.rules.document",
        "RulesDocument",
    ),
    Described(
        "hyperv-net/record/1",
        "what is known of one machine of a fleet",
        "",
        "review --fleet (a line each)",
        "hyperv_net.review.documents.fleet",
        "RecordOfFleet",
    ),
    Described(
        "hyperv-net/row/1",
        "what the plan of one machine of a fleet comes to",
        "review --fleet (machines.jsonl, a line each)",
        "",
        "hyperv_net.review.documents.fleet",
        "RowOfFleet",
    ),
    Described(
        "hyperv-net/fleet/1",
        "what the plans of many machines come to",
        "review --fleet (summary.json)",
        "review --merge",
        "hyperv_net.review.documents.fleet",
        "FleetDocument",
    ),
    Described(
        "hyperv-net/capture/1",
        "what a machine's kernel and tools answered",
        "inventory --capture (in the archive)",
        "--root, --inventory",
        "hyperv_net.review.documents.capture",
        "CaptureDocument",
    ),
    Described(
        "hyperv-net/announcement/1",
        "what a script announces to this machine",
        "",
        "watch (a file of the folder of announcements, a key of KVP pool 0)",
        "hyperv_net.review.documents.announcement",
        "AnnouncementDocument",
    ),
)


def described(name: str) -> Described:
    """The document of that name, which may be short: plan, plan/2.

    Raises UsageError where there is none.
    """
    for one in DOCUMENTS:
        if name in (one.name, one.short, one.short.partition("/")[0]):
            return one
    raise UsageError(
        "no document has that name", where=name, hint="'hyperv-net schema' lists their names"
    )
