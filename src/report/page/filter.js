
"use strict";
(() => {
  const box = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const groups = [...document.querySelectorAll("[data-group]")];
  const rows = [...document.querySelectorAll("[data-row]")].map((row) => {
    const group = row.closest("[data-group]");
    const name = group ? group.querySelector("summary").textContent : "";
    return { row, text: (name + " " + row.textContent).toLowerCase() };
  });
  const filter = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text } of rows) {
      row.hidden = !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-row]:not([hidden])");
    shown.textContent = words.length ? count + " of " + rows.length : "";
  };
  box.addEventListener("input", filter);
  filter();
})();
