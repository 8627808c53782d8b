// Shows the tables in #data. All that they hold reaches the page as text nodes and attributes, never as markup.

const { deals, sources, words, meanings, columns, version } = JSON.parse(document.getElementById("data").textContent);
const CURRENCIES = ["USD", "CNY", "KRW"];
const MEASURES = ["raised", "committed", "stock", "flow"];
const SUMMED = ["raised", "committed"];
const FILTERS = ["measure", "kind", "status", "year", "country"];
const COLUMNS = ["organization", "kind", "date", "as_written", "amount", "source"];
const SORTS = COLUMNS.filter((column) => column !== "as_written");
const STEP = 100; // rows drawn at once
const BARS = 12; // organizations in a chart of totals
const SIGNS = { about: "≈", at_least: "≥", more_than: ">", at_most: "≤", less_than: "<" };
const SHAPES = { at_least: "triangle-up", more_than: "triangle-up", at_most: "triangle-down", less_than: "triangle-down" };
const DEFAULTS = { lang: navigator.language.startsWith("ko") ? "ko" : "en", currency: "USD", q: "", totals: "", levels: "", sort: "-date" };

let state; // what the address says after #: DEFAULTS and FILTERS, and `deal`, the set of open deals
let found = []; // the deals that the filters leave, in order
let limit = STEP;
const views = new Map(); // the charts drawn, by their place

const at = (id) => document.getElementById(id);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const folded = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, "");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return element;
}

function link(url, text) {
  const safe = URL.canParse(url ?? "") && ["http:", "https:"].includes(new URL(url).protocol);
  return safe ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : make("span", {}, text);
}

// ------------------------------------------------------------------------------------------------ words and numbers

const say = (key, filled = {}) => words.ui[key][state.lang].replace(/\{(\w+)\}/g, (_, name) => filled[name]);
const meant = (list, value) => words.value[list]?.[value]?.[state.lang] ?? value;
const meaning = (list, value) => (state.lang === "en" ? meanings[list]?.[value] : undefined);
const number = (value, digits = 2) => new Intl.NumberFormat(state.lang, { maximumFractionDigits: digits }).format(value);
const significant = (value) => new Intl.NumberFormat(state.lang, { maximumSignificantDigits: 4 }).format(value);
const country = (code) => new Intl.DisplayNames(state.lang, { type: "region", fallback: "code" }).of(code);

function currencyName(currency) {
  return words.currency[currency]?.[state.lang] ?? new Intl.DisplayNames(state.lang, { type: "currency", fallback: "code" }).of(currency);
}

function symbol(currency) {
  const parts = new Intl.NumberFormat("en", { style: "currency", currency }).formatToParts(0);
  return parts.find((part) => part.type === "currency").value.replace(/([A-Z])$/, "$1 ");
}

/** An amount as people say it: $153.5bn, 1,535억 달러. Four significant digits. */
function money(value, currency) {
  if (!currency) return significant(value);
  if (state.lang === "en") {
    const [size, unit] = [[1e12, "tn"], [1e9, "bn"], [1e6, "m"], [1e3, "k"]].find(([least]) => Number(value.toPrecision(4)) >= least) ?? [1, ""];
    return symbol(currency) + significant(value / size) + unit;
  }
  let rest = Math.round(Number(value.toPrecision(4)));
  const parts = [];
  for (const [size, unit] of [[1e12, "조"], [1e8, "억"], [1e4, "만"], [1, ""]]) {
    const count = Math.floor(rest / size);
    if (count) parts.push(number(count) + unit);
    rest -= count * size;
  }
  return `${parts.join(" ") || significant(value)} ${currencyName(currency)}`;
}

const exactly = (value, currency) => (currency ? `${number(value)} ${currency}` : number(value));

function converted(deal, column, currency = state.currency) {
  const [value, rate] = [deal[column], deal[`rate_${currency.toLowerCase()}`]];
  return value === undefined || rate === undefined ? undefined : value * rate;
}

const worth = (deal, currency = state.currency) => deal[`amount_${currency.toLowerCase()}`];

/** A deal's amount in a currency with the sign of its qualifier, or its bounds; undefined where there is neither. */
function told(deal, currency, write = money) {
  const value = worth(deal, currency);
  if (value !== undefined) return `${SIGNS[deal.qualifier] ? `${SIGNS[deal.qualifier]} ` : ""}${write(value, currency)}`;
  const [low, high] = ["amount_low", "amount_high"].map((column) => converted(deal, column, currency));
  return low === undefined || high === undefined ? undefined : `${write(low, currency)} – ${write(high, currency)}`;
}

