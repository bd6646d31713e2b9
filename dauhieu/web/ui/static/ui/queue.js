// The keys of a queue ([data-queue] with [data-row]) and of the panel beside it. All of them press what can be clicked.

const OFF = "keys-off";
const help = document.getElementById("keys");
let at = 0, shown;

const rows = () => [...document.querySelectorAll("[data-queue] [data-row]")];

function go(step) {
  const all = rows();
  if (!all.length) return;
  at = Math.min(Math.max(step, 0), all.length - 1);
  all[at].querySelector("[data-open]").focus();
}

function here() {
  return rows().findIndex((row) => row.contains(document.activeElement));
}

function open(row) {
  row?.querySelector("[data-open]").click();
}

const KEYS = {
  j: () => go(here() < 0 ? at : here() + 1),
  k: () => go(here() < 0 ? at : here() - 1),
  x: () => rows()[here()]?.querySelector("[data-pick]").click(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || event.target.closest("input, select, textarea")) return;
  if (localStorage.getItem(OFF) && event.key !== "?") return;
  const act = KEYS[event.key];
  const button = document.querySelector(`[data-act="${CSS.escape(event.key)}"]`);
  const field = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
  if (!act && !button && !field) return;
  event.preventDefault();
  if (act) act();
  else if (button) button.click();
  else field.focus();
});

document.querySelector("[data-keys-help]").addEventListener("click", () => help.showModal());
const on = document.querySelector("[data-keys-on]");
on.checked = !localStorage.getItem(OFF);
on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));

// The line which is open is marked. When the list has changed, what was open may be gone: the next line takes its place.
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-open]")?.closest("[data-row]");
  if (row) at = rows().indexOf(row);
});
document.addEventListener("htmx:after:swap", () => {
  const key = document.querySelector("[data-panel]")?.dataset.panel;
  const all = rows();
  for (const row of all) row.classList.toggle("open", row.querySelector("[data-pick]").value.startsWith(`${key}@`));
  // On a narrow screen the panel stands below the list.
  if (key !== shown && matchMedia("(max-width: 1100px)").matches) document.getElementById("panel").scrollIntoView();
  shown = key;
  const decided = document.querySelector("#toast .toast");
  if (decided && !decided.dataset.seen) {
    decided.dataset.seen = "1";
    if (key) open(all[Math.min(at, all.length - 1)]);
  }
});
