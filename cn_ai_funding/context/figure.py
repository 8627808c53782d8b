"""What `read_article` returns, and the values its fields can take."""

from dataclasses import dataclass, field

from ..kinds import INVESTMENT_KINDS
from ..money import MoneyMention, Span

COMPLETED, PLANNED, FORECAST, AS_OF = "completed", "planned", "forecast", "as_of"
CANCELLED, SUPERSEDED = "cancelled", "superseded"
STATUSES = (COMPLETED, PLANNED, FORECAST, AS_OF, CANCELLED, SUPERSEDED)
NOT_INVESTMENT, NOT_AI, NOT_CHINESE, IS_DEFINITION = "not_investment", "not_ai", "not_chinese", "definition"
EXCLUDE_REASONS = (NOT_INVESTMENT, NOT_AI, NOT_CHINESE, IS_DEFINITION)
EVIDENCE_FIELDS = ("restates", "kind", "organization", "date", "status", "counterparties", "period", "round", "part_of")
"""The fields that `evidence` may have spans for, the most telling first."""
DATE_BASES = ("stated", "relative", "published", "inferred", "none")
PARTY_ROLES = ("investor", "lead_investor", "buyer", "seller", "recipient", "partner")


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part in what a figure tells, besides the organization that it is about, and as what (PARTY_ROLES).

    `name` is as the text writes it, and stands at `span`; `organization_id` is None where the directory does not list
    it.
    """

    role: str
    name: str
    organization_id: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Answer:
    """What a field was read as, how probable that is, and the runner-up.

    That is None too where it is nobody, or no date; or where there is none.
    """

    value: str | None
    probability: float
    runner_up: str | None
    runner_up_probability: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount of money, and what the text says it is about. Unknown is None.

    `organization` is who the figure is about, as the text names it: who raises (rounds, valuations, listings), whose
    stake is sold, who plans to spend, the fund, the body that pays, or the country or sector that money flows into.
    `date` is EDTF and `date_basis` how it is known: `stated` or `relative` to the publication date in the text, else
    the day it was `published`, else `inferred` as the latest date the text names, else `none`. `period` is an ISO 8601
    duration (`P5Y`) or an EDTF interval. `restates` is the index of the figure that this one says again in another
    currency, `part_of` that of the larger figure it is a part of. `exclude_reason` says why a figure is no deal.
    `parties` are the names that take part, each with its role; `counterparties` the names of investors and buyers
    alone. `confidence` is the probability that kind, organization and date are all right; 1 where none was estimated.
    `evidence` maps a field to the spans it was read from, `answers` kind, status, organization and date to how probable
    they are and to the runner-up.
    """

    money: MoneyMention
    kind: str
    status: str
    organization: str | None = None
    organization_id: str | None = None
    date: str | None = None
    date_basis: str = "none"
    period: str | None = None
    round: str | None = None
    counterparties: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    restates: int | None = None
    part_of: int | None = None
    exclude_reason: str | None = None
    confidence: float = 1.0
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def investment(self) -> bool:
        """Whether its kind makes the figure a deal, unless `exclude_reason` says otherwise."""
        return self.kind in INVESTMENT_KINDS

    @property
    def is_deal(self) -> bool:
        """Whether it becomes a deal, alone or with other figures that tell the same."""
        return self.investment and not self.exclude_reason
