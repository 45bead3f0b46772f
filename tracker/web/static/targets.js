/** The table of targets: its rows are kept, so that a click that begins on one frame can end on another. */

export class TargetTable {
  /** `choose(id)` and `remove(id)` are called on clicks. */
  constructor(body, { choose, remove }) {
    this.body = body;
    this.choose = choose;
    this.remove = remove;
  }

  show(targets, chosen) {
    while (this.body.rows.length > targets.length) this.body.deleteRow(-1);
    targets.forEach((target, index) => fill(this.body.rows[index] || this.newRow(), target, chosen));
  }

  newRow() {
    const row = this.body.insertRow();
    for (let i = 0; i < 5; i += 1) row.insertCell();
    const pick = document.createElement("button");
    pick.className = "pick";
    pick.addEventListener("click", () => this.choose(Number(row.dataset.id)));
    row.cells[0].append(pick);
    const away = document.createElement("button");
    away.className = "lead";
    away.textContent = "✕";
    away.addEventListener("click", (event) => {
      event.stopPropagation();
      this.remove(Number(row.dataset.id));
    });
    row.cells[4].append(away);
    row.addEventListener("click", () => this.choose(Number(row.dataset.id)));
    return row;
  }
}

function fill(row, { id, label, state, confidence, x, y, w, h, reason }, chosen) {
  row.dataset.id = id;
  row.classList.toggle("chosen", id === chosen);
  const pick = row.cells[0].firstChild;
  pick.setAttribute("aria-pressed", id === chosen);
  if (pick.textContent !== `${id} ${label}`) {
    pick.textContent = `${id} ${label}`;
    pick.title = label;
    pick.setAttribute("aria-label", `Choose target ${id} ${label}`);
  }
  row.cells[4].firstChild.setAttribute("aria-label", `Remove target ${id}`);
  row.cells[1].className = state;
  row.cells[1].title = reason;
  const texts = [state.toUpperCase(), `${Math.round(100 * confidence)} %`, [x, y, w, h].map((value) => value.toFixed(0)).join(" ")];
  texts.forEach((text, index) => {
    if (row.cells[index + 1].textContent !== text) row.cells[index + 1].textContent = text;
  });
}
