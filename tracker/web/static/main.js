/** The page: what is done here goes to the server, what comes of it is shown. */

import { abandon, download, get, isWaiting, patch, post, put, remove, save, seek, sendBoxes } from "./api.js";
import { Curves } from "./curves.js";
import { listen } from "./keys.js";
import { Settings } from "./settings.js";
import { Stream } from "./socket.js";
import { Sources } from "./sources.js";
import { Stage } from "./stage.js";
import { TargetTable } from "./targets.js";
import { Timeline } from "./timeline.js";

const by = (id) => document.getElementById(id);
const SEEK = 1; // seconds that an arrow key goes
const HEX = /^#?[0-9a-fA-F]{6}$/;
const SAID = 5000; // milliseconds that a message stays
const SUPERSEDED = 409;
const FAILED = Symbol("failed");
const WORDS = {
  lost: "The source is lost",
  reconnecting: "The source is silent: reconnecting",
  disconnected: "The server does not answer: connecting again",
};

let status = { phase: "idle", source: {} };
let chosen = null;
let targets = [];
let names = new Map();
let time = 0;
let frame = 0;
let said = "";
let silence = null;
let latency = null;
let connected = false;
let shut = false; // the token is not good any more
let recording = null;
let events = -1;
let heard = null; // number of the newest event that is known
const lost = new Set();
let serial = null;
let seeking = false;

/** Does what was asked for; its success takes back what was said before. */
async function attempt(action) {
  const done = await refresh(action);
  if (done !== FAILED && said) say("");
  return done === FAILED ? null : done;
}

/** Looks something up beside: only a failure is said, so that no look-up takes away why an order was refused. */
async function refresh(action) {
  try {
    return await action();
  } catch (error) {
    if (error.status !== SUPERSEDED) say(error.message);
    return FAILED;
  }
}

function say(text) {
  clearTimeout(silence);
  said = text;
  showBanner();
  if (text) silence = setTimeout(() => say(""), SAID);
}

const phase = () => (connected ? status.phase : "disconnected");
const leads = () => document.body.dataset.role === "lead";
const still = () => status.phase === "paused" || status.phase === "ended";

function showBanner() {
  const trouble = shut ? "The token is not good any more: open the address again that the server printed" : WORDS[phase()];
  const text = (connected ? said : "") || (trouble ? [trouble, connected && status.message].filter(Boolean).join(": ") : status.message);
  by("banner").textContent = text || "";
  by("banner").hidden = !text;
}

const source = () => status.source.serial;
const order = (action, more = {}) => attempt(() => post("playback", { action, source: source(), ...more }));
const seekTo = (seconds) => leads() && attempt(() => seek({ seconds: Math.max(0, seconds), source: source() }));
const seekFrame = (index) => seekTo((Math.max(0, index) - 0.02) / (status.source.fps || 25));
const edit = (action) => attempt(() => post("edits", { action, source: source() }));
const removeTarget = (id) => id !== null && attempt(() => remove(`targets/${id}?rows=true&source=${source()}`));
const correct = (id, box, at, of = source()) => {
  redrawing(false);
  return attempt(() => put(`targets/${id}/box`, { box, frame: at, source: of }));
};
const add = (box, at, of = source()) => attempt(async () => choose((await post("targets", { box, frame: at, source: of })).id));

const stage = new Stage(by("picture"), by("density"), {
  add: (...words) => leads() && add(...words),
  correct: (...words) => leads() && correct(...words),
  choose: (id) => choose(id),
  refuse: say,
  mayEdit: () => leads() && still(),
});
const curves = new Curves(by("curves"), by("curves-caption"), { seek: seekFrame, refresh });
const table = new TargetTable(by("targets").tBodies[0], {
  choose: (id) => choose(id),
  remove: removeTarget,
});
const timeline = new Timeline(by("timeline"), by("timeline-box"), { seek: seekFrame, changed: rename, refresh });
const settings = new Settings({ preset: by("preset"), main: by("main-settings"), other: by("other-settings"),
  changed: by("changed"), reset: by("reset") }, attempt, refresh);
const sources = new Sources(attempt);
const stream = new Stream(show, tell);

function tell(news) {
  if (news.connected !== undefined) {
    connected = news.connected;
    if (connected) shut = false;
    else {
      abandon();
      get("status").catch(({ status: code }) => { shut = code === 401; });
    }
  }
  if (news.latency !== undefined) latency = news.latency;
  showStatus();
}

