"""What tests of deals share.

Articles in, their mentions and the deals that they are linked to out, at the ECB's rates.
"""

from datetime import date

from conftest import ROOT

from cn_ai_funding import read_article
from cn_ai_funding.deals import fx
from cn_ai_funding.deals.citing import cite, restate
from cn_ai_funding.deals.linking import link
from cn_ai_funding.deals.totals import settle
from cn_ai_funding.intake.sources import Source

HISTORY = fx.read_rates(ROOT / "raw" / "ecb", [])
RATES = fx.Rates(HISTORY)


def source(source_id, published=date(2019, 2, 7)):
    return Source(source_id, "신문", None, None, None, published, "stated", "ko", "", 0, "", "", "")


def mentions(*articles):
    """The mentions of articles, each a text or a text with its date of publication."""
    found = []
    for number, article in enumerate(articles):
        text, published = article if isinstance(article, tuple) else (article, date(2019, 2, 7))
        found += restate(
            cite(source(f"{number:03}", published), text, text, read_article(text, published), []), text, RATES
        )
    return found


def as_deals(found):
    linked = link(found, RATES)
    settle(linked, RATES, problems := [])
    assert problems == []
    return linked


def deals(*articles):
    return as_deals(mentions(*articles))
