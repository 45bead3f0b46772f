/** The settings as controls with their documentation, in groups. Controls stay while values change. */

import { get, put } from "./api.js";

export class Settings {
  /** `places` has the elements `preset`, `main`, `other`, `changed` and `reset`. */
  constructor(places, attempt, refresh) {
    this.places = places;
    this.attempt = attempt;
    this.refresh = refresh;
    this.revision = null;
    this.inputs = new Map();
    places.preset.addEventListener("change", () => this.change({ preset: places.preset.value }));
    places.reset.addEventListener("click", () => this.change({ preset: places.preset.value }));
  }

  /** Loads the settings if they have changed, by whomever. */
  async follow(revision) {
    if (revision === this.revision) return;
    this.revision = revision;
    await this.refresh(async () => this.show(await get("config")));
  }

  async change(order) {
    const done = await this.attempt(() => put("config", order));
    this.show(done || (await get("config")), true);
  }

  /** `all` sets the control that is being typed into as well: its own value was refused or taken. */
  show({ preset, presets, controls }, all = false) {
    const { preset: choice, changed, reset } = this.places;
    if (choice.options.length !== presets.length || choice.value !== preset) {
      choice.replaceChildren(...presets.map((name) => new Option(name, name, false, name === preset)));
      if (!presets.includes(preset)) choice.prepend(new Option(preset, preset, true, true));
    }
    if (!this.inputs.size) this.build(controls);
    for (const control of controls) this.set(control, all);
    const count = controls.filter(isChanged).length;
    changed.textContent = count ? `${count} changed` : "";
    reset.hidden = !count;
  }

  build(controls) {
    const { main, other } = this.places;
    main.replaceChildren(...controls.filter((control) => control.main).map((control) => this.control(control)));
    const groups = new Map();
    for (const control of controls.filter((each) => !each.main)) {
      groups.set(control.group, [...(groups.get(control.group) || []), this.control(control)]);
    }
    other.replaceChildren(...[...groups].map(([name, members]) => {
      const group = document.createElement("details");
      const summary = document.createElement("summary");
      summary.textContent = `${name} (${members.length})`;
      group.append(summary, ...members);
      return group;
    }));
  }

  set(control, all) {
    const entry = this.inputs.get(control.key);
    if (!entry) return;
    entry.value = control.value;
    entry.row.classList.toggle("changed", isChanged(control));
    entry.reset.hidden = !isChanged(control);
    entry.usual = control.usual;
    if (!all && document.activeElement === entry.input) return; // somebody is typing here
    fill(entry.input, control.value);
  }

  control({ key, name, group, main, value, doc, choices, minimum, maximum, whole }) {
    const input = choices.length ? selection(choices, value) : field(value, minimum, maximum, whole);
    input.name = key;
    const reset = document.createElement("button");
    reset.textContent = "Reset";
    reset.setAttribute("aria-label", `Reset ${name}`);
    const row = document.createElement("div");
    const entry = { input, reset, row, value };
    this.inputs.set(key, entry);
    input.addEventListener("change", () => {
      const settings = { [key]: read(input, entry.value) };
      if (settings[key] !== undefined) this.change({ settings });
    });
    reset.addEventListener("click", () => this.change({ settings: { [key]: entry.usual } }));
    const label = document.createElement("label");
    label.append(main ? `${group}: ${name.toLowerCase()}` : name, input);
    label.title = key;
    const text = document.createElement("small");
    text.textContent = doc;
    row.className = "setting";
    row.append(label, reset, text);
    return row;
  }
}

const isChanged = ({ value, usual }) => JSON.stringify(value) !== JSON.stringify(usual);

function selection(choices, value) {
  const input = document.createElement("select");
  input.append(...choices.map((choice) => new Option(choice, choice, false, choice === value)));
  return input;
}

function field(value, minimum, maximum, whole) {
  const input = document.createElement("input");
  input.type = typeof value === "boolean" ? "checkbox" : typeof value === "number" ? "number" : "text";
  if (input.type === "number") {
    input.step = whole ? "1" : "any";
    if (minimum !== null) input.min = minimum;
    if (maximum !== null) input.max = maximum;
  }
  fill(input, value);
  return input;
}

function fill(input, value) {
  if (input.type === "checkbox") input.checked = value;
  else input.value = Array.isArray(value) ? value.join(" ") : value ?? "";
}

/** The value of a control; undefined where it cannot be read. */
function read(input, before) {
  if (input.type === "checkbox") return input.checked;
  if (input.tagName === "SELECT") return input.value;
  if (Array.isArray(before)) return input.value.split(/[\s,]+/).filter(Boolean).map(Number);
  if (before === null && input.value.trim() === "") return null;
  const number = Number(input.value);
  return input.value.trim() === "" || Number.isNaN(number) ? undefined : number;
}
