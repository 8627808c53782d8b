// Draws the deals that are found with Vega-Lite: a time line and sums by organization. Stands before page.js in one script.

const BARS = 12; // organizations in a chart of sums
const CROWD = 100; // marks of a time line from which their spans are drawn fainter, and of which one bears a name
const HEIGHT = 200; // of a time line
const AXIS = 76; // room for the amounts beside it
const DAY = 864e5; // milliseconds
const SHAPES = { at_least: "triangle-up", more_than: "triangle-up", at_most: "triangle-down", less_than: "triangle-down" };
const FONT = "system-ui, -apple-system, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif";
const LINES = { gridColor: "var(--line)", domainColor: "var(--line)", tickColor: "var(--line)" };
const CONFIG = {
  font: FONT,
  background: "transparent",
  customFormatTypes: true,
  view: { stroke: null },
  axis: { aria: false, labelFont: FONT, labelFontSize: 12, labelColor: "var(--quiet)", title: null, ...LINES }, // variables of the style sheet: both colour schemes
};
const TEXT = { field: "text", type: "nominal" };
const SPOKEN = { field: "spoken", type: "nominal" };

const drawn = new Set(); // what takes each chart down again

function charts() {
  for (const finalize of drawn) finalize();
  drawn.clear();
  for (const [id, panels] of [["timeline", timeline()], ["years", byYear()], ["totals", totals()]]) {
    const some = panels.filter(Boolean);
    at(id).replaceChildren(...(some.length ? some.map(({ element }) => element) : [make("p", { class: "quiet" }, say("nothing"))]));
    for (const { place, spec } of some) if (spec) draw(place, spec);
  }
}

/** A place for a chart under its name and over its notes; nothing where there is neither chart nor note. */
function panel(measures, name, spec, ...notes) {
  if (!spec && !notes.some(Boolean)) return undefined;
  const place = make("div", { class: "chart" });
  if (spec) place.style.minHeight = `${spec.height}px`; // so that nothing jumps once it is drawn
  return { element: make("div", { class: `panel ${measures[0]}` }, make("h3", {}, name), place, notes), place, spec };
}

async function draw(place, spec) {
  const options = {
    actions: false,
    ast: true, // expressions are interpreted: the page's policy lets no text become a script
    config: CONFIG,
    defaultStyle: false,
    expressionFunctions: { money: (value) => money(value, state.currency), day: tick },
    renderer: "svg",
    tooltip: tip,
  };
  const { view, finalize } = await window.vegaEmbed(place, { autosize: { type: "fit-x", contains: "padding" }, width: "container", ...spec }, options);
  if (!place.isConnected) return finalize();
  drawn.add(finalize);
  view.addEventListener("click", (_, item) => {
    if (item?.datum?.id) show(item.datum.id);
    const { organization, year } = item?.datum ?? {};
    if (!organization && !year) return;
    update(organization ? { organization } : { year });
    at("active").scrollIntoView();
  });
}

function tip(_, event, __, text) {
  const box = at("tip");
  box.hidden = !text;
  if (!text) return;
  box.textContent = text;
  const { width, height } = box.getBoundingClientRect();
  const above = event.clientY + 16 + height > innerHeight;
  box.style.left = `${Math.max(8, Math.min(event.clientX + 12, innerWidth - width - 8))}px`;
  box.style.top = `${above ? event.clientY - height - 12 : event.clientY + 16}px`;
}

// ----------------------------------------------------------------------------------------------------- the time line

function timeline() {
  const marks = found.filter((deal) => deal.first && told(deal, state.currency)).map(mark).filter((item) => item.height > 0);
  at("undated").textContent = found.length > marks.length ? say("undated", { n: number(found.length - marks.length) }) : "";
  const keys = ["counted", "left_out", "at_least", "at_most", "span", "bounds"];
  at("legend").replaceChildren(...keys.map((key) => make("li", { class: key }, make("i", { "aria-hidden": "true" }), say(`legend_${key}`))));
  const levels = MEASURES.filter((measure) => !SUMMED.includes(measure));
  const groups = SUMMED.map((measure) => [measure]);
  if (state.levels || levels.includes(state.measure)) groups.push(levels);
  const of = (measures) => marks.filter((item) => measures.includes(item.measure));
  const days = extent(of(groups.flat()).flatMap((item) => [item.first, item.last]));
  return groups.map((measures) => {
    const name = measures.length > 1 ? say("levels_title") : meant("measure", measures[0]);
    const items = of(measures);
    const scale = of(SUMMED.includes(measures[0]) ? SUMMED : measures); // what may be added up is there to be compared
    const amounts = extent(scale.flatMap((item) => [item.low, item.value, item.high]).filter((value) => value > 0));
    return panel(measures, name, items.length ? scatter(name, items, days, amounts) : undefined);
  });
}

const extent = (values) => values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);

