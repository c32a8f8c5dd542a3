"""cloud-init's datasources, extended: what `datasource_pkg_list: [hyperv_net.sources]` finds.

A module here bears the name of a stock one, so that cloud-init takes it in
that one's place (cloudinit/importer.py, find_module), and everything named in
its configuration stays as it is.  This package must be importable whatever
else is broken: a module that raises here would leave the machine without a
datasource.
"""

from __future__ import annotations

# Its own, since nothing of the package can be counted on here.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def extend(module: str) -> Callable[[Any], list[Any]]:
    """Put extended classes into `module`, and return its get_datasource_list.

    `module` is the full name of a module here; the stock module has the same
    last name.  Where anything goes wrong the list is empty, and cloud-init
    goes on to the stock module (cloudinit/sources/__init__.py, list_sources).
    """
    try:
        from hyperv_net.sources.factory import extend_module

        return extend_module(module)
    except Exception as error:
        import logging

        reason = " ".join(f"{type(error).__name__}: {error}".split())
        # The package's own way for what others wrote may be what cannot be imported.
        reason = reason if reason.isprintable() else ascii(reason)
        # A warning would make `cloud-init status` degraded, which the stock result is not.
        logging.getLogger(__name__).info(
            "hyperv-net: not in use, and cloud-init goes on alone: %s", reason
        )
        return lambda depends: []
