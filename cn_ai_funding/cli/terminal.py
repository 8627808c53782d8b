"""Shows a person what was found: texts with the evidence marked, tables, a deal with all that is known of it.

On a terminal in colour, in a pipe as plain text. Knows rich and what the rooms return; decides nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..intake.masked import MASK, passage
from ..intake.sidecars import EXCERPT

if TYPE_CHECKING:
    from ..context import Figure
    from ..deals.mentions import Mention
    from ..desk.queue import Item
    from ..money import MoneyMention

MONEY_STYLE = "bold reverse"
EVIDENCE_STYLES = {
    "kind": "bold magenta",
    "organization": "bold green",
    "date": "bold blue",
    "status": "bold yellow",
    "restates": "dim",
    "counterparties": "green",
}
"""How the words that a field was read from are shown in the text."""
OTHER_STYLE = "cyan"
"""The same for any other field."""
MASK_STYLE = "dim"
SHOWN = 0.01
"""The probability from which a runner-up is shown."""
MOST_MENTIONS = 5
"""Of those that share a point, how many are named."""
EXCERPT_NOTE = "(an excerpt: only parts of the article were read)"
_LABEL = 17
"""Characters of the labels of a deal."""
_LEAST = {"text": 10, "kind": 13, "organization": 8, "date": 10, "besides": 9, "read from": 9}
"""Characters that a column keeps, however narrow the terminal."""
Row = Mapping[str, Any]
Marks = Iterable[tuple[int, int, str]]
"""Stretches of a text and their styles; a later one covers an earlier one."""


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[str] = (), title: str | None = None
) -> Table:
    """A table whose cells are folded, never cut; the columns `right` are aligned to the right."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    right = set(right)
    for column in columns:
        made.add_column(
            column, overflow="fold", min_width=_LEAST.get(column), justify="right" if column in right else "left"
        )
    for row in rows:
        made.add_row(*map(Text, row))
    return made


def show_money(console: Console, text: str, mentions: "Sequence[MoneyMention]") -> None:
    """A text with its amounts marked, and a table of them."""
    rows: list[tuple[str, ...]] = []
    for mention in mentions:
        ends = [
            f"{end:,}"
            for end in ((mention.low, mention.high) if mention.amount is None else (mention.amount,))
            if end is not None
        ]
        currency = (mention.currency or "unknown") + (" (inferred)" if mention.currency_inferred else "")
        rows.append((f"{mention.start}-{mention.end}", mention.text, " to ".join(ends), currency, mention.qualifier))
    if not rows:
        console.print("no money found", style="yellow")
        return
    console.print(_marked(text, ((mention.start, mention.end, MONEY_STYLE) for mention in mentions)))
    console.print(table(("at", "text", "amount", "currency", "qualifier"), rows, right=["amount"]))


def show_text(console: Console, text: str, figures: "Sequence[Figure]") -> None:
    """A text with its amounts marked, and the words that the fields of each were read from."""
    marks: list[tuple[int, int, str]] = []
    for figure in figures:
        marks += (
            (start, end, EVIDENCE_STYLES.get(field, OTHER_STYLE))
            for field, spans in figure.evidence.items()
            for start, end in spans
        )
        marks.append((figure.money.start, figure.money.end, MONEY_STYLE))
    console.print(_marked(text, marks))
    console.print(Text(" ").join(Text(field, style=style) for field, style in EVIDENCE_STYLES.items()))


def show_figures(console: Console, text: str, figures: "Sequence[Figure]") -> None:
    """A table of the figures of a text with the words that each was read from."""
    if not figures:
        console.print("no money found", style="yellow")
        return
    rows: list[tuple[str, ...]] = []
    for number, figure in enumerate(figures):
        words = _words(text, sorted({span for found in figure.evidence.values() for span in found}))
        if figure.restates is None:
            told = (*(_answered(figure, name) for name in ("kind", "organization", "date")), _besides(figure), words)
        else:
            told = (f"restates {figure.restates}", "", "", "", words)
        rows.append((str(number), figure.money.text, *told))
    console.print(table(("", "text", "kind", "organization", "date", "besides", "read from"), rows))


def show_mentions(console: Console, mentions: "Iterable[Mention]") -> None:
    """Each figure of an article: its id, how sure it is, what it would else be, and the words kept of its sentence."""
    for mention in mentions:
        figure = mention.figure
        told = (
            [_sure(figure, field) for field in ("kind", "organization", "date")]
            if mention.parent is None
            else [f"restates {mention.parent}"]
        )
        besides = [_besides(figure)] if mention.parent is None else []
        console.print(
            Text.assemble(
                (mention.mention_id, "dim"), "  ", (figure.money.text, MONEY_STYLE), "  ", "  ".join(told + besides)
            )
        )
        console.print(Text(f"    {mention.quote}"))
        if mention.parent is None and (others := runners_up(figure)):
            console.print(Text(f"    or {others}", style="dim"))


