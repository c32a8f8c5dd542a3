"""A bar on standard error for work of which nobody knows how many pieces it has; drawn by rich."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class Bar(Progress):
    """How much is done, how many pieces that were, how many a second, and the time left."""

    def __init__(self, what: str, total: int | None) -> None:
        # It is drawn when something was done: no thread of its own, and so no fork beside one.
        super().__init__(
            TextColumn(f"{{task.fields[number]}} {what}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]} a second"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            auto_refresh=False,
            transient=True,
        )
        self._task = self.add_task(what, total=total, number=0, rate="")
        self._number = 0

    def more(self, amount: int, number: int) -> None:
        """Show that so much more is done, which were so many pieces."""
        self._number += number
        task = self.tasks[0]
        rate = f"{self._number / task.elapsed:.0f}" if task.elapsed else ""
        self.update(self._task, advance=amount, number=self._number, rate=rate, refresh=True)
