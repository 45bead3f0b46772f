/** The picture: shows moments, and turns mouse, fingers and arrow keys into boxes and clicks in pixels of the frame. */

import { corners, drawDensity, drawDragged, drawTargets } from "./overlay.js";

const TRAIL = 40;
const CLICK = 6; // pixels of the screen that a finger may slip
const GRIP = 14; // pixels of the screen about a corner in which it is taken hold of
const DEEPEST = 20; // times that the picture can be magnified
const LEAST = 3; // pixels of the frame

export class Stage {
  /** `actions.add(box, frame, source)`, `actions.correct(id, box, frame, source)`, `actions.choose(id)`,
   * `actions.refuse(text)`, `actions.mayEdit()` (whether the picture stands still, and this page may lead). */
  constructor(picture, density, actions) {
    this.picture = picture;
    this.density = density;
    this.actions = actions;
    this.trails = new Map();
    this.colors = new Map();
    this.moment = null;
    this.drag = null;
    this.chosen = null;
    this.redraw = false;
    this.zoom = { scale: 1, x: 0, y: 0 };
    this.fingers = new Map();
    picture.addEventListener("pointerdown", (event) => this.press(event));
    picture.addEventListener("pointermove", (event) => this.move(event));
    picture.addEventListener("pointerup", (event) => this.release(event));
    picture.addEventListener("pointercancel", (event) => this.lose(event));
    picture.addEventListener("lostpointercapture", (event) => this.lose(event));
    picture.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    new ResizeObserver(() => this.draw()).observe(picture);
  }

  get frame() {
    const { width, height } = this.moment ? this.moment.header.status.source : { width: 0, height: 0 };
    return { width: width || 640, height: height || 360 };
  }

  show(moment) {
    if (this.drag) return; // the picture that the box is being drawn on stays
    const before = this.moment && this.moment.header.status.source.serial;
    if (moment.header.status.source.serial !== before) this.begin();
    this.follow(moment.header);
    this.moment = moment;
    this.draw();
  }

  begin() {
    this.trails.clear();
    this.zoom = { scale: 1, x: 0, y: 0 };
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

  /** Scale and offset from pixels of the frame to those of the screen within a canvas. */
  fit(canvas) {
    const { width, height } = this.frame;
    const whole = Math.min(canvas.clientWidth / width, canvas.clientHeight / height) || 1;
    const scale = whole * this.zoom.scale;
    return {
      scale,
      x: (canvas.clientWidth - width * scale) / 2 + this.zoom.x,
      y: (canvas.clientHeight - height * scale) / 2 + this.zoom.y,
    };
  }

  draw() {
    if (!this.moment) return;
    const { header, image } = this.moment;
    const context = this.prepare(this.picture);
    if (image) context.drawImage(image, 0, 0);
    const look = this.look(this.picture);
    drawTargets(context, header.targets, look);
    if (this.drag && this.drag.box) drawDragged(context, this.drag.box, look.unit);
    if (!this.density.hidden) {
      const target = header.targets.find(({ id }) => id === this.chosen);
      drawDensity(this.prepare(this.density), this.moment.density, header.density_place, target, this.look(this.density));
    }
    this.picture.dataset.frame = header.frame;
    Object.assign(this.picture.dataset, this.frame);
  }

  look(canvas) {
    const { trails, chosen, colors, frame } = this;
    return { trails, chosen, colors, frame, unit: 1 / this.fit(canvas).scale, handles: this.actions.mayEdit() };
  }

  /** Makes a canvas as fine as the screen, so that lines and letters are sharp however small the frame is. */
  prepare(canvas) {
    const { width, height } = this.frame;
    const ratio = window.devicePixelRatio || 1;
    canvas.style.aspectRatio = `${width} / ${height}`;
    const size = [Math.max(1, Math.round(canvas.clientWidth * ratio)), Math.max(1, Math.round(canvas.clientHeight * ratio))];
    if (canvas.width !== size[0] || canvas.height !== size[1]) [canvas.width, canvas.height] = size;
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const { scale, x, y } = this.fit(canvas);
    context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
    return context;
  }

  /** The place of a pointer in pixels of the frame, whatever size and margins the picture has on the screen. */
  place(event) {
    const { left, top } = this.picture.getBoundingClientRect();
    const { scale, x, y } = this.fit(this.picture);
    const { width, height } = this.frame;
    return {
      x: clamp((event.clientX - left - x) / scale, width),
      y: clamp((event.clientY - top - y) / scale, height),
      scale,
    };
  }

  press(event) {
    if (!this.moment || !this.moment.image || event.button > 0) return;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.picture.setPointerCapture(event.pointerId);
    if (this.fingers.size > 1) {
      this.drag = { pinch: true }; // two fingers never draw
      this.draw();
      return;
    }
    const { x, y, scale } = this.place(event);
    const { frame, status } = this.moment.header;
    this.drag = { x, y, moved: false, id: event.pointerId, frame, source: status.source.serial, ...this.grip(x, y, scale) };
  }

  /** What is taken hold of at a place: a corner or the inside of the chosen target, or nothing. */
  grip(x, y, scale) {
    const target = this.moment.header.targets.find(({ id }) => id === this.chosen);
    if (!target || !this.actions.mayEdit() || this.redraw) return { target: this.redraw ? this.chosen : null };
    const held = corners(target).findIndex(([cx, cy]) => Math.hypot(cx - x, cy - y) * scale < GRIP);
    if (held >= 0) {
      const [ox, oy] = corners(target)[(held + 2) % 4];
      return { target: target.id, x: ox, y: oy };
    }
    return inside(target, x, y) ? { target: target.id, whole: target } : { target: null };
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before || !this.drag) return;
    if (this.drag.pinch) {
      this.pinch(event, before);
      return;
    }
    if (Math.hypot(event.clientX - before.x, event.clientY - before.y) >= CLICK) this.drag.moved = true;
    const { x, y } = this.place(event);
    const { whole } = this.drag;
    this.drag.box = whole
      ? { x: whole.x + x - this.drag.x, y: whole.y + y - this.drag.y, w: whole.w, h: whole.h }
      : { x: Math.min(x, this.drag.x), y: Math.min(y, this.drag.y), w: Math.abs(x - this.drag.x), h: Math.abs(y - this.drag.y) };
    this.draw();
  }

