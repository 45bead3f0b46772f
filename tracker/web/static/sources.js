/** What can be opened, and what was recorded. */

import { get, open, remove, upload } from "./api.js";

const by = (id) => document.getElementById(id);

export class Sources {
  constructor(attempt) {
    this.attempt = attempt;
    by("open").addEventListener("click", () => by("offers").value && this.open(...JSON.parse(by("offers").value)));
    by("offers").addEventListener("change", () => this.showRemove());
    by("remove-upload").addEventListener("click", () => attempt(async () => {
      await remove(`sources/uploads/${encodeURIComponent(JSON.parse(by("offers").value)[1])}`);
      await this.show();
    }));
    by("url-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.open("url", by("url").value.trim());
    });
    by("upload").addEventListener("change", () => attempt(() => this.take()));
  }

  open(kind, name) {
    return this.attempt(() => open(kind, name));
  }

  async take() {
    const [file] = by("upload").files;
    if (!file) return;
    by("upload").disabled = true;
    try {
      const { kind, name } = await upload(file);
      await this.show();
      by("offers").value = JSON.stringify([kind, name]);
      this.showRemove();
      await open(kind, name);
    } finally {
      by("upload").disabled = false;
      by("upload").value = "";
    }
  }

  /** Lists what can be opened; `current` is the name of what is open, to be chosen in the list. */
  async show(current = "") {
    const { offers, urls } = await get("sources");
    const groups = new Map();
    for (const offer of offers) groups.set(offer.kind, [...(groups.get(offer.kind) || []), offer]);
    const before = by("offers").value;
    by("offers").replaceChildren(...[...groups].map(([kind, members]) => {
      const group = document.createElement("optgroup");
      group.label = kind;
      group.append(...members.map((offer) => new Option(offer.title, JSON.stringify([offer.kind, offer.name]))));
      return group;
    }));
    if ([...by("offers").options].some(({ value }) => value === before)) by("offers").value = before;
    const open = [...by("offers").options].find(({ text }) => text === current || text === current.replace("scene", "rendered scene:"));
    if (open) by("offers").value = open.value;
    else if (current || !before) {
      by("offers").prepend(new Option("choose a source", ""));
      by("offers").value = "";
    }
    by("url-form").hidden = !urls;
    this.showRemove();
  }

  showRemove() {
    by("remove-upload").hidden = !by("offers").value.startsWith('["upload"');
  }

  async showRecordings(current, mayRemove) {
    const { recordings } = await get("recordings");
    by("recordings").replaceChildren(...recordings.filter((name) => name !== current).map((name) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const title = /\d{8}-\d{6}/.exec(name);
      [link.href, link.textContent] = [`api/recordings/${encodeURIComponent(name)}`, title ? title[0] : name];
      item.append(link);
      if (mayRemove) item.append(this.removal(name));
      return item;
    }));
  }

  removal(name) {
    const button = document.createElement("button");
    button.textContent = "✕";
    button.setAttribute("aria-label", `Remove recording ${name}`);
    button.addEventListener("click", () => this.attempt(async () => {
      await remove(`recordings/${encodeURIComponent(name)}`);
      await this.showRecordings("", true);
    }));
    return button;
  }
}
