"""The OpenAPI file in words, for the page of the operations."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

Schema = dict[str, Any]
NEEDED = "needed"


class Field(NamedTuple):
    """A field that is sent or answered."""

    name: str
    kind: str
    needed: bool


class Body(NamedTuple):
    """What is sent, or what is answered to it."""

    about: str
    fields: list[Field]


class Operation(NamedTuple):
    """One thing that can be asked."""

    method: str
    path: str
    summary: str
    about: str
    query: list[Field]
    sent: list[Body]
    answered: Body
    refused: list[int]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".lower().replace("/", "-")


def groups(schema: Schema) -> dict[str, list[Operation]]:
    """The operations by the names of their groups."""
    found: dict[str, list[Operation]] = defaultdict(list)
    shapes = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_operation(method, path, operation, shapes))
    return dict(found)


def _operation(method: str, path: str, said: Schema, shapes: Schema) -> Operation:
    sent = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    responses = said["responses"]
    answered = responses[200]["content"]["application/json"]["schema"]
    return Operation(
        method=method.upper(),
        path=path,
        summary=said["summary"],
        about=_about(said),
        query=[
            Field(one["name"], _kind(one["schema"], shapes), one["required"])
            for one in said["parameters"]
        ],
        sent=[_body(one, shapes) for one in _bodies(sent.get("schema"), shapes)],
        answered=_body(_shape(answered, shapes), shapes),
        refused=[status for status in responses if status != 200],
    )


def _bodies(schema: Schema | None, shapes: Schema) -> Iterator[Schema]:
    """The shapes that a body may have."""
    if schema is not None:
        for one in schema.get("oneOf", [schema]):
            yield _shape(one, shapes)


def _shape(schema: Schema, shapes: Schema) -> Schema:
    """The shape that a reference leads to."""
    return shapes[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _body(shape: Schema, shapes: Schema) -> Body:
    needed = shape.get("required", [])
    fields = [
        Field(name, _kind(one, shapes), name in needed)
        for name, one in shape.get("properties", {}).items()
    ]
    return Body(_about(shape), fields)


def _about(said: Schema) -> str:
    """The description, with names of fields as people quote them."""
    return re.sub("`([^`]+)`", r"“\1”", said.get("description", ""))


def _kind(schema: Schema, shapes: Schema) -> str:
    """What a field holds, in words."""
    if "anyOf" in schema:
        return " or ".join(_kind(one, shapes) for one in schema["anyOf"])
    if "$ref" in schema:
        inner = _body(_shape(schema, shapes), shapes)
        return f"{{{', '.join(field.name for field in inner.fields)}}}"
    if "items" in schema:
        return f"list of {_kind(schema['items'], shapes)}"
    if "const" in schema or "enum" in schema:
        return " or ".join(f"“{one}”" for one in schema.get("enum") or [schema["const"]])
    kind = schema.get("format") or schema.get("type", "")
    least, most = schema.get("minimum"), schema.get("maximum")
    if most is not None:
        return f"{kind} from {least:,} to {most:,}"
    if "maxLength" in schema:
        return f"{kind} of at most {schema['maxLength']}"
    return str(kind)
