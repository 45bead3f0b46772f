/** Drawing: the targets over the picture, and the density in its place. Sizes are in pixels of the screen. */

export const LOOKS = {
  tracking: { color: "#1ee6aa", dash: [] },
  occluded: { color: "#ffb414", dash: [7, 4] },
  lost: { color: "#ff50b4", dash: [2, 4] },
};
const HANDLE = 4;
const LONGEST = 20; // letters of a name over the picture

export const corners = ({ x, y, w, h }) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];

/** `look` has `trails`, `chosen`, `colors` by number, `unit` (pixels of the frame a pixel of the screen), `handles`. */
export function drawTargets(context, targets, look) {
  for (const target of targets) drawTrail(context, look.trails.get(target.id) || [], colorOf(target, look), look.unit);
  // What needs a look lies above the rest.
  const rank = ({ id, state }) => (id === look.chosen ? 2 : state === "tracking" ? 0 : 1);
  for (const target of [...targets].sort((a, b) => rank(a) - rank(b))) drawTarget(context, target, look);
}

const colorOf = ({ id, state }, { colors }) => colors.get(id) || LOOKS[state].color;

function outline(context, points, color, width, dash = []) {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.setLineDash(dash);
  context.lineWidth = width * 1.9;
  context.strokeStyle = "rgba(16, 16, 16, .8)";
  context.stroke();
  context.lineWidth = width;
  context.strokeStyle = color;
  context.stroke();
  context.setLineDash([]);
}

function drawTarget(context, target, look) {
  const { unit, chosen, handles } = look;
  const dash = LOOKS[target.state].dash.map((part) => part * unit);
  const color = colorOf(target, look);
  outline(context, target.corners || corners(target), color, (target.id === chosen ? 3 : 2) * unit, dash);
  if (target.id === chosen && handles) drawHandles(context, target, unit);
  const words = [`${short(target.label || "")}#${target.id}`];
  if (target.state !== "tracking") words.push(target.state.toUpperCase());
  words.push(`${Math.round(100 * target.confidence)}%`);
  plate(context, words.join(" "), target, color, look);
}

const short = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}… ` : name && `${name} `);

function drawHandles(context, box, unit) {
  context.fillStyle = "#fff";
  for (const [x, y] of corners(box)) {
    context.fillRect(x - HANDLE * unit, y - HANDLE * unit, 2 * HANDLE * unit, 2 * HANDLE * unit);
  }
}

function plate(context, text, { x, y }, color, { unit, frame }) {
  const size = 13 * unit;
  context.font = `600 ${size}px system-ui, sans-serif`;
  const width = context.measureText(text).width + size;
  const left = Math.max(0, Math.min(x, frame.width - width));
  const top = y > 1.8 * size ? y - 1.7 * size : Math.max(0, y + 0.3 * size);
  context.fillStyle = "rgba(16, 16, 16, .82)";
  context.fillRect(left, top, width, 1.5 * size);
  context.fillStyle = color;
  context.fillRect(left, top, 0.2 * size, 1.5 * size);
  context.fillText(text, left + 0.5 * size, top + 1.1 * size);
}

function drawTrail(context, points, color, unit) {
  context.lineWidth = 1.5 * unit;
  context.strokeStyle = color;
  for (let i = 1; i < points.length; i += 1) {
    context.globalAlpha = (0.8 * i) / points.length;
    context.beginPath();
    context.moveTo(...points[i - 1]);
    context.lineTo(...points[i]);
    context.stroke();
  }
  context.globalAlpha = 1;
}

export function drawDragged(context, box, unit) {
  outline(context, corners(box), "#ffffff", 2 * unit);
}

export function drawDensity(context, image, place, target, look) {
  context.fillStyle = "#000";
  context.fillRect(0, 0, look.frame.width, look.frame.height);
  if (!image || !place) {
    context.fillStyle = "#b4bec7";
    context.font = `${14 * look.unit}px system-ui, sans-serif`;
    context.textAlign = "center";
    const text = target ? "no density here: the frame is shown from its rows" : "choose a target to see its density";
    context.fillText(text, look.frame.width / 2, look.frame.height / 2, look.frame.width);
    context.textAlign = "left";
    return;
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(image, ...place.box);
  if (target) drawTargets(context, [target], { ...look, trails: new Map(), handles: false });
}
