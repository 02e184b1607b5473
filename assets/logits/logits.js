// The board shows the chain of the logits under the visitor's hand, and tells the server what they have let go.
const boards = new WeakMap();
const [SETTLED, NEAR] = [400, 28]; // ms after the last key, CSS pixels from a handle that a finger may be
const ROOM = 2; // beyond the largest logit, for its arrow
const KEPT = ["logits", "temperature", "constant", "truth"];
const BROKEN = {
  high: () => tr("As written, 32 bits overflow: ∞ / ∞ is no number. The code subtracts the largest first, so nothing changes above."),
  low: () => tr("As written, 32 bits lose every exponential: 0 / 0 is no number. The code subtracts the largest first, so nothing changes above."),
};

export default function ({ data, parentElement, setTriggerValue }) {
  let board = boards.get(parentElement);
  if (!board) boards.set(parentElement, (board = new Board(parentElement.querySelector(".logits"))));
  board.send = setTriggerValue;
  board.show(decode(data));
  return () => board.close();
}

class Board {
  constructor(root) {
    this.root = root;
    localize(root);
    [this.grips, this.words] = ["grips", "words"].map((name) => root.querySelector(`.${name}`));
    this.sliders = Object.fromEntries([...root.querySelectorAll("[data-of]")].map((input) => [input.dataset.of, input]));
    this.painted = 0;
    this.sheet = new Sheet(root, () => this.scene && this.paint());
    this.listen();
  }

  // What the server says; what is under the visitor's hand is theirs.
  show(scene) {
    const anew = !this.scene || this.scene.logits.length !== scene.logits.length;
    this.scene = scene;
    this.theme = readTheme(this.root);
    this.sheet.canvas.setAttribute("aria-label", scene.summary);
    if (anew || !(this.grip || this.pending)) this.now = structuredClone(pick(scene));
    if (anew) this.grips.replaceChildren(...scene.logits.map((_, k) => this.grown(k)));
    const [cold, hot] = scene.temperatures.map(Math.log10);
    Object.assign(this.sliders.temperature, { min: cold, max: hot });
    [this.sliders.constant.min, this.sliders.constant.max] = scene.constants;
    this.paint();
  }

  // A slider nobody sees, for the keyboard and those who hear the page.
  grown(k) {
    const [min, max] = this.scene.view;
    const input = Object.assign(document.createElement("input"), { type: "range", min, max, step: 0.1 });
    input.setAttribute("aria-label", tr("logit of class {k}", { k: k + 1 }));
    input.oninput = () => this.move(k, Number(input.value));
    input.onchange = () => this.tell(SETTLED);
    input.onfocus = () => this.paint();
    input.onblur = () => this.paint();
    return input;
  }

  get focus() {
    return [...this.grips.children].indexOf(this.root.getRootNode().activeElement);
  }

  move(k, z) {
    const [low, high] = this.scene.view;
    this.now.logits[k] = Number(Math.max(low, Math.min(high, z)).toFixed(1)) + 0;
    this.paint();
  }

