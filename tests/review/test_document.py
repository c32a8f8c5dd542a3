"""Dataclasses as JSON documents, and the schema of those, from the types alone."""

from dataclasses import dataclass
from typing import Annotated, Any, Optional

import jsonschema
import pytest

from hyperv_net.review.document import as_plain, schema_of


@dataclass(frozen=True)
class Leaf:
    """The smallest part."""

    name: Annotated[str, "what it is called"]
    size: Optional[int]


@dataclass(frozen=True)
class Tree:
    """A part that holds itself."""

    schema: str
    leaves: tuple[Leaf, ...]
    below: Optional["Tree"]
    counts: dict[str, int]
    anything: Any


WHOLE = Tree("t/1", (Leaf("a", None),), Tree("t/1", (), None, {}, 1), {"a": 2}, [float("inf")])


def test_what_is_made_of_a_dataclass_fits_its_schema() -> None:
    schema = schema_of(Tree, "t/1")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_plain(WHOLE), schema)


def test_a_meaning_beside_a_type_is_the_description_in_the_schema() -> None:
    name = schema_of(Tree, "t/1")["$defs"]["Leaf"]["properties"]["name"]
    assert name == {"type": "string", "description": "what it is called"}


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "t/2"},
        {"leaves": [{"name": "a"}]},
        {"leaves": [{"name": 1, "size": None}]},
        {"counts": {"a": "two"}},
        {"below": 1},
    ],
    ids=str,
)
def test_a_document_of_another_shape_does_not_fit(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**as_plain(WHOLE), **change}, schema_of(Tree, "t/1"))


def test_infinity_is_a_text_since_json_has_none() -> None:
    assert as_plain(WHOLE)["anything"] == ["inf"]