function day(text) {
  const options = [{ year: "numeric" }, { year: "numeric", month: "short" }, { year: "numeric", month: "short", day: "numeric" }][text.split("-").length - 1];
  return new Intl.DateTimeFormat(state.lang === "ko" ? "ko" : "en-GB", { ...options, timeZone: "UTC" }).format(new Date(text));
}

function when(edtf) {
  if (!edtf) return say("undated_cell");
  const [first, last] = edtf.split("/");
  if (!last) return day(first);
  if (first === "..") return say("open_start", { last: day(last) });
  return last === ".." ? say("open_end", { first: day(first) }) : `${day(first)} – ${day(last)}`;
}

function who(deal, lang = state.lang) {
  const [korean, english] = [deal.organization_ko, deal.organization_en];
  return (lang === "ko" ? korean ?? english : english ?? korean) ?? (deal.organization_country ? country(deal.organization_country) : say("unnamed"));
}

// ------------------------------------------------------------------------------------------- filters and their state

for (const deal of deals) {
  const names = [deal.organization_en, deal.organization_ko, deal.organization_zh, deal.aliases, deal.counterparties, deal.round, deal.amount_text, deal.quote];
  const cited = deal.mentions.flatMap((mention) => [mention.exact, sources[mention.source_id].publisher, sources[mention.source_id].title]);
  const labels = ["kind", "measure", "status"].flatMap((list) => Object.values(words.value[list][deal[list]] ?? {}));
  deal.text = folded([...names, ...cited, ...labels].filter(Boolean).join("\n"));
}

const years = (deal) => {
  const [first, last] = [deal.first, deal.last].map((text) => Number(text?.slice(0, 4)));
  return first ? Array.from({ length: Math.min(last - first, 100) + 1 }, (_, index) => String(first + index)) : [];
};
const OF = {
  measure: (deal) => [deal.measure],
  kind: (deal) => [deal.kind],
  status: (deal) => [deal.status],
  year: years,
  country: (deal) => [deal.organization_country].filter(Boolean),
};
const CHOICES = Object.fromEntries(FILTERS.map((name) => [name, [...new Set(deals.flatMap(OF[name]))]]));
const LABEL = { year: (value) => value, country, kind: (value) => meant("kind", value), measure: (value) => meant("measure", value), status: (value) => meant("status", value) };
const ORDER = {
  organization: (deal) => who(deal),
  kind: (deal) => meant("kind", deal.kind),
  date: (deal) => deal.first,
  amount: (deal) => worth(deal) ?? converted(deal, "amount_low"),
  source: (deal) => sources[deal.source_id].publisher,
};

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const known = Object.fromEntries([...Object.entries(DEFAULTS), ...FILTERS.map((name) => [name, ""])].map(([name, usual]) => [name, given.get(name) ?? usual]));
  state = { ...known, deal: new Set(given.getAll("deal")) };
  if (!["en", "ko"].includes(state.lang)) state.lang = DEFAULTS.lang;
  if (!CURRENCIES.includes(state.currency)) state.currency = DEFAULTS.currency;
  for (const name of FILTERS) if (!CHOICES[name].includes(state[name])) state[name] = "";
  if (!SORTS.includes(state.sort.replace("-", ""))) state.sort = DEFAULTS.sort;
}

function writeAddress() {
  const pairs = Object.entries(state).filter(([name, value]) => name === "lang" || (name !== "deal" && value && value !== DEFAULTS[name]));
  const address = new URLSearchParams([...pairs, ...[...state.deal].map((id) => ["deal", id])]);
  history.replaceState(null, "", `#${address}`);
}

function find() {
  const wanted = state.q.split(/\s+/).map(folded).filter(Boolean);
  const whole = folded(state.q); // a name may be written apart: 포스 패러다임
  const key = ORDER[state.sort.replace("-", "")];
  const down = state.sort.startsWith("-") ? -1 : 1;
  const compare = new Intl.Collator(state.lang, { numeric: true }).compare;
  found = deals
    .filter((deal) => FILTERS.every((name) => !state[name] || OF[name](deal).includes(state[name])))
    .filter((deal) => !state.totals || deal.include_in_totals)
    .filter((deal) => deal.text.includes(whole) || wanted.every((word) => deal.text.includes(word)))
    .map((deal) => [key(deal), deal])
    .sort(([a], [b]) => {
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
      return down * (typeof a === "number" ? a - b : compare(a, b));
    })
    .map(([, deal]) => deal);
}

