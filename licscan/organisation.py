"""Who uses the models: what a license may ask of an organisation, as far as it has said so. Fast to import."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

# What people do with models, by the words of `licscan.model.Activity`.
DOING: Mapping[str, str] = MappingProxyType(
    {
        "internal": "use it within your organisation",
        "host": "host it",
        "distribute-weights": "distribute weights",
        "ship-product": "ship a product",
        "publish-derivative": "publish a derivative",
        "train-on-outputs": "train on outputs",
    }
)
ACTIVITIES = tuple(DOING)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of the organisation's on a day.

    Attributes:
        value: The number, in whole units.
        currency: ISO 4217, for money.
        on: The day for which it holds; None for every day.
        affiliates: Whether it counts affiliates; None where nobody said.
    """

    value: int
    currency: str | None = None
    on: datetime.date | None = None
    affiliates: bool | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract with a licensor.

    Attributes:
        licensor: With whom.
        models: Patterns of the models that it covers (`hf:meta-llama/*`).
        reference: How to find the contract.
        replaces: The clauses that it replaces.
        expires: The last day on which it holds.
    """

    licensor: str
    models: tuple[str, ...]
    reference: str
    replaces: tuple[str, ...]
    expires: datetime.date | None = None

    @property
    def plain(self) -> dict[str, object]:
        """As a policy reads it."""
        return {
            "licensor": self.licensor,
            "models": self.models,
            "reference": self.reference,
            "replaces": self.replaces,
            "expires": self.expires.isoformat() if self.expires else None,
        }


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is known of the organisation; what it did not say is None, and what depends on it stays open.

    Attributes:
        name: What to call it.
        amounts: By metric (`monthly_active_users`, `annual_revenue`, ...) its numbers.
        territories: Where it is based, and where it offers what it makes: ISO 3166 codes, or EU, EEA, UK.
        activities: What it does with models, of `ACTIVITIES`.
        purposes: What for: `commercial`, `production`, `research`, `personal`.
        fields: The fields that it works in, such as `military` or `medical`.
        agreements: Contracts that replace clauses.
    """

    name: str | None = None
    amounts: Mapping[str, tuple[Amount, ...]] = field(default_factory=lambda: MappingProxyType({}))
    territories: tuple[str, ...] | None = None
    activities: tuple[str, ...] | None = None
    purposes: tuple[str, ...] | None = None
    fields: tuple[str, ...] | None = None
    agreements: tuple[Agreement, ...] = ()
