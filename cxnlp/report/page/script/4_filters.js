// Filters: what they do not change is put back as it was when the page was opened.

const cut = document.getElementById("cut");

if (filters) {
  const asOpened = new Map([...cut.querySelectorAll(".map, .moments tbody, .charts, .note.few")].map((node) => [node, node.cloneNode(true)]));
  const told = document.getElementById("filtered");
  const clear = filters.querySelector("button");

  const restore = () => {
    for (const [node, copy] of asOpened) node.replaceChildren(...copy.cloneNode(true).childNodes);
  };

  const redraw = () => {
    const found = counted();
    const span = choice("span");
    const cell = (activity) => found.get(activity)?.get(span);
    const marks = [...cut.querySelectorAll(".map .mark")];
    const most = Math.max(1, ...marks.map((mark) => cell(mark.dataset.activity)?.n ?? 0));
    for (const mark of marks) redrawMark(mark, cell(mark.dataset.activity), most);
    for (const stage of cut.querySelectorAll(".map .stage")) redrawStage(stage, cell(`stage ${stage.dataset.stage}`));
    const rows = [...cut.querySelectorAll(".moments tr[data-activity]")];
    const axis = axisOf(rows.map((row) => cell(row.dataset.activity)).filter(Boolean));
    for (const row of rows) redrawMoment(row, cell(row.dataset.activity), axis);
    const isIn = (monday) => span === "all" || (monday >= cuts.recentFrom) === (span === "later");
    for (const chart of cut.querySelectorAll(".chart")) redrawChart(chart, found.get(chart.dataset.activity), found.get("all"), isIn);
    cut.querySelector(".note.few")?.replaceChildren();
    tell(cell("all"));
  };

  const tell = (all) => {
    const about = cuts.least > 1 ? "about " : "";
    const rounded = cuts.least > 1 ? ` Numbers are rounded to ${cuts.least}, shares to 5 %; of fewer than ${cuts.least} people nothing is told.` : "";
    const both = choice("product") !== "" && choice("place") !== "";
    const none = !cuts.hasPairs && both
      ? "Product and place together are too many for one file; choose one of them."
      : `Too few people for anything to be told${cuts.least > 1 ? ` (fewer than ${cuts.least})` : ""}.`;
    told.replaceChildren(
      element("b", "", chosen().words),
      all ? `: ${about}${whole(all.n)} mentions of a moment by ${about}${people(all.people)}.${rounded}` : `: ${none}`,
    );
  };

  filters.addEventListener("change", () => {
    restore();
    clear.hidden = !isFiltered();
    cut.classList.toggle("filtered", isFiltered());
    if (isFiltered()) redraw();
    else told.replaceChildren();
  });
  filters.addEventListener("reset", () => setTimeout(() => filters.dispatchEvent(new Event("change"))));
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.reset();
  filters.hidden = false;
}
