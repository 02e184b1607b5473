// The wall shows the histograms of every layer of every network at one step; the browser owns step, view and axis.
const walls = new WeakMap();

export default function ({ data, parentElement }) {
  let wall = walls.get(parentElement);
  if (!wall) walls.set(parentElement, (wall = new Wall(parentElement.querySelector(".wall"))));
  wall.show(decode(data));
  return () => wall.close();
}

class Wall {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    [this.stage, this.canvas, this.scrub] = [find(".stage"), find("canvas"), find(".scrub")];
    [this.output, this.views, this.axes] = [find("output"), find(".views"), find(".axes")];
    this.ctx = this.canvas.getContext("2d");
    [this.view, this.axis, this.frame, this.painted] = [0, "all", 0, 0];
    this.listen();
    this.watch = new ResizeObserver(() => this.scene && this.paint());
    this.watch.observe(this.stage);
  }

  // New data: the view stays, and so does the step, unless it was the last one: then it follows.
  show(scene) {
    const following = !this.scene || this.frame >= this.scene.frames.length - 1;
    if (this.scene?.replay !== scene.replay) this.view = scene.opening;
    this.scene = scene;
    this.theme = readTheme(this.root);
    this.all = histograms(scene);
    this.view = Math.min(this.view, scene.views.length - 1);
    this.last = scene.frames.length - 1;
    this.frame = following && !this.playing ? this.last : Math.min(this.frame, this.last);
    this.scrub.max = this.last;
    this.root.classList.toggle("still", this.last < 1);
    this.canvas.setAttribute("aria-label", scene.summary);
    this.views.replaceChildren(...scene.views.map(({ label }, i) => this.choice(label, i)));
    this.paint();
  }

  choice(label, i) {
    const button = document.createElement("button");
    button.setAttribute("role", "radio");
    button.textContent = label;
    button.onclick = () => {
      this.view = i;
      this.paint();
    };
    return button;
  }

  listen() {
    for (const button of this.axes.children) {
      button.onclick = () => {
        this.axis = button.dataset.axis;
        this.paint();
      };
    }
    this.root.querySelector("[data-do=toggle]").onclick = () => (this.playing ? this.pause() : this.play());
    this.root.querySelector("[data-do=full]").onclick = () =>
      this.isFull() ? document.exitFullscreen() : this.root.requestFullscreen();
    this.scrub.oninput = () => {
      this.pause();
      this.frame = Number(this.scrub.value);
      this.paint();
    };
    this.canvas.onpointermove = (event) => {
      this.pointer = [event.offsetX / this.zoom, event.offsetY / this.zoom];
      this.paint();
    };
    this.canvas.onpointerleave = () => {
      this.pointer = null;
      this.paint();
    };
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
  }

  setPlaying(ticket) {
    this.playing = ticket;
    this.root.classList.toggle("playing", Boolean(ticket));
    this.root.querySelector("[data-do=toggle]").setAttribute("aria-label", ticket ? "Pause" : "Play");
  }

  isFull() {
    return this.root.getRootNode().fullscreenElement === this.root;
  }

  close() {
    this.pause();
    this.watch.disconnect();
    walls.delete(this.root.getRootNode());
  }

  // ---- the picture

  at(frame, row, layer) {
    const { names, layers, frames } = this.scene;
    const found = this.all[((this.view * frames.length + frame) * names.length + row) * layers + layer];
    return found.size ? found : null;
  }

  // Panels of one row and, with one axis for all, of all rows share their axis at every step, so that nothing jumps.
  axisOf(row, layer) {
    const { names, layers, frames } = this.scene;
    if (this.axis === "panel") return reach([this.at(this.frame, row, layer)].filter(Boolean));
    const rows = this.axis === "row" ? [row] : names.map((_, r) => r);
    const columns = Array.from({ length: layers }, (_, k) => k);
    return reach(frames.flatMap((_, f) => rows.flatMap((r) => columns.map((k) => this.at(f, r, k)))).filter(Boolean));
  }

  paint() {
    if (!this.stage.clientWidth) return;
    const { scene, theme, ctx } = this;
    this.zoom = this.isFull() ? Math.max(1, Math.min(2, this.stage.clientHeight / 600)) : 1;
    const width = this.stage.clientWidth / this.zoom;
    const tall = this.isFull() ? this.stage.clientHeight / this.zoom - 10 : Math.min(this.last ? 480 : 580, 200 + 130 * scene.names.length);
    const plan = hang(width, tall, scene.names.length, scene.layers);
    const scale = Math.min(2, devicePixelRatio || 1) * this.zoom;
    const size = [Math.round(width * scale), Math.round(plan.height * scale)];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    this.canvas.style.height = `${plan.height * this.zoom}px`;
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width, plan.height);
    const view = scene.views[this.view];
    let pointed = null;
    scene.names.forEach((name, row) => {
      const color = theme.palette[row % theme.palette.length];
      this.label(name, plan.labels[row], color);
      let axis = this.axis === "panel" ? null : this.axisOf(row, 0);
      for (let layer = 0; layer < scene.layers; layer++) {
        const box = plan.box(row, layer);
        const found = this.at(this.frame, row, layer);
        if (this.axis === "panel") axis = this.axisOf(row, layer);
        const bars = drawPanel(ctx, box, found, axis, view, color, theme, layer ? `${layer + 1}` : plan.roomy ? "layer 1" : "1");
        const [px, py] = this.pointer ?? [-1, -1];
        if (found && px >= box.x && px <= box.x + box.w && py >= box.y && py <= box.y + box.h) pointed = { box, found, bars, axis, layer };
      }
    });
    if (pointed) this.readOut(pointed);
    this.tell(view);
  }

  label(name, [x, y], color) {
    const { ctx, theme } = this;
    ctx.fillStyle = color;
    ctx.fillRect(x, y - 10, 10, 10);
    ctx.fillStyle = theme.text;
    ctx.font = theme.normal;
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(name, x + 16, y);
  }

  // What the buttons and the scrubber show; `data-*` say the same to a test.
  tell(view) {
    const { scene, frame, axis } = this;
    [...this.views.children].forEach((button, i) => button.setAttribute("aria-checked", i === this.view));
    for (const button of this.axes.children) button.setAttribute("aria-checked", button.dataset.axis === axis);
    this.scrub.value = frame;
    this.output.textContent = `update ${scene.frames[frame]}`;
    Object.assign(this.root.dataset, { frame, view: view.label, scene: scene.id, painted: ++this.painted });
  }

  readOut({ box, found, bars, axis, layer }) {
    const value = axis[0] + ((this.pointer[0] - box.x) / box.w) * (axis[1] - axis[0]);
    const place = Math.floor(value / bars.width) - bars.first;
    const [from, to] = [(bars.first + place) * bars.width, (bars.first + place + 1) * bars.width];
    const count = bars.counts[place] ?? 0;
    const tails = found.below + found.above ? `, ${found.below + found.above} in the tails, not drawn` : "";
    const words = `layer ${layer + 1}, ${short(from)} to ${short(to)}: ${count} of ${found.size}${tails}`;
    drawNote(this.ctx, words, { box: { x: 0, y: 0, w: this.stage.clientWidth / this.zoom, h: 0 } }, this.pointer, this.theme);
  }
}

// Where every panel hangs: layers from left to right, in several lines where they would be too narrow.
function hang(width, tall, rows, layers) {
  const gap = 10;
  const columns = Math.min(layers, Math.max(2, Math.floor((width + gap) / (58 + gap))));
  const lines = Math.ceil(layers / columns);
  const w = (width - gap * (columns - 1)) / columns;
  const around = ABOVE + BELOW + 4;
  const h = Math.max(44, (tall / rows - 18) / lines - around);
  const line = h + around;
  const row = lines * line + 18;
  return {
    height: rows * row,
    roomy: w > 84,
    labels: Array.from({ length: rows }, (_, r) => [0, r * row + 12]),
    box: (r, k) => ({ x: (k % columns) * (w + gap), y: r * row + 18 + Math.floor(k / columns) * line + ABOVE, w, h }),
  };
}