// -------------------------------------------------------------------------------------------------------- the table

function header() {
  at("columns").replaceChildren(
    ...COLUMNS.map((column) => {
      const sorted = state.sort.replace("-", "") === column;
      const order = sorted ? (state.sort.startsWith("-") ? "descending" : "ascending") : "none";
      if (!SORTS.includes(column)) return make("th", { scope: "col", role: "columnheader", class: column }, say(column));
      const arrow = make("span", { class: "arrow", "aria-hidden": "true" }, { ascending: "↑", descending: "↓", none: "↕" }[order]);
      const button = make("button", { type: "button", "data-sort": column }, say(column), arrow);
      return make("th", { scope: "col", role: "columnheader", class: column, "aria-sort": order }, button);
    }),
  );
}

function row(deal) {
  const open = state.deal.has(deal.deal_id);
  const cell = (column, ...children) => make("td", { role: "cell", class: column, "data-label": say(column) }, ...children);
  const other = who(deal, state.lang === "en" ? "ko" : "en");
  const second = other === who(deal) ? "" : make("span", { class: "quiet", lang: state.lang === "en" ? "ko" : "en" }, other);
  const button = make("button", { type: "button", "aria-expanded": open, "aria-controls": `detail ${deal.deal_id}`.replace(/\s/g, "-") }, make("span", {}, who(deal)));
  const label = make("span", { class: `tag ${deal.measure}`, title: meaning("kind", deal.kind) }, meant("kind", deal.kind));
  const reason = deal.include_in_totals ? "" : make("small", {}, say("not_summed", { reason: meant("exclude_reason", deal.exclude_reason) }));
  const value = told(deal, state.currency);
  const publisher = sources[deal.source_id].publisher;
  const line = make(
    "tr",
    { role: "row", "data-deal": deal.deal_id, class: deal.include_in_totals ? "deal" : "deal uncounted" },
    cell("organization", button, second),
    cell("kind", label, make("small", {}, meant("status", deal.status))),
    cell("date", when(deal.date_edtf)),
    cell("as_written", make("span", { lang: "ko" }, deal.amount_text)),
    cell("amount", make("b", { title: told(deal, state.currency, exactly) }, value ?? "–"), reason),
    cell("source", deal.n_sources > 1 ? say("sources_more", { publisher, n: deal.n_sources - 1 }) : publisher),
  );
  return open ? [line, detail(deal)] : [line];
}

function table() {
  header();
  at("rows").replaceChildren(...found.slice(0, limit).flatMap(row));
  at("deals").hidden = !found.length;
  at("none").hidden = found.length > 0;
  at("more").hidden = found.length <= limit;
  at("more").textContent = say("more", { n: number(Math.min(STEP, found.length - limit)) });
  at("shown").textContent = say("shown", { n: number(found.length), all: number(deals.length) });
}

const line = (id) => [...at("rows").children].find((element) => element.dataset.deal === id);
const byId = new Map(deals.map((deal) => [deal.deal_id, deal]));

function toggle(id, open = !state.deal.has(id)) {
  if (open === state.deal.has(id)) return;
  state.deal[open ? "add" : "delete"](id);
  const element = line(id);
  element?.querySelector("button").setAttribute("aria-expanded", open);
  if (open) element?.after(detail(byId.get(id)));
  else element?.nextElementSibling.remove();
  writeAddress();
}

function show(id) {
  const index = found.findIndex((deal) => deal.deal_id === id);
  if (index < 0) return;
  limit = Math.max(limit, index + 1);
  if (!line(id)) table();
  toggle(id, true);
  const button = line(id).querySelector("button");
  button.focus({ preventScroll: true });
  button.scrollIntoView();
}

// ---------------------------------------------------------------------------------------------------- a deal, opened

function detail(deal) {
  const id = `detail ${deal.deal_id}`.replace(/\s/g, "-");
  const body = make("div", { class: "body" }, facts(deal), conversions(deal), citations(deal));
  return make("tr", { role: "row", class: "detail", id }, make("td", { role: "cell", colspan: COLUMNS.length }, body));
}

