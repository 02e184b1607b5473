// The field shows a plane: a surface's shades or cells of values, with lines and marks on it; it tells which cell was clicked.
const fields = new WeakMap();
const EDGE = { left: 54, right: 12, top: 24, bottom: 38 };

export default function ({ data, parentElement, setTriggerValue }) {
  let field = fields.get(parentElement);
  if (!field) fields.set(parentElement, (field = new Field(parentElement.querySelector(".field"))));
  field.choose = setTriggerValue;
  field.show(decode(data));
  return () => field.close();
}

class Field {
  constructor(root) {
    this.root = root;
    this.sheet = new Sheet(root, () => this.scene && this.resize());
    this.painted = 0;
    const { canvas } = this.sheet;
    const place = (event) => this.sheet.place(event);
    canvas.onpointermove = (event) => this.paint(place(event));
    canvas.onpointerleave = () => this.paint();
    canvas.onclick = (event) => {
      const { scene, plane } = this;
      if (scene.pick && plane.holds(...place(event))) this.choose("cell", plane.cell(...place(event), scene.counts));
    };
  }

  show(scene) {
    this.scene = scene;
    this.theme = readTheme(this.root);
    this.sheet.canvas.setAttribute("aria-label", scene.summary);
    this.sheet.canvas.classList.toggle("pick", scene.pick);
    this.resize();
  }

  close() {
    this.sheet.close();
    fields.delete(this.root.getRootNode());
  }

  // The plane as large as there is room for, the legend to its right, or below where that is narrow.
  arrange(width, tall) {
    const { scene } = this;
    const named = scene.kinds.filter((kind) => kind.legend).length + (scene.blank ? 1 : 0);
    const legend = scene.ramp ? 74 : 24 * named;
    const narrow = !legend || width < 640;
    const room = (narrow ? width : width * 0.7) - EDGE.left - EDGE.right;
    const h = Math.min(tall, room * scene.ratio);
    const box = { x: EDGE.left, y: EDGE.top, w: scene.square ? h / scene.ratio : room, h };
    const below = EDGE.top + h + EDGE.bottom;
    if (!legend) return { box, height: below };
    if (!narrow) {
      const left = box.x + box.w + 26;
      return { box, height: Math.max(below, EDGE.top + legend), legend: { x: left, y: EDGE.top, w: width - left, columns: 1 } };
    }
    const rows = scene.ramp ? legend : 24 * Math.ceil(named / 2);
    return { box, height: below + 8 + rows, legend: { x: 6, y: below + 8, w: width - 6, columns: 2 } };
  }

  resize() {
    const { scene, theme, sheet } = this;
    const { width, zoom } = sheet.room();
    if (!width) return;
    const { box, legend, height } = this.arrange(width, (scene.tall / zoom) * Math.max(1, innerHeight / 800));
    sheet.take(width, height, zoom);
    this.still = new OffscreenCanvas(sheet.canvas.width, sheet.canvas.height);
    const ctx = this.still.getContext("2d");
    ctx.setTransform(sheet.scale, 0, 0, sheet.scale, 0, 0);
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width, height);
    this.plane = new Plane(box, ...scene.view, scene.log);
    if (scene.cells) drawCells(ctx, this.plane, scene, theme);
    else drawSurface(ctx, this.plane, scene, theme, true);
    this.plane.axes(ctx, theme, { xLabel: scene.names[0], yLabel: scene.names[1], title: scene.title });
    drawOver(ctx, this.plane, scene, theme);
    if (legend) (scene.ramp ? drawRamp : drawKinds)(ctx, scene, legend, theme);
    this.paint();
  }

  paint(pointer) {
    const { scene, plane, sheet: { ctx, zoom } } = this;
    if (!plane) return;
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(this.still, 0, 0);
    ctx.restore();
    if (pointer && plane.holds(...pointer)) drawNote(ctx, this.read(pointer), plane, pointer, this.theme);
    Object.assign(this.root.dataset, { scene: scene.id, painted: ++this.painted, box: Object.values(plane.box).map((v) => v * zoom).join() });
  }

  read(pointer) {
    const { scene, plane } = this;
    const cell = scene.cells && plane.cell(...pointer, scene.counts);
    const place = cell ? plane.middle(cell, scene.counts) : plane.at(...pointer);
    const where = place.map((v, i) => `${scene.short[i]} ${short(v)}`).join("   ");
    return `${where}   ${cell ? told(scene, cell) : `f ≈ ${short(sampler(scene)(...place))}`}`;
  }
}
