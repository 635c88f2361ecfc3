"use strict";
// Numbers open their quotes. The files of this folder are one script, in the order of their names.

const book = JSON.parse(document.getElementById("book").textContent);
const dialog = document.querySelector("dialog");
const [title, count, list, sql] = ["title", "count", "list", "sql"].map((part) => document.getElementById(`quotes-${part}`));
const feelings = { "-2": "very bad", "-1": "bad", 0: "neutral", 1: "good", 2: "very good" };

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text; // never innerHTML: customers write what they like
  return made;
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
    element("code", "", mention),
  );
  quote.append(words, origin);
  item.append(quote);
  return item;
};

// `among`: what filters leave of the quotes; null where a number stands for all of them.
const open = (key, among) => {
  const set = book.sets[key];
  if (!set) return;
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
  dialog.showModal();
  dialog.querySelector(".sheet").scrollTop = 0;
};

const openFrom = (node) => open(node.dataset.set, node.closest("#cut") && isFiltered() ? chosen() : null);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-set]");
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
