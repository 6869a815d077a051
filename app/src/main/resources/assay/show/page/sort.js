"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = Array.from(table.querySelectorAll("thead th"));
  const key = (row, column) => {
    const cell = row.children[column];
    const value = cell.dataset.value;
    return value === undefined ? cell.textContent : value === "" ? null : Number(value);
  };
  const order = (one, other) => typeof one === "number" ? one - other : one.localeCompare(other);
  const sort = (head, column) => {
    const falls = head.getAttribute("aria-sort") === (head.dataset.first || "ascending") ? -1 : 1;
    const sign = head.dataset.first === "descending" ? -falls : falls;
    for (const each of heads) { each.removeAttribute("aria-sort"); }
    head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows).map(row => [key(row, column), row]);
    rows.sort(([one], [other]) => one === null ? (other === null ? 0 : 1) : other === null ? -1 : sign * order(one, other));
    for (const [, row] of rows) { body.append(row); }
  };
  heads.forEach((head, column) => {
    const numbers = Array.from(table.tBodies[0].rows).some(row => row.children[column].dataset.value !== undefined);
    if (numbers) { head.dataset.first = "descending"; }
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
  });
}
