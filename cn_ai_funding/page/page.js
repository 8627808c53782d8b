// Shows the tables in #data. All that they hold reaches the page as text nodes and attributes, never as markup.

const { deals, sources, words, meanings, columns, far, version, day: released, formula, measures: MEASURES, summed: SUMMED } = JSON.parse(document.getElementById("data").textContent);
const CURRENCIES = ["USD", "CNY", "KRW"];
const FILTERS = ["organization", "measure", "kind", "status", "year", "country", "confidence", "review"];
const LEVELS = [0.9, 0.8, 0.7, 0.6, 0.5]; // of confidence, to filter from
const COLUMNS = ["organization", "kind", "date", "as_written", "amount", "source"];
const SORTS = COLUMNS.filter((column) => column !== "as_written");
const FIRST = 20; // rows at first: the charts stand below them
const STEP = 100; // further rows drawn at once
const SIGNS = { about: "≈", at_least: "≥", more_than: ">", at_most: "≤", less_than: "<" };
const DEFAULTS = { lang: navigator.language.startsWith("ko") ? "ko" : "en", currency: "USD", sort: "-date", q: "", totals: "", levels: "" };
for (const name of FILTERS) DEFAULTS[name] = "";

let state; // what the address says after #: DEFAULTS, and `deal`, the set of open deals
let found = []; // the deals that the filters leave, in order
let limit = FIRST;

const at = (id) => document.getElementById(id);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const folded = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, "");

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.flat(2).filter((child) => child !== undefined && child !== ""));
  return element;
}

function link(url, text) {
  const safe = URL.canParse(url ?? "") && ["http:", "https:"].includes(new URL(url).protocol);
  return safe ? make("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : make("span", {}, text);
}

// ------------------------------------------------------------------------------------------------ words and numbers

const say = (key, filled = {}) => words.ui[key][state.lang].replace(/\{(\w+)\}/g, (_, name) => filled[name]);
const meant = (list, value) => words.value[list]?.[value]?.[state.lang] ?? value;
const fieldName = (field) => words.field[field]?.[state.lang] ?? field;
const joined = (between, ...parts) => parts.filter(Boolean).join(between);
const meaning = (list, value) => (state.lang === "en" ? meanings[list]?.[value] : undefined);
const number = (value, digits = 2) => new Intl.NumberFormat(state.lang, { maximumFractionDigits: digits }).format(value);
const significant = (value) => new Intl.NumberFormat(state.lang, { maximumSignificantDigits: 4 }).format(value);
const country = (code) => standardName("region", /^[A-Z]{2}$/, code);
const currencyName = (code) => words.currency[code]?.[state.lang] ?? standardName("currency", /^[A-Z]{3}$/, code);

/** The browser's name of an ISO code; what is no code stays as it is. */
function standardName(type, form, code) {
  return form.test(code) ? new Intl.DisplayNames(state.lang, { type, fallback: "code" }).of(code) : code;
}

function symbol(currency) {
  const parts = new Intl.NumberFormat("en", { style: "currency", currency }).formatToParts(0);
  return parts.find((part) => part.type === "currency").value.replace(/([A-Z])$/, "$1 ");
}

/** An amount as people say it: $153.5bn, 1,535억 달러. Four significant digits. */
function money(value, currency) {
  if (!currency) return significant(value);
  if (value < 0) return `−${money(-value, currency)}`;
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
  const parts = text.split("-").length;
  const options = { year: "numeric", month: parts > 1 ? "short" : undefined, day: parts > 2 ? "numeric" : undefined };
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
  const names = [deal.organization_en, deal.organization_ko, deal.organization_zh, deal.aliases, deal.counterparties, deal.date_edtf];
  deal.names = names.slice(0, 4).filter(Boolean).flatMap((text) => text.split(/\s*\|\s*/)).map(folded);
  const cited = deal.mentions.flatMap((mention) => [mention.exact, ...["publisher", "title", "author"].map((name) => sources[mention.source_id][name])]);
  const labels = ["kind", "measure", "status"].flatMap((list) => Object.values(words.value[list][deal[list]] ?? {}));
  const others = deal.parties.flatMap((party) => [party.name, party.listed]);
  deal.text = folded([...names, ...others, deal.round, deal.amount_text, deal.quote, ...cited, ...labels].filter(Boolean).join("\n"));
}

const years = (deal) => {
  const [first, last] = [deal.first, deal.last].map((text) => Number(text?.slice(0, 4)));
  return first ? Array.from({ length: Math.min(last - first, 100) + 1 }, (_, index) => String(first + index)) : [];
};
const organization = (deal) => deal.organization_id ?? deal.organization_ko;
const OF = {
  organization: (deal) => [organization(deal)].filter(Boolean),
  measure: (deal) => [deal.measure],
  kind: (deal) => [deal.kind],
  status: (deal) => [deal.status],
  year: years,
  country: (deal) => [deal.organization_country].filter(Boolean),
  confidence: (deal) => LEVELS.filter((level) => deal.confidence >= level).map(String),
  review: (deal) => [deal.review],
};
const CHOICES = Object.fromEntries(FILTERS.map((name) => [name, [...new Set(deals.flatMap(OF[name]))]]));
const organizations = new Map(deals.map((deal) => [organization(deal), deal]));
const LABELS = {
  organization: (value) => (organizations.has(value) ? who(organizations.get(value)) : value),
  year: (value) => value,
  country,
  confidence: (value) => say("confidence_from", { n: number(value * 100) }),
};
/** The id of the organization that a text names in any language, else the text: a part of names to look for. */
const identified = (text) => [...organizations].find(([, deal]) => deal.names.includes(folded(text)))?.[0] ?? text.trim();
const chosen = (deal, name) => {
  if (name !== "organization" || organizations.has(state[name])) return OF[name](deal).includes(state[name]);
  return deal.names.some((text) => text.includes(folded(state[name])));
};
const label = (name, value) => LABELS[name]?.(value) ?? meant(name, value);
const ORDER = {
  organization: (deal) => who(deal),
  kind: (deal) => meant("kind", deal.kind),
  date: (deal) => deal.first,
  amount: (deal) => worth(deal) ?? converted(deal, "amount_low"),
  source: (deal) => sources[deal.source_id].publisher,
};

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  state = { deal: new Set(given.getAll("deal").filter((id) => byId.has(id))) };
  for (const [name, usual] of Object.entries(DEFAULTS)) state[name] = given.get(name) ?? usual;
  if (!["en", "ko"].includes(state.lang)) state.lang = DEFAULTS.lang;
  for (const name of ["totals", "levels"]) if (state[name] !== "1") state[name] = "";
  if (!CURRENCIES.includes(state.currency)) state.currency = DEFAULTS.currency;
  for (const name of FILTERS) if (name !== "organization" && !CHOICES[name].includes(state[name])) state[name] = "";
  if (!SORTS.includes(state.sort.replace(/^-/, ""))) state.sort = DEFAULTS.sort;
}

