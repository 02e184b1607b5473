// The clouds show every stage of a cloud's way on one scale; what is pulled at is asked for, what is pointed at lights up.
const clouds = new WeakMap();
const NEAR = 16; // CSS pixels from a point that is pointed at

export default function ({ data, parentElement, setTriggerValue }) {
  let shown = clouds.get(parentElement);
  if (!shown) clouds.set(parentElement, (shown = new Clouds(parentElement.querySelector(".clouds"))));
  shown.send = setTriggerValue;
  shown.show(decode(data));
  return () => shown.close();
}

class Clouds {
  constructor(root) {
    this.root = root;
    this.painted = 0;
    this.sheet = new Sheet(root, () => this.scene && this.resize());
    this.asking = new Asking((...what) => this.send(...what));
    this.dial = new Dial(root.querySelector(".dial"), (eps) => this.live(eps), (eps) => this.rest(eps));
    this.pull = new Pull(this);
    const { canvas } = this.sheet;
    Object.assign(canvas, {
      onpointerdown: (event) => this.pull.down(event),
      onpointermove: (event) => {
        this.pull.move(event);
        this.point(event);
      },
      onpointerup: () => this.pull.up(),
      onpointercancel: () => this.pull.up(),
      onpointerleave: () => this.look(null),
    });
    canvas.addEventListener("touchstart", (event) => this.pull.touch(event), { passive: false });
  }

  show(scene) {
    this.scene = scene;
    this.theme = readTheme(this.root);
    this.sheet.canvas.setAttribute("aria-label", scene.summary);
    this.dial.set(scene.dial);
    this.resize();
    this.asking.answered(scene.echo);
  }

  live(settings) {
    this.asking.want("live", [settings]);
  }

  rest(settings) {
    this.asking.stop();
    this.send("rest", settings);
  }

  // Which point of which panel is under the pointer.
  point(event) {
    const place = this.sheet.place(event);
    this.sheet.canvas.classList.toggle("free", this.frames[0].holds(...place));
    const panel = this.pull.held ? -1 : this.frames.findIndex((frame) => frame.holds(...place));
    if (panel < 0) return this.look(null);
    const count = this.scene.points.length / (2 * this.frames.length);
    let [best, least] = [-1, NEAR];
    for (let i = 0; i < count; i++) {
      const [x, y] = this.frames[panel].spot(...at(this.scene.points, panel, count, i));
      const away = Math.hypot(x - place[0], y - place[1]);
      if (away < least) [best, least] = [i, away];
    }
    this.look(best < 0 ? null : { panel, point: best, place });
  }

  look(pointed) {
    this.pointed = pointed;
    this.ticket ??= requestAnimationFrame(() => this.paint());
  }

  resize() {
    const { width, height, zoom } = this.sheet.room();
    if (!width) return;
    const { reach } = this.scene;
    this.layout = arrangeClouds(width, height);
    this.sheet.take(width, this.layout.height, zoom);
    this.frames = this.layout.boxes.map((box, i) => {
      const end = i ? reach : 2 * reach;
      return new Frame(box, [-end, end], [-end, end]);
    });
    this.still = this.sheet.still((ctx) => this.drawStill(ctx));
    this.paint();
  }

  drawStill(ctx) {
    const { scene, theme, frames, layout } = this;
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, layout.width + 1, layout.height + 1);
    frames.forEach((frame, i) => drawStage(ctx, frame, scene, i, theme));
    for (const way of layout.ways) drawWay(ctx, way, scene.panels[way.panel].step, theme);
  }

  paint() {
    cancelAnimationFrame(this.ticket);
    this.ticket = null;
    const { scene, theme, frames, pointed, sheet, sheet: { ctx } } = this;
    sheet.lay(this.still);
    if (pointed) frames.forEach((frame, i) => drawPointed(ctx, frame, scene, i, theme, pointed.point));
    drawHandles(ctx, frames[0], this.pull.cloud(), theme);
    if (pointed) {
      const count = scene.points.length / (2 * frames.length);
      const [x, y] = at(scene.points, pointed.panel, count, pointed.point);
      drawNote(ctx, `x ${short(x)}   y ${short(y)}`, frames[pointed.panel], pointed.place, theme);
    }
    const [{ box }] = frames;
    const zoomed = [box.x, box.y, box.w, box.h].map((v) => v * this.sheet.zoom).join();
    Object.assign(this.root.dataset, { scene: scene.id, painted: ++this.painted, box: zoomed });
  }

  close() {
    cancelAnimationFrame(this.ticket);
    this.asking.stop();
    for (const part of [this.dial, this.sheet]) part.close();
    clouds.delete(this.root.getRootNode());
  }
}

// Point i of a panel.
const at = (points, panel, count, i) => [points[2 * (panel * count + i)], points[2 * (panel * count + i) + 1]];