  tell(after = 0) {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      this.pending = null;
      if (JSON.stringify(this.now) !== JSON.stringify(pick(this.scene))) this.send("settings", this.now);
    }, after);
  }

  listen() {
    const { temperature, constant } = this.sliders;
    const turn = (slider, name, read) => {
      slider.oninput = () => {
        this.now[name] = read(Number(slider.value));
        this.paint();
      };
      slider.onchange = () => this.tell(SETTLED);
    };
    turn(temperature, "temperature", (power) => Number((10 ** power).toPrecision(3)));
    turn(constant, "constant", (c) => c);
    this.root.querySelector("[data-do=full]").onclick = (event) => {
      this.sheet.toggleFull();
      if (event.detail) event.currentTarget.blur();
    };
    const { canvas } = this.sheet;
    Object.assign(canvas, {
      onpointerdown: (event) => this.down(event),
      onpointermove: (event) => this.drag(event),
      onpointerup: () => this.drop(),
      onpointercancel: () => this.drop(),
    });
    // A finger on a handle is ours; any other may scroll the page.
    const touch = (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      const place = [event.touches[0].clientX - left, event.touches[0].clientY - top].map((v) => v / this.sheet.zoom);
      if (this.near(place)) event.preventDefault();
    };
    canvas.addEventListener("touchstart", touch, { passive: false });
  }

  // Whether the place is at a handle.
  near(place) {
    const k = this.frame.under(place);
    return k !== undefined && Math.abs(place[1] - this.handle(k)) * this.sheet.zoom < NEAR;
  }

  handle(k) {
    return this.frame.Y(this.now.logits[k] + this.now.constant);
  }

  // A handle keeps its distance from the hand; elsewhere in a column the bar comes to it. A name makes its class the true one.
  down(event) {
    const place = this.sheet.place(event);
    const named = this.columns.map((frame) => frame.under(place, true)).find((k) => k !== undefined);
    if (event.button !== 0) return;
    if (named !== undefined) {
      this.now.truth = named + 1;
      this.paint();
      return this.tell();
    }
    const k = this.frame.under(place);
    if (k === undefined || (event.pointerType === "touch" && !this.near(place))) return;
    event.target.setPointerCapture(event.pointerId);
    this.grip = { k, off: this.near(place) ? this.handle(k) - place[1] : 0 };
    this.drag(event);
  }

  drag(event) {
    const place = this.sheet.place(event);
    const named = this.columns.some((frame) => frame.under(place, true) !== undefined);
    event.target.style.cursor = named ? "pointer" : this.grip || this.frame.under(place) !== undefined ? "ns-resize" : "";
    if (!this.grip) return;
    const [, z] = this.frame.at(place[0], place[1] + this.grip.off);
    this.move(this.grip.k, z - this.now.constant);
  }

  drop() {
    if (!this.grip) return;
    this.grip = null;
    this.tell();
  }

  close() {
    clearTimeout(this.pending);
    this.sheet.close();
    boards.delete(this.root.getRootNode());
  }

  // ---- the picture

  paint() {
    const { sheet, theme, now, scene } = this;
    const { width, height, zoom } = sheet.room(0.63);
    if (!width) return;
    const plan = arrange(width, sheet.isFull() ? height - 6 : height, now.logits.length);
    sheet.take(width, plan.height, zoom);
    const { ctx } = sheet;
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width + 1, plan.height + 1);
    const found = chain(now);
    this.paintBars(ctx, plan.boxes, found);
    const { loss, triangle } = plan.boxes;
    drawLoss(ctx, new Frame(loss, [0, 1], [0, DEAREST]), now, found, theme);
    heading(ctx, loss, tr("loss  −ln ŷ = {loss}", { loss: short(found.loss, 3) }), theme);
    if (triangle) {
      drawTriangle(ctx, triangle, now, found, theme);
      heading(ctx, triangle, tr("triangle of all ŷ"), theme);
    }
    this.report(found);
    const { box, count, y0, y1 } = this.frame;
    const bars = [...Object.values(box).map((v) => v * zoom), count, y0, y1];
    const shown = Object.entries({ now, found, bars }).map(([name, value]) => [name, JSON.stringify(value)]);
    Object.assign(this.root.dataset, { scene: scene.id, painted: ++this.painted, ...Object.fromEntries(shown) });
  }

  paintBars(ctx, boxes, found) {
    const { theme, now, scene: { view } } = this;
    const [count, c] = [now.logits.length, now.constant];
    const logits = new Columns(boxes.logits, count, [view[0] - ROOM + c, view[1] + ROOM + c]);
    const exps = new Columns(boxes.exps, count, [0, 1.04]);
    const probabilities = new Columns(boxes.probabilities, count, [0, 1.04]);
    [this.frame, this.columns] = [logits, [logits, exps, probabilities]];
    const sum = c ? `z ${c < 0 ? "−" : "+"} ${Math.abs(c)}` : "z";
    const power = now.temperature === 1 ? sum : c ? `(${sum}) / T` : "z / T";
    logits.axes(ctx, theme, tr("logits {sum}: drag", { sum }));
    exps.axes(ctx, theme, tr("exp({power}), as shares of the largest", { power }));
    probabilities.axes(ctx, theme, tr("probabilities ŷ, in outline hardmax"));
    for (const frame of this.columns) frame.names(ctx, theme, now.truth);
    rule(ctx, logits, c, theme);
    logits.bars(ctx, now.logits.map((z) => z + c), theme, { base: c });
    drawHandles(ctx, logits, now, this.focus, theme);
    drawPulls(ctx, logits, now, found, theme);
    const most = Math.max(...found.probabilities);
    exps.bars(ctx, found.probabilities.map((p) => p / most), theme);
    probabilities.bars(ctx, found.probabilities, theme, { share: 0.62, shift: -0.19 });
    probabilities.bars(ctx, found.hard, theme, { share: 0.3, shift: 0.35, hollow: true });
    logits.row(ctx, theme, 0, "z", now.logits, (v) => short(v));
    logits.row(ctx, theme, 1, "∂L/∂z", found.gradient, fixed, theme.roles.gradient);
    exps.row(ctx, theme, 0, "exp", found.exps, (v) => short(v));
    probabilities.row(ctx, theme, 0, "ŷ", found.probabilities, fixed);
  }

  // What sliders and words say.
  report({ written, exps, probabilities }) {
    const { now, sliders } = this;
    const lost = written.some(Number.isNaN);
    const words = lost ? BROKEN[exps.includes(Infinity) ? "high" : "low"]() : "";
    if (this.words.textContent !== words) this.words.textContent = words;
    [sliders.temperature.value, sliders.constant.value] = [Math.log10(now.temperature), now.constant];
    sliders.temperature.nextElementSibling.textContent = `T = ${short(now.temperature)}`;
    sliders.constant.nextElementSibling.textContent = `c = ${short(now.constant)}`;
    [...this.grips.children].forEach((grip, k) => {
      grip.value = now.logits[k];
      grip.setAttribute("aria-valuetext", tr("{z}, probability {p}", { z: now.logits[k], p: probabilities[k].toFixed(3) }));
    });
  }
}

const pick = (scene) => Object.fromEntries(KEPT.map((name) => [name, scene[name]]));

function heading(ctx, { x, y, w }, words, theme) {
  Object.assign(ctx, { font: theme.normal, fillStyle: theme.text, textAlign: "left", textBaseline: "bottom" });
  ctx.fillText(words, x, y - 5, w);
}

// A line across where the bars begin.
function rule(ctx, frame, v, theme) {
  const y = Math.round(frame.Y(v)) + 0.5;
  Object.assign(ctx, { strokeStyle: theme.border, lineWidth: 1 });
  ctx.beginPath();
  ctx.moveTo(frame.box.x, y);
  ctx.lineTo(frame.box.x + frame.box.w, y);
  ctx.stroke();
}
