/** The settings as controls with their documentation. */

import { get, put } from "./api.js";

export class Settings {
  constructor(preset, main, other, attempt) {
    this.preset = preset;
    this.places = { main, other };
    this.attempt = attempt;
    this.revision = null;
    preset.addEventListener("change", () => this.change({ preset: preset.value }));
  }

  /** Loads the settings if they have changed, by whomever. */
  async follow(revision) {
    if (revision === this.revision) return;
    this.revision = revision;
    await this.attempt(async () => this.show(await get("config")));
  }

  async change(order) {
    const done = await this.attempt(() => put("config", order));
    this.show(done || (await get("config")));
  }

  show({ preset, presets, controls }) {
    this.preset.replaceChildren(...presets.map((name) => new Option(name, name, false, name === preset)));
    if (!presets.includes(preset)) this.preset.prepend(new Option(preset, preset, true, true));
    for (const [name, place] of Object.entries(this.places)) {
      const wanted = controls.filter((control) => control.main === (name === "main"));
      place.replaceChildren(...wanted.map((control) => this.control(control)));
    }
  }

  control({ key, value, doc, choices, minimum, maximum, whole }) {
    const input = choices.length ? selection(choices, value) : field(value, minimum, maximum, whole);
    input.name = key;
    input.addEventListener("change", () => {
      const settings = { [key]: read(input, value) };
      if (settings[key] !== undefined) this.change({ settings });
    });
    const label = document.createElement("label");
    label.append(key, input);
    const text = document.createElement("small");
    text.textContent = doc;
    const setting = document.createElement("div");
    setting.className = "setting";
    setting.append(label, text);
    return setting;
  }
}

function selection(choices, value) {
  const input = document.createElement("select");
  input.append(...choices.map((choice) => new Option(choice, choice, false, choice === value)));
  return input;
}

function field(value, minimum, maximum, whole) {
  const input = document.createElement("input");
  input.type = typeof value === "boolean" ? "checkbox" : typeof value === "number" ? "number" : "text";
  if (input.type === "checkbox") input.checked = value;
  else input.value = Array.isArray(value) ? value.join(" ") : value ?? "";
  if (input.type === "number") {
    input.step = whole ? "1" : "any";
    if (minimum !== null) input.min = minimum;
    if (maximum !== null) input.max = maximum;
  }
  return input;
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
