"""Makes one HTML page of the published tables: charts, a table to search, and every figure's citations.

In go the tables as `load_deals()` and its siblings give them, out comes a file that needs no network. The page's words
are data (words.toml), its script is page.js and charts.js; what is safe to show is decided here: the tables enter as
JSON that cannot end its script element, and the page allows only the two scripts and the style sheet whose hashes it
names.
"""

import base64
import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.metadata import version as package_version
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import vl_convert
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from .. import tables
from ..deals.fx import DEVIATION_PCT
from ..edtf import bounds
from ..intake.masked import passage
from ..kinds import SUMMED
from ..release.publish import write_files
from ..release.schema import LABELS, SEVERAL, TABLES, VALUES
from ..release.spreadsheet import FORMULA

_OPENING = re.compile(r"<(?=/script|!--)", re.IGNORECASE)
_IN_JSON = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

_DEAL = (
    *(
        "deal_id",
        "kind",
        "measure",
        "status",
        "organization_id",
        "organization_name",
        "organization_en",
        "organization_ko",
        "organization_zh",
        "organization_country",
    ),
    *("counterparties", "round", "date_edtf", "date_basis", "period_start", "period_end", "period_years"),
    *("amount", "amount_low", "amount_high", "currency", "currency_inferred", "qualifier", "amount_text"),
    *(
        "amount_cny",
        "amount_usd",
        "amount_krw",
        "rate_cny",
        "rate_usd",
        "rate_krw",
        "rate_method",
        "rate_from",
        "rate_to",
    ),
    *("stated_amount", "stated_currency", "stated_deviation_pct", "conflict", "include_in_totals", "exclude_reason"),
    *("mention_id", "source_id", "quote", "n_sources", "confidence", "doubt", "review"),
)
_SOURCE = ("publisher", "title", "author", "url", "published", "language", "extent")


def page(frames: Mapping[str, pd.DataFrame], version: str) -> str:
    """The page as HTML. `frames` holds all tables; the same tables and packages give the same text."""
    words = tomllib.loads(_file("words.toml")) | {"value": LABELS}
    data = {
        "deals": _deals(frames),
        "sources": {row["source_id"]: row for row in _rows(frames["sources"], ("source_id", *_SOURCE))},
        "words": words,
        "meanings": VALUES,
        "columns": {column.name: {"en": column.en, "ko": column.ko} for column in TABLES["deals"].columns},
        "far": DEVIATION_PCT,
        "measures": [*VALUES["measure"]],
        "summed": SUMMED,
        "version": version,
        "day": "" if frames["fx_rates"].empty else frames["fx_rates"]["date"].max().date().isoformat(),
        "formula": FORMULA.pattern,
    }
    scripts = [_script(_vega()), _script(_file("charts.js") + _file("page.js"))]
    style = Markup(_file("page.css"))  # noqa: S704  our own files
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    template = environment.from_string(_file("page.html"))
    return template.render(words=words, data=_json(data), scripts=scripts, style=style, policy=_policy(scripts, style))


def write_page(path: Path, frames: Mapping[str, pd.DataFrame] | None = None, version: str | None = None) -> None:
    """Write the page of the published tables, or of others, in one step. Raises OSError where it cannot."""
    frames = frames or {name: getattr(tables, f"load_{name}")() for name in tables.NAMES}
    write_files({path: page(frames, version or package_version("cn-ai-funding")).encode()})


def read_release(folder: Path) -> tuple[dict[str, pd.DataFrame], str]:
    """The tables of the release in a folder, and its version.

    Raises OSError where one is missing, damaged, or not as this version has it.
    """
    frames, version = {}, ""
    for name in tables.NAMES:
        path = folder / f"{name}.parquet"
        try:
            table = pyarrow.parquet.read_table(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise OSError(
                f"{path}: no table {name} can be read ({error}); name a folder that build.py has published into"
            ) from error
        expected = [column.name for column in TABLES[name].columns]
        if lacking := [column for column in expected if column not in table.column_names]:
            raise OSError(f"{path}: it lacks the column {lacking[0]}; it is of another version: build it anew")
        version = (table.schema.metadata or {}).get(b"cn_ai_funding_version", b"?").decode(errors="replace")
        frames[name] = table.to_pandas(date_as_object=False)
    return frames, version


def _deals(frames: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Every deal with the further names of its organization, the days that it covers and its citations."""
    aliases = {
        row["organization_id"]: row.get("aliases")
        for row in _rows(frames["organizations"], ("organization_id", "aliases"))
    }
    evidence = _grouped(frames["evidence"], ("mention_id", "field", "start", "end", "exact"), "mention_id")
    parties = _grouped(frames["parties"], ("deal_id", "role", "name_text", "organization_id"), "deal_id")
    named = {
        row["organization_id"]: [*row.values()][1:]
        for row in _rows(frames["organizations"], ("organization_id", "name_en", "name_ko"))
    }
    of_deals = frames["mentions"][frames["mentions"]["deal_id"].notna()]
    columns = ("deal_id", "mention_id", "source_id", "exact", "prefix", "suffix", "start", "end", "restates")
    mentions = _grouped(of_deals.sort_values(["deal_id", "source_id", "start"]), columns, "deal_id")
    deals = []
    for deal in _rows(frames["deals"], _DEAL):
        first, last = bounds(deal["date_edtf"]) if "date_edtf" in deal else (None, None)
        days = {"first": first or last, "last": last or first, "aliases": aliases.get(deal.get("organization_id"))}
        citations = [
            {name: mention[name] for name in ("mention_id", "source_id", "exact", "restates") if name in mention}
            | {"passage": passage(mention, evidence.get(mention["mention_id"], []))}
            for mention in mentions.get(deal["deal_id"], [])
        ]
        others = [
            {
                "role": party["role"],
                "name": party["name_text"],
                "listed": SEVERAL.join(named.get(party.get("organization_id"), [])),
            }
            for party in parties.get(deal["deal_id"], [])
        ]
        deals.append(
            deal
            | {name: str(value) for name, value in days.items() if value}
            | {"mentions": citations, "parties": others}
        )
    return deals


def _rows(frame: pd.DataFrame, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Rows as JSON has them: days as text, whole amounts without a point, nothing for null."""
    names = [*columns]
    return [
        {name: _plain(value) for name, value in zip(names, row, strict=True) if not pd.isna(value)}
        for row in frame[names].astype(object).itertuples(index=False, name=None)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _grouped(frame: pd.DataFrame, columns: Iterable[str], key: str) -> dict[str, list[dict[str, Any]]]:
    """Rows by a key that the frame is sorted by."""
    return {name: [*rows] for name, rows in groupby(_rows(frame, columns), key=lambda row: row[key])}


def _json(data: Any) -> Markup:
    """JSON that holds nothing an HTML parser acts on."""
    return Markup(json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_IN_JSON))  # noqa: S704


def _script(source: str) -> Markup:
    r"""A script that cannot end its element: `</script` and `<!--` stand in strings only, where \ changes nothing."""
    return Markup(_OPENING.sub(r"<\\", source.replace("\r\n", "\n")))  # noqa: S704


def _policy(scripts: Iterable[str], style: str) -> str:
    """A content security policy: nothing from any network, no script and no style but these."""
    allowed = {"script-src": scripts, "style-src": [style]}
    hashes = {
        name: " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in allowed[name]
        )
        for name in allowed
    }
    rules = {"default-src": "'none'", **hashes, "img-src": "data:", "base-uri": "'none'", "form-action": "'none'"}
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def _vega() -> str:
    """Vega-Lite with all that it needs, as one script that gives the page `vegaEmbed`."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
