// The player owns clock, view and transport; it tells the server where it stopped, and asks for other paths.
const players = new WeakMap();
const RATES = [1e-4, 100]; // what a descent may have

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let player = players.get(parentElement);
  if (!player) players.set(parentElement, (player = new Player(parentElement.querySelector(".player"))));
  player.tell = setStateValue;
  player.send = setTriggerValue;
  player.show(decode(data));
  return () => player.close();
}

class Player {
  constructor(root) {
    const find = (selector) => root.querySelector(selector);
    this.root = root;
    localize(root);
    [this.scrubber, this.output, this.speed, this.looping] = [".scrub", "output", ".speed", "[data-do=loop]"].map(find);
    [this.corner, this.mainButton] = [find(".corner"), find("[data-do=toggle]")];
    find("[data-do=film]").hidden = !filmType();
    this.calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.frames = 0;
    this.rates = [];
    this.sheet = new Sheet(root, () => this.scene && this.resize());
    this.clock = new Clock(() => this.paint(), (plays) => this.played(plays));
    this.clock.ended = () => this.report();
    this.asking = new Asking((...what) => this.send(...what));
    this.gestures = new Gestures(this);
    this.listen();
  }

  // A new scene: the clock goes on where it was, at the end it stays at the end; a new preset or start plays anew, and when
  // the visitor arrives (again) at an address, the clock stands where that says.
  show(scene) {
    const [before, { clock }] = [this.scene, this];
    const arrives = !before || (scene.transport.arrival ?? 0) !== (before.transport.arrival ?? 0);
    const anew = !before || this.restart || scene.replay !== before.replay;
    const atEnd = before && clock.atEnd;
    this.scene = scene;
    this.restart = false;
    this.theme = readTheme(this.root);
    clock.steps = this.scrubber.max = scene.steps;
    this.sheet.canvas.setAttribute("aria-label", scene.summary);
    if (!before || scene.replay !== before.replay || String(scene.view) !== String(before.view)) this.openView();
    if (arrives) this.open(scene.transport);
    this.resize();
    if (arrives && (before || scene.transport.step !== null)) clock.seek(scene.transport.step ?? scene.steps);
    else if (anew && !this.calm) clock.play(0);
    else if (!clock.runs) clock.seek(anew || atEnd ? scene.steps : clock.step);
    if (before && anew && !arrives) this.report(); // what the server knew of the clock is over
    this.asking.answered(scene.echo);
  }

  open({ step, speed, loop }) {
    clearTimeout(this.pending);
    this.speed.value = speed;
    this.setLoop(loop);
    this.clock.speed = Number(speed);
    this.told = JSON.stringify({ step, speed, loop });
  }

  openView() {
    this.zoom = new Zoom(this.scene.view);
    if (this.scene.opening_view === "fit") this.fit();
  }

  fit() {
    const points = (run) => Array.from({ length: run.steps + 1 }, (_, k) => [run.points[2 * k], run.points[2 * k + 1]]);
    this.zoom.fit([this.scene.start, ...this.scene.runs.flatMap(points)]);
  }

  setLoop(loop) {
    this.clock.loop = loop;
    this.looping.setAttribute("aria-pressed", loop);
  }

  get name() {
    return this.scene.name ?? this.scene.replay;
  }

  stop(step) {
    this.clock.seek(step);
    this.report();
  }

  played(plays) {
    this.mainButton.setAttribute("aria-label", plays ? tr("Pause") : tr("Play"));
    this.root.classList.toggle("playing", plays);
    if (plays || !this.film) return;
    finish(this.film);
    this.film = null;
    this.clock.loop = this.looping.getAttribute("aria-pressed") === "true";
  }

