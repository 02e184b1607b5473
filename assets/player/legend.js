// The legend names optimizer and learning rate and, while the clock runs, the loss each has reached.
function drawLegend(ctx, { x, y, w, columns }, scene, step, theme) {
  const column = w / columns;
  scene.runs.forEach((run, i) => {
    const [left, middle] = [x + (i % columns) * column, y + 22 * Math.floor(i / columns) + 10];
    const color = theme.palette[run.color % theme.palette.length];
    pen(ctx, run, color, 2.25);
    ctx.beginPath();
    ctx.moveTo(left, middle);
    ctx.lineTo(left + 30, middle);
    ctx.stroke();
    ctx.beginPath();
    shape(ctx, run.marker, left + 15, middle, 5);
    halo(ctx, color, theme.background);
    ctx.font = theme.normal;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillStyle = theme.text;
    ctx.fillText(`${run.label}  lr ${run.lr}`, left + 38, middle);
    if (columns > 1) return;
    const over = run.end && step >= run.steps;
    const state = over ? run.end : short(run.values[Math.min(run.steps, Math.floor(step))]);
    ctx.textAlign = "right";
    ctx.fillStyle = theme.faint;
    ctx.font = theme.small;
    ctx.fillText(state, left + column - 8, middle);
  });
}

// The range of the loss axis, and whether it is logarithmic: it can be only where every loss is positive.
function curveRange(scene) {
  const losses = scene.runs.flatMap((run) => Array.from(run.values)).filter(Number.isFinite);
  const ground = scene.grounds.flatMap(({ surface }) => Array.from(surface)).filter(Number.isFinite);
  const starts = scene.runs.map((run) => run.values[0]).filter(Number.isFinite);
  const reduce = (pick, values, empty) => values.reduce((a, b) => pick(a, b), empty);
  const ceiling = 3 * reduce(Math.max, ground.concat(starts), 0) || 1;
  let top = Math.min(reduce(Math.max, losses, -Infinity), ceiling);
  if (!Number.isFinite(top)) top = 1;
  const lowest = reduce(Math.min, losses, top);
  const positive = reduce(Math.min, losses.filter((v) => v > 0), top);
  if (scene.scale === "log" && lowest >= 0 && top > 0) {
    const bottom = Math.max(positive, top * 1e-9);
    return [[bottom / 1.5, Math.max(top, bottom * 10) * 1.5], true];
  }
  const floor = Math.max(lowest, reduce(Math.min, ground, 0) - Math.abs(top));
  const margin = 0.05 * (top - floor || Math.abs(top) || 1);
  return [[floor - margin, top + margin], false];
}

function drawStart(ctx, frame, [x, y], theme, roomy) {
  const [px, py] = [frame.X(x), frame.Y(y)];
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
