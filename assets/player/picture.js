// The picture of a scene: what does not move is drawn once, what moves at every step of the clock.
const HEADING = 34;

// Where everything stands, under a heading if it has one.
function plan(scene, width, height, headed) {
  const layout = (scene.rows ? arrangeAnatomy : arrange)(scene, width, height - (headed ? HEADING : 0));
  if (!headed) return layout;
  const parts = [...layout.surfaces.map(({ box }) => box), layout.curves, layout.legend, layout.key, layout.score];
  for (const part of new Set(parts.filter(Boolean))) part.y += HEADING;
  return { ...layout, height: layout.height + HEADING, headed };
}

class Picture {
  // On a canvas of that many pixels a unit; `view` is the part of the surface that is seen. The ground is that of the picture
  // before, if nothing of it has changed.
  constructor(ctx, scale, scene, theme, layout, view, before = null) {
    Object.assign(this, { ctx, scale, scene, theme, layout, view });
    this.grounds = layout.surfaces.map(({ box, runs: [{ ground }] }) =>
      layout.rolls ? new Profile(box, view, ground, scene.start[1]) : Object.assign(new Frame(box, ...view), { ground }));
    this.curves = new Frame(layout.curves, [0, scene.steps], ...curveRange(scene));
    const { width, height } = ctx.canvas;
    const { surfaces, headed } = layout;
    const shown = [width, height, scale, view, theme, headed, scene.title, scene.subtitle, scene.arrows, layout.rolls && scene.start[1]];
    this.based = JSON.stringify([...shown, surfaces.map(({ box, title, runs }) => [box, title, runs[0].ground.ground])]);
    this.base = this.based === before?.based ? before.base : this.layer((layer) => this.drawBase(layer));
    this.still = this.layer((layer) => this.drawStill(layer));
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
  }

  layer(draw) {
    const { ctx: { canvas: { width, height } }, scale } = this;
    const canvas = new OffscreenCanvas(width, height);
    const ctx = canvas.getContext("2d");
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    draw(ctx);
    return canvas;
  }

  drawBase(ctx) {
    const { scene, theme, layout, view } = this;
    const [xLabel, yLabel, f] = scene.names;
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    layout.surfaces.forEach(({ title, roomy }, i) => {
      const frame = this.grounds[i];
      if (layout.rolls) frame.draw(ctx, theme);
      else drawSurface(ctx, frame, closeUp(frame.ground, view), theme, roomy);
      frame.axes(ctx, theme, roomy ? { title, xLabel, yLabel: layout.rolls ? f : yLabel } : { title });
    });
    if (layout.headed) this.head(ctx);
  }

  // The whole run, faint.
  drawStill(ctx) {
    const { scene, theme, layout } = this;
    this.copy(ctx, this.base);
    const [xLabel, yLabel, f] = scene.names;
    const loss = { loss: `${f}(${xLabel}, ${yLabel})`, f };
    const below = scene.scale === "log" ? tr("loss {loss}, linear: {f} is not positive", loss) : tr("loss {loss}", loss);
    const label = this.curves.log ? tr("loss {loss}, log scale", loss) : below;
    this.curves.axes(ctx, theme, { title: label, xLabel: layout.wide ? tr("step") : "" });
    ctx.globalAlpha = 0.22;
    for (const run of scene.runs) drawCurve(ctx, this.curves, run, Infinity, theme);
    ctx.globalAlpha = 1;
    this.anatomy = scene.rows && new Anatomy(this);
    this.anatomy?.drawStill(ctx);
  }

  get width() {
    return this.ctx.canvas.width / this.scale;
  }

  copy(ctx, layer) {
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.drawImage(layer, 0, 0);
    ctx.setTransform(this.scale, 0, 0, this.scale, 0, 0);
  }

  head(ctx) {
    const { theme, scene: { title, subtitle = "" } } = this;
    Object.assign(ctx, { font: theme.large, fillStyle: theme.text, textAlign: "left", textBaseline: "middle" });
    ctx.fillText(title, 6, HEADING / 2);
    const after = 20 + ctx.measureText(title).width;
    Object.assign(ctx, { font: theme.normal, fillStyle: theme.faint });
    ctx.fillText(subtitle, after, HEADING / 2 + 1, this.width - after - 130);
  }

  // The paths up to a step; `start` is where the ring is, `pointer` what is looked at.
  paint(step, start = this.scene.start, pointer = null) {
    const { ctx, scene, theme, layout } = this;
    this.copy(ctx, this.still);
    this.rule(this.curves.X(Math.min(step, scene.steps)));
    for (const run of scene.runs) drawCurve(ctx, this.curves, run, step, theme);
    layout.surfaces.forEach(({ runs, roomy }, i) => {
      const frame = this.grounds[i];
      for (const run of runs) {
        if (layout.rolls) frame.roll(ctx, run, step, theme);
        else drawPath(ctx, frame, run, step, theme, roomy);
      }
      drawStart(ctx, frame, start, theme, roomy);
    });
    if (layout.legend) drawLegend(ctx, layout.legend, scene, step, theme);
    this.anatomy?.draw(ctx, step);
    if (layout.headed) {
      Object.assign(ctx, { font: theme.bold, fillStyle: theme.text, textAlign: "right", textBaseline: "middle" });
      ctx.fillText(tr("step {k} of {n}", { k: passed(scene, step), n: scene.steps }), this.width - 8, HEADING / 2 + 1);
    }
    if (pointer && this.curves.holds(...pointer)) this.readCurves(pointer);
    const ground = pointer && this.under(pointer);
    if (ground) this.readGround(ground, pointer);
  }

  under(pointer) {
    return this.grounds.find((frame) => frame.holds(...pointer));
  }

  rule(x) {
    const { ctx, theme, curves: { box } } = this;
    ctx.setLineDash([]);
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.faint;
    ctx.beginPath();
    ctx.moveTo(x, box.y);
    ctx.lineTo(x, box.y + box.h);
    ctx.stroke();
  }

  readCurves(pointer) {
    const { ctx, scene, theme, curves } = this;
    const k = Math.round(curves.at(...pointer)[0]);
    this.rule(curves.X(k));
    const rows = scene.runs.map((run) => {
      const value = k > run.steps && run.end ? run.end : short(run.values[Math.min(k, run.steps)], 4);
      return [theme.palette[run.color % theme.palette.length], run.label, value];
    });
    drawTable(ctx, tr("step {k}", { k }), rows, { box: { x: 0, y: 0, w: this.width } }, pointer, theme);
  }

  readGround(frame, pointer) {
    const [x, seen] = frame.at(...pointer);
    const y = frame.y ?? seen;
    const z = sampler(frame.ground)(x, y);
    const [xName, yName, f] = this.scene.names;
    const digits = (v, low, high) => short(v, Math.max(3, Math.min(12, Math.ceil(Math.log10((200 * Math.abs(v)) / (high - low) || 1)))));
    const across = this.layout.rolls ? "" : `   ${yName} ${digits(y, frame.y0, frame.y1)}`;
    const where = `${xName} ${digits(x, frame.x0, frame.x1)}${across}`;
    const value = Number.isNaN(z) ? tr("not defined") : `≈ ${short(z)}`;
    drawNote(this.ctx, `${where}   ${f} ${value}`, frame, pointer, this.theme);
  }
}

// The whole steps that are behind.
const passed = (scene, step) => Math.min(scene.steps, Math.floor(step + 1e-9));
