"""When the watch leaves news for whoever writes its metrics."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from hyperv_net.announcements import service
from hyperv_net.announcements.following import Rules
from hyperv_net.announcements.source import Heard, Source
from hyperv_net.hotplug.kept.watched import LOCK
from hyperv_net.hotplug.kept.worker import NEWS
from hyperv_net.root import locks
from tests.announcements.machine import STARTED, Here, saying


def test_metrics_are_written_when_what_is_known_changes_and_when_nobody_watches_any_more(
    here: Here,
) -> None:
    """By the news that it leaves: of an event, and once another could have its lock."""
    news = Path(here.run, NEWS)
    left: list[bool] = []

    def ask(now: float) -> Heard:
        left.append(news.exists())
        news.unlink(missing_ok=True)
        if len(left) == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        return Heard((STARTED,) if len(left) == 2 else (), 0)

    assert service.serve([Source("azure", ask)], Rules()) == 0
    # At its start; nothing; an event; its end.
    assert left == [True, False, True, True]
    assert news.exists()
    lock = locks.try_lock(f"{here.run}/{LOCK}")
    assert lock is not None
    os.close(lock)


def test_the_news_that_nobody_watches_comes_once_that_is_so(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[bool | None] = []
    monkeypatch.setattr(
        service, "leave_news", lambda run: taken.append(locks.is_taken(f"{run}/{LOCK}"))
    )
    service.serve([saying()], Rules())
    assert (taken[0], taken[-1]) == (True, False)