function show(moment) {
  const { header } = moment;
  status = header.status;
  targets = header.targets;
  time = header.timestamp ?? 0;
  frame = header.frame ?? 0;
  if (serial !== source()) {
    serial = source();
    chosen = null;
    refresh(() => sources.show(status.source.name));
  }
  if (chosen === null && targets.length) choose(targets[0].id);
  if (chosen !== null && !targets.some(({ id }) => id === chosen) && !names.has(chosen)) choose(null);
  stage.show(moment);
  curves.follow(header, chosen);
  table.show(targets, chosen);
  showStatus();
  if (leads()) settings.follow(status.revision);
  timeline.follow(header);
  if (recording !== status.recording) showRecordings();
  if (events !== status.events) showEvents();
}

function showStatus() {
  const { source: of } = status;
  const open = Boolean(of.name);
  document.body.dataset.phase = phase();
  by("phase").textContent = phase();
  by("work").textContent = status.work || "";
  const age = latency === null ? "" : `, latency ${latency.toFixed(0)} ms`;
  by("rate").textContent = open && status.phase === "playing" ? `${status.fps.toFixed(1)} fps${age}` : "";
  by("source-name").textContent = open ? `${of.name}, ${of.width}×${of.height}` : "none";
  by("empty").hidden = open;
  by("play").textContent = status.phase === "playing" ? "Pause" : "Play";
  by("targets").hidden = !targets.length;
  by("no-targets").hidden = targets.length > 0;
  by("clear").disabled = !names.size;
  by("undo").disabled = !status.undo;
  by("undo").title = status.undo ? `Undo: ${status.undo}` : "Nothing to undo";
  by("redo").disabled = !status.redo;
  by("redo").title = status.redo ? `Redo: ${status.redo}` : "Nothing to redo";
  for (const id of ["play", "step", "back", "record", "snapshot"]) by(id).disabled = !open;
  for (const button of [...by("exports").children, by("export-other")]) {
    if (!button.dataset.busy) button.disabled = !names.size;
  }
  by("seek").disabled = !of.duration || !leads();
  by("seek").max = of.duration || 1;
  if (!seeking) {
    by("seek").value = time;
    showTime(time, frame);
  }
  if (document.activeElement !== by("speed")) by("speed").value = String(status.speed ?? 1);
  by("record").textContent = status.recording ? "Stop recording" : "Record";
  by("record").setAttribute("aria-pressed", Boolean(status.recording));
  showAuto();
  by("webhook").textContent = status.webhook || "";
  by("webhook").hidden = !status.webhook;
  showBanner();
}

function showAuto() {
  const [kind, color] = (status.auto || "").split("=");
  if (document.activeElement !== by("auto")) by("auto").value = kind;
  if (HEX.test(color || "") && document.activeElement !== by("auto-color")) by("auto-color").value = `#${color.replace("#", "")}`;
  by("auto-color").hidden = by("auto").value !== "color";
}

function automate() {
  const kind = by("auto").value;
  return attempt(() => put("auto", { what: kind === "color" ? `color=${by("auto-color").value}` : kind }));
}

const takeBoxes = () => attempt(async () => {
  const [file] = by("boxes").files;
  by("boxes").value = "";
  if (!file) return;
  const count = await sendBoxes(file, source());
  by("announce").textContent = `${count} targets start where the file has boxes`;
});

function showTime(seconds, index) {
  const { duration, frames } = status.source;
  const total = duration ? ` of ${duration.toFixed(2)}` : "";
  by("time").textContent = `${seconds.toFixed(2)}${total} s, frame ${index}${frames ? ` of ${frames - 1}` : ""}`;
}

function choose(id) {
  if (id !== chosen) redrawing(false);
  chosen = id;
  stage.chosen = id;
  stage.draw();
  table.show(targets, id);
  by("chosen").hidden = id === null || !leads();
  by("correct").hidden = id === null;
  const known = names.get(id) || {};
  by("label").value = known.label || "";
  by("color").value = known.color || "#1ee6aa";
  if (by("show-density").checked) stream.ask(id);
}

function redrawing(on) {
  stage.redraw = on;
  by("redraw").setAttribute("aria-pressed", on);
}

function rename(all) {
  names = new Map(all.map((target) => [target.id, target]));
  showStatus();
  stage.colors = new Map(all.filter(({ color }) => color).map(({ id, color }) => [id, color]));
}

const showRecordings = () => refresh(() => {
  recording = status.recording;
  return sources.showRecordings(recording, leads());
});

const showEvents = () => refresh(async () => {
  events = status.events;
  const found = await get("events?count=50");
  announce(found);
  by("events").replaceChildren(...found.map(({ frame: at, timestamp, target, label, event }) => {
    const item = document.createElement("li");
    item.textContent = `${timestamp.toFixed(2)} s, frame ${at}: ${label} #${target} ${event}`;
    return item;
  }));
});

