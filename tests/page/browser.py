"""Debian's Chromium without a screen, in namespaces of its own: it has no network at all.

It is told what to do in the Chrome DevTools Protocol, by pipes (`--remote-debugging-pipe`:
messages in JSON that end with NUL, read on descriptor 3 and written on 4; chromium,
content/browser/devtools/devtools_pipe_handler.cc).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.debian.packages import unpacked

#: A suite, and the browser with the fonts that the page asks for first.
SUITE = "bookworm"
PACKAGES = ("chromium-headless-shell", "fonts-dejavu-core", "fonts-inter")
_SCRIPT = Path(__file__).with_name("browser.sh")
_OPTIONS = (
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--force-color-profile=srgb", "--disable-background-networking", "--no-first-run"),
    *("--font-render-hinting=none", "--remote-debugging-pipe", "--user-data-dir=/tmp/profile"),
)
#: Puts the pipes where the browser looks for them, and becomes what is to run.
_PLACING = (
    "import fcntl, os, sys; to, back = (fcntl.fcntl(int(one), fcntl.F_DUPFD, 10) "
    "for one in sys.argv[1:3]); os.dup2(to, 3); os.dup2(back, 4); "
    "os.execvp(sys.argv[3], sys.argv[3:])"
)

_COMPLAINTS = (
    "Runtime.consoleAPICalled",
    "Runtime.exceptionThrown",
    "Log.entryAdded",
    "Page.javascriptDialogOpening",
    "Page.windowOpen",
)

Message = dict[str, Any]


class BrowserError(Exception):
    """The browser is gone, or does not do as it is told."""


class Browser:
    """A browser with one tab, and all that it told while a page was open."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._held = b""
        self._last = 0
        self._session: str | None = None
        self.events: list[Message] = []

    def open_tab(self) -> None:
        """Open the tab, and have it tell of all that happens in it."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> Message:
        """What the browser answers.  Raises BrowserError where it refuses."""
        self._last += 1
        message: Message = {"id": self._last, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']}")
                result: Message = answer["result"]
                return result
            self.events.append(answer)
            if answer.get("method") == "Page.javascriptDialogOpening":
                # Nothing else happens until somebody has answered.
                self._put("Page.handleJavaScriptDialog", accept=False)

    def _put(self, method: str, **parameters: object) -> None:
        message = {"id": 0, "method": method, "params": parameters, "sessionId": self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")

    def _next(self) -> Message:
        while b"\0" not in self._held:
            piece = os.read(self._back, 1 << 20)
            if not piece:
                raise BrowserError("the browser has ended")
            self._held += piece
        one, _, self._held = self._held.partition(b"\0")
        message: Message = json.loads(one)
        return message

    def show(
        self, name: str, width: int = 1400, *, dark: bool = False, scripts: bool = True
    ) -> None:
        """Open a page of the folder of pages, and wait until all of it is there."""
        self.events.clear()
        self.look(width, dark=dark)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Page.navigate", url=f"file:///pages/{name}")
        self.wait_for_page()

    def wait_for_page(self) -> None:
        """Wait until all of a page is there that was asked for; nothing can be asked meanwhile."""
        while not any(one.get("method") == "Page.loadEventFired" for one in self.events):
            self.events.append(self._next())

    def look(self, width: int, *, dark: bool) -> None:
        """Give the window this width, and its user a taste."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.call("Emulation.setEmulatedMedia", media="", features=[scheme, still])

    def evaluate(self, script: str) -> Any:
        """The value of an expression of JavaScript in the page, or what it promises."""
        done = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in done:
            raise BrowserError(str(done["exceptionDetails"]))
        return done["result"].get("value")

    def hover(self, selector: str) -> None:
        """Move the mouse to the middle of what a selector of CSS finds first."""
        self._mouse("mouseMoved", *self._middle(selector))

    def click(self, selector: str) -> None:
        """Press and release the mouse there."""
        x, y = self._middle(selector)
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self._mouse(kind, x, y)

    def _middle(self, selector: str) -> tuple[float, float]:
        x, y = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        return x, y

    def _mouse(self, kind: str, x: float, y: float) -> None:
        moves = kind == "mouseMoved"
        self.call(
            "Input.dispatchMouseEvent",
            type=kind,
            x=x,
            y=y,
            button="none" if moves else "left",
            clickCount=0 if moves else 1,
        )

    def press(self, key: str, code: int) -> None:
        """Press and release a key, by its name and its Windows code."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text
            )

    def picture(self) -> str:
        """The whole page as PNG, in base64."""
        found = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        data: str = found["data"]
        return data

    def complaints(self) -> list[str]:
        """What the page wrote to the console, threw, asked the network for or opened."""
        found = []
        for event in self.events:
            method, told = event.get("method", ""), event.get("params", {})
            url = told["request"]["url"] if method == "Network.requestWillBeSent" else ""
            if url and not url.startswith(("file:///pages/", "data:")):
                found.append(f"request: {url}")
            elif method in _COMPLAINTS:
                found.append(f"{method}: {json.dumps(told)}")
        return found

    def blocked(self) -> list[str]:
        """Why the browser did not even try what the page asked the network for."""
        failed = [one for one in self.events if one.get("method") == "Network.loadingFailed"]
        return [one["params"].get("blockedReason", "") for one in failed]


@contextmanager
def browser(pages: Path) -> Iterator[Browser]:
    """A browser that sees a folder of pages, as long as it is needed."""
    root = unpacked(SUITE, PACKAGES).root
    read_to, write_to = os.pipe()
    read_back, write_back = os.pipe()
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    namespaces = ["--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child"]
    with TemporaryDirectory(prefix="browser-") as work:
        inside = ["/usr/lib/chromium/chromium-headless-shell", *_OPTIONS]
        words = ["unshare", *as_root, *namespaces, "sh", str(_SCRIPT), work, str(root), str(pages)]
        process = subprocess.Popen(
            [sys.executable, "-c", _PLACING, str(read_to), str(write_back), *words, *inside],
            pass_fds=(read_to, write_back),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        os.close(read_to)
        os.close(write_back)
        try:
            made = Browser(write_to, read_back)
            try:
                made.open_tab()
            except (BrowserError, OSError) as error:
                process.kill()
                assert process.stderr is not None
                said = process.stderr.read().decode(errors="replace")
                raise BrowserError(f"{error}: {said[-800:]}") from error
            yield made
        finally:
            process.kill()
            process.communicate()
            os.close(write_to)
            os.close(read_back)
