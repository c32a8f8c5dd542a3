"""Programs of the system: where they are looked for, and how long one may take."""

from __future__ import annotations

#: The system's own folders and no administrator's: what is run here is run as root.
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

#: Seconds that one may take.  devd(8) waits for its actions one after another.
SECONDS = 10

#: The same for one that configures an aggregate, and may wait for DHCP.
LONG_SECONDS = 60
