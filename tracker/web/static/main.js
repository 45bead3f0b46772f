/** The page: what the person does goes to the server, what comes of it is shown. */

import { download, get, post, remove, upload } from "./api.js";
import { Curves } from "./curves.js";
import { Settings } from "./settings.js";
import { Stream } from "./socket.js";
import { Stage } from "./stage.js";

const by = (id) => document.getElementById(id);
const SEEK = 1; // seconds that an arrow key goes
const SAID = 5000; // milliseconds that a message stays
const WORDS = {
  lost: "The source is lost",
  reconnecting: "The source is silent: reconnecting",
  disconnected: "The server does not answer: connecting again",
};

let status = { phase: "idle", source: {} };
let chosen = null;
let targets = [];
let time = 0;
let said = "";
let latency = null;
let connected = false;
let recording = "";

async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    say(error.message);
    return null;
  }
}

function say(text) {
  said = text;
  showBanner();
  setTimeout(() => {
    if (said === text) say("");
  }, SAID);
}

function phase() {
  return connected ? status.phase : "disconnected";
}

function showBanner() {
  const trouble = WORDS[phase()];
  const text = said || (trouble ? [trouble, connected && status.message].filter(Boolean).join(" – ") : status.message);
  by("banner").textContent = text || "";
  by("banner").hidden = !text;
}

const stage = new Stage(by("picture"), by("density"), {
  add: (box, frame) => attempt(async () => choose((await post("targets", { box, frame })).id)),
  remove: (id) => attempt(() => remove(`targets/${id}`)),
  refuse: say,
});
const curves = new Curves(by("curves"));
const settings = new Settings(by("preset"), by("main-settings"), by("other-settings"), attempt);
const stream = new Stream(show, tell);

function tell(news) {
  if (news.connected !== undefined) connected = news.connected;
  if (news.latency !== undefined) latency = news.latency;
  showStatus();
}

function show(moment) {
  const { header } = moment;
  status = header.status;
  targets = header.targets;
  time = header.timestamp ?? 0;
  if (!targets.some(({ id }) => id === chosen)) choose(targets.length ? targets[0].id : null);
  stage.show(moment);
  curves.take(header.frame, targets.find(({ id }) => id === chosen));
  showTargets();
  showStatus();
  settings.follow(status.revision);
  if (recording !== status.recording) showRecordings();
}

function showStatus() {
  const { source } = status;
  document.body.dataset.phase = phase();
  by("phase").textContent = phase();
  const age = latency === null ? "" : `, latency ${latency.toFixed(0)} ms`;
  by("rate").textContent = source.name ? `${status.fps.toFixed(1)} fps${age}` : "";
  by("source-name").textContent = source.name ? `${source.name}, ${source.width}×${source.height}` : "none";
  by("play").textContent = status.phase === "playing" ? "Pause" : "Play";
  by("time").textContent = `${time.toFixed(2)} s`;
  by("seek").disabled = !source.duration;
  by("seek").max = source.duration || 1;
  if (document.activeElement !== by("seek")) by("seek").value = time;
  if (document.activeElement !== by("speed")) by("speed").value = String(status.speed ?? 1);
  by("record").textContent = status.recording ? "Stop recording" : "Record";
  by("record").setAttribute("aria-pressed", Boolean(status.recording));
  showBanner();
}

function choose(id) {
  chosen = id;
  stage.chosen = id;
  if (by("show-density").checked) stream.ask(id);
}

/** Keeps the rows, so that a click that begins on one frame can end on another. */
function showTargets() {
  const body = by("targets").tBodies[0];
  while (body.rows.length > targets.length) body.deleteRow(-1);
  targets.forEach((target, index) => fill(body.rows[index] || newRow(body), target));
}

function newRow(body) {
  const row = body.insertRow();
  for (let i = 0; i < 5; i += 1) row.insertCell();
  const button = document.createElement("button");
  button.textContent = "✕";
  row.cells[4].append(button);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    attempt(() => remove(`targets/${row.dataset.id}`));
  });
  row.addEventListener("click", () => choose(Number(row.dataset.id)));
  return row;
}

function fill(row, { id, label, state, confidence, x, y, w, h, reason }) {
  row.dataset.id = id;
  row.setAttribute("aria-selected", id === chosen);
  row.cells[4].firstChild.setAttribute("aria-label", `Remove target ${id}`);
  row.cells[1].className = state;
  row.cells[1].title = reason;
  const texts = [`${id} ${label}`, state.toUpperCase(), `${Math.round(100 * confidence)} %`,
    [x, y, w, h].map((value) => value.toFixed(0)).join(" ")];
  texts.forEach((text, cell) => {
    if (row.cells[cell].textContent !== text) row.cells[cell].textContent = text;
  });
}

async function showOffers() {
  const { offers, urls } = await get("sources");
  const groups = Map.groupBy ? Map.groupBy(offers, ({ kind }) => kind) : new Map([["all", offers]]);
  by("offers").replaceChildren(...[...groups].map(([kind, members]) => {
    const group = document.createElement("optgroup");
    group.label = kind;
    group.append(...members.map((offer) => new Option(offer.title, JSON.stringify([offer.kind, offer.name]))));
    return group;
  }));
  by("url-form").hidden = !urls;
}

async function showRecordings() {
  recording = status.recording;
  const { recordings } = await get("recordings");
  by("recordings").replaceChildren(...recordings.filter((name) => name !== recording).map((name) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    [link.href, link.textContent] = [`api/recordings/${encodeURIComponent(name)}`, name];
    item.append(link);
    return item;
  }));
}

const openSource = (kind, name) => attempt(() => post("sources/open", { kind, name }));
const order = (action, more = {}) => attempt(() => post("playback", { action, ...more }));
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

async function busy(button, action) {
  button.disabled = true;
  await attempt(action);
  button.disabled = false;
}

by("play").addEventListener("click", toggle);
by("step").addEventListener("click", () => order("step"));
by("seek").addEventListener("change", () => {
  order("seek", { seconds: Number(by("seek").value) });
  by("seek").blur();
});
by("speed").addEventListener("change", () => {
  order("speed", { speed: Number(by("speed").value) });
  by("speed").blur();
});
by("show-density").addEventListener("change", toggleDensity);
by("record").addEventListener("click", record);
by("clear").addEventListener("click", () => attempt(() => remove("targets")));
by("open").addEventListener("click", () => busy(by("open"), () => openSource(...JSON.parse(by("offers").value))));
by("url-form").addEventListener("submit", (event) => {
  event.preventDefault();
  openSource("url", by("url").value.trim());
});
by("upload").addEventListener("change", () => busy(by("upload"), async () => {
  const [file] = by("upload").files;
  if (!file) return;
  const { kind, name } = await upload(file);
  await showOffers();
  await openSource(kind, name);
}));
for (const button of by("exports").children) {
  const { kind } = button.dataset;
  const name = `tracks.${kind === "mot" ? "txt" : kind}`;
  button.addEventListener("click", () => busy(button, () => download(`results/export?kind=${kind}`, name)));
}

const KEYS = {
  " ": toggle,
  ".": () => order("step"),
  ArrowLeft: () => order("seek", { seconds: Math.max(0, time - SEEK) }),
  ArrowRight: () => order("seek", { seconds: time + SEEK }),
  d: () => by("show-density").click(),
  r: record,
  Delete: () => chosen !== null && attempt(() => remove(`targets/${chosen}`)),
  Escape: () => stage.letGo(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, button, summary, a");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

attempt(showOffers);
attempt(showRecordings);
