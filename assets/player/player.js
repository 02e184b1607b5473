// The player owns the clock, the canvas and the transport; it tells the server only where it stopped.
const players = new WeakMap();

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let player = players.get(parentElement);
  if (!player) players.set(parentElement, (player = new Player(parentElement.querySelector(".player"))));
  player.tell = setStateValue;
  player.choose = setTriggerValue;
  player.show(decode(data));
  return () => player.close();
}

class Player {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    [this.stage, this.canvas, this.scrub] = [find(".stage"), find("canvas"), find(".scrub")];
    [this.output, this.speed, this.looping] = [find("output"), find(".speed"), find("[data-do=loop]")];
    this.mainButton = find("[data-do=toggle]");
    find("[data-do=film]").hidden = !filmType();
    this.ctx = this.canvas.getContext("2d");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.step = this.frames = 0;
    this.listen();
    this.watch = new ResizeObserver(() => this.scene && this.resize());
    this.watch.observe(this.stage);
  }

  // A new scene: the clock goes on where it was, at the end it stays at the end; a new preset or start plays anew.
  show(scene) {
    const before = this.scene;
    const atEnd = before && this.step >= before.steps;
    const anew = !before || this.restart || scene.replay !== before.replay;
    this.scene = scene;
    this.restart = false;
    this.theme = readTheme(this.root);
    this.scrub.max = scene.steps;
    this.canvas.setAttribute("aria-label", scene.summary);
    if (!before) this.open(scene.transport);
    this.resize();
    if (!before && scene.transport.step !== null) this.seek(scene.transport.step);
    else if (anew && !this.calm) this.play(0);
    else if (!this.playing) this.seek(anew || atEnd ? scene.steps : this.step);
    if (before && anew) this.report(); // what the server knew of the clock is over
  }

  open({ step, speed, loop }) {
    this.speed.value = speed;
    this.looping.setAttribute("aria-pressed", loop);
    this.told = JSON.stringify({ step, speed, loop });
  }

  // ---- the clock: at 1× a run takes about six seconds

  get loop() {
    return this.looping.getAttribute("aria-pressed") === "true";
  }

  get name() {
    return this.scene.name ?? this.scene.replay;
  }

  play(from = this.step) {
    this.step = from >= this.scene.steps ? 0 : from;
    this.setPlaying(true);
    let then = performance.now();
    const tick = (now) => {
      const rate = Math.max(5, this.scene.steps / 6) * Number(this.speed.value);
      this.step += (Math.max(0, now - then) / 1000) * rate;
      then = now;
      if (this.step >= this.scene.steps + (this.loop ? rate : 0)) {
        if (!this.loop || this.recorder) return this.stop(this.scene.steps);
        this.step = 0;
      }
      this.paint();
      this.ticket = requestAnimationFrame(tick);
    };
    cancelAnimationFrame(this.ticket);
    this.ticket = requestAnimationFrame(tick);
  }

  seek(step) {
    cancelAnimationFrame(this.ticket);
    this.setPlaying(false);
    this.step = Math.max(0, Math.min(this.scene.steps, step));
    this.paint();
  }

  stop(step) {
    this.seek(step);
    this.report();
  }

  setPlaying(playing) {
    this.playing = playing;
    this.mainButton.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.root.classList.toggle("playing", playing);
    if (playing || !this.recorder) return;
    finish(this.recorder, () => this.paint());
    this.recorder = null;
  }

  // Tell the server where the clock stands, once it has stood there for a moment: each report is an entry in the history.
  report() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.tellNow(), 400);
  }

  tellNow() {
    const step = this.playing || this.step >= this.scene.steps ? null : this.step;
    const transport = { step, speed: this.speed.value, loop: this.loop };
    if (JSON.stringify(transport) === this.told) return;
    this.told = JSON.stringify(transport);
    this.tell("transport", transport);
  }

  // ---- what the visitor can do

  listen() {
    const acts = {
      home: () => this.stop(0),
      back: () => this.stop(Math.ceil(this.step) - 1),
      toggle: () => (this.playing ? this.stop(Math.round(this.step)) : this.play()),
      forward: () => this.stop(Math.floor(this.step) + 1),
      end: () => this.stop(this.scene.steps),
      loop: () => {
        this.looping.setAttribute("aria-pressed", !this.loop);
        this.report();
      },
      picture: () => savePicture(this.canvas, `${this.name}-step-${this.root.dataset.step}`),
      film: () => {
        this.seek(0);
        this.recorder = record(this.canvas, this.name);
        this.play(0);
      },
      full: () => (this.isFull() ? document.exitFullscreen() : this.root.requestFullscreen()),
    };
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.onclick = (event) => {
        acts[button.dataset.do]();
        if (event.detail) this.root.focus({ preventScroll: true }); // after a click the keys are the player's again
      };
    }
    this.scrub.oninput = () => this.seek(Number(this.scrub.value));
    this.scrub.onchange = this.speed.onchange = () => this.report();

    const keys = { " ": "toggle", ArrowLeft: "back", ArrowRight: "forward", Home: "home", End: "end" };
    this.onKey = (event) => {
      const busy = event.composedPath()[0].closest?.("input, textarea, select, button, a, [contenteditable], [role]:not(.player)");
      const ours = busy === this.scrub || (busy?.closest(".player") === this.root && event.key !== " ");
      if (!keys[event.key] || (busy && !ours) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      acts[keys[event.key]]();
    };
    document.addEventListener("keydown", this.onKey);

    const canvas = this.canvas;
    const place = (event) => [event.offsetX / this.zoom, event.offsetY / this.zoom];
    canvas.onpointerdown = (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      this.grip = this.grounds.find((frame) => frame.holds(...place(event)));
      if (this.grip) canvas.setPointerCapture(event.pointerId);
      canvas.onpointermove(event);
    };
    canvas.onpointermove = (event) => {
      this.pointer = place(event);
      if (!this.playing) this.paint();
    };
    canvas.onpointerup = () => {
      if (this.grip) {
        this.restart = true;
        this.choose("start", this.gripped());
      }
      this.grip = null;
    };
    canvas.onpointerleave = canvas.onpointercancel = () => {
      this.grip = this.pointer = null;
      if (!this.playing) this.paint();
    };
    // A finger on the start drags it; anywhere else it may scroll the page.
    canvas.addEventListener("touchstart", (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      const [px, py] = [event.touches[0].clientX - left, event.touches[0].clientY - top].map((p) => p / this.zoom);
      const [x, y] = this.scene.start;
      if (this.grounds.some((f) => Math.hypot(f.X(x) - px, f.Y(y) - py) < 28)) event.preventDefault();
    }, { passive: false });
  }

  gripped() {
    const { x0, x1, y0, y1 } = this.grip;
    const [x, y] = this.grip.at(...this.pointer);
    const round = (v, low, high) => Number(Math.max(low, Math.min(high, v)).toFixed(Math.ceil(Math.log10(400 / (high - low)))));
    return [round(x, x0, x1), round(y, y0, y1)];
  }

  isFull() {
    return this.root.getRootNode().fullscreenElement === this.root;
  }

  close() {
    cancelAnimationFrame(this.ticket);
    clearTimeout(this.pending);
    this.watch.disconnect();
    document.removeEventListener("keydown", this.onKey);
    players.delete(this.root.getRootNode());
  }

  // ---- the picture: what does not move is drawn once a size, what moves at every frame

  resize() {
    if (!this.stage.clientWidth) return;
    this.zoom = this.isFull() ? Math.max(1, Math.min(2.5, this.stage.clientHeight / 600)) : 1; // for the back row
    const width = this.stage.clientWidth / this.zoom;
    const tall = this.isFull() ? this.stage.clientHeight / this.zoom : Math.max(380, Math.min(560, 0.66 * width));
    const { scene, theme } = this;
    this.layout = scene.rows ? arrangeAnatomy(scene, width, tall) : arrange(scene, width, tall);
    const scale = Math.min(2, devicePixelRatio || 1) * this.zoom;
    const size = [Math.round(width * scale), Math.round(this.layout.height * scale)];
    [this.canvas.width, this.canvas.height] = size;
    this.canvas.style.height = `${this.layout.height * this.zoom}px`;
    this.still = new OffscreenCanvas(...size);
    const ctx = this.still.getContext("2d");
    for (const each of [ctx, this.ctx]) each.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width + 1, this.layout.height + 1); // sizes are rounded, and a picture has no see-through edge
    const [xLabel, yLabel, f] = scene.names;
    this.grounds = this.layout.surfaces.map(({ box, runs: [{ ground }], title, roomy }) => {
      const frame = Object.assign(new Frame(box, ...scene.view), { ground });
      drawSurface(ctx, frame, ground, theme, roomy);
      frame.axes(ctx, theme, roomy ? { title, xLabel, yLabel } : { title });
      return frame;
    });
    this.curves = new Frame(this.layout.curves, [0, scene.steps], ...curveRange(scene));
    const below = scene.scale === "log" ? `, linear: ${f} is not positive` : "";
    const label = `loss ${f}(${xLabel}, ${yLabel})${this.curves.log ? ", log scale" : below}`;
    this.curves.axes(ctx, theme, { title: label, xLabel: this.layout.wide ? "step" : "" });
    ctx.globalAlpha = 0.22;
    for (const run of scene.runs) drawCurve(ctx, this.curves, run, Infinity, theme);
    this.anatomy = scene.rows && new Anatomy(this);
    this.anatomy?.drawStill(ctx);
    this.paint();
  }

  paint() {
    if (!this.layout) return;
    const { ctx, scene, theme, step } = this;
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(this.still, 0, 0);
    ctx.restore();
    const { box } = this.curves;
    const cursor = this.curves.X(Math.min(step, scene.steps));
    ctx.setLineDash([]);
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.faint;
    ctx.beginPath();
    ctx.moveTo(cursor, box.y);
    ctx.lineTo(cursor, box.y + box.h);
    ctx.stroke();
    for (const run of scene.runs) drawCurve(ctx, this.curves, run, step, theme);
    this.layout.surfaces.forEach(({ runs, roomy }, i) => {
      for (const run of runs) drawPath(ctx, this.grounds[i], run, step, theme, roomy);
      drawStart(ctx, this.grounds[i], this.grip ? this.gripped() : scene.start, theme, roomy);
    });
    if (this.layout.legend) drawLegend(ctx, this.layout.legend, scene, step, theme);
    this.anatomy?.draw(ctx, step);
    if (this.pointer) this.readOut();
    const whole = Math.min(scene.steps, Math.floor(step + 1e-9));
    this.scrub.value = whole;
    this.output.textContent = `${whole} / ${scene.steps}`;
    Object.assign(this.root.dataset, { step: whole, frames: ++this.frames, scene: scene.id });
  }

  readOut() {
    const frame = this.grip ?? this.grounds.find((f) => f.holds(...this.pointer));
    if (!frame) return;
    const [x, y] = this.grip ? this.gripped() : frame.at(...this.pointer);
    const z = height(frame.ground, frame, x, y);
    const [xName, yName, f] = this.scene.names;
    const text = `${xName} ${short(x)}   ${yName} ${short(y)}   ${f} ${Number.isNaN(z) ? "not defined" : `≈ ${short(z)}`}`;
    drawNote(this.ctx, text, frame, this.pointer, this.theme);
  }
}