function writeAddress() {
  const pairs = Object.entries(state).filter(([name, value]) => name === "lang" || (name !== "deal" && value && value !== DEFAULTS[name]));
  const address = new URLSearchParams([...pairs, ...[...state.deal].map((id) => ["deal", id])]);
  history.replaceState(null, "", `#${address}`);
}

function find() {
  const wanted = state.q.split(/\s+/).map(folded).filter(Boolean);
  const whole = folded(state.q); // a name may be written apart: 포스 패러다임
  const key = ORDER[state.sort.replace(/^-/, "")];
  const down = state.sort.startsWith("-") ? -1 : 1;
  const compare = new Intl.Collator(state.lang, { numeric: true }).compare;
  found = deals
    .filter((deal) => FILTERS.every((name) => !state[name] || chosen(deal, name)))
    .filter((deal) => !state.totals || deal.include_in_totals)
    .filter((deal) => deal.text.includes(whole) || wanted.every((word) => deal.text.includes(word)))
    .map((deal) => [key(deal), deal])
    .sort(([a], [b]) => {
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
      return down * (typeof a === "number" ? a - b : compare(a, b));
    })
    .map(([, deal]) => deal);
}

/** What is chosen, in words: for paper, and for the names of files. */
function active() {
  const pairs = FILTERS.filter((name) => state[name]).map((name) => [say(name), label(name, state[name])]);
  if (state.q) pairs.unshift([say("search"), state.q]);
  return [...pairs.map(([name, value]) => say("pair", { name, value })), ...(state.totals ? [say("totals_only")] : [])];
}

// --------------------------------------------------------------------------------------- what is taken out of the page

