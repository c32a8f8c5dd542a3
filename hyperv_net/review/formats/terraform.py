"""The numbers of files that change, as GitLab shows them beside a merge request.

`artifacts:reports:terraform` takes `create`, `update` and `delete`, all three required
(gitlabhq/gitlabhq: lib/gitlab/ci/parsers/terraform/tfplan.rb).
"""

from __future__ import annotations

from collections import Counter

from hyperv_net.records import TYPE_CHECKING
from hyperv_net.review.json_text import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hyperv_net.review.model import Review


def draw_all(reviews: Sequence[Review]) -> str:
    """What changes on all machines: against the base where there is one, else by the plan."""
    numbers = Counter[str]()
    for review in reviews:
        numbers.update(_changes(review))
    return json_text({one: numbers[one] for one in ("create", "update", "delete")})


def _changes(review: Review) -> Iterator[str]:
    if review.against is None:
        yield from ["create"] * review.counts.files["create"]
        yield from ["update"] * review.counts.files["change"]
        return
    for file in review.against.files:
        yield "update" if file.change == "change" else file.change
