"""Values: small objects that are made many times a frame and not changed once made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """Make a dataclass with slots that is frozen to the type checker alone.

    A dataclass that is frozen at run time takes four times as long to make, and an update makes a dozen. What users
    are given (`Box`, `TrackResult`) is frozen at run time, too.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
