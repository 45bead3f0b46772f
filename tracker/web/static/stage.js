/** The picture: shows moments, and turns mouse and finger into boxes and clicks in pixels of the frame. */

import { drawDensity, drawDragged, drawTargets } from "./overlay.js";

const TRAIL = 40;
const CLICK = 6; // pixels of the screen that a finger may slip

export class Stage {
  /** `actions.add(box, frame)`, `actions.remove(id)`, `actions.refuse(text)`. */
  constructor(picture, density, actions) {
    this.picture = picture;
    this.density = density;
    this.actions = actions;
    this.trails = new Map();
    this.moment = null;
    this.drag = null;
    this.chosen = null;
    picture.addEventListener("pointerdown", (event) => this.press(event));
    picture.addEventListener("pointermove", (event) => this.move(event));
    picture.addEventListener("pointerup", (event) => this.release(event));
    picture.addEventListener("pointercancel", () => this.letGo());
  }

  show(moment) {
    if (this.drag) return; // the picture that the box is being drawn on stays
    this.follow(moment.header);
    this.moment = moment;
    this.draw();
  }

  follow({ targets, frame }) {
    const past = this.moment ? this.moment.header.frame : null;
    if (frame === past && targets.length) return;
    const there = new Set(targets.map((target) => target.id));
    for (const id of this.trails.keys()) if (!there.has(id) || frame < past) this.trails.delete(id);
    for (const target of targets) {
      const trail = this.trails.get(target.id) || [];
      this.trails.set(target.id, [...trail, [target.cx, target.cy]].slice(-TRAIL));
    }
  }

  draw() {
    if (!this.moment) return;
    const { header, image } = this.moment;
    const { width, height } = header.status.source;
    for (const canvas of [this.picture, this.density]) {
      if (width && (canvas.width !== width || canvas.height !== height)) [canvas.width, canvas.height] = [width, height];
    }
    const context = this.picture.getContext("2d");
    context.clearRect(0, 0, this.picture.width, this.picture.height);
    if (image) context.drawImage(image, 0, 0);
    drawTargets(context, header.targets, this.trails, this.chosen);
    if (this.drag) drawDragged(context, this.drag.box);
    if (!this.density.hidden) {
      const target = header.targets.find(({ id }) => id === this.chosen);
      drawDensity(this.density.getContext("2d"), this.moment.density, header.density_place, target);
    }
    this.picture.dataset.frame = header.frame;
  }

  /** The place of a pointer in pixels of the frame, whatever size and margins the canvas has on the screen. */
  place(event) {
    const { left, top, width, height } = this.picture.getBoundingClientRect();
    const zoom = Math.min(width / this.picture.width, height / this.picture.height);
    const x = (event.clientX - left - (width - zoom * this.picture.width) / 2) / zoom;
    const y = (event.clientY - top - (height - zoom * this.picture.height) / 2) / zoom;
    return { x: clamp(x, this.picture.width), y: clamp(y, this.picture.height), zoom };
  }

  press(event) {
    if (!this.moment || !this.moment.image || event.button > 0) return;
    this.picture.setPointerCapture(event.pointerId);
    const { x, y } = this.place(event);
    this.drag = { x, y, box: { x, y, w: 0, h: 0 } };
  }

  move(event) {
    if (!this.drag) return;
    const { x, y } = this.place(event);
    this.drag.box = { x: Math.min(x, this.drag.x), y: Math.min(y, this.drag.y),
      w: Math.abs(x - this.drag.x), h: Math.abs(y - this.drag.y) };
    this.draw();
  }

  release(event) {
    if (!this.drag) return;
    this.move(event);
    const { box, x, y } = this.drag;
    const { zoom } = this.place(event);
    this.letGo();
    if (Math.max(box.w, box.h) * zoom < CLICK) this.click(x, y);
    else if (Math.min(box.w, box.h) < 3) this.actions.refuse("too small: drag a box around the target");
    else this.actions.add([box.x, box.y, box.w, box.h], this.moment.header.frame);
  }

  click(x, y) {
    const hit = this.moment.header.targets
      .filter((t) => x >= t.x && x <= t.x + t.w && y >= t.y && y <= t.y + t.h)
      .sort((a, b) => a.w * a.h - b.w * b.h)[0];
    if (hit) this.actions.remove(hit.id);
  }

  letGo() {
    this.drag = null;
    this.draw();
  }
}

const clamp = (value, most) => Math.min(Math.max(value, 0), most);
