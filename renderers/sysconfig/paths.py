"""Where ifcfg files are, below the root."""

from __future__ import annotations

IFCFG = "etc/sysconfig/network-scripts/ifcfg-*"