def _sure(figure: "Figure", field: str) -> str:
    """What a field was read as, and how sure that is."""
    answer = figure.answers.get(field)
    return f"{getattr(figure, field) or '?'}{'' if answer is None else f' {answer.probability:.0%}'}"


def runners_up(figure: "Figure") -> str:
    """What the fields of a figure would else have been read as, with how probable that is."""
    second = ((field, answer) for field, answer in figure.answers.items() if answer.runner_up_probability >= SHOWN)
    return ", ".join(
        f"{field} {answer.runner_up or '?'} {answer.runner_up_probability:.0%}" for field, answer in second
    )


def show_open_points(console: Console, points: "Mapping[str, Sequence[Mention]]") -> None:
    """What could not be decided, each point with the mentions that share it."""
    console.print("not decided, or by a guess (raw/README.md says how to correct it):", style="yellow")
    for point, mentions in points.items():
        shown = ", ".join(f"{mention.figure.money.text} ({mention.mention_id})" for mention in mentions[:MOST_MENTIONS])
        more = f" and {len(mentions) - MOST_MENTIONS} more" if len(mentions) > MOST_MENTIONS else ""
        console.print(Text(f"  {point}: {shown}{more}"))


def show_item(console: Console, item: "Item", left: int) -> None:
    """A figure to review: its passage with the evidence marked, and each field with its probability and runner-up."""
    mention, figure, source = item.mention, item.mention.figure, item.mention.source
    console.print()
    weight = f"{item.weight:,.0f} dollars in doubt" if item.weight else "worth not known"
    console.print(Text.assemble((mention.mention_id, "bold"), f"  {weight}, {left} more after it"))
    _line(
        console,
        "source",
        source.publisher,
        source.published or "undated",
        source.title,
        source.url,
        EXCERPT_NOTE if source.extent == EXCERPT else None,
    )
    evidence = [*mention.evidence(item.masked)]
    console.print(
        Text.assemble((f"{'text':{_LABEL}}", "dim"), *map(_piece, passage(mention.row(item.masked), evidence)))
    )
    from ..deals.corrections import REVIEWABLE

    for field in REVIEWABLE:
        said = item.said(mention, field)
        answer = figure.answers.get("organization" if field == "organization_id" else field)
        read = " ".join(" ".join(row["exact"].split()) for row in evidence if row["field"] == field)
        now, then = item.changed.get((mention.mention_id, field), (None, None))
        _line(
            console,
            field,
            said or "?",
            f"{answer.probability:.0%}" if answer and answer.value == said else None,
            f"or {answer.runner_up or '?'} {answer.runner_up_probability:.0%}"
            if answer and answer.runner_up_probability >= SHOWN
            else None,
            f"by: {read}" if read else None,
            f"accepted before as {then or '?'}" if now != then else None,
        )
    for other in item.restatements:
        _line(
            console,
            "said again",
            other.mention_id,
            other.figure.money.text,
            item.said(other, "amount"),
            other.figure.money.currency,
        )


def _line(console: Console, label: str, *parts: object) -> None:
    if told := "  ".join(str(part) for part in parts if part is not None):
        console.print(Text.assemble((f"{label:{_LABEL}}", "dim"), told))


def _answered(figure: "Figure", field: str) -> str:
    """What a field was read as, how sure that is, and the runner-up in a line of its own."""
    value, answer = getattr(figure, field) or "?", figure.answers.get(field)
    if answer is None:
        return str(value)
    second = (
        f"\nor {answer.runner_up or '?'} {answer.runner_up_probability:.0%}"
        if answer.runner_up_probability >= SHOWN
        else ""
    )
    return f"{value} {answer.probability:.0%}{second}"