/** What the time line draws of a deal: a point or, where only bounds are known, a bar between them, over its days. */
function mark(deal) {
  const [first, last] = [deal.first, deal.last].map((text) => Date.parse(text));
  const [low, high] = ["amount_low", "amount_high"].map((column) => converted(deal, column));
  const value = worth(deal);
  const amount = `${told(deal, state.currency)} (${deal.amount_text})`;
  const lines = [who(deal), `${meant("kind", deal.kind)}, ${meant("status", deal.status)}`, when(deal.date_edtf), amount];
  return {
    ...{ id: deal.deal_id, who: who(deal), measure: deal.measure, text: lines.join("\n"), spoken: lines.join("; ") },
    ...{ first, last, middle: (first + last) / 2, value, low, high, height: value ?? high },
    bounded: low < high,
    fill: deal.include_in_totals ? `var(--${deal.measure})` : "var(--paper)",
    shape: SHAPES[deal.qualifier] ?? "circle",
  };
}

function scatter(name, items, [first, last], [least, most]) {
  const margin = Math.max((last - first) * 0.03, 20 * DAY);
  const [floor, ceiling] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most) + 0.02)];
  const decades = Array.from({ length: ceiling - floor + 1 }, (_, index) => 10 ** (floor + index));
  const amounts = { type: "quantitative", scale: { type: "log", domain: [decades[0], decades.at(-1)], nice: false } };
  amounts.axis = { values: decades, formatType: "money", labelOverlap: true, minExtent: AXIS, maxExtent: AXIS, domain: false, ticks: false };
  const days = { field: "middle", type: "quantitative", scale: { domain: [first - margin, last + margin], nice: false } };
  days.axis = { values: calendar(first - margin, last + margin), formatType: "day", grid: false, labelOverlap: true, labelPadding: 4 };
  const colours = { domain: MEASURES, range: MEASURES.map((measure) => `var(--${measure})`) };
  const common = { x: days, y: { field: "value", ...amounts }, color: { field: "measure", type: "nominal", scale: colours, legend: null }, tooltip: TEXT };
  const between = { y: { field: "low", ...amounts }, y2: { field: "high" } };
  const valued = items.filter((item) => item.value);
  const width = at("timeline").clientWidth - AXIS - 12;
  const size = Math.max(16, Math.min(90, (25 * width) / items.length));
  const across = (time) => ((time - first + margin) / (last - first + 2 * margin)) * width;
  const down = (amount) => HEIGHT * (1 - (Math.log10(amount) - floor) / (ceiling - floor));
  const names = named(items, across, down, width);
  const layers = [
    [
      valued.filter((item) => item.last > item.first).flatMap((item) => [item.first, item.last].map((middle) => ({ ...item, middle }))),
      { type: "line", strokeWidth: Math.sqrt(size) / 2, strokeCap: "round", opacity: items.length > CROWD ? 0.2 : 0.35, aria: false },
      { detail: { field: "id", type: "nominal" } },
    ],
    [items.filter((item) => item.bounded), { type: "rule", strokeWidth: 2, aria: false }, between],
    [items.filter((item) => item.bounded && !item.value), { type: "rule", strokeWidth: 10, opacity: 0.3 }, { ...between, description: SPOKEN }],
    ...["left", "right"].map((align) => [
      names.filter((item) => item.align === align),
      { type: "text", fontSize: 12, aria: false, align, dx: align === "right" ? -10 : 10, dy: -8 },
      { y: { field: "height", ...amounts }, text: { field: "who", type: "nominal" } },
    ]),
    [
      valued,
      { type: "point", size, strokeWidth: 2, opacity: 1 },
      { shape: { field: "shape", type: "nominal", scale: null }, fill: { field: "fill", type: "nominal", scale: null }, description: SPOKEN },
    ],
  ].filter(([values]) => values.length);
  return {
    height: HEIGHT,
    description: say("chart_timeline", { measure: name, n: number(items.length), first: tick(first), last: tick(last) }),
    layer: layers.map(([values, type, encoding]) => ({ data: { values }, mark: { ...type, cursor: "pointer" }, encoding: { ...common, ...encoding } })),
  };
}

/** The marks that bear a name, beginning with the largest: where one side has room that no name, mark, span or edge takes. */
function named(items, across, down, width) {
  const pen = make("canvas").getContext("2d");
  pen.font = `12px ${FONT}`;
  const taken = items.flatMap(({ first, last, middle, low, high, height, bounded }) => {
    const [x, y] = [across(middle), down(height)];
    const span = [across(first), y, across(last), y];
    return [[x - 5, y - 5, x + 5, y + 5], span, ...(bounded ? [[x, down(high), x, down(low)]] : [])];
  });
  const free = (box) => box[0] >= 0 && box[2] <= width && !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
  return [...items].sort((a, b) => b.height - a.height).slice(0, CROWD).flatMap((item) => {
    const [x, y, long] = [across(item.middle), down(item.height) - 8, pen.measureText(item.who).width];
    const sides = { left: [x + 7, y - 8, x + 13 + long, y + 8], right: [x - 13 - long, y - 8, x - 7, y + 8] };
    const align = Object.keys(sides).find((side) => free(sides[side]));
    if (align) taken.push(sides[align]);
    return align ? [{ ...item, align }] : [];
  });
}

