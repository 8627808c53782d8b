"""The page needs no network, shows what the tables say, and is of use with a keyboard, on a phone and on paper."""

import csv
import itertools
import re
import shutil
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from conftest import ROOT, copy_raw

import build
import cn_ai_funding
from cn_ai_funding.__main__ import main as command
from cn_ai_funding.kinds import SUMMED
from cn_ai_funding.page import page, read_release, write_page
from cn_ai_funding.release.schema import LABELS, VALUES
from cn_ai_funding.tables import NAMES

playwright = pytest.importorskip(
    "playwright.sync_api", reason="the page is tested in a browser by Playwright, which is not installed"
)
expect = playwright.expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
WORDS = tomllib.loads((ROOT / "cn_ai_funding" / "page" / "words.toml").read_text(encoding="utf-8"))
HOSTILE = "</script><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine: apt-get install chromium")


def tables():
    """The published tables."""
    return {name: getattr(cn_ai_funding, f"load_{name}")() for name in NAMES}


@cache
def release():
    """The tables of the founding sources alone, and their version: few enough figures to count them on a page."""
    with TemporaryDirectory() as folder:
        raw, out = copy_raw(f"{folder}/raw"), Path(folder, "out")
        assert build.main(["--raw", str(raw), "--out", str(out)]) == 0
        return read_release(out)


def founding():
    """Its tables, for a test to spoil."""
    return {name: frame.copy() for name, frame in release()[0].items()}


DEALS = founding()["deals"]
SCREENS = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]
PLAN = DEALS[
    (DEALS.organization_id == "xiaomi") & (DEALS.kind == "investment_plan") & DEALS.stated_amount.notna()
].iloc[0]


@pytest.fixture(scope="module")
def browser():
    expect.set_options(timeout=30_000)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The page of the founding sources, as a file."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(path, *release())
    return path


