// The legend names optimizer and learning rate and, while the clock runs, the loss each has reached.
function drawLegend(ctx, legend, scene, step, theme) {
  scene.runs.forEach((run, i) => {
    const { left, middle, width } = entry(legend, i);
    const color = theme.palette[run.color % theme.palette.length];
    pen(ctx, run, color, 2.25);
    ctx.beginPath();
    ctx.moveTo(left, middle);
    ctx.lineTo(left + 30, middle);
    ctx.stroke();
    ctx.beginPath();
    shape(ctx, run.marker, left + 15, middle, 5);
    halo(ctx, color, theme.background);
    Object.assign(ctx, { font: theme.normal, textAlign: "left", textBaseline: "middle", fillStyle: theme.text });
    ctx.fillText(`${run.label}  lr ${run.lr}`, left + 38, middle);
    if (legend.columns > 1) return;
    const over = run.end && step >= run.steps;
    const state = over ? run.end : short(run.values[Math.min(run.steps, Math.floor(step))]);
    Object.assign(ctx, { font: theme.small, textAlign: "right", fillStyle: theme.faint });
    ctx.fillText(state, left + width - 8, middle);
  });
}

// Where a run's line of the legend stands.
function entry({ x, y, w, columns }, i) {
  const width = w / columns;
  return { left: x + (i % columns) * width, middle: y + 22 * Math.floor(i / columns) + 10, width };
}

// Where the numbers of the learning rates stand, in the legend or in the titles of panels: left end and middle.
function ratePlaces(ctx, layout, scene, theme) {
  return scene.runs.map((run, i) => {
    ctx.font = layout.legend ? theme.normal : theme.small;
    const before = (words) => ctx.measureText(words).width;
    if (!layout.legend) {
      const { box } = layout.surfaces[i];
      return [box.x + before(`${run.label}   lr `), box.y - 12];
    }
    const { left, middle } = entry(layout.legend, i);
    return [left + 38 + before(`${run.label}  lr `), middle];
  });
}

// The range of the loss axis, and whether it is logarithmic: it can be only where every loss is positive.
function curveRange(scene) {
  const [losses, ground, starts] = [new Span(), new Span(), new Span()];
  for (const run of scene.runs) {
    losses.take(run.values);
    starts.take([run.values[0]]);
  }
  for (const { surface } of scene.grounds) ground.take(surface);
  const ceiling = 3 * Math.max(0, ground.high, starts.high) || 1;
  const reached = Math.min(losses.high, ceiling);
  const top = Number.isFinite(reached) ? reached : 1;
  const lowest = Math.min(losses.low, top);
  if (scene.scale === "log" && lowest >= 0 && top > 0) {
    const bottom = Math.max(Math.min(losses.positive, top), top * 1e-9);
    return [[bottom / 1.5, Math.max(top, bottom * 10) * 1.5], true];
  }
  const floor = Math.max(lowest, Math.min(0, ground.low) - Math.abs(top));
  const margin = 0.05 * (top - floor || Math.abs(top) || 1);
  return [[floor - margin, top + margin], false];
}

// The lowest, the lowest positive and the highest of the finite numbers it was given.
class Span {
  constructor() {
    [this.low, this.positive, this.high] = [Infinity, Infinity, -Infinity];
  }
  take(values) {
    for (let i = 0; i < values.length; i++) {
      const v = values[i];
      if (!Number.isFinite(v)) continue;
      if (v < this.low) this.low = v;
      if (v > 0 && v < this.positive) this.positive = v;
      if (v > this.high) this.high = v;
    }
  }
}

function drawStart(ctx, frame, start, theme, roomy) {
  const [px, py] = frame.spot(...start);
  if (!frame.holds(px, py)) return;
  ctx.beginPath();
  ctx.arc(px, py, roomy ? 8 : 6, 0, 2 * Math.PI);
  ctx.setLineDash([]);
  ctx.lineWidth = 5;
  ctx.strokeStyle = theme.background;
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.strokeStyle = theme.text;
  ctx.stroke();
}
