// The counts behind the filters (cxnlp/report/slices.py): "channel,product,place" → runs of six numbers.

const cuts = JSON.parse(document.getElementById("cuts").textContent);
const filters = document.getElementById("filters");
const FEW = 5; // mentions from which something is concluded, as on the rest of the page
const STRONG = 0.5;

const choice = (name) => (filters && filters.elements[name] ? filters.elements[name].value : name === "span" ? "all" : "");
const isFiltered = () => choice("channel") !== "" || choice("product") !== "" || choice("place") !== "" || choice("span") !== "all";

// activity → span → { n, people, negative, positive } of what is chosen; what is missing is of too few people.
const counted = () => {
  const run = cuts.cells[["channel", "product", "place"].map(choice).join(",")] ?? [];
  const found = new Map();
  for (let at = 0; at < run.length; at += 6) {
    const [activity, span, n, people, negative, positive] = run.slice(at, at + 6);
    const name = cuts.activities[activity];
    if (!found.has(name)) found.set(name, new Map());
    found.get(name).set(cuts.spans[span], { n, people, negative, positive });
  }
  return found;
};

// Net sentiment with its 95 % interval, by the formula of the warehouse's net_low and net_high (Bonett & Price 2012).
const net = (positive, negative, n) => {
  const middle = (positive - negative) / (n + 2);
  const half = 1.959963984540054 * Math.sqrt(((positive + negative + 2) / (n + 2) - middle * middle) / (n + 2));
  return { at: (positive - negative) / n, low: Math.max(-1, middle - half), high: Math.min(1, middle + half) };
};

const leaning = ({ at, low, high }) => {
  if (high < 0) return at <= -STRONG ? "very-bad" : "bad";
  if (low > 0) return at >= STRONG ? "very-good" : "good";
  return "mixed";
};

const signs = { "very-bad": "▼ ", bad: "▼ ", mixed: "", good: "▲ ", "very-good": "▲ ", few: "", plain: "" };
const verdicts = { "very-bad": "needs improvement", bad: "needs improvement", mixed: "mixed", good: "works well", "very-good": "works well", few: "too few to judge" };

const whole = (number) => number.toLocaleString("en-GB").replace("-", "\u2212");
const points = (value) => {
  const rounded = Math.round(100 * value) || 0;
  return `${rounded > 0 ? "+" : ""}${whole(rounded)}`;
};
const interval = ({ low, high }) => `${points(low)} to ${points(high)}`;
const people = (n) => `${whole(n)} ${n === 1 ? "person" : "people"}`;
const tooFew = () => (cuts.least > 1 ? `<${cuts.least} people` : "nobody spoke of it");

const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

const condition = (column, value, known) => {
  if (value === "") return "";
  if (value === "-2") return `\n  AND ${column} IS NULL`;
  if (value === "-1") return `\n  AND ${column} NOT IN (${known.map(quoted).join(", ") || "''"})`;
  return `\n  AND ${column} = ${quoted(known[Number(value)])}`;
};

const weeksSql = { all: "", later: ` >= DATE '${cuts.recentFrom}'`, earlier: ` < DATE '${cuts.recentFrom}'` };

// What is chosen, in words, as a condition, and as a test of one quote.
const chosen = () => {
  const [channel, product, place, span] = ["channel", "product", "place", "span"].map(choice);
  const words = [...filters.querySelectorAll("select")]
    .filter((select) => select.selectedIndex > 0)
    .map((select) => {
      const option = select.selectedOptions[0].textContent;
      return select.value.startsWith("-") ? `${select.name}: ${option.toLowerCase()}` : option;
    });
  const isIn = (week) => span === "all" || (week >= cuts.recentFrom) === (span === "later");
  return {
    words: words.join(", "),
    sql: (channel && `\n  AND channel = ${quoted(channel)}`) + condition("product", product, cuts.products)
      + condition("location", place, cuts.places) + (weeksSql[span] && `\n  AND week${weeksSql[span]}`),
    holds: (quote) => (channel === "" || quote[4] === channel) && (product === "" || quote[5] === Number(product))
      && (place === "" || quote[6] === Number(place)) && isIn(quote[7]),
  };
};
