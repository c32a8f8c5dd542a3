"""rc.conf as rc(8) reads it: sourced by a real shell, and its values evaluated once more.

`get_if_var()` of network.subr lets a value through `echo` unquoted, and the
line is then given to `eval`; both are done by the shell again, unless the
text has nothing in it that a shell would change.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

#: Those of libexec/rc/rc.conf that the parts here look at.
DEFAULTS = """\
rc_conf_files="/etc/rc.conf /etc/rc.conf.local"
netif_enable="YES"
network_interfaces="auto"
cloned_interfaces=""
cloned_interfaces_sticky="NO"
synchronous_dhclient="NO"
background_dhclient="NO"
dhclient_flags=""
defaultrouter="NO"
static_routes=""
ipv6_network_interfaces="auto"
ipv6_activate_all_interfaces="NO"
ipv6_defaultrouter="NO"
ipv6_static_routes=""
ipv6_gateway_enable="NO"
ifconfig_lo0="inet 127.0.0.1/8"
"""
# load_rc_config() and source_rc_confs(): rc_conf_files may name other files when they have been
# read, and what a service has of its own is a file or a folder of files, in two places.
_LOADED = """\
. "$root/etc/defaults/rc.conf"
for again in 1 2; do
    for file in $rc_conf_files; do
        case " $loaded " in *" $file "*) continue ;; esac
        loaded="$loaded $file"
        [ ! -r "$root$file" ] || . "$root$file"
    done
done
for service in $services; do
    for folder in etc usr/local/etc; do
        own=$root/$folder/rc.conf.d/$service
        if [ -f "$own" ]; then
            . "$own"
        elif [ -d "$own" ]; then
            for file in "$own"/*; do
                [ ! -f "$file" ] || . "$file"
            done
        fi
    done
done
"""
_PLAIN = re.compile(r"[A-Za-z0-9_.:/%@,+= -]*\Z")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class RcConf:
    """The variables that a script of rc has, and what the shell makes of their values.

    `services` are those whose own files it loads, in its order.
    """

    def __init__(self, root: Path, *services: str) -> None:
        self._root = root
        own = {"root": str(root), "services": " ".join(services), "loaded": ""}
        self._prelude = "".join(f"{name}={_quoted(text)}\n" for name, text in own.items())
        self._prelude += _LOADED
        listed, self.errors = self._shell("set\n")
        # What a value looks like in `set` differs; only the names are taken from there.
        names = sorted({match[1] for match in re.finditer(r"^([A-Za-z_]\w*)=", listed, re.M)})
        printed, _ = self._shell("".join(f"printf '%s\\0%s\\0' {n} \"${n}\"\n" for n in names))
        fields = printed.split("\0")
        self.variables: Mapping[str, str] = dict(zip(fields[:-1:2], fields[1::2]))

    def _shell(self, text: str) -> tuple[str, str]:
        shell = shutil.which("dash") or "/bin/sh"
        done = subprocess.run(
            [shell, "-c", self._prelude + text],
            capture_output=True,
            text=True,
            errors="backslashreplace",
            cwd=self._root,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            stdin=subprocess.DEVNULL,
        )
        return done.stdout, done.stderr

    def value(self, name: str, default: str = "") -> str:
        """A variable."""
        return self.variables.get(name, default)

    def yes(self, name: str) -> bool:
        """checkyesno()"""
        return self.value(name).lower() in ("yes", "true", "on", "1")

    def words(self, name: str) -> list[str]:
        """The words of a variable, as a `for` loop has them."""
        return self._evaluated(self.value(name))

    def of_interface(self, pattern: str, interface: str, default: str = "") -> list[str]:
        """get_if_var(): the words of the variable whose name has IF where the interface's goes."""
        name = pattern.replace("IF", re.sub(r"[./+-]", "_", interface))
        if not _NAME.match(name):
            return []
        return self._evaluated(self.variables.get(name, default))

    def line(self, interface: str, family: str = "") -> list[str]:
        """_ifconfig_getargs(): the words of its line, or of ifconfig_DEFAULT."""
        pattern = f"ifconfig_IF_{family}" if family else "ifconfig_IF"
        return self.of_interface(pattern, interface, self.value("ifconfig_DEFAULT"))

    def evaluated(self, words: list[str]) -> list[str]:
        """`eval ifconfig IF WORDS`: what the program is given in the end."""
        return self._evaluated(" ".join(words), again=True)

    def aliases(self, interface: str) -> list[str]:
        """The values of ifconfig_IF_aliasN by number."""
        prefix = f"ifconfig_{re.sub(r'[./+-]', '_', interface)}_alias"
        found = {
            int(name[len(prefix) :]): value
            for name, value in self.variables.items()
            if name.startswith(prefix) and name[len(prefix) :].isdigit()
        }
        return [found[number] for number in sorted(found)]

    def _evaluated(self, text: str, *, again: bool = False) -> list[str]:
        if _PLAIN.match(text):
            return text.split()
        # Unquoted: split into words, and files that match are put in; `eval` does all of it.
        words = text if again else "$value"
        printed, _ = self._shell(f"value={_quoted(text)}\nprintf '%s\\0' {words}")
        return printed.split("\0")[:-1]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
