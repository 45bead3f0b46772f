/** Confidence, size and speed of the chosen target over all its frames: one panel each, over one axis of time. */

import { get } from "./api.js";
import { LOOKS } from "./overlay.js";

const PAUSE = 1000; // milliseconds between two looks while it grows
const LEFT = 52; // pixels for the numbers of the upright axes
const BOTTOM = 20; // and for those of the axis of time
const TITLE = 18;
const PANELS = [
  { name: "Confidence", color: "#eef1f3", value: (point) => 100 * point[1], unit: "%", most: 100 },
  { name: "Size √(w·h)", color: "#6cb8ff", value: (point) => point[2], unit: "px" },
  { name: "Speed", color: "#ffb414", value: (point) => point[3], unit: "px/frame" },
];

export class Curves {
  constructor(canvas, caption, { seek, refresh }) {
    this.canvas = canvas;
    this.caption = caption;
    this.refresh = refresh;
    this.points = [];
    this.fps = 25;
    this.id = null;
    this.at = 0;
    this.seen = "";
    this.asked = 0;
    this.later = null;
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => {
      const { left } = canvas.getBoundingClientRect();
      if (this.points.length > 1) seek(this.frameAt(event.clientX - left));
    });
  }

  /** Loads the rows again if there is something new: at once after a change, now and then while rows are added. */
  async follow({ status, frame }, chosen) {
    this.at = frame ?? 0;
    const state = `${chosen} ${status.source.serial} ${status.log}`;
    const due = state !== this.seen || Date.now() - this.asked > PAUSE;
    clearTimeout(this.later);
    if (chosen !== null) this.later = setTimeout(() => this.load(), PAUSE);
    this.id = chosen;
    if (due) {
      this.seen = state;
      await this.load();
    } else this.draw();
  }

  async load() {
    const { id } = this;
    this.asked = Date.now();
    const found = id === null ? null : await this.refresh(() => get(`targets/${id}/curve`));
    if (id !== this.id) return;
    this.points = found?.points ?? [];
    this.canvas.parentElement.hidden = !this.points.length;
    this.fps = found?.fps ?? 25;
    this.tell();
    this.draw();
  }

  tell() {
    const { points, id } = this;
    const known = points.length > 0;
    const lowest = known ? points.reduce((a, b) => (b[1] < a[1] ? b : a)) : null;
    const words = known ? `target ${id} from frame ${points[0][0]} to ${points.at(-1)[0]}; lowest confidence `
      + `${Math.round(100 * lowest[1])} % in frame ${lowest[0]}` : "no target is chosen";
    this.canvas.setAttribute("aria-label", `Confidence, size and speed over time: ${words}`);
    this.caption.textContent = known ? `Target ${id} over time; its lowest confidence is ${Math.round(100 * lowest[1])} %, in `
      + `frame ${lowest[0]}. The colors behind the confidence are the states, as in the line above.` : "";
  }

  get span() {
    const first = this.points[0]?.[0] ?? 0;
    return [first, Math.max(first + 1, this.points.at(-1)?.[0] ?? 1)];
  }

  across(frame) {
    const [first, last] = this.span;
    return LEFT + ((frame - first) / (last - first)) * (this.canvas.clientWidth - LEFT - 8);
  }

  frameAt(x) {
    const [first, last] = this.span;
    const share = (x - LEFT) / (this.canvas.clientWidth - LEFT - 8);
    return Math.round(first + Math.min(1, Math.max(0, share)) * (last - first));
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const { canvas } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width) return;
    [canvas.width, canvas.height] = [width * ratio, height * ratio];
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = "12px system-ui, sans-serif";
    const each = (height - BOTTOM) / PANELS.length;
    PANELS.forEach((panel, row) => this.drawPanel(context, panel, row * each + TITLE, each - TITLE - 6, row === 0));
    this.drawTime(context, width, height);
  }

  drawPanel(context, { name, color, value, unit, most }, top, height, bands) {
    const values = this.points.map(value);
    const highest = most ?? nice(Math.max(1, ...values));
    const down = (number) => top + height - (Math.min(number, highest) / highest) * height;
    if (bands) this.drawStates(context, top, height);
    context.strokeStyle = "#3a424a";
    context.lineWidth = 1;
    context.fillStyle = "#b4bec7";
    context.textAlign = "right";
    for (const mark of [0, highest / 2, highest]) {
      const y = Math.round(down(mark)) + 0.5;
      context.beginPath();
      context.moveTo(LEFT, y);
      context.lineTo(this.canvas.clientWidth - 8, y);
      context.stroke();
      if (mark !== highest / 2 || height > 30) context.fillText(Number(mark.toFixed(1)), LEFT - 5, y + 4);
    }
    context.textAlign = "left";
    context.fillStyle = color;
    const now = this.points.find(([frame]) => frame >= this.at);
    const says = now ? `: ${value(now).toFixed(unit === "%" ? 0 : 1)} ${unit}` : ` in ${unit}`;
    context.fillText(`${name}${says}`, LEFT, top - 6);
    context.strokeStyle = color;
    context.lineWidth = 1.6;
    context.beginPath();
    this.points.forEach((point, i) => context.lineTo(this.across(point[0]), down(values[i])));
    context.stroke();
  }

  /** What the target was, as bands: states are told by the timeline in words, too. */
  drawStates(context, top, height) {
    context.globalAlpha = 0.22;
    let begin = 0;
    this.points.forEach(([, , , , state], i) => {
      const next = this.points[i + 1];
      if (next && next[4] === state) return;
      const [left, right] = [this.across(this.points[begin][0]), this.across((next ?? this.points[i])[0])];
      context.fillStyle = LOOKS[state].color;
      context.fillRect(left, top, right - left, height);
      begin = i + 1;
    });
    context.globalAlpha = 1;
  }

  drawTime(context, width, height) {
    if (this.points.length < 2) return;
    const [first, last] = this.span;
    const count = Math.max(1, Math.floor((width - LEFT) / 200));
    context.fillStyle = "#b4bec7";
    for (let i = 0; i <= count; i += 1) {
      const frame = Math.round(first + ((last - first) * i) / count);
      context.textAlign = i === 0 ? "left" : i === count ? "right" : "center";
      context.fillText(`${(frame / this.fps).toFixed(1)} s, frame ${frame}`, this.across(frame), height - 6);
    }
    context.textAlign = "left";
    if (this.at < first || this.at > last) return;
    context.fillStyle = "#fff";
    context.fillRect(this.across(this.at) - 1, 0, 2, height - BOTTOM);
  }
}

/** The least of 1, 2, 5, 10, 20, ... that is not below a number. */
function nice(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= number);
}