/** The first days of months or years to write below a time line, about eight at most. */
function calendar(first, last) {
  const [since, until] = [first, last].map((time) => new Date(time).getUTCFullYear() * 12 + new Date(time).getUTCMonth());
  const step = [1, 2, 3, 6, 12, 24, 60, 120, 240].find((count) => (until - since) / count <= 8) ?? 1200;
  const start = Math.floor(since / step) + 1;
  return Array.from({ length: Math.floor(until / step) - start + 1 }, (_, index) => Date.UTC(0, (start + index) * step - 1900 * 12));
}

/** A month, or a year at its start. */
const tick = (time) => day(new Date(time).toISOString().slice(0, 7).replace(/-01$/, ""));

// ------------------------------------------------------------------------------------------------------ sums by year

/** Sums of what may be added up of one measure, by what a deal is put under. */
function summed(measure, under) {
  const sums = new Map();
  for (const deal of found.filter((one) => one.include_in_totals && one.measure === measure && worth(one) !== undefined)) {
    sums.set(under(deal), (sums.get(under(deal)) ?? 0) + worth(deal));
  }
  return sums;
}

function byYear() {
  return SUMMED.map((measure) => {
    const sums = summed(measure, (deal) => deal.first?.slice(0, 4));
    const undated = sums.get(undefined);
    sums.delete(undefined);
    const note = undated === undefined ? "" : make("p", { class: "quiet" }, say("without_year", { sum: money(undated, state.currency) }));
    return panel([measure], meant("measure", measure), sums.size ? columnsOf(measure, sums) : undefined, note);
  });
}

function columnsOf(measure, sums) {
  const [first, last] = extent([...sums.keys()].map(Number));
  const values = Array.from({ length: last - first + 1 }, (_, index) => String(first + index)).map((year) => {
    const value = sums.get(year);
    const short = value === undefined ? "–" : money(value, state.currency);
    return { year, value: value ?? 0, label: short, text: value && `${year}\n${exactly(value, state.currency)}`, spoken: `${year}; ${short}` };
  });
  const top = Math.max(...sums.values());
  return {
    height: 30 * values.length,
    data: { values },
    description: say("chart_years", { measure: meant("measure", measure), top: money(top, state.currency) }),
    ...sideways(measure, "year", top),
  };
}

/** Bars to the right, each under its name and with its sum behind it. */
function sideways(measure, name, top) {
  const room = 1.45; // for the label after the longest bar
  return {
    encoding: {
      x: { field: "value", type: "quantitative", axis: null, scale: { domain: [0, top * room], nice: false } },
      y: { field: name, type: "nominal", sort: null, axis: { labelLimit: Math.max(130, innerWidth / 6), labelColor: "var(--ink)", domain: false, ticks: false, labelPadding: 8 } },
      tooltip: TEXT,
    },
    layer: [
      { mark: { type: "bar", color: `var(--${measure})`, height: 18, cursor: "pointer" }, encoding: { description: SPOKEN } },
      {
        mark: { type: "text", align: "left", dx: 6, fontSize: 12, color: "var(--ink)", cursor: "pointer", aria: false },
        encoding: { text: { field: "label", type: "nominal" } },
      },
    ],
  };
}

// ---------------------------------------------------------------------------------------------- sums by organization

function totals() {
  return SUMMED.map((measure) => {
    const sums = summed(measure, organization);
    const sorted = [...sums].sort(([, a], [, b]) => b - a);
    const rest = sorted.slice(BARS).map(([, value]) => value);
    const others = rest.length ? make("p", { class: "quiet" }, say("others", { n: number(rest.length), sum: money(sum(rest), state.currency) })) : "";
    const name = meant("measure", measure);
    return panel([measure], name, sorted.length ? bars(name, measure, sorted) : undefined, others);
  });
}

function bars(name, measure, sums) {
  const values = sums.slice(0, BARS).map(([id, value]) => {
    const who = id === undefined ? say("unnamed") : label("organization", id);
    const short = money(value, state.currency);
    return { organization: id, who, value, label: short, text: `${who}\n${exactly(value, state.currency)}`, spoken: `${who}; ${short}` };
  });
  return {
    height: 30 * values.length,
    data: { values },
    description: say("chart_totals", { measure: name, n: number(sums.length), top: values[0].label }),
    ...sideways(measure, "who", sums[0][1]),
  };
}
