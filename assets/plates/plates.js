// The plates are rows of small images, no pixel smoothed, over a curve; what the dial or the curve is turned to is asked for.
const plates = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let shown = plates.get(parentElement);
  if (!shown) plates.set(parentElement, (shown = new Plates(parentElement.querySelector(".plates"))));
  shown.send = setTriggerValue;
  shown.show(decode(data));
  return () => shown.close();
}

class Plates {
  constructor(root) {
    this.root = root;
    this.painted = 0;
    this.sheet = new Sheet(root, () => this.scene && this.resize());
    this.asking = new Asking((...what) => this.send(...what));
    this.dial = new Dial(root.querySelector(".dial"), (settings) => this.live(settings), (settings) => this.rest(settings));
    const { canvas } = this.sheet;
    Object.assign(canvas, {
      onpointerdown: (event) => this.down(event),
      onpointermove: (event) => this.move(event),
      onpointerup: () => this.up(),
      onpointercancel: () => this.up(),
      onpointerleave: () => this.look(null),
    });
    canvas.addEventListener("touchstart", (event) => {
      const { left, top } = canvas.getBoundingClientRect();
      const place = [event.touches[0].clientX - left, event.touches[0].clientY - top].map((p) => p / this.sheet.zoom);
      if (this.curve?.holds(...place)) event.preventDefault(); // a finger on the curve turns it, any other may scroll the page
    }, { passive: false });
  }

  show(scene) {
    this.scene = scene;
    this.theme = readTheme(this.root);
    this.sheet.canvas.setAttribute("aria-label", scene.summary);
    this.root.querySelector(".dial").hidden = !scene.dial;
    if (scene.dial) this.dial.set(scene.dial);
    const shades = readShades(this.theme);
    this.images = unpack(scene);
    this.pictures = this.images.map((image) => picture(image, scene.rows[image.row], shades));
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

  // ---- the curve as a handle of the dial

  down(event) {
    if (event.button || !this.curve?.holds(...this.sheet.place(event))) return;
    event.target.setPointerCapture(event.pointerId);
    this.turning = true;
    this.turn(event);
  }

  turn(event) {
    this.turned = { [this.scene.dial.setting]: this.curve.count(this.sheet.place(event)[0]) };
    this.live(this.turned);
    this.look(null);
  }

  move(event) {
    if (this.turning) return this.turn(event);
    const place = this.sheet.place(event);
    this.sheet.canvas.classList.toggle("turns", Boolean(this.curve?.holds(...place)));
    this.look(place);
  }

  up() {
    if (this.turning) this.rest(this.turned);
    this.turning = this.turned = null;
  }

  look(pointer) {
    this.pointer = pointer;
    this.ticket ??= requestAnimationFrame(() => this.paint());
  }

  // ---- the picture

  resize() {
    const { sheet, scene } = this;
    const { width, zoom } = sheet.room();
    if (!width) return;
    this.layout = arrangePlates(scene, width, zoom * Math.min(2, devicePixelRatio || 1));
    sheet.take(width, this.layout.height, zoom);
    this.curve = scene.curve && new Curve(this.layout.curve, scene.curve_values);
    this.still = sheet.still((ctx) => this.drawStill(ctx));
    this.paint();
  }

  drawStill(ctx) {
    const { scene, theme, layout } = this;
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, layout.width + 1, layout.height + 1);
    scene.rows.forEach((row, i) => drawLabel(ctx, row, layout.labels[i], theme));
    ctx.imageSmoothingEnabled = false;
    this.images.forEach((image, i) => {
      const { x, y, size } = layout.places[i];
      ctx.drawImage(this.pictures[i], x, y, size, size);
      Object.assign(ctx, { strokeStyle: theme.border, lineWidth: 1 });
      ctx.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
      drawCaption(ctx, scene.rows[image.row].captions[image.place], layout.places[i], theme);
    });
    this.curve?.drawStill(ctx, scene.curve, theme);
  }

  paint() {
    cancelAnimationFrame(this.ticket);
    this.ticket = null;
    const { scene, theme, sheet, curve, pointer } = this;
    sheet.lay(this.still);
    const { setting, value } = scene.dial ?? {};
    curve?.draw(sheet.ctx, scene.curve, this.turned?.[setting] ?? value, theme);
    if (pointer) this.read(pointer);
    Object.assign(this.root.dataset, { scene: scene.id, painted: ++this.painted });
    if (curve) this.root.dataset.box = Object.values(curve.box).map((v) => v * this.sheet.zoom).join();
  }

  // What the pixel or the curve under the pointer says.
  read(pointer) {
    const { layout, scene, theme, curve, sheet: { ctx } } = this;
    const page = { box: { x: 0, y: 0, w: layout.width } };
    if (curve?.holds(...pointer)) return drawNote(ctx, curve.told(pointer[0], scene.curve), page, pointer, theme);
    const i = layout.places.findIndex(({ x, y, size }) => pointer[0] >= x && pointer[0] < x + size && pointer[1] >= y && pointer[1] < y + size);
    if (i < 0) return;
    const { x, y, size } = layout.places[i];
    const row = scene.rows[this.images[i].row];
    const [column, line] = [pointer[0] - x, pointer[1] - y].map((v) => Math.floor((v / size) * row.side));
    const value = pixelSays(this.images[i], row, line * row.side + column);
    drawNote(ctx, tr("row {row}, column {column}: {value}", { row: line + 1, column: column + 1, value }), page, pointer, theme);
  }

  close() {
    cancelAnimationFrame(this.ticket);
    this.asking.stop();
    for (const part of [this.dial, this.sheet]) part.close();
    plates.delete(this.root.getRootNode());
  }
}
