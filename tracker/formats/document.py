"""JSON documents, checked when they are read."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tracker.errors import SourceError
from tracker.formats.text import read_text

Document = TypeVar("Document")

TARGET = "target"
"""What a target without a name is called in formats that ask for a class."""


class Part(BaseModel):
    """A part of a document; what is not declared is passed over."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


def read_document(path: Path, kind: type[Document], name: str) -> Document:
    """Read a JSON document.

    Args:
        path: the file.
        kind: a model, or a list of models.
        name: of the format, for the message.

    Raises:
        SourceError: it cannot be read, is no JSON, or none of the format; the message says where.
    """
    try:
        return TypeAdapter(kind).validate_json(read_text(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise SourceError(f"{path} is no {name} document: {place and f'at {place}: '}{first['msg']}") from error
