"""The one base of all words: a frozen value with named, checked fields."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A value: never changed after it was made, equal by content, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)
