"""The list of what a release is made of."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = pytest.mark.packages


def document() -> str:
    """The document; its library is there for `make packages` alone."""
    from tests.packages import sbom

    return sbom.document()


def test_the_document_names_what_is_needed_and_what_may_be_used_and_no_tool_of_ours() -> None:
    made: dict[str, Any] = json.loads(document())
    scopes = {one["name"]: one["scope"] for one in made["components"]}
    assert scopes["pyyaml"] == "required"
    assert {name for name, scope in scopes.items() if scope == "required"} == {"pyyaml"}
    assert {"rich", "netifaces", "pygments"} <= scopes.keys()
    assert not {"pytest", "ruff", "atheris"} & scopes.keys()
    needs = {one["ref"]: one.get("dependsOn", []) for one in made["dependencies"]}
    assert needs["hyperv-net"] == ["jinja2", "junitparser", "netifaces", "pyyaml", "rich"]
    assert "pygments" in needs["rich"]


def test_the_same_parts_make_the_same_document_but_for_its_time() -> None:
    first, second = json.loads(document()), json.loads(document())
    for one in (first, second):
        del one["metadata"]["timestamp"]
    assert first == second


def test_a_document_that_does_not_fit_the_schema_is_not_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "cyclonedx.output.json.JsonV1Dot6.output_as_string", lambda *_, **__: '{"components": 1}'
    )
    with pytest.raises(ValueError, match="not CycloneDX"):
        document()
