// Draws the journey, the moments and the weeks again from what the filters leave. Places stay; sizes, colours and words change.

const LARGEST = 17; // as in cxnlp/report/blueprint.py
const SMALLEST = 4;

const feelingClasses = Object.keys(verdicts).concat("silent", "plain");
const feel = (node, feeling) => {
  node.classList.remove(...feelingClasses);
  node.classList.add(feeling);
};

const scaled = (path, size) => path.setAttribute("transform", path.getAttribute("transform").replace(/scale\([^)]*\)/, `scale(${size.toFixed(2)})`));

const orFew = (n) => (n > 0 && n < cuts.least ? `<${cuts.least}` : whole(n));

const judged = (cell, kind) => {
  if (!cell) return { feeling: "few", text: tooFew() };
  if (kind === "internal") return { feeling: "plain", text: people(cell.people) };
  if (kind === "decision") {
    const feeling = cell.people < FEW ? "few" : leaning(net(cell.positive, cell.negative, cell.people));
    return { feeling, text: `${orFew(cell.positive)} go on · ${orFew(cell.negative)} turn away` };
  }
  if (cell.n < FEW) return { feeling: "few", text: `${cell.n} mention${cell.n === 1 ? "" : "s"}` };
  const felt = net(cell.positive, cell.negative, cell.n);
  return { feeling: leaning(felt), text: `${points(felt.at)} · ${people(cell.people)}` };
};

// Numbers of a mark; of a decision point one below the other, as in cxnlp/report/blueprint.py.
const write = (value, text, isBroken) => {
  const lines = (isBroken ? text.split(" · ") : [text]).map((line, at) => {
    const made = document.createElementNS(value.namespaceURI, "tspan");
    made.setAttribute("x", value.getAttribute("x"));
    if (at) made.setAttribute("dy", "15.5");
    made.textContent = line;
    return made;
  });
  value.replaceChildren(...lines);
};

const noButton = (drawn) => ["role", "tabindex", "data-set", "aria-haspopup", "aria-label"].forEach((gone) => drawn.removeAttribute(gone));

const redrawMark = (mark, cell, most) => {
  const kind = ["moment", "decision", "internal"].find((name) => mark.classList.contains(name));
  const { feeling, text } = judged(cell, kind);
  const size = cell ? Math.max(SMALLEST, LARGEST * Math.sqrt(cell.n / most)) : SMALLEST;
  feel(mark, feeling);
  feel(mark.querySelector(".body"), feeling);
  scaled(mark.querySelector(".body"), size);
  scaled(mark.querySelector(".ring"), size + 3);
  write(mark.querySelector(".mark-value"), signs[feeling] + text, kind === "decision");
  if (mark.querySelector(".mark-flag")?.textContent === "urgent") { // which is so over all feedback
    for (const part of mark.querySelectorAll(".flag, .mark-flag")) part.remove();
  }
  const name = [...mark.querySelectorAll(".mark-name")].map((line) => line.textContent).join(" ");
  if (!cell) noButton(mark);
  else if (mark.hasAttribute("role")) mark.setAttribute("aria-label", [name, text, verdicts[feeling]].filter(Boolean).join(", "));
};

const redrawStage = (stage, cell) => {
  const isFew = !cell || cell.n < FEW;
  const felt = isFew ? null : net(cell.positive, cell.negative, cell.n);
  const feeling = isFew ? "few" : leaning(felt);
  feel(stage, feeling);
  stage.querySelector(".stage-net").textContent = isFew ? "–" : points(felt.at);
  stage.querySelector(".stage-spread").textContent = isFew ? "" : interval(felt);
  stage.querySelector(".stage-verdict").textContent = signs[feeling] + verdicts[feeling];
  if (isFew) noButton(stage);
  else if (stage.hasAttribute("role")) {
    const name = stage.querySelector(".stage-name").textContent;
    stage.setAttribute("aria-label", [name, points(felt.at), verdicts[feeling], people(cell.people)].join(", "));
  }
};

// A number keeps its quotes where there are some to open.
const renumber = (cell, text, opens = text !== "0") => {
  const number = cell.querySelector(".num");
  if (!number) return;
  number.setAttribute("aria-label", number.getAttribute("aria-label").replace(number.textContent, text));
  number.textContent = text;
  if (!opens) delete number.dataset.set;
  number.classList.toggle("how", !number.dataset.set);
};