/** The deals that are found as CSV, under the names of the tables' columns; no cell runs as a formula. */
function csv() {
  const starts = new RegExp(formula, "g");
  const written = Object.keys(columns).filter((name) => deals.some((deal) => deal[name] !== undefined));
  const ofSource = ["publisher", "title", "url", "published", "extent"];
  const cell = (value) => {
    if (value === undefined) return "";
    const text = typeof value === "string" ? value.replace(starts, "'") : String(value).toUpperCase();
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const rows = found.map((deal) => [...written.map((name) => deal[name]), ...ofSource.map((name) => sources[deal.source_id][name])]);
  return `\ufeff${[[...written, ...ofSource], ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

function download() {
  const parts = ["cn-ai-funding", version, ...FILTERS.filter((name) => state[name]).map((name) => label(name, state[name])), state.q, state.totals && say("totals_only")];
  const name = parts.filter(Boolean).join(" ").replace(/[^\p{L}\p{N}.]+/gu, "-").slice(0, 100).replace(/[-.]+$/, "");
  const url = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  make("a", { href: url, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 6e4);
}

const citation = () => say("citation", { version, day: released });

function addressOf(deal) {
  return `${location.href.split("#")[0]}#${new URLSearchParams({ lang: state.lang, deal: deal.deal_id })}`;
}

/** A figure as a reference: who, what, how much, when; the article; the dataset. */
function cited(deal) {
  const { publisher, title, author, url, published } = sources[deal.source_id];
  const converted = deal.currency === state.currency ? undefined : told(deal, state.currency, exactly);
  const amount = joined(" ", deal.amount_text, converted && `(${converted})`);
  const figure = [who(deal), meant("kind", deal.kind), meant("status", deal.status), amount, when(deal.date_edtf)].join(", ");
  const article = joined(", ", author !== publisher && author, title ?? say("untitled"), publisher, published ? day(published) : say("unpublished"), url ?? say("no_url"));
  return `${figure}. ${article} [${deal.mention_id}]. ${say("in_dataset", { citation: citation() })}`;
}

function copies(deal) {
  const told = make("span", { role: "status", class: "quiet" });
  const button = (key, text) => {
    const made = make("button", { type: "button", class: key }, say(key));
    made.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text());
        told.textContent = say("copied");
      } catch {
        told.textContent = `${say("not_copied")} ${text()}`;
      }
    });
    return made;
  };
  return make("p", { class: "copy" }, button("copy_link", () => addressOf(deal)), button("copy_citation", () => cited(deal)), told);
}

// -------------------------------------------------------------------------------------------------------- the table

