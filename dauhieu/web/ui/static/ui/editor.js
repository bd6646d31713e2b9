// The sign editor: every page works without this; it numbers lines, saves by keyboard and warns of work not saved.

let changed = false;
document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) changed = true; });
document.addEventListener("submit", () => { changed = false; });
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  const form = event.target.closest?.("form[data-guard]") ?? document.querySelector("form[data-guard]");
  const button = form?.querySelector(".bar-save button");
  if (button) { event.preventDefault(); form.requestSubmit(button); }
});

// data-lines: numbers of lines beside a text, so that a fault can be found at its line.
for (const area of document.querySelectorAll("textarea[data-lines]")) {
  const frame = document.createElement("div");
  frame.className = "numbered";
  const numbers = document.createElement("pre");
  numbers.setAttribute("aria-hidden", "true");
  area.before(frame);
  frame.append(numbers, area);
  const count = () => { numbers.textContent = area.value.split("\n").map((_, place) => place + 1).join("\n"); };
  area.addEventListener("input", count);
  area.addEventListener("scroll", () => { numbers.scrollTop = area.scrollTop; });
  count();
}

// A row whose last line is filled gets one more, so that a long table needs no saving in between.
document.addEventListener("input", (event) => {
  const row = event.target.closest("table.sheet tbody tr");
  if (!row || row.nextElementSibling || !event.target.value) return;
  const next = row.cloneNode(true);
  for (const field of next.querySelectorAll("input, select")) {
    field.name = field.name.replace(/-(row|cell|gone)-(\d+)|-(\d+)-/, (all, word, cell, number) => (word ? `-${word}-${Number(cell) + 1}` : `-${Number(number) + 1}-`));
    if (field.type !== "hidden") field.value = field.tagName === "SELECT" ? field.options[0].value : "";
  }
  row.after(next);
});