@pytest.fixture
def show(browser):
    """Opens a page at an address after #. Whatever the test: no error, no request but the file."""
    faults, contexts = [], []

    def open_at(path, address="lang=en", **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: message.type in ("error", "warning") and faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("request", lambda request: request.url.split("#")[0] == path.as_uri() or faults.append(request.url))
        tab.goto(f"{path.as_uri()}#{address}")
        expect(tab.locator("#shown")).not_to_be_empty()
        return tab

    yield open_at
    for context in contexts:
        context.close()
    assert faults == []


def rows(tab):
    return tab.locator("#rows .deal")


def ids(tab):
    return rows(tab).evaluate_all("rows => rows.map(row => row.dataset.deal)")


def opener(tab, deal_id):
    return tab.locator(f'.deal[data-deal="{deal_id}"] button')


def total(tab, measure):
    """The exact sum that stands above the table; None for a dash."""
    figure = tab.locator(f".sum.{measure} .figure")
    return None if figure.inner_text() == "–" else float(figure.get_attribute("title").split()[0].replace(",", ""))


def summed(deals, measure, currency="usd"):
    return deals.loc[deals.include_in_totals & (deals.measure == measure), f"amount_{currency}"].sum()


def test_the_same_tables_give_the_same_page():
    assert page(tables(), "1") == page(tables(), "1")


def test_the_command_writes_the_page_of_the_published_tables(tmp_path, capsys):
    assert command(["page", "--out", str(tmp_path / "figures.html")]) == 0
    assert "figures.html" in capsys.readouterr().out
    assert (tmp_path / "figures.html").read_text(encoding="utf-8") == page(tables(), cn_ai_funding.__version__)
    (tmp_path / "folder").mkdir()
    assert command(["page", "--out", str(tmp_path / "folder")]) == 1
    assert "folder" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.html", "folder"]


def test_the_command_writes_the_page_of_another_release(tmp_path, capsys):
    folder, out = tmp_path / "release", tmp_path / "page.html"
    folder.mkdir()
    for name in NAMES:
        table = pyarrow.parquet.read_table(cn_ai_funding.data_path(name))
        table = table.replace_schema_metadata({"cn_ai_funding_version": "7.8.9"})
        pyarrow.parquet.write_table(table.slice(0, 3) if name == "deals" else table, folder / f"{name}.parquet")
    frames = tables()
    frames["deals"] = frames["deals"].head(3)
    assert command(["page", "--data", str(folder), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == page(frames, "7.8.9")
    older = pyarrow.parquet.read_table(folder / "deals.parquet").drop_columns(["doubt"])
    pyarrow.parquet.write_table(older, folder / "deals.parquet")
    capsys.readouterr()
    assert command(["page", "--data", str(folder), "--out", str(out)]) == 1
    assert "doubt" in capsys.readouterr().err
    (folder / "parties.parquet").write_bytes(b"PAR1")
    (folder / "deals.parquet").unlink()
    assert command(["page", "--data", str(folder), "--out", str(out)]) == 1
    assert "deals.parquet" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == page(frames, "7.8.9")


def test_every_word_is_there_in_both_languages():
    entries = [entry for group in (*WORDS.values(), *LABELS.values()) for entry in group.values()]
    assert all(set(entry) == {"en", "ko"} and all(entry.values()) for entry in entries)
    for entry in WORDS["ui"].values():
        assert set(re.findall(r"{\w+}", entry["en"])) == set(re.findall(r"{\w+}", entry["ko"]))


def test_the_page_has_a_label_for_every_value_that_it_shows():
    room = ROOT / "cn_ai_funding" / "page"
    text = "".join((room / name).read_text(encoding="utf-8") for name in ("page.js", "charts.js"))
    assert set(re.findall(r'\bmeant\("(\w+)"', text)) <= set(LABELS)


def test_the_page_has_the_words_that_it_uses_and_no_others():
    room = ROOT / "cn_ai_funding" / "page"
    text = "".join((room / name).read_text(encoding="utf-8") for name in ("page.js", "charts.js", "page.html"))
    assert set(re.findall(r'\bsay\("(\w+)"', text)) <= set(WORDS["ui"])
    families = ("theme_", "legend_")  # put together from a part and a name
    assert [
        word for word in WORDS["ui"] if not re.search(rf'[".]{word}\b', text) and not word.startswith(families)
    ] == []


def test_the_citation_is_that_of_the_dataset():
    facts = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for part in (
        "cn-ai-funding maintainers",
        "cn-ai-funding: Investment figures on Chinese AI from Korean-language articles",
        "CC0-1.0",
    ):
        assert part in facts
        assert part in WORDS["ui"]["citation"]["en"]


def test_no_table_can_end_the_script_that_holds_it():
    frames = tables()
    frames["sources"]["title"] = HOSTILE + "<!-- \u2028"
    html = page(frames, HOSTILE)
    assert HOSTILE not in html
    assert html.count("</script>") == page(tables(), "1").count("</script>") == 3
    assert "\u2028" not in html


@needs_chromium
def test_opens_without_error_or_request(show, published):
    tab = show(published)
    expect(rows(tab)).to_have_count(len(DEALS))
    expect(tab.locator("#timeline svg")).to_have_count(len(SUMMED))
    expect(tab.locator("#totals svg")).to_have_count(len(SUMMED))
    expect(tab.locator("#facts")).to_contain_text(f"{len(DEALS)} figures · {len(founding()['sources'])} articles")
    for measure in SUMMED:
        assert total(tab, measure) == pytest.approx(summed(DEALS, measure)), measure


@needs_chromium
def test_filters_leave_fewer_rows_and_their_sum(show, published):
    tab = show(published)
    tab.get_by_label("Status").select_option("completed")
    tab.get_by_label("Country").select_option("CN")
    left = DEALS[(DEALS.status == "completed") & (DEALS.organization_country == "CN")]
    expect(rows(tab)).to_have_count(len(left))
    assert total(tab, "raised") == pytest.approx(summed(left, "raised"))
    assert total(tab, "committed") == (pytest.approx(summed(left, "committed")) if summed(left, "committed") else None)
    tab.get_by_label("Only what may be added up").check()
    expect(rows(tab)).to_have_count(int(left.include_in_totals.sum()))
    tab.get_by_label("Convert into").select_option("KRW")
    assert total(tab, "raised") == pytest.approx(summed(left, "raised", "krw"))
    tab.get_by_role("button", name="Clear filters").click()
    expect(rows(tab)).to_have_count(len(DEALS))


@needs_chromium
def test_a_year_finds_what_an_interval_covers(show, published):
    interval = DEALS[(DEALS.date_edtf == "2015/2016-06")].iloc[0]
    for year in ("2015", "2016"):
        assert interval.deal_id in ids(show(published, f"lang=en&year={year}"))
    assert interval.deal_id not in ids(show(published, "lang=en&year=2017"))


@needs_chromium
def test_finds_a_deal_in_any_of_its_names(show, published):
    tab = show(published)
    for words in (
        "Xiaomi",
        "XIAOMI plan",
        "샤오미",
        "小米",
        "샤오 미",
        "100억위안",
        "샤오미 투자 계획",
        unicodedata.normalize("NFD", "샤오미"),
    ):
        tab.get_by_role("searchbox").fill("")
        expect(rows(tab)).to_have_count(len(DEALS))
        tab.get_by_role("searchbox").fill(words)
        expect(opener(tab, PLAN.deal_id)).to_be_visible()
        assert 0 < rows(tab).count() < len(DEALS), words


@needs_chromium
def test_says_so_where_nothing_is_found(show, published):
    tab = show(published, "lang=en&q=zzzz")
    expect(tab.locator("#none")).to_be_visible()
    expect(tab.locator("#shown")).to_have_text(f"0 of {len(DEALS)}")


@needs_chromium
def test_sorts_by_a_header_and_back(show, published):
    tab = show(published)
    amount = tab.get_by_role("button", name="Amount")
    expect(tab.locator('[aria-sort="descending"]')).to_contain_text("Date")
    amount.click()
    expect(tab.locator('[aria-sort="descending"]')).to_contain_text("Amount")
    assert ids(tab)[0] == DEALS.loc[DEALS.amount_usd.idxmax(), "deal_id"]
    amount.click()
    expect(tab.locator('[aria-sort="ascending"]')).to_contain_text("Amount")
    assert ids(tab)[0] == DEALS.loc[DEALS.amount_usd.idxmin(), "deal_id"]


@needs_chromium
def test_a_deal_opens_from_the_keyboard_into_its_citations(show, published):
    tab = show(published)
    button = opener(tab, PLAN.deal_id)
    button.focus()
    tab.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    detail = tab.locator(".detail")
    mentions = founding()["mentions"]
    expect(detail.locator("li")).to_have_count(int((mentions.deal_id == PLAN.deal_id).sum()))
    expect(detail.locator("li.restated").first).to_contain_text("in another currency")
    first = detail.locator("li").first
    whose = detail.locator(".evidence", has=tab.locator("mark", has_text="샤오미는")).first
    expect(whose).to_contain_text("organization")
    expect(first.locator(".evidence.amount").first).to_contain_text("amount")
    expect(detail).to_contain_text(f"{PLAN.amount_usd:,.0f} USD")
    expect(detail).to_contain_text(f"{PLAN.stated_amount:,.0f} {PLAN.stated_currency}")
    expect(detail).to_contain_text(
        f"{abs(PLAN.stated_deviation_pct):g} % {'above' if PLAN.stated_deviation_pct > 0 else 'below'} ours"
    )
    expect(detail).to_contain_text(PLAN.mention_id)
    assert pd.isna(PLAN.url)
    expect(first).to_contain_text("no address known")
    tab.keyboard.press("ArrowLeft")
    expect(detail).to_have_count(0)
    tab.keyboard.press("Home")
    expect(rows(tab).first.locator("button")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Space")
    expect(rows(tab).nth(1).locator("button")).to_have_attribute("aria-expanded", "true")


@needs_chromium
def test_switches_language(show, published):
    tab = show(published)
    tab.get_by_role("button", name="한국어").click()
    expect(tab.locator("html")).to_have_attribute("lang", "ko")
    expect(tab.get_by_role("heading", level=1)).to_have_text(WORDS["ui"]["title"]["ko"])
    expect(opener(tab, PLAN.deal_id)).to_have_text("샤오미")
    tab.get_by_label("환산 통화").select_option("KRW")
    expect(tab.locator(f'[data-deal="{PLAN.deal_id}"] .amount')).to_contain_text("조")
    tab.get_by_role("button", name="English").click()
    expect(opener(tab, PLAN.deal_id)).to_have_text("Xiaomi")


@needs_chromium
@pytest.mark.parametrize(("locale", "lang"), [("ko-KR", "ko"), ("en-GB", "en"), ("de-DE", "en")])
def test_starts_in_the_readers_language(show, published, locale, lang):
    expect(show(published, "", locale=locale).locator("html")).to_have_attribute("lang", lang)


@needs_chromium
def test_a_link_brings_back_what_was_chosen(show, published):
    tab = show(published)
    tab.get_by_label("Kind").select_option("investment_plan")
    tab.get_by_label("Convert into").select_option("CNY")
    tab.get_by_role("searchbox").fill("샤오미")
    opener(tab, PLAN.deal_id).click()
    other = show(published, tab.evaluate("location.hash.slice(1)"), locale="ko-KR")
    assert ids(other) == ids(tab)
    expect(other.locator("html")).to_have_attribute("lang", "en")
    expect(other.get_by_role("searchbox")).to_have_value("샤오미")
    expect(other.get_by_label("Convert into")).to_have_value("CNY")
    expect(opener(other, PLAN.deal_id)).to_have_attribute("aria-expanded", "true")


@needs_chromium
@pytest.mark.parametrize(
    "address",
    [
        "lang=xx&currency=EUR&sort=nothing&kind=nothing",
        "deal=nothing&year=0&%ff=%zz",
        "lang=en&currency=__proto__&sort=constructor",
    ],
)
def test_an_address_that_means_nothing_does_no_harm(show, published, address):
    expect(show(published, address).get_by_role("heading", level=1)).to_be_visible()


@needs_chromium
def test_a_mark_of_the_time_line_opens_its_deal(show, published):
    tab = show(published, f"lang=en&q=xiaomi&year={PLAN.date.year}&kind=investment_plan")
    tab.locator("#timeline .mark-symbol path").first.click()
    expect(opener(tab, PLAN.deal_id)).to_have_attribute("aria-expanded", "true")
    expect(opener(tab, PLAN.deal_id)).to_be_focused()


@needs_chromium
def test_a_bar_leaves_the_figures_of_its_organization(show, published):
    tab = show(published)
    tab.locator("#totals .mark-rect path").first.click()
    sums = DEALS[DEALS.include_in_totals & (DEALS.measure == "raised")].groupby("organization_id").amount_usd.sum()
    expect(tab.get_by_role("combobox", name="Organization")).to_have_value(
        DEALS.loc[DEALS.organization_id == sums.idxmax(), "organization_en"].iloc[0]
    )
    expect(rows(tab)).to_have_count(int((DEALS.organization_id == sums.idxmax()).sum()))


@needs_chromium
def test_levels_and_flows_are_drawn_on_request(show, published):
    tab = show(published)
    tab.get_by_label("valuations, cumulative sums and flows").check()
    expect(tab.locator("#timeline svg")).to_have_count(len(SUMMED) + 1)
    assert total(tab, "raised") == pytest.approx(summed(DEALS, "raised"))


@needs_chromium
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_fits_a_phone(show, published, lang):
    tab = show(published, f"lang={lang}&levels=1&deal={PLAN.deal_id}", viewport={"width": 390, "height": 844})
    expect(tab.locator("#totals svg")).to_have_count(len(SUMMED))
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    expect(tab.locator(".detail li").first).to_be_visible()


@needs_chromium
def test_follows_the_colour_scheme_unless_told_otherwise(show, published):
    def paper(tab):
        return tab.evaluate("getComputedStyle(document.body).backgroundColor")

    light, dark = show(published), show(published, color_scheme="dark")
    colours = [paper(light), paper(dark)]
    assert colours[0] != colours[1]
    light.get_by_label("Appearance").select_option("dark")
    dark.get_by_label("Appearance").select_option("light")
    assert [paper(dark), paper(light)] == colours


@needs_chromium
def test_shows_bounds_conflicts_and_what_is_not_known(show, tmp_path):
    frames = founding()
    deals = frames["deals"]
    known = ["amount", "amount_cny", "amount_usd", "amount_krw"]
    plan, other = (
        deals.index[deals.deal_id == deal_id][0]
        for deal_id in (PLAN.deal_id, DEALS[DEALS.organization_id == "megvii"].iloc[0].deal_id)
    )
    deals.loc[plan, known] = None
    deals.loc[plan, ["amount_low", "amount_high", "qualifier", "rate_usd"]] = [1e9, 3e9, "range", 0.125]
    deals.loc[plan, "conflict"] = f"{PLAN.mention_id} 10억 위안 | 001-joongang:1-2 30억 위안"
    rates = ["rate_cny", "rate_usd", "rate_krw", "rate_from", "rate_to"]
    deals.loc[
        other, [*known, *rates, "amount_low", "amount_high", "date", "date_edtf", "organization_id", "organization_en"]
    ] = None
    deals.loc[other, ["qualifier", "rate_method", "date_basis"]] = ["unreadable", "none", "none"]
    path = tmp_path / "page.html"
    write_page(path, frames)
    tab = show(path, urlencode({"lang": "en", "deal": PLAN.deal_id}))
    expect(tab.locator(f'[data-deal="{PLAN.deal_id}"] .amount')).to_contain_text("$125m – $375m")
    expect(tab.locator(".detail")).to_contain_text("The sources disagree: 10억 위안 (뉴스핌), 30억 위안 (중앙일보)")
    expect(tab.locator("#undated")).to_contain_text(f"{deals.date.isna().sum()} cannot be drawn")
    unknown = tab.locator(f'[data-deal="{deals.deal_id[other]}"]')
    expect(unknown.locator(".amount b")).to_have_text("–")
    expect(unknown.locator(".date")).to_have_text("No date")
    unknown.locator("button").click()
    expect(tab.locator(".detail").last).to_contain_text("No rate.")


def varied(count):
    """The published deals, with their mentions and evidence, many times.

    Under new ids and names, with other amounts and dates.
    """
    frames = founding()
    times = range(-(-count // len(frames["deals"])))
    for name in ("deals", "mentions", "evidence"):
        columns = frames[name].columns.intersection(["deal_id", "mention_id", "restates"])
        copies = [
            frames[name].assign(
                **{column: frames[name][column].str.cat([f" {n:03}"] * len(frames[name])) for column in columns}
            )
            for n in times
        ]
        frames[name] = pd.concat(copies).sort_values([*columns[:1]], ignore_index=True)
    deals = frames["deals"]
    each = np.arange(len(deals))
    listed = frames["organizations"].iloc[each * 5 % len(frames["organizations"])]
    for column, name in {
        "id": "organization_id",
        "name": "name_en",
        "en": "name_en",
        "ko": "name_ko",
        "zh": "name_zh",
    }.items():
        deals[f"organization_{column}"] = listed[name].to_numpy()
    deals["date_edtf"] = [f"{2012 + n * 7 % 14}-{1 + n * 5 % 12:02}" for n in each]
    for currency in ("cny", "usd", "krw"):
        deals[f"amount_{currency}"] = deals[f"rate_{currency}"] * 10 ** (7 + each * 37 % 101 / 25)
    deals.loc[each % 9 == 0, "round"] = "=1+1"
    return frames


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "page.html"
    write_page(path, varied(775))
    return path


@needs_chromium
def test_many_deals_are_shown_in_parts(show, large):
    tab = show(large)
    expect(rows(tab)).to_have_count(20)
    tab.locator("#more").click()
    expect(rows(tab)).to_have_count(120)
    expect(rows(tab).nth(20).locator("button")).to_be_focused()
    tab.get_by_role("searchbox", name="Search").fill("100억 위안")
    expect(rows(tab)).to_have_count(20)
    rows(tab).first.locator("button").click()
    expect(tab.locator(".detail li").first).to_be_visible()


@needs_chromium
def test_all_that_is_found_is_printed_without_controls_on_white(show, large):
    tab = show(large, "lang=en&kind=investment_plan&country=CN", color_scheme="dark")
    found = int(tab.locator("#shown").inner_text().split(" of ")[0].replace(",", ""))
    assert found > 100
    tab.emulate_media(media="print")
    expect(rows(tab)).to_have_count(found)
    expect(tab.locator("#filters")).to_be_hidden()
    expect(tab.get_by_role("button", name="Clear filters")).to_be_hidden()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@needs_chromium
def test_what_is_chosen_is_printed_and_named_in_the_title(show, published):
    tab = show(
        published, urlencode({"lang": "en", "q": "샤오미", "kind": "investment_plan", "confidence": "0.5", "totals": 1})
    )
    told = ["Search: 샤오미", "Kind: Investment plan", "Confidence: 50 % or more", "Only what may be added up"]
    tab.emulate_media(media="print")
    expect(tab.locator("#active")).to_be_visible()
    for part in told:
        expect(tab.locator("#active")).to_contain_text(part)
        assert part in tab.title()  # the name that a browser gives to a PDF of it
    expect(show(published).locator("#active")).to_be_hidden()


@needs_chromium
def test_what_is_found_is_downloaded_as_csv(show, published):
    tab = show(published, urlencode({"lang": "en", "kind": "investment_plan", "organization": "xiaomi", "q": "100억"}))
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download these").click()
    assert (
        download.value.suggested_filename
        == f"cn-ai-funding-{cn_ai_funding.__version__}-Xiaomi-Investment-plan-100억.csv"
    )
    content = download.value.path().read_bytes()
    assert content.startswith("\ufeff".encode())  # without it Excel takes Korean for another encoding
    table = pd.read_csv(download.value.path(), index_col="deal_id", dtype={"date_edtf": "str"})
    assert [*table.index] == ids(tab)
    row = table.loc[PLAN.deal_id]
    for column in (
        "organization_ko",
        "date_edtf",
        "amount",
        "currency",
        "amount_usd",
        "rate_krw",
        "include_in_totals",
        "confidence",
        "mention_id",
        "quote",
    ):
        assert row[column] == PLAN[column], column
    assert row["title"] == PLAN.title


@needs_chromium
def test_no_cell_of_the_csv_runs_as_a_formula(show, large):
    tab = show(large)
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Download these").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        table = [*csv.reader(file)]
    assert f"{len(table) - 1:,}" == tab.locator("#shown").inner_text().split(" ")[0]
    assert any("'=1+1" in row for row in table)
    assert not any(cell.startswith(("=", "+", "@")) for row in table for cell in row)


@needs_chromium
def test_copies_the_link_and_the_citation_of_a_figure(show, published):
    tab = show(published, f"lang=en&q=xiaomi&deal={PLAN.deal_id}", permissions=["clipboard-read", "clipboard-write"])
    detail = tab.locator(".detail")
    detail.get_by_role("button", name="Copy link").click()
    expect(detail.get_by_role("status")).to_have_text("Copied")
    link = tab.evaluate("navigator.clipboard.readText()")
    expect(opener(show(published, link.split("#")[1]), PLAN.deal_id)).to_have_attribute("aria-expanded", "true")
    detail.get_by_role("button", name="Copy citation").click()
    tab.wait_for_function("async () => (await navigator.clipboard.readText()).includes('Version')")
    text = tab.evaluate("navigator.clipboard.readText()")
    facts = (
        "Xiaomi",
        "Investment plan",
        PLAN.amount_text,
        f"{PLAN.amount_usd:,.0f} USD",
        PLAN.title,
        PLAN.publisher,
        "no address known",
        PLAN.mention_id,
    )
    for fact in (*facts, tab.locator("#citation").inner_text()):
        assert fact in text, fact
    tab.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject(new Error()))")
    detail.get_by_role("button", name="Copy link").click()
    expect(detail.get_by_role("status")).to_contain_text(link)


@needs_chromium
def test_the_citation_has_the_version_and_the_day_of_the_data(show, published):
    day = cn_ai_funding.load_fx_rates()["date"].max().date().isoformat()
    expect(show(published).locator("#citation")).to_contain_text(f"Version {cn_ai_funding.__version__}, {day}")


@needs_chromium
@pytest.mark.parametrize("screen", SCREENS, ids=["desk", "phone"])
def test_the_table_is_within_one_screen_of_the_search(show, large, screen):
    tab = show(large, viewport=screen)
    top = "element => element.getBoundingClientRect().top"
    assert rows(tab).first.evaluate(top) - tab.locator("#query").evaluate(top) < screen["height"]


@needs_chromium
def test_a_phone_has_every_filter_behind_one_button(show, published):
    tab = show(published, viewport=SCREENS[1])
    expect(tab.get_by_label("Kind")).to_be_hidden()
    tab.get_by_text("More filters").click()
    tab.get_by_label("Kind").select_option("fund")
    expect(rows(tab)).to_have_count(int((DEALS.kind == "fund").sum()))


@needs_chromium
def test_the_contents_lead_to_every_part(show, large):
    tab = show(large)
    for button in tab.locator("nav button").all():
        name = button.inner_text()
        button.click()
        expect(tab.get_by_role("heading", name=name, exact=True)).to_be_focused()


@needs_chromium
def test_sums_by_year_are_bars(show, published):
    tab = show(published)
    counted = DEALS[DEALS.include_in_totals]
    for measure in SUMMED:
        years = counted[counted.measure == measure].date.dropna().dt.year
        expect(tab.locator(f"#years .{measure} .mark-rect path")).to_have_count(int(years.max() - years.min()) + 1)
    last = counted[counted.measure == "raised"].date.dt.year.max()
    tab.locator("#years .raised .mark-rect path").last.click()
    expect(tab.get_by_role("combobox", name="Year", exact=True)).to_have_value(str(last))
    assert total(tab, "raised") == pytest.approx(summed(DEALS[DEALS.date.dt.year == last], "raised"))


@needs_chromium
def test_an_organization_is_searched_by_any_part_of_any_name(show, published):
    tab = show(published)
    assert tab.locator("#organizations option").count() == DEALS.organization_id.nunique()
    # 중국 is the whole name of one, which is then the one that is meant, though it stands in other names too
    for typed, found in {"xia": "xiaomi", "小米": "xiaomi", "바이": "bytedance", "중국": "china"}.items():
        tab.get_by_role("combobox", name="Organization").fill(typed)
        meant = DEALS[DEALS.organization_id == found]
        expect(rows(tab)).to_have_count(len(meant))
        assert set(ids(tab)) == set(meant.deal_id), typed


@needs_chromium
def test_who_takes_part_is_shown_and_found(show, published):
    parties = founding()["parties"]
    party = parties[parties.role == "buyer"].iloc[0]
    tab = show(published, urlencode({"lang": "en", "q": party.name_text, "deal": party.deal_id}))
    expect(rows(tab)).not_to_have_count(len(DEALS))
    names = founding()["organizations"].set_index("organization_id").name_en
    name = f"{party.name_text} · {names[party.organization_id]} ({party.role})"
    expect(tab.locator(".detail")).to_contain_text(name)


@needs_chromium
def test_confidence_and_review_are_shown_and_filtered(show, published):
    tab = show(published)
    surest = DEALS.loc[DEALS.confidence.idxmax()]
    corrected = DEALS[DEALS.review == "corrected"]
    source = '.deal[data-deal="{}"] .source'
    expect(tab.locator(source.format(surest.deal_id))).to_contain_text(
        f"{surest.confidence:.0%}".replace("%", " % sure")
    )
    expect(tab.locator(source.format(corrected.deal_id.iloc[0]))).to_contain_text("corrected by hand")
    tab.get_by_label("Confidence").select_option("0.6")
    expect(rows(tab)).to_have_count(int((DEALS.confidence >= 0.6).sum()))
    tab.get_by_label("Confidence").select_option("")
    tab.get_by_label("Review").select_option("corrected")
    expect(rows(tab)).to_have_count(len(corrected))


@needs_chromium
@pytest.mark.parametrize("screen", SCREENS, ids=["desk", "phone"])
def test_no_name_on_the_time_line_meets_a_name_a_mark_or_an_edge(show, large, screen):
    tab = show(large, "lang=en&levels=1", viewport=screen)
    expect(tab.locator("#timeline svg")).to_have_count(len(SUMMED) + 1)
    boxes = (
        "elements => elements.map(element => element.getBoundingClientRect())"
        ".map(box => [box.left, box.top, box.right, box.bottom])"
    )
    named = 0
    for chart in tab.locator("#timeline svg").all():
        names = chart.locator(".mark-text.role-mark text").evaluate_all(boxes)
        marks = chart.locator(".mark-symbol.role-mark path").evaluate_all(boxes)
        named += len(names)
        assert all(right <= screen["width"] for _, _, right, _ in names)
        met = [
            (a, b)
            for a, b in [*itertools.combinations(names, 2), *itertools.product(names, marks)]
            if overlap(a, b) > 1
        ]
        assert met == []
    assert named >= 5


def overlap(one, other):
    """By how many pixels two boxes share a place, in the direction where they share less."""
    return min(min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1]))


@needs_chromium
def test_nothing_that_the_tables_say_runs(show, tmp_path):
    frames = founding()
    frames["sources"] = frames["sources"].assign(
        title=HOSTILE, publisher=HOSTILE, author=HOSTILE, language=HOSTILE, url="javascript:window.ran=1"
    )
    names = [f"organization_{name}" for name in ("id", "en", "ko", "zh", "country")]
    for column in (
        *names,
        "counterparties",
        "round",
        "amount_text",
        "quote",
        "conflict",
        "kind",
        "status",
        "stated_currency",
    ):
        frames["deals"][column] = HOSTILE
    frames["mentions"]["prefix"] = frames["mentions"]["suffix"] = HOSTILE
    frames["evidence"]["field"] = HOSTILE
    for name in ("deals", "mentions", "evidence", "sources"):
        for column in frames[name].columns.intersection(["source_id", "mention_id", "deal_id", "restates"]):
            frames[name][column] = HOSTILE + frames[name][column]
    path = tmp_path / "page.html"
    write_page(path, frames)
    tab = show(path, urlencode({"lang": "en", "levels": 1, "q": HOSTILE, "deal": HOSTILE + PLAN.deal_id}))
    expect(tab.locator(".detail blockquote").first).to_contain_text(HOSTILE)
    expect(tab.locator("#timeline svg").first).to_be_visible()
    tab.locator("#timeline .mark-symbol path").first.hover()
    expect(tab.locator("#tip")).to_contain_text(HOSTILE)
    assert tab.evaluate("window.ran") is None
    assert tab.locator("img, [href^='javascript']").count() == 0
    assert tab.locator("script").count() == 3


@needs_chromium
@pytest.mark.parametrize("extent", VALUES["extent"])
def test_a_source_that_is_an_excerpt_says_so(show, tmp_path, extent):
    frames = founding()
    frames["sources"] = frames["sources"].assign(extent=extent)
    path = tmp_path / "page.html"
    write_page(path, frames)
    credit = show(path, f"lang=en&deal={PLAN.deal_id}").locator(".detail li p.quiet").first
    expect(credit).to_contain_text(PLAN.publisher)
    said = WORDS["ui"]["excerpt"]["en"]
    (expect(credit).to_contain_text if extent == "excerpt" else expect(credit).not_to_contain_text)(said)


@needs_chromium
def test_only_web_addresses_become_links(show, tmp_path):
    frames = founding()
    url = "https://example.org/?a=1&b='2'"
    frames["sources"] = frames["sources"].assign(url=url)
    path = tmp_path / "page.html"
    write_page(path, frames)
    link = show(path, f"lang=en&deal={PLAN.deal_id}").locator(".detail a").first
    expect(link).to_have_attribute("href", url)
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link.locator("xpath=..")).not_to_contain_text("no address known")
