// Small behaviours, each attached by a data- attribute; every page works without them.

// data-send: a form goes off as soon as something in it is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-send]");
  if (form) form.requestSubmit();
});

// data-lights="key": pointing at a row lights the place of the same key on the map, and the other way round.
for (const name of ["pointerover", "pointerout", "focusin", "focusout"]) {
  document.addEventListener(name, (event) => {
    const at = event.target.closest?.("[data-lights]");
    if (!at) return;
    const on = name === "pointerover" || name === "focusin";
    for (const other of document.querySelectorAll(`[data-lights="${CSS.escape(at.dataset.lights)}"]`)) other.classList.toggle("lit", on);
  });
}

// Keys: "/" goes to the search, "g" then a letter to a place (data-key). Off while somebody writes.
let waiting = false;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); }
  } else if (event.key === "g") {
    waiting = true;
    setTimeout(() => { waiting = false; }, 1500);
  } else if (waiting) {
    waiting = false;
    document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`)?.click();
  }
});