function header() {
  at("columns").replaceChildren(
    ...COLUMNS.map((column) => {
      const sorted = state.sort.replace(/^-/, "") === column;
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
  const cell = (column, ...children) => make("td", { role: "cell", class: column }, ...children);
  const other = who(deal, state.lang === "en" ? "ko" : "en");
  const second = other === who(deal) ? "" : make("span", { class: "quiet", lang: state.lang === "en" ? "ko" : "en" }, other);
  const button = make("button", { type: "button", "aria-expanded": open, "aria-controls": detailId(deal) }, make("span", {}, who(deal)));
  const tag = make("span", { class: `tag ${deal.measure}`, title: meaning("kind", deal.kind) }, meant("kind", deal.kind));
  const reason = deal.include_in_totals ? "" : make("small", {}, say("not_summed", { reason: meant("exclude_reason", deal.exclude_reason) }));
  const value = told(deal, state.currency);
  const publisher = sources[deal.source_id].publisher;
  const line = make(
    "tr",
    { role: "row", "data-deal": deal.deal_id, class: deal.include_in_totals ? "deal" : "deal uncounted" },
    cell("organization", button, second),
    cell("kind", tag, make("small", {}, meant("status", deal.status))),
    cell("date", when(deal.date_edtf)),
    cell("as_written", make("span", { lang: "ko" }, deal.amount_text)),
    cell("amount", make("b", { title: told(deal, state.currency, exactly) }, value ?? "–"), reason),
    cell("source", deal.n_sources > 1 ? say("sources_more", { publisher, n: deal.n_sources - 1 }) : publisher, certainty(deal)),
  );
  return open ? [line, detail(deal)] : [line];
}

/** How sure a figure is, whether somebody has looked at it, and whether a check found something odd. */
function certainty(deal) {
  const seen = deal.review === "machine" ? "" : meant("review", deal.review);
  const sure = joined(" · ", say("sure", { n: number(deal.confidence * 100, 0) }), deal.doubt && say("doubt"));
  return [sure, seen].filter(Boolean).map((text) => make("small", {}, text));
}

function table() {
  header();
  at("rows").replaceChildren(...found.slice(0, limit).flatMap(row));
  at("deals").hidden = !found.length;
  at("none").hidden = found.length > 0;
  at("more").hidden = found.length <= limit;
  at("more").textContent = say("more", { n: number(Math.max(0, Math.min(STEP, found.length - limit))) });
  at("shown").textContent = say("shown", { n: number(found.length), all: number(deals.length) });
  at("download").textContent = say("download", { n: number(found.length) });
  at("download").disabled = !found.length;
}

const line = (id) => [...at("rows").children].find((element) => element.dataset.deal === id);
const detailId = (deal) => `detail ${deal.deal_id}`.replace(/\s/g, "-");
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
  at("tip").hidden = true;
  const button = line(id).querySelector("button");
  button.focus({ preventScroll: true });
  button.scrollIntoView();
}

// ---------------------------------------------------------------------------------------------------- a deal, opened

function detail(deal) {
  const body = make("div", { class: "body" }, copies(deal), facts(deal), conversions(deal), citations(deal));
  return make("tr", { role: "row", class: "detail", id: detailId(deal) }, make("td", { role: "cell", colspan: COLUMNS.length }, body));
}

function facts(deal) {
  const [low, high] = [deal.amount_low, deal.amount_high].map((value) => value !== undefined && exactly(value, deal.currency));
  const names = new Set([who(deal, "en"), who(deal, "ko"), deal.organization_zh].filter(Boolean));
  const period = deal.period_start || deal.period_end ? when(`${deal.period_start ?? ".."}/${deal.period_end ?? ".."}`) : "";
  const written = joined(", ", meant("qualifier", deal.qualifier), deal.currency_inferred && say("inferred", { currency: currencyName(deal.currency) }));
  const others = (deal.conflict ?? "").split(" | ").filter(Boolean).map((other) => other.split(/ (.*)/));
  const differing = others.map(([cited, amount]) => `${amount} (${sources[cited.split(":")[0]]?.publisher ?? cited})`).join(", ");
  const doubts = (deal.doubt ?? "").split(" | ").filter(Boolean);
  const party = ({ name, listed, role }) => `${[...new Set([name, ...listed.split(" | ")])].filter(Boolean).join(" · ")} (${meant("party_role", role)})`;
  const list = [
    ["organization", [...names].join(" · ")],
    ["measure", meant("measure", deal.measure), meaning("measure", deal.measure)],
    ["status", meant("status", deal.status), meaning("status", deal.status)],
    ["date", `${when(deal.date_edtf)} (${meant("date_basis", deal.date_basis)})`, meaning("date_basis", deal.date_basis)],
    ["period", joined(", ", period, deal.period_years && say("years", { n: number(deal.period_years) }))],
    ["round", deal.round],
    ["parties", deal.parties.map(party).join(", ") || deal.counterparties?.split(" | ").join(", ")],
    ["as_written", `${deal.amount_text} (${written})`, meaning("qualifier", deal.qualifier)],
    ["bounds", deal.qualifier === "exact" ? "" : low && high ? `${low} – ${high}` : low ? say("bound_low", { low }) : high && say("bound_high", { high })],
    ["in_totals", deal.include_in_totals ? say("yes") : say("no", { reason: meant("exclude_reason", deal.exclude_reason) })],
    ["conflict", differing && say("conflict_note", { list: differing })],
    ["confidence", say("sure", { n: number(deal.confidence * 100, 0) })],
    ["doubt", doubts.map((doubt) => meant("doubt", doubt)).join("; "), joined("; ", ...doubts.map((doubt) => meaning("doubt", doubt)))],
    ["review", meant("review", deal.review), meaning("review", deal.review)],
  ].filter(([, value]) => value);
  const pairs = list.map(([key, value, title]) => make("div", {}, make("dt", { title: columns[key]?.[state.lang] }, say(key)), make("dd", { title }, value)));
  return make("section", {}, make("h3", {}, say("about_figure")), make("dl", {}, pairs));
}

/** Our conversion into each currency, with its rate, and what the publisher makes of the same amount. */
function conversions(deal) {
  const heads = ["conversion", "rate", "publisher_own"];
  const off = deal.stated_deviation_pct;
  const apart = off === undefined ? "" : off ? say(off > 0 ? "above" : "below", { n: number(Math.abs(off)) }) : say("same");
  const lines = [...new Set([deal.currency, ...CURRENCIES, deal.stated_currency].filter(Boolean))].map((currency) => {
    const key = currency.toLowerCase();
    const own = currency === deal.currency ? { [`amount_${key}`]: deal.amount, [`rate_${key}`]: 1 } : {};
    const rate = deal[`rate_${key}`];
    const written = rate === undefined ? "–" : number(rate, rate < 1 ? 8 : 4);
    const stated = currency === deal.stated_currency && deal.stated_amount !== undefined;
    const cells = [
      [told({ ...deal, ...own }, currency, exactly) ?? "–"],
      [currency === deal.currency ? say("original") : written],
      stated ? [exactly(deal.stated_amount, currency), make("small", { class: Math.abs(off) >= far ? "far" : undefined }, apart)] : [],
    ];
    const named = make("th", { scope: "row" }, currencyName(currency));
    return make("tr", {}, named, cells.map((cell, index) => make("td", { "data-label": say(heads[index]) }, cell)));
  });
  const days = [...new Set([deal.rate_from, deal.rate_to].filter(Boolean))].map(day).join(" – ");
  const method = meant("rate_method", deal.rate_method);
  const note = make("p", { class: "quiet", title: meaning("rate_method", deal.rate_method) }, days ? say("rate_note", { method, days }) : `${method}.`);
  const head = make("thead", {}, make("tr", {}, make("td"), heads.map((key) => make("th", { scope: "col" }, say(key)))));
  return make("section", {}, make("h3", {}, say("conversions")), make("table", {}, head, make("tbody", {}, lines)), note);
}

function citations(deal) {
  const exact = new Map(deal.mentions.map((mention) => [mention.mention_id, mention.exact]));
  const items = deal.mentions.map((mention) => {
    const { publisher, title, author, url, published, language, extent } = sources[mention.source_id];
    const credit = joined(" · ", publisher, author !== publisher && author, published ? day(published) : say("unpublished"), extent === "excerpt" && say("excerpt"));
    const named = make("span", { lang: title && language }, link(url, title ?? say("untitled")));
    const where = make("p", { class: "quiet" }, named, ` · ${credit}${url ? "" : ` · ${say("no_url")}`} · `, make("code", {}, mention.mention_id));
    const again = mention.restates && make("p", { class: "again" }, `↳ ${say("restates", { exact: exact.get(mention.restates) ?? mention.restates })}`);
    const passage = make("blockquote", { lang: "ko" }, mention.passage.map(([text, ...fields]) => piece(text, fields)));
    return make("li", { class: again && "restated" }, again, passage, where);
  });
  return make("section", {}, make("h3", {}, say("citations")), make("p", { class: "quiet" }, say("citations_note")), make("ol", {}, items));
}

/** A piece of a passage: evidence under the names of its fields; what is masked is not read out. */
function piece(text, fields) {
  const [, before, inner, after] = text.match(/^(\s*)(.*?)(\s*)$/s);
  if (!fields.length || !inner) return masked(text);
  const names = fields.map((field) => fieldName(field)).join(" · ");
  return [before, make("span", { class: `evidence ${fields[0]}` }, make("small", { lang: state.lang }, names), make("mark", {}, masked(inner))), after];
}

function masked(text) {
  const hidden = (drawn) => make("span", { class: "mask", "aria-hidden": "true" }, drawn);
  const parts = text.split(/(░[░\s]*░|░|\s*\n\s*)/);
  return parts.map((part) => (part.includes("░") ? hidden(part.replace(/\s+/g, " ")) : part.includes("\n") ? hidden(" ¶ ") : part));
}

// --------------------------------------------------------------------------------------------------------- the sums

function sums() {
  const counted = found.filter((deal) => deal.include_in_totals);
  const cards = SUMMED.map((measure) => {
    const parts = counted.filter((deal) => deal.measure === measure && worth(deal) !== undefined);
    const values = parts.map((deal) => worth(deal));
    const total = sum(values);
    const vague = parts.filter((deal) => deal.qualifier !== "exact").length;
    const size = say(["sum_of_none", "sum_of_one"][values.length] ?? "sum_of", { n: number(values.length) });
    const count = joined(", ", size, vague && say("vague", { n: number(vague) }));
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
    const reason = deal.include_in_totals ? undefined : meant("exclude_reason", deal.exclude_reason);
    if (reason) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const list = [...reasons].map(([reason, count]) => `${reason} (${number(count)})`).join(", ");
  at("left-out").textContent = joined(" ", say("sum_note"), list && say("left_out", { list }));
}

// ------------------------------------------------------------------------------------------------------ putting it up

let waiting;

function render({ soon = false } = {}) {
  find();
  const told = active();
  document.title = joined(" – ", say("title"), told.join(", "));
  at("active").querySelector("p").textContent = say("active", { list: told.join("; ") });
  at("active").hidden = !told.length;
  sums();
  table();
  clearTimeout(waiting);
  const rest = () => {
    writeAddress(); // browsers allow no change of it at every key
    charts();
  };
  if (soon) waiting = setTimeout(rest, 200);
  else rest();
}

function update(change) {
  Object.assign(state, change);
  limit = FIRST;
  controls();
  render({ soon: "q" in change || "organization" in change });
}

/** Sets every control and every fixed word to what the state says. */
function controls() {
  document.documentElement.lang = state.lang;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = say(element.dataset.hint);
  at("filters").setAttribute("aria-label", say("filters"));
  at("language").lang = state.lang === "en" ? "ko" : "en";
  at("facts").textContent = say("facts", { deals: number(deals.length), sources: number(Object.keys(sources).length), version });
  at("citation").textContent = citation();
  at("currency").replaceChildren(...CURRENCIES.map((code) => make("option", { value: code }, `${currencyName(code)} ${code}`)));
  at("currency").value = state.currency;
  const all = [...organizations.keys()].filter(Boolean).map((id) => label("organization", id));
  at("organizations").replaceChildren(...all.sort((a, b) => a.localeCompare(b, state.lang)).map((value) => make("option", { value })));
  const box = at("organization");
  if (box !== document.activeElement || !state.organization) box.value = state.organization && label("organization", state.organization);
  for (const select of document.querySelectorAll("select[data-filter]")) {
    const name = select.dataset.filter;
    const values = [...CHOICES[name]].sort((a, b) => label(name, a).localeCompare(label(name, b), state.lang));
    if (name === "confidence") values.sort((a, b) => a - b);
    if (name === "measure") values.sort((a, b) => MEASURES.indexOf(a) - MEASURES.indexOf(b));
    select.replaceChildren(make("option", { value: "" }, say("all")), ...values.map((value) => make("option", { value }, label(name, value))));
    select.value = state[name];
  }
  for (const box of document.querySelectorAll("[data-check]")) box.checked = Boolean(state[box.dataset.check]);
  if (at("query").value !== state.q) at("query").value = state.q;
}

function listen() {
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("query").addEventListener("input", (event) => update({ q: event.target.value }));
  at("currency").addEventListener("change", (event) => update({ currency: event.target.value }));
  at("organization").addEventListener("input", (event) => update({ organization: identified(event.target.value) }));
  at("download").addEventListener("click", download);
  at("filters").addEventListener("change", ({ target }) => target.matches("select[data-filter]") && update({ [target.dataset.filter]: target.value }));
  for (const box of document.querySelectorAll("[data-check]")) {
    box.addEventListener("change", () => update({ [box.dataset.check]: box.checked ? "1" : "" }));
  }
  at("reset").addEventListener("click", () => {
    update(Object.fromEntries([...FILTERS, "q", "totals"].map((name) => [name, ""])));
    at("query").focus(); // the button is gone
  });
  at("language").addEventListener("click", () => update({ lang: state.lang === "en" ? "ko" : "en" }));
  at("theme").addEventListener("change", (event) => (document.documentElement.dataset.theme = event.target.value));
  document.querySelector("nav").addEventListener("click", ({ target }) => at(target.dataset.to)?.focus());
  const narrow = matchMedia("screen and (max-width: 1000px)");
  const fold = () => (at("further").open = !narrow.matches);
  narrow.addEventListener("change", () => {
    fold();
    charts();
  });
  fold();
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
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return; // the browser's own
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
  let onScreen; // the limit while all is printed
  const printing = (begins) => {
    if (begins === (onScreen !== undefined)) return;
    const focused = document.activeElement.closest(".deal")?.dataset.deal;
    [limit, onScreen] = begins ? [Infinity, limit] : [onScreen, undefined];
    table();
    if (focused) line(focused)?.querySelector("button").focus({ preventScroll: true });
  };
  addEventListener("beforeprint", () => printing(true));
  addEventListener("afterprint", () => printing(false));
  matchMedia("print").addEventListener("change", ({ matches }) => printing(matches)); // a preview has no print events
}

function start() {
  readAddress();
  controls();
  render();
  for (const id of [...state.deal].slice(0, 1)) show(id);
}

listen();
start();