  // Tell the server where the clock stands, once it has stood there for a moment: each report is an entry in the history.
  report() {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => {
      const { clock } = this;
      const transport = { step: clock.runs || clock.atEnd ? null : clock.step, speed: this.speed.value, loop: clock.loop };
      if (JSON.stringify(transport) === this.told) return;
      this.told = JSON.stringify(transport);
      this.tell("transport", transport);
    }, 400);
  }

  // ---- what the visitor can do

  listen() {
    const { clock } = this;
    const seen = (change) => () => {
      change(this.zoom);
      this.rezoom();
    };
    const acts = {
      home: () => this.stop(0),
      back: () => this.stop(Math.ceil(clock.step) - 1),
      toggle: () => (clock.runs ? this.stop(Math.round(clock.step)) : clock.play()),
      forward: () => this.stop(Math.floor(clock.step) + 1),
      end: () => this.stop(this.scene.steps),
      loop: () => {
        this.setLoop(!clock.loop);
        this.report();
      },
      picture: () => savePicture(this.large(), clock.step, `${this.name}-step-${this.root.dataset.step}`),
      film: () => {
        clock.seek(0);
        clock.loop = false;
        this.film = record(this.large(), this.name);
        clock.play(0);
      },
      full: () => this.sheet.toggleFull(),
      closer: seen((zoom) => zoom.closer(1.6)),
      wider: seen((zoom) => zoom.closer(1 / 1.6)),
      fit: seen(() => this.fit()),
      whole: seen((zoom) => zoom.reset()),
    };
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.onclick = (event) => {
        acts[button.dataset.do]();
        if (event.detail) button.blur(); // whoever clicks wants no ring around what was clicked
      };
    }
    this.scrubber.oninput = () => clock.seek(Number(this.scrubber.value));
    this.scrubber.onchange = () => this.report();
    this.speed.onchange = () => {
      clock.speed = Number(this.speed.value);
      this.report();
    };
    const preset = (by) => () => this.scene.presets && this.send("preset", by);
    const keys = { " ": acts.toggle, ArrowLeft: acts.back, ArrowRight: acts.forward, Home: acts.home, End: acts.end };
    this.keys = new Keys({ ...keys, "[": preset(-1), "]": preset(1) }, this.scrubber);
  }

  // What is under the pointer; null is nothing.
  look(place) {
    this.pointer = place;
    if (!this.clock.runs) this.painting ??= requestAnimationFrame(() => this.paint());
  }

  // The start is on its way: where the server answers, the paths follow, whole.
  drag(start) {
    if (!start || this.scene.echo === undefined) return;
    if (this.clock.runs || !this.clock.atEnd) this.clock.seek(this.scene.steps);
    this.dragged = start;
    this.asking.want("drag", start);
  }

  // It stays where the last picture had it.
  letGo() {
    if (this.dragged) this.choose(this.dragged);
  }

  choose(start) {
    this.asking.stop();
    this.dragged = null;
    this.restart = true;
    this.send("start", start);
  }

  close() {
    this.clock.close();
    clearTimeout(this.pending);
    for (const ticket of [this.zooming, this.painting]) cancelAnimationFrame(ticket);
    this.asking.stop();
    for (const part of [this.sheet, this.keys, this.gestures, ...this.rates]) part.close();
    players.delete(this.root.getRootNode());
  }

  // ---- the picture

  resize() {
    const { sheet, scene } = this;
    const { width, height, zoom } = sheet.room();
    if (!width) return;
    this.layout = plan(scene, width, height, sheet.isFull());
    sheet.take(width, this.layout.height, zoom);
    const [{ box }] = this.layout.surfaces;
    this.root.dataset.box = [box.x, box.y, box.w, box.h].map((v) => v * zoom).join();
    Object.assign(this.corner.style, { left: `${(box.x + box.w) * zoom}px`, top: `${box.y * zoom}px` });
    this.placeRates();
    this.redraw();
  }

  rezoom() {
    this.zooming ??= requestAnimationFrame(() => this.redraw());
  }

  redraw() {
    this.zooming = null;
    const { sheet, scene, theme, layout, zoom } = this;
    this.picture = new Picture(sheet.ctx, sheet.scale, scene, theme, layout, zoom.view, this.picture);
    this.root.classList.toggle("zoomed", !zoom.whole);
    this.root.dataset.view = zoom.view.join();
    this.paint();
  }

  // The same in the size that is saved.
  large() {
    const { width, height, zoom } = SAVED;
    const ctx = Object.assign(document.createElement("canvas"), { width: width * zoom, height: height * zoom }).getContext("2d");
    return new Picture(ctx, zoom, this.scene, this.theme, plan(this.scene, width, height, true), this.zoom.view);
  }

  // The learning rates in the picture, as numbers to be turned.
  placeRates() {
    const { scene, sheet, theme, layout } = this;
    const places = scene.scrub ? ratePlaces(sheet.ctx, layout, scene, theme) : [];
    while (this.rates.length > places.length) this.rates.pop().close();
    places.forEach(([x, middle], i) => {
      const { label, lr } = scene.runs[i];
      if (!this.rates[i]) {
        const name = tr("learning rate of {rule}, in the picture", { rule: label });
        this.rates[i] = new Scrub(name, RATES, (v) => this.asking.want("scrub", [i, v]), (v) => this.turned(i, v));
        sheet.stage.append(this.rates[i].box);
      }
      const { box } = this.rates[i];
      this.rates[i].set(Number(lr));
      Object.assign(box.style, { left: `${x * sheet.zoom}px`, top: `${middle * sheet.zoom}px`, fontSize: `${14 * sheet.zoom}px` });
    });
  }

  turned(i, lr) {
    this.asking.stop();
    this.send("rate", [i, lr]);
  }

  paint() {
    cancelAnimationFrame(this.painting);
    this.painting = null;
    if (!this.picture) return;
    const { scene, clock, picture } = this;
    picture.paint(clock.step, this.gestures.held() ?? scene.start, this.pointer);
    this.film?.picture.paint(clock.step);
    const whole = passed(scene, clock.step);
    this.scrubber.value = whole;
    const place = `${whole} / ${scene.steps}`;
    this.output.textContent = scene.rows ? tr("after {place}", { place }) : place;
    Object.assign(this.root.dataset, { step: whole, frames: ++this.frames, scene: scene.id });
  }
}
