/** Confidence, size and speed of one target over the last frames. */

const LONGEST = 300;
const COLORS = ["#1ee6aa", "#6cb8ff", "#ffb414"];

export class Curves {
  constructor(canvas) {
    this.canvas = canvas;
    this.points = [];
    this.last = null;
    this.id = null;
    window.addEventListener("resize", () => this.draw());
  }

  take(frame, target) {
    const id = target ? target.id : null;
    if (id !== this.id || (this.last && frame < this.last.frame)) {
      this.points = [];
      this.last = null;
      this.id = id;
    }
    if (!target || (this.last && this.last.frame === frame)) return;
    const steps = this.last ? Math.max(1, frame - this.last.frame) : 1;
    const moved = this.last ? Math.hypot(target.cx - this.last.cx, target.cy - this.last.cy) / steps : 0;
    this.points = [...this.points, [target.confidence, Math.sqrt(target.w * target.h), moved]].slice(-LONGEST);
    this.last = { frame, cx: target.cx, cy: target.cy };
    this.draw();
  }

  draw() {
    const context = this.canvas.getContext("2d");
    this.canvas.width = this.canvas.clientWidth; // letters keep their shape at any width
    const { width, height } = this.canvas;
    context.clearRect(0, 0, width, height);
    context.font = "12px system-ui, sans-serif";
    COLORS.forEach((color, curve) => {
      const values = this.points.map((point) => point[curve]);
      const top = curve === 0 ? 1 : Math.max(1, ...values);
      context.strokeStyle = color;
      context.fillStyle = color;
      context.lineWidth = 1.6;
      context.beginPath();
      values.forEach((value, i) => context.lineTo((i / LONGEST) * width, height - 4 - (value / top) * (height - 24)));
      context.stroke();
      context.fillText(LABELS[curve](values.at(-1) ?? 0), 8 + 120 * curve, 13);
    });
  }
}

const LABELS = [
  (value) => `${Math.round(100 * value)} %`,
  (value) => `${value.toFixed(1)} px`,
  (value) => `${value.toFixed(1)} px/frame`,
];
