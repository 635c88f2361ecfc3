"use strict";
(() => {
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

  const open = (key) => {
    const set = book.sets[key];
    if (!set) return;
    title.textContent = set.t;
    const shown = set.q.length;
    count.textContent = shown < set.n ? `${shown} of ${set.n} mentions, the strongest` : `${shown} mention${shown === 1 ? "" : "s"}`;
    list.replaceChildren(...set.q.map((place) => quotation(book.quotes[place])));
    sql.textContent = `SELECT occurred_on, channel, quote, context\n${book.sql}\n  AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'\n  AND ${set.w}`;
    dialog.showModal();
    dialog.querySelector(".sheet").scrollTop = 0;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-set]");
    if (button) open(button.dataset.set);
    else if (event.target === dialog || event.target.closest(".close")) dialog.close();
  });

  // On paper nothing can be opened: print what matters opened, and put it back afterwards.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.more:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
})();