  pinch(event, before) {
    const other = [...this.fingers].find(([id]) => id !== event.pointerId);
    if (!other) return;
    const [, { x, y }] = other;
    const now = { x: event.clientX, y: event.clientY };
    const factor = Math.hypot(now.x - x, now.y - y) / Math.max(1, Math.hypot(before.x - x, before.y - y));
    this.magnify(factor, { x: (before.x + x) / 2, y: (before.y + y) / 2 }, (now.x - before.x) / 2, (now.y - before.y) / 2);
    this.fingers.set(event.pointerId, now);
  }

  wheel(event) {
    if (!this.moment || !this.moment.image) return;
    event.preventDefault();
    this.magnify(Math.exp(-event.deltaY / 400), { x: event.clientX, y: event.clientY });
  }

  /** Magnifies about a place of the screen and moves the picture. */
  magnify(factor, { x, y }, across = 0, down = 0) {
    const { left, top, width, height } = this.picture.getBoundingClientRect();
    const scale = Math.min(DEEPEST, Math.max(1, this.zoom.scale * factor));
    const done = scale / this.zoom.scale;
    const from = { x: x - left - width / 2, y: y - top - height / 2 };
    const most = { x: (width * (scale - 1)) / 2, y: (height * (scale - 1)) / 2 };
    this.zoom = {
      scale,
      x: limit(from.x - done * (from.x - this.zoom.x) + across, most.x),
      y: limit(from.y - done * (from.y - this.zoom.y) + down, most.y),
    };
    this.draw();
  }

  wholePicture() {
    this.zoom = { scale: 1, x: 0, y: 0 };
    this.draw();
  }

  release(event) {
    const { drag } = this;
    if (!drag || drag.pinch || drag.id !== event.pointerId) {
      this.lose(event);
      return;
    }
    this.move(event);
    this.fingers.delete(event.pointerId);
    const { x, y } = this.place(event);
    this.letGo();
    if (!drag.moved) this.actions.choose(this.hit(x, y));
    else if (drag.box) this.finish(drag);
  }

  finish({ box, target, frame, source }) {
    if (Math.min(box.w, box.h) < LEAST) this.actions.refuse("too small: drag a box around the target");
    else if (target !== null) this.actions.correct(target, [box.x, box.y, box.w, box.h], frame, source);
    else this.actions.add([box.x, box.y, box.w, box.h], frame, source);
  }

  hit(x, y) {
    const found = this.moment.header.targets.filter((target) => inside(target, x, y)).sort((a, b) => a.w * a.h - b.w * b.h);
    return found.length ? found[0].id : null;
  }

  /** A pointer is gone; a drag ends with the last of them. */
  lose(event) {
    this.fingers.delete(event.pointerId);
    if (this.drag && (this.drag.id === event.pointerId || !this.fingers.size)) this.letGo();
  }

  letGo() {
    this.drag = null;
    this.draw();
  }

  /** Begins a box that arrow keys move and size, in the middle or at the chosen target. */
  beginByKeys() {
    if (!this.moment || !this.moment.image) return;
    const { frame, status, targets } = this.moment.header;
    const { width, height } = this.frame;
    const target = this.redraw ? targets.find(({ id }) => id === this.chosen) : null;
    const box = target ? { x: target.x, y: target.y, w: target.w, h: target.h }
      : { x: width * 0.4, y: height * 0.4, w: width * 0.2, h: height * 0.2 };
    this.drag = { keys: true, box, target: target ? target.id : null, frame, source: status.source.serial };
    this.draw();
  }

  /** Takes a key while a box is led by keys; returns whether it was one of them. */
  key({ key, shiftKey }) {
    if (!this.drag || !this.drag.keys) return false;
    const step = Math.max(1, this.frame.width / 100);
    const [x, y] = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key] || [0, 0];
    const { box } = this.drag;
    if (shiftKey) Object.assign(box, { w: Math.max(LEAST, box.w + x), h: Math.max(LEAST, box.h + y) });
    else Object.assign(box, { x: clamp(box.x + x, this.frame.width), y: clamp(box.y + y, this.frame.height) });
    if (key === "Enter") {
      const { drag } = this;
      this.letGo();
      this.finish(drag);
    } else this.draw();
    return x !== 0 || y !== 0 || key === "Enter";
  }
}

const inside = (t, x, y) => x >= t.x && x <= t.x + t.w && y >= t.y && y <= t.y + t.h;
const clamp = (value, most) => Math.min(Math.max(value, 0), most);
const limit = (value, most) => Math.min(Math.max(value, -most), most);
