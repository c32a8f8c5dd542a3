"""/etc/dhclient-enter-hooks, which dhclient-script reads before its work (dhclient-script(8)).

The script's functions are defined by then, so that the file may give them other bodies
(sbin/dhclient/dhclient-script of freebsd/freebsd-src).  A shell runs the file as it stands.
What it asks of ifconfig is answered from the state; what it changes is told, to be done in
that order.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

from tests.freebsd_machine.ifconfig import ifconfig
from tests.freebsd_machine.state import State

#: Where an ifconfig sets nothing, it shows: `ifconfig NAME` and `ifconfig -f FORMAT NAME inet`.
_SCRIPT = """\
ifconfig() {{
    case "$*" in
    {name}) cat <<'ALL'
{whole}ALL
        ;;
    "-f inet:dotted "{name}" inet") cat <<'DOTTED'
{dotted}DOTTED
        ;;
    *) printf '%s\\n' "$*" >&3 ;;
    esac
}}
add_new_address() {{
    ifconfig {adding}
}}
exit_status=0
. "$1"
[ "$exit_status" -eq 0 ] || exit "$exit_status"
add_new_address
"""


def hooked(state: State, root: Path, lease: dict[str, str], adding: list[str]) -> list[list[str]]:
    """The ifconfig commands by which the script sets a lease's address, `adding` its own.

    `lease`: the script's variables.
    """
    file = root / "etc/dhclient-enter-hooks"
    if not file.exists():
        return [adding]
    name = lease["interface"]
    script = _SCRIPT.format(
        name=shlex.quote(name),
        whole=ifconfig(state, [name])[1],
        dotted=ifconfig(state, ["-f", "inet:dotted", name, "inet"])[1],
        adding=shlex.join(adding),
    )
    run = subprocess.run(
        ["/bin/sh", "-c", f"exec 3>&1 >/dev/null; {script}", "dhclient-script", str(file)],
        env={"PATH": "/usr/bin:/usr/sbin:/bin:/sbin", **lease},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.stderr, run.stderr
    return [line.split() for line in run.stdout.splitlines()]
