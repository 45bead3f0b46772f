/** Drawing: the targets over the picture, and the density in its place. */

export const LOOKS = {
  tracking: { color: "#1ee6aa", dash: [] },
  occluded: { color: "#ffb414", dash: [2, 1] },
  lost: { color: "#ff50b4", dash: [0.6, 1] },
};

export function drawTargets(context, targets, trails, chosen) {
  const unit = Math.sqrt(Math.hypot(context.canvas.width, context.canvas.height));
  for (const target of targets) drawTrail(context, trails.get(target.id) || [], target.state, unit);
  for (const target of targets) drawTarget(context, target, unit, target.id === chosen);
}

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

const corners = ({ x, y, w, h }) => [[x, y], [x + w, y], [x + w, y + h], [x, y + h]];

function drawTarget(context, target, unit, chosen) {
  const look = LOOKS[target.state];
  const dash = look.dash.map((part) => part * 0.3 * unit);
  outline(context, target.corners || corners(target), look.color, (chosen ? 0.1 : 0.07) * unit, dash);
  const words = [`${target.label || ""}#${target.id}`];
  if (target.state !== "tracking") words.push(target.state.toUpperCase());
  words.push(`${Math.round(100 * target.confidence)}%`);
  plate(context, words.join(" "), target.x, target.y, look.color, unit);
}

function plate(context, text, x, y, color, unit) {
  const size = Math.max(9, 0.5 * unit);
  context.font = `600 ${size}px system-ui, sans-serif`;
  const width = context.measureText(text).width + size;
  const left = Math.max(0, Math.min(x, context.canvas.width - width));
  const top = y > 1.8 * size ? y - 1.7 * size : Math.max(0, y + 0.3 * size);
  context.fillStyle = "rgba(16, 16, 16, .82)";
  context.fillRect(left, top, width, 1.5 * size);
  context.fillStyle = color;
  context.fillRect(left, top, 0.2 * size, 1.5 * size);
  context.fillText(text, left + 0.5 * size, top + 1.1 * size);
}

function drawTrail(context, points, state, unit) {
  context.lineWidth = 0.05 * unit;
  context.strokeStyle = LOOKS[state].color;
  for (let i = 1; i < points.length; i += 1) {
    context.globalAlpha = (0.8 * i) / points.length;
    context.beginPath();
    context.moveTo(...points[i - 1]);
    context.lineTo(...points[i]);
    context.stroke();
  }
  context.globalAlpha = 1;
}

export function drawDragged(context, box) {
  const unit = Math.sqrt(Math.hypot(context.canvas.width, context.canvas.height));
  outline(context, corners(box), "#ffffff", 0.07 * unit);
}

export function drawDensity(context, image, place, target) {
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  if (!image || !place) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(image, ...place.box);
  if (target) drawTargets(context, [target], new Map(), target.id);
}