/** Says what became of targets to screen readers. It comes from the server's list: a page may not see each frame. */
function announce(found) {
  const words = [];
  for (const { number, target, label, event } of [...found].reverse()) {
    const saying = event === "lost" ? "is lost" : event === "found" && lost.has(target) ? "is found again" : "";
    if (number > heard && saying) words.push(`${label ? `${label} ` : ""}target ${target} ${saying}`);
    if (event === "lost") lost.add(target);
    else lost.delete(target);
  }
  if (heard !== null && words.length) by("announce").textContent = words.slice(-3).join(", ");
  heard = Math.max(heard, ...found.map(({ number }) => number));
}

const toggle = () => order(status.phase === "playing" ? "pause" : "play");
const record = () => attempt(async () => {
  await post("recordings", { on: !status.recording });
  await showRecordings();
});

function toggleDensity() {
  const wanted = by("show-density").checked;
  by("density").hidden = !wanted;
  stream.ask(wanted ? chosen : null);
  stage.draw();
}

function doubt(forward) {
  const at = timeline.doubt(frame, forward);
  if (at === null) say(`there is no doubtful stretch ${forward ? "after" : "before"} this frame`);
  else seekFrame(at);
}

async function busy(button, action) {
  button.dataset.busy = "yes";
  button.disabled = true;
  await attempt(action);
  delete button.dataset.busy;
  button.disabled = false;
}

/** The four numbers that were typed; null, and a word about it, where there are none. */
function typed() {
  const numbers = by("box").value.trim().split(/[\s,]+/).map(Number);
  if (numbers.length === 4 && numbers.every(Number.isFinite)) return numbers;
  say("type four numbers: x y width height, in pixels");
  return null;
}

const ACTIONS = {
  play: toggle,
  step: () => order("step"),
  back: () => order("back"),
  undo: () => edit("undo"),
  redo: () => edit("redo"),
  record,
  snapshot: () => by("picture").toBlob((blob) => save(blob, `frame-${frame}.png`)),
  clear: () => attempt(() => remove(`targets?rows=true&source=${source()}`)),
  redraw: () => redrawing(!stage.redraw),
  retrack: () => attempt(() => post(`targets/${chosen}/retrack`, { frame, source: source() })),
  end: () => attempt(() => remove(`targets/${chosen}?source=${source()}`)),
  correct: () => {
    const box = chosen === null ? null : typed();
    if (box) correct(chosen, box, frame);
  },
  "doubt-before": () => doubt(false),
  "doubt-after": () => doubt(true),
};
for (const [id, action] of Object.entries(ACTIONS)) by(id).addEventListener("click", action);
by("seek").addEventListener("input", () => {
  seeking = true;
  const seconds = Number(by("seek").value);
  showTime(seconds, Math.round(seconds * (status.source.fps || 25)));
  seekTo(seconds); // the newest one wins, so that the picture follows
});
by("seek").addEventListener("change", async () => {
  await seekTo(Number(by("seek").value));
  seeking = false;
});
by("auto").addEventListener("change", automate);
by("auto-color").addEventListener("change", automate);
by("boxes").addEventListener("change", takeBoxes);
by("speed").addEventListener("change", () => order("speed", { speed: Number(by("speed").value) }));
by("show-density").addEventListener("change", toggleDensity);
by("typed").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = typed();
  if (box) add(box, frame);
});
by("naming").addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => patch(`targets/${chosen}`, { label: by("label").value, color: by("color").value, source: source() }));
});
for (const button of by("exports").children) {
  button.addEventListener("click", () => busy(button, () => download(`results/export?kind=${button.dataset.kind}`)));
}
by("export-other").addEventListener("click", () => busy(by("export-other"),
  () => download(`results/export?kind=${by("format").value}`)));

listen({
  " ": toggle,
  ".": () => order("step"),
  ",": () => order("back"),
  ArrowLeft: () => seekTo(time - SEEK),
  ArrowRight: () => seekTo(time + SEEK),
  n: () => doubt(true),
  p: () => doubt(false),
  d: () => by("show-density").click(),
  r: record,
  b: () => stage.beginByKeys(),
  0: () => stage.wholePicture(),
  Delete: () => removeTarget(chosen),
  Escape: () => {
    redrawing(false);
    stage.letGo();
  },
  "ctrl+z": () => edit("undo"),
  "ctrl+shift+z": () => edit("redo"),
  "ctrl+y": () => edit("redo"),
}, { first: (event) => stage.key(event), allowed: leads, isBusy: isWaiting });

attempt(async () => {
  const { role } = await get("role");
  document.body.dataset.role = role;
  if (role === "lead") {
    await sources.show();
    if (status.revision !== undefined) await settings.follow(status.revision);
  }
  by("offers").addEventListener("focus", () => refresh(() => sources.show()));
});