def _words(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """What stands at some places of a text in their order, with … where words are left out."""
    words, last = "", None
    for start, end in spans:
        if last is not None and start > last:
            words += " … "
        words += text[max(start, last or 0) : end]
        last = max(end, last or 0)
    return " ".join(words.split())


def _besides(figure: "Figure") -> str:
    names = [f"{party.name} ({party.role})" for party in figure.parties] or figure.counterparties
    others = f"with {', '.join(names)}" if names else None
    excluded = f"no deal: {figure.exclude_reason}" if figure.exclude_reason else None
    return "; ".join(
        filter(None, (figure.status, f"{figure.confidence:.0%} sure", figure.round, figure.period, others, excluded))
    )


def _marked(text: str, marks: Marks) -> Text:
    marked = Text(text)
    for start, end, style in marks:
        marked.stylize(style, start, end)
    return marked


def show_deal(
    console: Console,
    deal: Row,
    parties: Sequence[Row],
    mentions: Sequence[Row],
    evidence: Sequence[Row],
    sources: Mapping[str, Row],
) -> None:
    """A deal: what it is, what it is worth and by which rates, and every citation with its evidence.

    All are rows of their tables with None for null; `sources` by id.
    """
    line = partial(_line, console)

    names = (
        " · ".join(filter(None, (deal["organization_ko"], deal["organization_en"], deal["organization_zh"])))
        or "organization not known"
    )
    console.print(Text(names, style="bold"))
    line("deal", deal["deal_id"])
    line("what", deal["kind"], f"({deal['measure']})", deal["status"], deal["round"])
    line("when", deal["date_edtf"] or "not known", f"({deal['date_basis']})")
    line(
        "over",
        _interval(deal["period_start"], deal["period_end"]),
        None if deal["period_years"] is None else f"{deal['period_years']:g} years",
    )
    line("with", ", ".join(f"{row['name_text']} ({row['role']})" for row in parties) or deal["counterparties"])
    line(
        "as written",
        deal["amount_text"],
        f"({deal['qualifier']})",
        "currency inferred" if deal["currency_inferred"] else None,
    )
    bounds = [
        f"{name} {deal[f'amount_{name}']:,.15g}"
        for name in ("low", "high")
        if deal[f"amount_{name}"] is not None and deal["qualifier"] != "exact"
    ]
    line("bounds", ", ".join(bounds) or None, deal["currency"] if bounds else None)
    line("in totals", "yes" if deal["include_in_totals"] else f"no: {deal['exclude_reason']}")
    line("conflict", deal["conflict"])
    line("doubt", deal["doubt"])
    line("confidence", f"{deal['confidence']:.0%}")
    line("review", deal["review"])
    console.print()
    window = _interval(deal["rate_from"], deal["rate_to"])
    for currency in ("CNY", "USD", "KRW"):
        amount, rate = deal[f"amount_{currency.lower()}"], deal[f"rate_{currency.lower()}"]
        how = (
            None
            if rate is None
            else "as written"
            if currency == deal["currency"]
            else f"at {rate:.10g}, {deal['rate_method']} of the ECB's rates, {window}"
        )
        line(currency, "not known" if amount is None else f"{amount:,.2f}", how)
    if deal["stated_amount"] is not None:
        deviation = (
            None if deal["stated_deviation_pct"] is None else f"{deal['stated_deviation_pct']:+.2f} % against ours"
        )
        line("the article says", f"{deal['stated_amount']:,.2f} {deal['stated_currency']}", deviation)
    for number, mention in enumerate(mentions, 1):
        source = sources[mention["source_id"]]
        console.print()
        console.print(
            Text.assemble((f"[{number}] ", "dim"), (mention["exact"], MONEY_STYLE), "  ", mention["mention_id"])
        )
        line("restates", mention["restates"])
        line(
            "source",
            source["publisher"],
            source["published"] or "undated",
            source["author"],
            EXCERPT_NOTE if source["extent"] == EXCERPT else None,
        )
        line("title", source["title"])
        line("url", source["url"])
        words = [row for row in evidence if row["mention_id"] == mention["mention_id"]]
        console.print(Text.assemble((f"{'text':{_LABEL}}", "dim"), *map(_piece, passage(mention, words))))
        for field, group in groupby(words, itemgetter("field")):
            read = "  ".join(f"{' '.join(row['exact'].split())} ({row['start']}-{row['end']})" for row in group)
            console.print(Text.assemble((f"{field:{_LABEL}}", EVIDENCE_STYLES.get(field, OTHER_STYLE)), read))


def _piece(piece: Sequence[str]) -> Text:
    """A piece of a passage, on one line, in the style of the first field that it tells."""
    text, *fields = piece
    style = MONEY_STYLE if "amount" in fields else EVIDENCE_STYLES.get(fields[0], OTHER_STYLE) if fields else ""
    shown = Text("".join(" " if character.isspace() else character for character in text), style=style)
    shown.highlight_regex(f"{MASK}+", MASK_STYLE)
    return shown


def _interval(first: object, last: object) -> str | None:
    if first == last:
        return None if first is None else str(first)
    return f"{'' if first is None else first} to {'' if last is None else last}"
