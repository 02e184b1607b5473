// A curve with balls that roll along it: the browser owns the clock, at whose pace a run takes about six seconds.
const scenes = new WeakMap();
const MARGIN = { left: 52, right: 12, top: 34, bottom: 38 };
const RADIUS = 9;

export default function ({ data, parentElement }) {
  let scene = scenes.get(parentElement);
  if (!scene) scenes.set(parentElement, (scene = new Rolling(parentElement.querySelector(".ball"))));
  scene.show(decode(data));
  return () => scene.close();
}

class Rolling {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    [this.stage, this.canvas, this.scrub, this.output, this.button] = ["div", "canvas", ".scrub", "output", "button"].map(find);
    this.ctx = this.canvas.getContext("2d");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.step = 0;
    this.watch = new ResizeObserver(() => this.scene && this.resize());
    this.watch.observe(this.stage);
    this.button.onclick = () => this.toggle();
    this.scrub.oninput = () => this.seek(Number(this.scrub.value));
    const keys = { " ": () => this.toggle(), ArrowLeft: () => this.seek(this.whole - 1), ArrowRight: () => this.seek(this.whole + 1) };
    root.onkeydown = (event) => {
      if (!keys[event.key] || event.composedPath()[0] !== root) return;
      event.preventDefault();
      keys[event.key]();
    };
  }

  // Whatever has changed, it rolls anew.
  show(scene) {
    const same = this.scene?.id === scene.id;
    this.scene = scene;
    this.theme = readTheme(this.root);
    this.scrub.max = scene.steps;
    this.canvas.setAttribute("aria-label", scene.summary);
    this.resize();
    if (!same) this.calm ? this.seek(scene.steps) : this.play(0);
  }

  get whole() {
    return Math.min(this.scene.steps, Math.floor(this.step + 1e-9));
  }

  toggle() {
    this.ticket ? this.seek(this.whole) : this.play(this.step >= this.scene.steps ? 0 : this.step);
  }

  play(from) {
    this.seek(from);
    let then = performance.now();
    const tick = (now) => {
      this.step += (Math.max(0, now - then) / 6000) * this.scene.steps;
      then = now;
      if (this.step >= this.scene.steps) return this.seek(this.scene.steps);
      this.ticket = requestAnimationFrame(tick);
      this.paint();
    };
    this.ticket = requestAnimationFrame(tick);
    this.paint();
  }

  seek(step) {
    cancelAnimationFrame(this.ticket);
    this.ticket = 0;
    this.step = Math.max(0, Math.min(this.scene.steps, step));
    this.paint();
  }

  close() {
    cancelAnimationFrame(this.ticket);
    this.watch.disconnect();
    scenes.delete(this.root.getRootNode());
  }

  resize() {
    const width = this.stage.clientWidth;
    if (!width) return;
    const height = Math.max(280, Math.min(480, 0.42 * innerHeight));
    const scale = Math.min(2, devicePixelRatio || 1);
    [this.canvas.width, this.canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    this.canvas.style.height = `${height}px`;
    this.ctx.setTransform(scale, 0, 0, scale, 0, 0);
    const box = { x: MARGIN.left, y: MARGIN.top, w: width - MARGIN.left - MARGIN.right, h: height - MARGIN.top - MARGIN.bottom };
    this.frame = new Frame(box, ...this.scene.view);
    this.paint();
  }

  paint() {
    const { ctx, scene, theme, frame, root } = this;
    if (!frame) return;
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
    frame.axes(ctx, theme, { xLabel: "x", yLabel: "f(x, 0)" });
    ctx.save();
    frame.clip(ctx);
    this.drawCurve();
    const heads = scene.runs.map((run) => this.drawRun(run));
    ctx.restore();
    this.drawLegend();
    this.scrub.value = this.whole;
    this.output.textContent = `${this.whole} / ${scene.steps}`;
    this.button.setAttribute("aria-label", this.ticket ? "Pause" : "Play");
    root.classList.toggle("playing", Boolean(this.ticket));
    Object.assign(root.dataset, { step: this.whole, scene: scene.id, heads: heads.map((head) => head.map(Math.round)).join(" ") });
  }

  drawCurve() {
    const { ctx, scene: { curve }, theme, frame } = this;
    ctx.beginPath();
    for (let i = 0; i < curve.length; i += 2) ctx[i ? "lineTo" : "moveTo"](frame.X(curve[i]), frame.Y(curve[i + 1]));
    Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 2.5, lineJoin: "round" });
    ctx.stroke();
    ctx.lineTo(frame.box.x + frame.box.w, frame.box.y + frame.box.h);
    ctx.lineTo(frame.box.x, frame.box.y + frame.box.h);
    ctx.fillStyle = theme.ground;
    ctx.fill();
  }

  // Where it has been at whole steps, small, and where it is; it stands on the curve, not in it.
  drawRun(run) {
    const { ctx, scene: { pieces }, theme, frame } = this;
    const color = theme.palette[run.color % theme.palette.length].trim();
    const at = (k) => [frame.X(run.points[2 * k]), frame.Y(run.points[2 * k + 1])];
    const now = Math.min(run.steps, this.step * pieces);
    Object.assign(ctx, { fillStyle: color, globalAlpha: 0.5 });
    ctx.beginPath();
    for (let k = 0; k < now; k += pieces) shape(ctx, run.marker, ...at(k), 3);
    ctx.fill();
    ctx.globalAlpha = 1;
    const [before, part] = [Math.floor(now), now - Math.floor(now)];
    const [here, next] = [at(before), at(Math.min(run.steps, before + 1))];
    const [px, py] = here.map((v, i) => v + part * (next[i] - v));
    const [ux, uy] = this.normal(px);
    const head = [px + RADIUS * ux, py + RADIUS * uy];
    ctx.beginPath();
    shape(ctx, run.marker, ...head, RADIUS);
    halo(ctx, color, theme.background);
    return head;
  }

  // The direction away from the ground, at a pixel across.
  normal(px) {
    const { scene: { curve }, frame } = this;
    const last = curve.length / 2 - 2;
    const i = Math.max(0, Math.min(last, Math.floor(((px - frame.box.x) / frame.box.w) * (last + 1))));
    const [dx, dy] = [frame.X(curve[2 * i + 2]) - frame.X(curve[2 * i]), frame.Y(curve[2 * i + 3]) - frame.Y(curve[2 * i + 1])];
    const length = Math.hypot(dx, dy);
    return [dy / length, -dx / length];
  }

  drawLegend() {
    const { ctx, scene, theme, frame } = this;
    let x = frame.box.x + 10;
    Object.assign(ctx, { font: theme.normal, textAlign: "left", textBaseline: "middle" });
    for (const run of scene.runs) {
      ctx.beginPath();
      shape(ctx, run.marker, x, 16, 7);
      halo(ctx, theme.palette[run.color % theme.palette.length].trim(), theme.background);
      const k = Math.min(run.steps, this.whole * scene.pieces);
      const words = `${run.label}   x ${short(run.points[2 * k])}   f ${short(run.points[2 * k + 1])}`;
      ctx.fillStyle = theme.text;
      ctx.fillText(words, x + 14, 16);
      x += Math.max(230, ctx.measureText(words).width + 50);
    }
  }
}