function facts(deal) {
  const [low, high] = [deal.amount_low, deal.amount_high].map((value) => value !== undefined && exactly(value, deal.currency));
  const period = [deal.period_start, deal.period_end].filter(Boolean).map(day).join(" – ");
  const others = (deal.conflict ?? "").split(" | ").filter(Boolean).map((other) => other.split(/ (.*)/));
  const list = [
    ["organization", [[who(deal, "en"), who(deal, "ko")], deal.organization_zh].flat().filter(Boolean).filter((name, index, all) => all.indexOf(name) === index).join(" · ")],
    ["measure", meant("measure", deal.measure), meaning("measure", deal.measure)],
    ["status", meant("status", deal.status), meaning("status", deal.status)],
    ["date", `${when(deal.date_edtf)} (${meant("date_basis", deal.date_basis)})`, meaning("date_basis", deal.date_basis)],
    ["period", [period, deal.period_years && say("years", { n: number(deal.period_years) })].filter(Boolean).join(", ")],
    ["round", deal.round],
    ["counterparties", deal.counterparties?.split(" | ").join(", ")],
    ["as_written", `${deal.amount_text} (${[meant("qualifier", deal.qualifier), deal.currency_inferred && say("inferred")].filter(Boolean).join(", ")})`, meaning("qualifier", deal.qualifier)],
    ["bounds", deal.qualifier === "exact" ? "" : low && high ? `${low} – ${high}` : low ? say("bound_low", { low }) : high && say("bound_high", { high })],
    ["in_totals", deal.include_in_totals ? say("yes") : say("no", { reason: meant("exclude_reason", deal.exclude_reason) })],
    ["conflict", others.length ? say("conflict_note", { list: others.map(([cited, amount]) => `${amount} (${sources[cited.split(":")[0]]?.publisher ?? cited})`).join(", ") }) : ""],
    ["review", meant("review", deal.review), meaning("review", deal.review)],
  ];
  const pairs = list.filter(([, value]) => value).map(([key, value, title]) => make("div", { class: key }, make("dt", { title: columns[key]?.[state.lang] }, say(key)), make("dd", { title }, value)));
  return make("section", {}, make("h3", {}, say("about_figure")), make("dl", {}, pairs));
}

function conversions(deal) {
  const heads = ["conversion", "rate", "publisher_own"].map((key) => make("th", { scope: "col" }, say(key)));
  const listed = [...new Set([deal.currency, ...CURRENCIES, deal.stated_currency].filter(Boolean))];
  const lines = listed.map((currency) => {
    const own = currency === deal.currency && !CURRENCIES.includes(currency);
    const ours = own ? told({ ...deal, [`amount_${currency.toLowerCase()}`]: deal.amount, [`rate_${currency.toLowerCase()}`]: 1 }, currency, exactly) : told(deal, currency, exactly);
    const rate = currency === deal.currency ? say("original") : deal[`rate_${currency.toLowerCase()}`];
    const stated = currency === deal.stated_currency && deal.stated_amount !== undefined;
    const off = deal.stated_deviation_pct;
    const apart = off === undefined ? "" : off ? say(off > 0 ? "above" : "below", { n: number(Math.abs(off)) }) : say("same");
    return make(
      "tr",
      {},
      make("th", { scope: "row" }, currencyName(currency)),
      make("td", { "data-label": say("conversion") }, ours ?? "–"),
      make("td", { "data-label": say("rate") }, typeof rate === "number" ? number(rate, rate < 1 ? 8 : 4) : rate ?? "–"),
      make("td", { "data-label": say("publisher_own") }, stated ? [exactly(deal.stated_amount, currency), make("small", { class: Math.abs(off) >= 5 ? "far" : undefined }, apart)] : ""),
    );
  });
  const days = [...new Set([deal.rate_from, deal.rate_to].filter(Boolean))].map(day).join(" – ");
  const method = meant("rate_method", deal.rate_method);
  const note = days ? say("rate_note", { method, days }) : `${method}.`;
  const grid = make("table", {}, make("thead", {}, make("tr", {}, make("td"), heads)), make("tbody", {}, lines));
  return make("section", {}, make("h3", {}, say("conversions")), make("div", { class: "scroll" }, grid), make("p", { class: "quiet", title: meaning("rate_method", deal.rate_method) }, note));
}

