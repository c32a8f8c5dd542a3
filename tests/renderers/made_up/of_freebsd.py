"""The same target on FreeBSD, which has one of its own that every machine of it uses."""

from __future__ import annotations

from hyperv_net.facts import System
from tests.renderers import made_up

_ON_LINUX = made_up.TARGET

TARGET = _ON_LINUX._replace(
    name="made-up-on-freebsd",
    system=System.FREEBSD,
    cloud_init=_ON_LINUX.cloud_init._replace(name="made-up-on-freebsd", rank=98),
)
