"""The executables of a FreeBSD machine that the hook needs and `tests.freebsd_machine` has not."""

from __future__ import annotations

import shlex
import sys

from tests.paths import CHECKOUT

_PYTHON = shlex.quote(sys.executable)
PROGRAM = f"""\
#!/bin/sh
exec {_PYTHON} -I -c 'import sys
sys.path.insert(0, "{CHECKOUT}")
from hyperv_net.cli import main
sys.exit(main())' "$@"
"""
# daemon(8) and lockf(1), as far as the hook uses them, with what Linux has instead.
DAEMON = """\
#!/bin/sh
[ "$1" = -f ] || exit 1
shift
setsid "$@" </dev/null >/dev/null 2>&1 &
"""
LOCKF = """\
#!/bin/sh
[ "$1 $2" = "-s -k" ] || exit 64
shift 2
waiting=
[ "$1" != -t ] || { waiting="-w $2"; shift 2; }
file=$1
shift
# EX_CANTCREAT
: >>"$file" || exit 73
exec flock -o $waiting -E 75 "$file" "$@"
"""
# What is logged, and not what it is logged as.
LOGGER = """\
#!/bin/sh
exec cat >>/var/log/messages
"""
# A settling time of two seconds is none in a test.  In front of the real one, which other
# programs of the machine are made of.
SLEEP = """\
#!/bin/sh
exec /usr/bin/sleep 0.05
"""
# The base system's own scripts say that they were run; what they do is not ours to show.
RECORDER = """\
#!/bin/sh
echo "{name} $*" >>{calls}
"""