function citations(deal) {
  const exact = new Map(deal.mentions.map((mention) => [mention.mention_id, mention.exact]));
  const items = deal.mentions.map((mention) => {
    const { publisher, title, author, url, published } = sources[mention.source_id];
    const where = [link(url, title ?? say("untitled")), ` · ${[publisher, author !== publisher && author, published ? day(published) : say("unpublished")].filter(Boolean).join(" · ")}`];
    const again = mention.restates ? make("p", { class: "again" }, "↳ ", say("restates", { exact: exact.get(mention.restates) ?? mention.restates })) : "";
    const passage = make("blockquote", { lang: "ko" }, mention.passage.flatMap(([text, ...fields]) => piece(text, fields)));
    return make("li", { class: mention.restates ? "restated" : undefined }, again, passage, make("p", { class: "quiet" }, where, " · ", make("code", {}, mention.mention_id)));
  });
  return make("section", {}, make("h3", {}, say("citations")), make("p", { class: "quiet" }, say("citations_note")), make("ol", {}, items));
}

/** A piece of a passage: evidence under the names of its fields, what is masked as a bar that is not read out. */
function piece(text, fields) {
  const parts = (fields.length ? text.trim() || text : text).split(/(░[░\s]*░|░|\s*\n\s*)/).filter(Boolean);
  const drawn = parts.map((part) => (part.includes("░") || part.includes("\n") ? make("span", { class: "mask", "aria-hidden": "true" }, part.includes("░") ? part.replace(/\s+/g, " ") : " ¶ ") : part));
  if (!fields.length || !text.trim()) return drawn;
  const names = fields.map((field) => words.field[field]?.[state.lang] ?? field).join(" · ");
  return [make("span", { class: `evidence ${fields[0]}` }, make("small", { lang: state.lang }, names), make("mark", {}, drawn)), /\s$/.test(text) ? " " : ""];
}

// ------------------------------------------------------------------------------------------------ sums and the charts

