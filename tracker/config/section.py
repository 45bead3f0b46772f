"""What every group of settings has in common: a file of its own, since the groups lie in several that import it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A frozen group of settings; unknown keys are errors."""

    # The text below a setting is its description in the schema, for programs that show settings to people.
    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )
