/** All targets over time: their stretches, key frames, and the way from one doubtful stretch to the next. */

import { get } from "./api.js";
import { LOOKS } from "./overlay.js";

const LINE = 14;
const PAUSE = 1000; // milliseconds between two looks while it grows

export class Timeline {
  /** `seek(frame)` goes to a frame; `changed(targets)` tells of names and colors. */
  constructor(canvas, box, { seek, changed, refresh }) {
    this.canvas = canvas;
    this.box = box;
    this.changed = changed;
    this.refresh = refresh;
    this.targets = [];
    this.seen = "";
    this.at = 0;
    this.length = 1;
    this.asked = 0;
    this.later = null;
    canvas.addEventListener("pointerdown", (event) => {
      const { left, width } = canvas.getBoundingClientRect();
      seek(Math.round(((event.clientX - left) / width) * (this.length - 1)));
    });
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** Loads it again if there is something new: at once after a change, now and then while rows are added. */
  async follow({ status, frame, targets }) {
    this.at = frame ?? 0;
    const state = `${status.source.serial} ${status.log} ${status.events}`;
    clearTimeout(this.later);
    if (targets.length) this.later = setTimeout(() => this.load(), PAUSE);
    const due = state !== this.seen || (targets.length > 0 && Date.now() - this.asked > PAUSE);
    if (due) {
      this.seen = state;
      await this.load();
    }
    this.draw();
  }

  async load() {
    this.asked = Date.now();
    await this.refresh(async () => this.take(await get("timeline")));
    this.draw();
  }

  take({ targets, frames }) {
    this.targets = targets.filter(({ spans }) => spans.length);
    const last = Math.max(1, ...this.targets.map(({ spans }) => spans.at(-1)[1] + 1));
    this.length = Math.max(frames || 0, last, 2);
    this.box.hidden = !this.targets.length;
    this.changed(targets);
    const words = this.targets.map(({ id, label, spans }) => {
      const doubtful = spans.filter(([, , state]) => state !== "tracking").length;
      return `${label} #${id}: frames ${spans[0][0]} to ${spans.at(-1)[1]}, ${doubtful} doubtful stretches`;
    });
    this.canvas.setAttribute("aria-label", `Targets over time. ${words.join("; ")}`);
  }

  /** The first frame of the next doubtful stretch of any target after a frame, or before it; null for none. */
  doubt(frame, forward) {
    const starts = this.targets.flatMap(({ spans }) => spans.filter(([, , state]) => state !== "tracking").map(([first]) => first));
    const fitting = starts.filter((start) => (forward ? start > frame : start < frame));
    if (!fitting.length) return null;
    return forward ? Math.min(...fitting) : Math.max(...fitting);
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    const { canvas } = this;
    canvas.style.height = `${Math.max(1, this.targets.length) * LINE + 4}px`;
    [canvas.width, canvas.height] = [Math.max(1, canvas.clientWidth * ratio), Math.max(1, canvas.clientHeight * ratio)];
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const across = (frame) => (frame / (this.length - 1)) * canvas.clientWidth;
    this.targets.forEach(({ id, label, keys, spans }, row) => {
      const top = row * LINE + 2;
      for (const [first, last, state] of spans) {
        context.fillStyle = LOOKS[state].color;
        context.fillRect(across(first), top, Math.max(2, across(last + 1) - across(first)), LINE - 4);
      }
      context.fillStyle = "#fff";
      for (const key of keys) diamond(context, across(key), top + LINE / 2 - 2);
      context.font = "600 10px system-ui, sans-serif";
      context.lineWidth = 3;
      context.strokeStyle = "#14171a";
      const left = Math.min(across(spans[0][0]) + 6, canvas.clientWidth - 40);
      context.strokeText(`${label && `${label} `}#${id}`, left, top + LINE - 5.5);
      context.fillText(`${label && `${label} `}#${id}`, left, top + LINE - 5.5);
    });
    context.fillStyle = "#fff";
    context.fillRect(across(this.at) - 1, 0, 2, canvas.clientHeight);
  }
}

function diamond(context, x, y) {
  context.beginPath();
  for (const [across, down] of [[0, -5], [4, 0], [0, 5], [-4, 0]]) context.lineTo(x + across, y + down);
  context.fill();
}
