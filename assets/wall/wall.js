// The wall shows the histograms of every layer of every network at one step; the browser owns step, view and axis.
const walls = new WeakMap();
const HIDES = 20; // times as wide as another row

export default function ({ data, parentElement, setStateValue }) {
  let wall = walls.get(parentElement);
  if (!wall) walls.set(parentElement, (wall = new Wall(parentElement.querySelector(".wall"))));
  wall.send = setStateValue;
  wall.show(decode(data));
  return () => wall.close();
}

class Wall {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    localize(root);
    [this.scrub, this.output, this.views, this.axes, this.words] = ["scrub", "output", "views", "axes", "words"].map((name) => find(`.${name}`));
    this.painted = 0;
    this.sheet = new Sheet(root, () => this.scene && this.paint());
    this.listen();
  }

  // New data: the view stays, and so does the step, unless it was the last one: then it follows.
  show(scene) {
    const before = this.scene;
    this.scene = scene;
    this.last = scene.frames.length - 1;
    this.theme = readTheme(this.root);
    this.all = histograms(scene);
    if (!before || before.replay !== scene.replay) this.open(scene.opening);
    else if (this.frame >= before.frames.length - 1 && !this.playing) this.frame = this.last;
    this.view = Math.min(this.view, scene.views.length - 1);
    this.frame = Math.min(this.frame, this.last);
    this.scrub.max = this.last;
    this.root.classList.toggle("still", this.last < 1);
    this.sheet.canvas.setAttribute("aria-label", scene.summary);
    this.views.replaceChildren(...scene.views.map(({ label }, i) => this.choice(label, i)));
    this.paint();
  }

  // An axis that nobody chose is chosen by the data, view by view.
  open({ view, axis, step }) {
    const frame = this.scene.frames.indexOf(step);
    [this.view, this.chosen, this.frame] = [view, axis || null, frame < 0 ? this.last : frame];
    this.told = JSON.stringify(this.state());
  }

  state() {
    return { view: this.view, axis: this.chosen, step: this.frame < this.last ? this.scene.frames[this.frame] : null };
  }

  get axis() {
    return this.chosen ?? (this.unlike() ? "row" : "all");
  }

  // Whether on one axis the widest row would hide another.
  unlike() {
    const widths = this.scene.names.map((_, row) => reach(this.everyFrame([row]))).map(([low, high]) => high - low);
    return Math.max(...widths) > HIDES * Math.min(...widths);
  }

  // What the visitor changed is told once it has stood for a moment.
  report() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      const state = this.state();
      if (this.playing || JSON.stringify(state) === this.told) return;
      this.told = JSON.stringify(state);
      if (this.scene.tells) this.send("view", state);
    }, 400);
  }

  change(what) {
    Object.assign(this, what);
    this.paint();
    this.report();
  }

  choice(label, i) {
    const button = document.createElement("button");
    button.setAttribute("role", "radio");
    button.textContent = label;
    button.onclick = () => this.change({ view: i });
    return button;
  }

  listen() {
    for (const button of this.axes.children) button.onclick = () => this.change({ chosen: button.dataset.axis });
    this.root.querySelector("[data-do=toggle]").onclick = () => (this.playing ? this.pause() : this.play());
    this.root.querySelector("[data-do=full]").onclick = (event) => {
      this.sheet.toggleFull();
      if (event.detail) event.currentTarget.blur();
    };
    this.scrub.oninput = () => {
      this.pause();
      this.change({ frame: Number(this.scrub.value) });
    };
    const { canvas } = this.sheet;
    const point = (pointer) => {
      this.pointer = pointer;
      this.paint();
    };
    canvas.onpointermove = (event) => point(this.sheet.place(event));
    canvas.onpointerleave = () => point(null);
  }

  play() {
    if (this.frame >= this.last) this.frame = 0;
    this.setPlaying(setInterval(() => {
      this.frame += 1;
      if (this.frame >= this.last) this.pause();
      this.paint();
    }, Math.max(150, Math.min(600, 6000 / this.last))));
    this.paint();
  }

  pause() {
    clearInterval(this.playing);
    this.setPlaying(null);
    this.report();
  }

  setPlaying(ticket) {
    this.playing = ticket;
    this.root.classList.toggle("playing", Boolean(ticket));
    this.root.querySelector("[data-do=toggle]").setAttribute("aria-label", ticket ? tr("Pause") : tr("Play"));
  }

  close() {
    clearInterval(this.playing);
    clearTimeout(this.pending);
    this.sheet.close();
    walls.delete(this.root.getRootNode());
  }

  // ---- the picture

  at(frame, row, layer) {
    const { names, layers, frames } = this.scene;
    const found = this.all[((this.view * frames.length + frame) * names.length + row) * layers + layer];
    return found.size ? found : null;
  }

  // Panels of one row and, with one axis for all, of all rows share their axis at every step, so that nothing jumps.
  axisOf(row, layer, axis) {
    if (axis === "panel") return reach([this.at(this.frame, row, layer)].filter(Boolean));
    return reach(this.everyFrame(axis === "row" ? [row] : this.scene.names.map((_, r) => r)));
  }

  everyFrame(rows) {
    const columns = Array.from({ length: this.scene.layers }, (_, k) => k);
    return this.scene.frames.flatMap((_, f) => rows.flatMap((r) => columns.map((k) => this.at(f, r, k)))).filter(Boolean);
  }

  paint() {
    const { scene, theme, sheet, axis } = this;
    const { ctx } = sheet;
    const { width, height, zoom } = sheet.room(this.last ? 0.62 : 0.7);
    if (!width) return;
    const rows = scene.names.length;
    const plan = hang(width, sheet.isFull() ? height - 10 : Math.min(height, 200 + 130 * rows), rows, scene.layers);
    sheet.take(width, plan.height, zoom);
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width + 1, plan.height + 1);
    const view = scene.views[this.view];
    let pointed = null;
    scene.names.forEach((name, row) => {
      const color = theme.palette[(scene.colors[row] ?? row) % theme.palette.length];
      this.label(name, plan.labels[row], color);
      let ends = axis === "panel" ? null : this.axisOf(row, 0, axis);
      for (let layer = 0; layer < scene.layers; layer++) {
        const box = plan.box(row, layer);
        const found = this.at(this.frame, row, layer);
        if (axis === "panel") ends = this.axisOf(row, layer, axis);
        const heading = layer ? `${layer + 1}` : plan.roomy ? tr("layer {k}", { k: 1 }) : "1";
        const bars = drawPanel(ctx, box, found, ends, view, color, theme, heading);
        const [px, py] = this.pointer ?? [-1, -1];
        if (found && px >= box.x && px <= box.x + box.w && py >= box.y && py <= box.y + box.h) pointed = { box, found, bars, axis: ends, layer };
      }
    });
    if (pointed) this.readOut(pointed);
    this.tell(view, axis);
  }

  label(name, [x, y], color) {
    const { theme, sheet: { ctx } } = this;
    ctx.fillStyle = color;
    ctx.fillRect(x, y - 10, 10, 10);
    ctx.fillStyle = theme.text;
    ctx.font = theme.normal;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(name, x + 16, y);
  }

  // What the buttons, the scrubber and the words show; `data-*` say the same to a test.
  tell(view, axis) {
    const { scene, frame } = this;
    [...this.views.children].forEach((button, i) => button.setAttribute("aria-checked", i === this.view));
    for (const button of this.axes.children) button.setAttribute("aria-checked", button.dataset.axis === axis);
    this.scrub.value = frame;
    this.output.textContent = tr("update {step}", { step: scene.frames[frame] });
    const own = axis === "row" && !this.chosen ? tr("Each row has its own axis: the widest would hide the others.") : "";
    this.words.textContent = [own, scene.note].filter(Boolean).join(" ");
    Object.assign(this.root.dataset, { frame, axis, view: view.label, scene: scene.id, painted: ++this.painted });
  }

  readOut({ box, found, bars, axis, layer }) {
    const value = axis[0] + ((this.pointer[0] - box.x) / box.w) * (axis[1] - axis[0]);
    const place = Math.floor(value / bars.width) - bars.first;
    const [from, to] = [(bars.first + place) * bars.width, (bars.first + place + 1) * bars.width];
    const count = bars.counts[place] ?? 0;
    const tails = found.below + found.above;
    const beyond = tails ? tr(", {n} in the tails, not drawn", { n: tails }) : "";
    const counted = { layer: layer + 1, from: short(from), to: short(to), count, all: found.size };
    const words = tr("layer {layer}, {from} to {to}: {count} of {all}", counted) + beyond;
    const { ctx, zoom, stage } = this.sheet;
    drawNote(ctx, words, { box: { x: 0, y: 0, w: stage.clientWidth / zoom } }, this.pointer, this.theme);
  }
}

// Where every panel hangs: layers from left to right, in lines of equally many where they would be too narrow.
function hang(width, tall, rows, layers) {
  const gap = 10;
  const most = Math.max(2, Math.floor((width + gap) / (62 + gap)));
  const lines = Math.ceil(layers / most);
  const columns = Math.ceil(layers / lines);
  const w = (width - gap * (columns - 1)) / columns;
  const around = ABOVE + BELOW + 4;
  const h = Math.max(44, (tall / rows - 20) / lines - around);
  const line = h + around;
  const row = lines * line + 20;
  return {
    height: rows * row,
    roomy: w > 100,
    labels: Array.from({ length: rows }, (_, r) => [0, r * row + 13]),
    box: (r, k) => ({ x: (k % columns) * (w + gap), y: r * row + 20 + Math.floor(k / columns) * line + ABOVE, w, h }),
  };
}
