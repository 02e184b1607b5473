// Paths are drawn up to a step that need not be whole: between two steps the head moves in a straight line.
const FAR_OUT = 5000;

function strokePath(ctx, frame, xs, ys, count, step) {
  const bound = (v) => Math.max(-FAR_OUT, Math.min(FAR_OUT, v));
  const point = (k) => [bound(frame.X(xs(k))), bound(frame.Y(ys(k)))];
  const last = Math.min(count, step);
  const whole = Math.floor(last);
  ctx.beginPath();
  ctx.moveTo(...point(0));
  for (let k = 1; k <= whole; k++) ctx.lineTo(...point(k));
  let head = point(whole);
  if (whole < last) {
    const next = point(whole + 1);
    head = head.map((p, i) => p + (last - whole) * (next[i] - p));
    ctx.lineTo(...head);
  }
  ctx.stroke();
  return head;
}

function drawPath(ctx, frame, run, step, theme, roomy) {
  const color = theme.palette[run.color % theme.palette.length];
  const [xs, ys] = [(k) => run.points[2 * k], (k) => run.points[2 * k + 1]];
  ctx.save();
  frame.clip(ctx);
  pen(ctx, run, color, roomy ? 2.25 : 1.75);
  const head = strokePath(ctx, frame, xs, ys, run.steps, step);
  ctx.setLineDash([]);
  ctx.fillStyle = color;
  const stride = Math.ceil(run.steps / 60);
  ctx.beginPath();
  for (let k = stride; k < Math.min(step, run.steps); k += stride) {
    const [px, py] = [frame.X(xs(k)), frame.Y(ys(k))];
    if (frame.holds(px, py)) shape(ctx, run.marker, px, py, roomy ? 2.6 : 2);
  }
  ctx.fill();
  ctx.restore();
  if (frame.holds(...head)) {
    ctx.beginPath();
    shape(ctx, run.marker, ...head, roomy ? 7 : 5.5);
    halo(ctx, color, theme.background);
  }
}

function drawCurve(ctx, frame, run, step, theme) {
  const color = theme.palette[run.color % theme.palette.length];
  const value = (k) => Math.max(frame.log ? frame.y0 * 1e-3 : -Infinity, run.values[k]);
  ctx.save();
  frame.clip(ctx);
  pen(ctx, run, color, 1.75);
  const [, py] = strokePath(ctx, frame, (k) => k, value, run.steps, step);
  ctx.restore();
  const px = frame.X(Math.min(step, run.steps));
  if (frame.holds(px, py)) {
    ctx.beginPath();
    shape(ctx, run.marker, px, py, 4.5);
    halo(ctx, color, theme.background);
  }
}

function pen(ctx, run, color, width) {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.setLineDash(run.dash);
}

function halo(ctx, color, ground) {
  ctx.setLineDash([]);
  ctx.lineJoin = "round";
  ctx.lineWidth = 2.5;
  ctx.strokeStyle = ground;
  ctx.stroke();
  ctx.fillStyle = color;
  ctx.fill();
}

// Adds a marker of radius r to the current path.
function shape(ctx, marker, x, y, r) {
  const corners = {
    square: [4, Math.PI / 4, 1.15],
    diamond: [4, 0, 1.2],
    triangle: [3, -Math.PI / 2, 1.25],
    down: [3, Math.PI / 2, 1.25],
  }[marker];
  if (corners) polygon(ctx, x, y, corners[0], corners[1], () => r * corners[2]);
  else if (marker === "star") polygon(ctx, x, y, 10, -Math.PI / 2, (i) => (i % 2 ? 0.5 * r : 1.3 * r));
  else if (marker === "cross") polygon(ctx, x, y, 8, -Math.PI / 2, (i) => (i % 2 ? 0.45 * r : 1.35 * r));
  else {
    ctx.moveTo(x + r, y);
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
}

function polygon(ctx, x, y, n, turn, radius) {
  for (let i = 0; i <= n; i++) {
    const angle = turn + (2 * Math.PI * i) / n;
    const [px, py] = [x + radius(i % n) * Math.cos(angle), y + radius(i % n) * Math.sin(angle)];
    if (i) ctx.lineTo(px, py);
    else ctx.moveTo(px, py);
  }
}