const block = (svg, kind, x, width) => {
  const made = document.createElementNS(svg.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ class: `f-${kind}`, x, y: 1, width, height: 14 })) made.setAttribute(name, value);
  return made;
};

const redrawBar = (svg, cell, axis) => {
  const neutral = cell.n - cell.negative - cell.positive;
  const from = axis.zero - axis.unit * (cell.negative + neutral / 2);
  const widths = [cell.negative, neutral, cell.positive].map((n) => n * axis.unit);
  const blocks = ["bad", "neutral", "good"].map((kind, at) => block(svg, kind, from + widths.slice(0, at).reduce((a, b) => a + b, 0), widths[at]));
  const line = svg.querySelector(".axis");
  line.setAttribute("d", `M${axis.zero} 0V16`);
  svg.replaceChildren(...blocks, line);
};

const redrawWhisker = (svg, felt) => {
  svg.querySelector(".span").setAttribute("d", `M${50 + 50 * felt.low} 8H${50 + 50 * felt.high}`);
  const dot = svg.querySelector(".dot");
  dot.setAttribute("d", `M${50 + 50 * felt.at} 8h.001`);
  dot.setAttribute("class", `dot ${felt.high < 0 ? "f-bad" : felt.low > 0 ? "f-good" : "f-mixed"}`);
};

const redrawMoment = (row, cell, axis) => {
  const numbers = cell ? { neg: cell.negative, neu: cell.n - cell.negative - cell.positive, pos: cell.positive, who: cell.people } : {};
  for (const side of ["neg", "neu", "pos", "who"]) {
    const place = row.querySelector(`.${side}`);
    if (cell) renumber(place, whole(numbers[side]));
    else renumber(place, side === "who" && cuts.least > 1 ? `<${cuts.least}` : "–", false);
  }
  const isFew = !cell || cell.n < FEW;
  row.classList.toggle("few", isFew);
  row.querySelector(".b svg").toggleAttribute("hidden", !cell);
  if (cell) redrawBar(row.querySelector(".b svg"), cell, axis);
  const place = row.querySelector(".net");
  if (isFew) return place.replaceChildren(element("span", "sub", "too few to judge"));
  const felt = net(cell.positive, cell.negative, cell.n);
  redrawWhisker(place.querySelector(".whisker"), felt);
  renumber(place, points(felt.at));
  place.querySelector(".ci").textContent = interval(felt);
};

// One axis for all bars; zero is never at its edge (as in cxnlp/report/figures.py).
const axisOf = (cells) => {
  const side = (name) => Math.max(0, ...cells.map((cell) => cell[name] + (cell.n - cell.negative - cell.positive) / 2));
  let [left, right] = [side("negative"), side("positive")];
  const least = 0.15 * (left + right);
  [left, right] = [Math.max(left, least), Math.max(right, least)];
  return { zero: (100 * left) / (left + right || 1), unit: 100 / (left + right || 1) };
};

const redrawChart = (chart, weeks, all, isIn) => {
  const mondays = cuts.spans.slice(3);
  const shares = mondays.map((monday) => {
    const [own, total] = [weeks?.get(monday), all?.get(monday)];
    return isIn(monday) && own && total ? Math.min(1, own.negative / total.n) : null;
  });
  const highest = Math.max(...shares.map((share) => share ?? 0)) || 1;
  chart.querySelectorAll(".columns rect").forEach((rect, at) => {
    const height = shares[at] === null ? 0 : Math.max(2, (100 * shares[at]) / highest);
    rect.setAttribute("height", height);
    rect.setAttribute("y", 100 - height);
  });
  const heard = shares.filter((share) => share !== null);
  const facts = chart.querySelector(".facts") ?? chart.appendChild(element("p", "facts"));
  facts.textContent = heard.length
    ? `Negative mentions of it, of 100 mentions: highest ${Math.round(100 * Math.max(...heard))}, ${heard.length} of ${mondays.length} weeks with enough people.`
    : "No week with enough people.";
  chart.querySelector("details")?.remove();
};
