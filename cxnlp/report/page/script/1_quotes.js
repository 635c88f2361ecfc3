"use strict";
// Numbers open their quotes and their SQL. The files of this folder are one script, in the order of their names.

const book = JSON.parse(document.getElementById("book").textContent);
const dialog = document.querySelector("dialog");
const [title, count, list, sql, question, how] = ["title", "count", "list", "sql", "question", "how"].map((part) => document.getElementById(`quotes-${part}`));
const feelings = { "-2": "very bad", "-1": "bad", 0: "neutral", 1: "good", 2: "very good" };

// `cxnlp serve` says so on the page that it serves; then numbers and quotes lead on to its pages.
const isServed = document.body.hasAttribute("data-served");

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text; // never innerHTML: customers write what they like
  return made;
};

const link = (url, words) => {
  const made = element("a", "", words);
  made.href = url;
  return made;
};

// Where a set of quotes is told about in the live view, by its key (cxnlp/report/quotes.py).
const leadsTo = (key) => {
  const [kind, of] = key.split(":");
  if (kind === "moment") return link(`/moments/${encodeURIComponent(of)}`, "All about this moment");
  if (kind === "item") return link(`/backlog/${encodeURIComponent(of)}`, "The item: what happened to it, and what to do next");
  return kind === "alert" ? link("/alerts", "All early warnings") : null;
};

const quotation = ([text, feeling, source, mention]) => {
  const item = element("li");
  const quote = element("blockquote", "quote");
  const words = element("p", "", text);
  words.dir = "auto";
  const origin = element("div", "source");
  origin.append(
    element("span", `feeling f-${feelings[feeling].replace(" ", "-")}`, feelings[feeling]),
    element("bdi", "", source),
    isServed ? link(`/evidence/${encodeURIComponent(mention)}`, "in its context") : element("code", "", mention),
  );
  quote.append(words, origin);
  item.append(quote);
  return item;
};

// `among`: what filters leave of the quotes; null where a number stands for all of them.
const openQuotes = (set, among) => {
  const places = among ? set.q.filter((place) => among.holds(book.quotes[place])) : set.q;
  const shown = places.length;
  title.textContent = set.t;
  if (among) {
    count.textContent = `${shown || "None"} of the quotes that this file holds, of: ${among.words}`;
  } else {
    const unit = set.u ?? "mentions";
    count.textContent = shown < set.n ? `${shown} of ${set.n} ${unit}, the strongest` : `${shown} ${shown === 1 && !set.u ? "mention" : unit}`;
  }
  list.replaceChildren(...places.map((place) => quotation(book.quotes[place])));
  sql.textContent = `SELECT occurred_on, channel, quote, context\n${book.sql}\n  AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'\n  AND ${set.w}${among ? among.sql : ""}`;
};

// The query of the nearest data-answer; filters narrow the weeks that it reads.
const openQuery = (node, among) => {
  const shown = document.querySelector(`details[data-of="${node.closest("[data-answer]").dataset.answer}"]`);
  const query = shown.querySelector("code").textContent;
  question.textContent = shown.querySelector("p").textContent;
  how.textContent = among ? query.replace(/BETWEEN DATE '[^']+' AND DATE '[^']+'/, (weeks) => `${weeks}${among.sql}`) : query;
};

const openFrom = (node) => {
  const among = node.closest("#cut") && isFiltered() ? chosen() : null;
  const set = book.sets[node.dataset.set];
  const way = isServed && set ? leadsTo(node.dataset.set) : null;
  if (set) {
    openQuotes(set, among);
    if (way) count.append(" · ", way);
  } else {
    title.textContent = node.getAttribute("aria-label").slice(node.textContent.length + 2);
    count.textContent = node.textContent;
    list.replaceChildren();
  }
  openQuery(node, among);
  sql.closest("details").hidden = !set;
  how.closest("details").open = !set;
  dialog.showModal();
  dialog.querySelector(".sheet").scrollTop = 0;
};

if (isServed) {
  for (const row of document.querySelectorAll(".backlog tbody tr")) {
    const way = link(`/backlog/${encodeURIComponent(row.id)}`, "decide");
    way.className = "sub";
    way.setAttribute("aria-label", `Decide on ${row.querySelector(".title").textContent.trim()}`);
    row.querySelector(".state").parentElement.append(way);
  }
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-set], .num");
  if (opener) openFrom(opener);
  else if (event.target === dialog || event.target.closest(".close")) dialog.close();
});

// Marks of the map are drawn, so the keyboard has to be told that they are buttons.
document.addEventListener("keydown", (event) => {
  const mark = event.target.closest("g[data-set]");
  if (!mark || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  openFrom(mark);
});
