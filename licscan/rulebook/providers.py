"""What rule files hold of providers: what the names mean under which they offer models as a service."""

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from licscan.model import Evidence, Review, Value


class OfferedModels(Value):
    """Names of one kind, and what they mean: a model whose weights are not released, or one on the Hub.

    Attributes:
        names: Patterns of names: `*` for anything, `#` for a number, `{size}` for a part that `hub` uses. Case does not
            count, nor does it count which separators a name has.
        hub: The open model's name on the Hub, `{size}` or, in capitals, `{SIZE}` filled in; None for a closed one.
        closed: Whether the weights are not released.
        sizes: Parts that a name leaves out, and what they are then: `{size: 8b}`.
        modality: text, image, audio, multimodal, ...
        note: What a reader must know besides.
        evidence: The record itself, and the page that says so.
    """

    names: tuple[str, ...] = Field(min_length=1)
    hub: str | None = None
    closed: bool = False
    sizes: dict[str, str] = Field(default_factory=dict)
    modality: str | None = None
    note: str | None = None
    evidence: Evidence

    @model_validator(mode="after")
    def _means_one_thing(self) -> Self:
        if self.closed == (self.hub is not None):
            raise ValueError("say either `hub`, the open model, or `closed: true`")
        for place in re.findall(r"\{(\w+)\}", (self.hub or "").casefold()):
            if place not in self.sizes and not all(f"{{{place}}}" in name.casefold() for name in self.names):
                raise ValueError(f"`{{{place}}}` is no part of every name; give it under `sizes`, or name it there")
        return self


class Rewrite(Value):
    """A part of names that means nothing, or is spelled otherwise by the publisher.

    Attributes:
        find: A regular expression, searched for in the name; case does not count.
        put: What stands there instead.
    """

    find: str
    put: str = ""

    @model_validator(mode="after")
    def _is_an_expression(self) -> Self:
        _compile(self.find)
        return self


class Provider(Value):
    """Who offers models as a service: its own, or other publishers'. A file of `rules/providers`.

    Attributes:
        id: Unique, and the first part of the names of its models.
        title: What to call it.
        prefixes: Other first parts of names that mean it, as gateways and other providers write them.
        forms: Regular expressions for names that mean it without a first part that says so.
        only: The providers that may follow in its names, where not every one may: others are names of its users.
        owns: Patterns of names that are this publisher's wherever they are offered without a publisher.
        hub: Organizations of the Hub that are this publisher.
        services_only: Whether it publishes no weights at all, so that whatever it makes is closed.
        hub_names: Which of the names that it offers are names on the Hub: all, or those of publishers without a record.
        rewrites: What its names have more than, or otherwise than, the names of the models; applied one after another.
        models: What names mean; the first that fits decides.
        url: The page that lists its models.
        terms: The page with its terms of service.
        reviewed: Who looked at it.
        evidence: The record itself.
    """

    id: str
    title: str
    prefixes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    hub: tuple[str, ...] = ()
    services_only: bool = False
    hub_names: Literal["all", "others"] | None = None
    rewrites: tuple[Rewrite, ...] = ()
    models: tuple[OfferedModels, ...] = ()
    url: str
    terms: str | None = None
    reviewed: Review
    evidence: Evidence

    @model_validator(mode="after")
    def _forms_are_expressions(self) -> Self:
        for form in self.forms:
            _compile(form)
        return self


def _compile(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise ValueError(f"{expression!r} is no regular expression: {error}") from error