function sums() {
  const counted = found.filter((deal) => deal.include_in_totals);
  const cards = SUMMED.map((measure) => {
    const values = counted.filter((deal) => deal.measure === measure).map((deal) => worth(deal)).filter((value) => value !== undefined);
    const total = sum(values);
    const count = say(["sum_of_none", "sum_of_one"][values.length] ?? "sum_of", { n: number(values.length) });
    return make(
      "div",
      { class: `sum ${measure}` },
      make("h3", {}, meant("measure", measure)),
      make("p", { class: "figure", title: exactly(total, state.currency) }, values.length ? money(total, state.currency) : "–"),
      make("p", { class: "quiet", title: meaning("measure", measure) }, count),
    );
  });
  at("sums").replaceChildren(...cards);
  const reasons = new Map();
  for (const deal of found) {
    const reason = !deal.include_in_totals ? meant("exclude_reason", deal.exclude_reason) : worth(deal) === undefined ? say("no_rate") : undefined;
    if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const list = [...reasons].map(([reason, count]) => `${reason} (${number(count)})`).join(", ");
  at("left-out").textContent = [say("sum_note"), list && say("left_out", { list })].filter(Boolean).join(" ");
}

const FONT = "system-ui, -apple-system, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif";
const CONFIG = {
  font: FONT,
  background: "transparent",
  customFormatTypes: true,
  view: { stroke: null },
  axis: { labelFont: FONT, labelFontSize: 12, labelColor: "var(--quiet)", gridColor: "var(--line)", domainColor: "var(--line)", tickColor: "var(--line)", title: null },
};

/** Draws a chart in the place of the one before, with colours that follow the style sheet, and no script made from text. */
async function draw(place, spec) {
  const options = {
    actions: false,
    ast: true, // an interpreter: the page's policy lets nobody make a script from text
    config: CONFIG,
    defaultStyle: false,
    expressionFunctions: { money: (value) => money(value, state.currency), day: (time) => day(new Date(time).toISOString().slice(0, 7).replace("-01", "")) },
    renderer: "svg",
    tooltip: tip,
  };
  const { view, finalize } = await window.vegaEmbed(place, { autosize: { type: "fit-x", contains: "padding" }, width: "container", ...spec }, options);
  if (!place.isConnected) return finalize();
  views.set(place, finalize);
  view.addEventListener("click", (_, item) => {
    const datum = item?.datum;
    if (datum?.id) show(datum.id);
    else if (datum?.search) update({ q: datum.search });
  });
}

function tip(_, event, __, text) {
  const box = at("tip");
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(event.clientX + 12, innerWidth - width - 8))}px`;
  box.style.top = `${event.clientY + 16 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 16}px`;
}

function panel(measures, ...children) {
  const name = measures.length > 1 ? say("levels_title") : meant("measure", measures[0]);
  const place = make("div", { class: "chart" });
  return [make("div", { class: `panel ${measures[0]}` }, make("h3", {}, name), children, place), place, name];
}

/** The first days of months or years to write below a time line, eight at most. */
function calendar(first, last) {
  const months = (last - first) / (30.44 * 864e5);
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240].find((count) => months / count <= 8) ?? 1200;
  const [since, until] = [first, last].map((time) => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth() + 1);
  const ticks = Array.from({ length: Math.max(0, Math.floor(until / step) - Math.ceil(since / step) + 1) }, (_, index) => (Math.ceil(since / step) + index) * step);
  return ticks.map((month) => Date.UTC(Math.floor(month / 12), month % 12)).filter((time) => time <= last);
}

/** What the time line draws of a deal: a point or, where only bounds are known, a bar between them, over its days. */
function mark(deal) {
  const days = [deal.first, deal.last].map((text) => Date.parse(text));
  const [low, high] = ["amount_low", "amount_high"].map((column) => converted(deal, column));
  const value = worth(deal);
  const lines = [who(deal), [meant("kind", deal.kind), meant("status", deal.status)].join(", "), when(deal.date_edtf), `${told(deal, state.currency)} (${deal.amount_text})`];
  return {
    id: deal.deal_id,
    first: days[0],
    last: days[1],
    middle: (days[0] + days[1]) / 2,
    long: days[1] > days[0],
    value,
    low,
    high,
    height: value ?? high,
    who: who(deal),
    bounded: low !== undefined && high !== undefined && high > low,
    measure: deal.measure,
    fill: deal.include_in_totals ? `var(--${deal.measure})` : "var(--paper)",
    shape: SHAPES[deal.qualifier] ?? "circle",
    text: lines.join("\n"),
    spoken: lines.join("; "),
  };
}

/** The marks that bear a name: those with no larger one where it would stand. */
function named(items, days, decades) {
  const wide = (innerWidth < 720 ? 0.36 : 0.14) * days;
  const near = (a, b) => Math.abs(a.middle - b.middle) < wide && Math.abs(Math.log10(a.height / b.height)) < decades / 9;
  const sorted = [...items].sort((a, b) => b.height - a.height);
  return sorted.filter((item, index) => !sorted.slice(0, index).some((other) => near(item, other)));
}

function timeline() {
  const drawn = found.filter((deal) => deal.first && told(deal, state.currency)).map(mark).filter((item) => (item.value ?? item.low) > 0);
  const levels = state.levels || ["stock", "flow"].includes(state.measure);
  const groups = [["raised"], ["committed"], ...(levels ? [["stock", "flow"]] : [])];
  const inView = drawn.filter((item) => groups.flat().includes(item.measure));
  const decades = inView.flatMap((item) => [item.value ?? item.low, ...(item.bounded ? [item.low, item.high] : [])]).map(Math.log10);
  const [floor, ceiling] = [Math.floor(Math.min(...decades)), Math.ceil(Math.max(...decades) + 0.02)];
  const ticks = Array.from({ length: inView.length ? ceiling - floor + 1 : 0 }, (_, index) => 10 ** (floor + index));
  const days = inView.flatMap((item) => [item.first, item.last]);
  const [first, last] = [days.reduce((a, b) => Math.min(a, b), Infinity), days.reduce((a, b) => Math.max(a, b), -Infinity)];
  const margin = Math.max((last - first) * 0.03, 20 * 864e5);
  const places = groups.map((measures) => {
    const items = inView.filter((item) => measures.includes(item.measure)).map((item) => ({ ...item, late: item.middle > (first + 2 * last) / 3 }));
    const [element, place, name] = panel(measures);
    if (!items.length) place.append(make("p", { class: "quiet" }, say("nothing")));
    const [since, until] = [first, last].map((time) => items.length && day(new Date(time).toISOString().slice(0, 7)));
    const y = { field: "value", type: "quantitative", scale: { type: "log", domain: [10 ** floor, 10 ** ceiling], nice: false } };
    y.axis = { values: ticks, formatType: "money", labelOverlap: true, minExtent: 76, maxExtent: 76, domain: false, ticks: false };
    const x = { field: "middle", type: "quantitative", scale: { domain: [first - margin, last + margin], nice: false } };
    x.axis = { values: calendar(first - margin, last + margin), formatType: "day", grid: false, labelOverlap: true, labelPadding: 4 };
    const colour = { field: "measure", type: "nominal", scale: { domain: MEASURES, range: MEASURES.map((measure) => `var(--${measure})`) }, legend: null };
    const common = { color: colour, tooltip: { field: "text", type: "nominal" } };
    const spoken = { field: "spoken", type: "nominal" };
    const between = { y: { ...y, field: "low" }, y2: { field: "high" } };
    const shaped = { shape: { field: "shape", type: "nominal", scale: null }, fill: { field: "fill", type: "nominal", scale: null } };
    const spec = {
      height: 200,
      description: say("chart_timeline", { measure: name, n: items.length, first: since, last: until }),
      layer: [
        [items.filter((item) => item.long && item.value).flatMap((item) => [{ ...item, middle: item.first }, { ...item, middle: item.last }]), { type: "line", strokeWidth: 5, strokeCap: "round", opacity: 0.35, aria: false }, { detail: { field: "id", type: "nominal" } }],
        [items.filter((item) => item.bounded), { type: "rule", strokeWidth: 2, aria: false }, between],
        [items.filter((item) => item.bounded && !item.value), { type: "rule", strokeWidth: 10, opacity: 0.3 }, { ...between, description: spoken }],
        [named(items, last - first, ceiling - floor), { type: "text", fontSize: 12, aria: false, align: { expr: "datum.late ? 'right' : 'left'" }, dx: { expr: "datum.late ? -10 : 10" }, dy: -8 }, { y: { ...y, field: "height" }, text: { field: "who", type: "nominal" } }],
        [items.filter((item) => item.value), { type: "point", size: 90, strokeWidth: 2, opacity: 1 }, { ...shaped, description: spoken }],
      ]
        .filter(([values]) => values.length)
        .map(([values, mark, encoding]) => ({ data: { values }, mark: { ...mark, cursor: "pointer" }, encoding: { x, y, ...common, ...encoding } })),
    };
    return { element, place, spec: items.length ? spec : undefined };
  });
  const missing = found.length - drawn.length;
  at("undated").textContent = missing ? say("undated", { n: number(missing) }) : "";
  at("legend").replaceChildren(...["counted", "left_out", "at_least", "at_most", "span", "bounds"].map((key) => make("li", { class: key }, make("i", { "aria-hidden": "true" }), say(`legend_${key}`))));
  return ["timeline", places];
}

function totals() {
  const places = SUMMED.map((measure) => {
    const by = new Map();
    for (const deal of found.filter((one) => one.include_in_totals && one.measure === measure && worth(one) !== undefined)) by.set(who(deal), (by.get(who(deal)) ?? 0) + worth(deal));
    const all = [...by].sort(([, a], [, b]) => b - a);
    const bars = all.slice(0, BARS).map(([name, value]) => ({ name, value, label: money(value, state.currency), search: name, text: `${name}\n${exactly(value, state.currency)}` }));
    const rest = all.slice(BARS);
    const more = rest.length ? make("p", { class: "quiet" }, say("others", { n: number(rest.length), sum: money(sum(rest.map(([, value]) => value)), state.currency) })) : "";
    const [element, place, name] = panel([measure]);
    element.append(more);
    if (!bars.length) place.append(make("p", { class: "quiet" }, say("nothing")));
    const spec = {
      height: 30 * bars.length,
      data: { values: bars },
      description: say("chart_totals", { measure: name, n: all.length, top: bars[0]?.label }),
      encoding: { y: { field: "name", type: "nominal", sort: null, axis: { labelLimit: 130, labelColor: "var(--ink)", domain: false, ticks: false, labelPadding: 8 } }, x: { field: "value", type: "quantitative", axis: null, scale: { domainMin: 0, domainMax: (bars[0]?.value ?? 1) * 1.45, nice: false } }, tooltip: { field: "text", type: "nominal" } },
      layer: [
        { mark: { type: "bar", color: `var(--${measure})`, height: 18, cursor: "pointer" } },
        { mark: { type: "text", align: "left", dx: 6, fontSize: 12, color: "var(--ink)", cursor: "pointer", aria: false }, encoding: { text: { field: "label", type: "nominal" } } },
      ],
    };
    return { element, place, spec: bars.length ? spec : undefined };
  });
  return ["totals", places];
}

function charts() {
  for (const finalize of views.values()) finalize();
  views.clear();
  for (const [id, places] of [timeline(), totals()]) {
    at(id).replaceChildren(...places.map(({ element }) => element));
    for (const { place, spec } of places.filter((one) => one.spec)) {
      place.style.minHeight = `${spec.height}px`; // so that nothing jumps once it is drawn
      draw(place, spec);
    }
  }
}

// ------------------------------------------------------------------------------------------------------ putting it up

let waiting;

function render({ soon = false } = {}) {
  find();
  sums();
  table();
  clearTimeout(waiting);
  if (soon) waiting = setTimeout(charts, 200);
  else charts();
}

function update(change) {
  Object.assign(state, change);
  limit = STEP;
  writeAddress();
  controls();
  render({ soon: "q" in change });
}

/** Sets every control and every fixed word to what the state says. */
function controls() {
  document.documentElement.lang = state.lang;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  at("query").placeholder = say("search_hint");
  at("filters").setAttribute("aria-label", say("filters"));
  at("language").lang = state.lang === "en" ? "ko" : "en";
  at("facts").textContent = say("facts", { deals: number(deals.length), sources: number(Object.keys(sources).length), version });
  at("citation").textContent = say("citation", { version });
  at("currency").replaceChildren(...CURRENCIES.map((code) => make("option", { value: code }, `${currencyName(code)} ${code}`)));
  at("currency").value = state.currency;
  for (const select of document.querySelectorAll("[data-filter]")) {
    const name = select.dataset.filter;
    const values = [...CHOICES[name]].sort(name === "year" ? undefined : (a, b) => LABEL[name](a).localeCompare(LABEL[name](b), state.lang));
    if (name === "measure") values.sort((a, b) => MEASURES.indexOf(a) - MEASURES.indexOf(b));
    select.replaceChildren(make("option", { value: "" }, say("all")), ...values.map((value) => make("option", { value }, LABEL[name](value))));
    select.value = state[name];
  }
  for (const box of document.querySelectorAll("[data-check]")) box.checked = Boolean(state[box.dataset.check]);
  if (at("query").value !== state.q) at("query").value = state.q;
}

function listen() {
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("query").addEventListener("input", (event) => update({ q: event.target.value }));
  at("currency").addEventListener("change", (event) => update({ currency: event.target.value }));
  for (const select of document.querySelectorAll("[data-filter]")) select.addEventListener("change", () => update({ [select.dataset.filter]: select.value }));
  for (const box of document.querySelectorAll("[data-check]")) box.addEventListener("change", () => update({ [box.dataset.check]: box.checked ? "1" : "" }));
  at("reset").addEventListener("click", () => update(Object.fromEntries([...FILTERS, "q", "totals"].map((name) => [name, ""]))));
  at("language").addEventListener("click", () => update({ lang: state.lang === "en" ? "ko" : "en" }));
  at("theme").addEventListener("change", (event) => (document.documentElement.dataset.theme = event.target.value));
  at("skip").addEventListener("click", () => at("deals-title").focus());
  at("more").addEventListener("click", () => {
    const before = limit;
    limit += STEP;
    table();
    line(found[before].deal_id).querySelector("button").focus();
  });
  at("columns").addEventListener("click", (event) => {
    const column = event.target.closest("[data-sort]")?.dataset.sort;
    if (!column) return;
    const usual = ["date", "amount"].includes(column) ? `-${column}` : column; // the newest and the largest first
    update({ sort: state.sort !== usual ? usual : usual.startsWith("-") ? column : `-${column}` });
    document.querySelector(`[data-sort="${column}"]`).focus();
  });
  at("rows").addEventListener("click", (event) => {
    const id = event.target.closest(".deal")?.dataset.deal;
    if (id && !getSelection().toString()) toggle(id);
  });
  at("rows").addEventListener("keydown", (event) => {
    const buttons = [...at("rows").querySelectorAll(".deal button")];
    const index = buttons.indexOf(event.target);
    if (index < 0) return;
    const id = event.target.closest(".deal").dataset.deal;
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) buttons[to]?.focus();
    else if (event.key === "ArrowRight") toggle(id, true);
    else if (["ArrowLeft", "Escape"].includes(event.key)) toggle(id, false);
    else return;
    event.preventDefault();
  });
  addEventListener("hashchange", start);
  matchMedia("print").addEventListener("change", ({ matches }) => {
    limit = matches ? Infinity : STEP;
    table();
  });
}

function start() {
  readAddress();
  controls();
  render();
  for (const id of [...state.deal].slice(0, 1)) show(id);
}

listen();
start();
