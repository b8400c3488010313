
"use strict";
(() => {
  const box = document.getElementById("filter");
  const only = document.getElementById("only");
  const shown = document.getElementById("shown");
  const groups = [...document.querySelectorAll("[data-group]")];
  const rows = [...document.querySelectorAll("[data-row]")].map((row) => {
    const group = row.closest("[data-group]");
    const name = group ? group.querySelector("summary").textContent : "";
    return { row, text: (name + " " + row.textContent).toLowerCase(), kinds: row.dataset.row.split(" ") };
  });
  const filter = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = only.value;
    // "document review" asks for documents to review, "removal spam" for removals that are spam; other rows stay.
    const [sort, trait] = kind.split(" ");
    let count = 0;
    for (const { row, text, kinds } of rows) {
      const fits = !kind || kinds[0] !== sort || kinds.includes(trait);
      row.hidden = !fits || !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-row]:not([hidden])");
    shown.textContent = words.length || kind ? count + " of " + rows.length : "";
  };
  box.addEventListener("input", filter);
  only.addEventListener("change", filter);
  filter();
})();
