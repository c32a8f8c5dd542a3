"""What is known of one rule."""

from __future__ import annotations

from hyperv_net.facts import Severity
from hyperv_net.records import NamedTuple

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Rule(NamedTuple):
    """What findings with this id mean, for somebody who meets one and knows nothing of it.

    `severity` is the most severe that one can have, and `milder` are the others.  `title` is a
    sentence without its full stop.  `why` says what goes wrong on the machine where a finding is
    passed over, `mend` what to do, beginning with an imperative.  `example` is a finding as the
    program prints it.  No text is longer than 1,024 characters, SARIF's limit at GitHub
    (docs: sarif-support-for-code-scanning).
    """

    id: str
    severity: Severity
    title: str
    why: str
    mend: str
    example: str
    milder: tuple[Severity, ...] = ()

    @property
    def severities(self) -> tuple[Severity, ...]:
        """All that a finding can have, the most severe first."""
        return (self.severity, *self.milder)
