// The panels show the chain: logits with their arrows, exponentials, probabilities beside hardmax, the loss, and for three
// classes the triangle of all probabilities there are.
const EDGE = { left: 48, right: 6, top: 26, gap: 16 };
const FULL = 0.4; // of a panel's height: an arrow of ŷ − y = ±1
const DEAREST = 7; // the axis of the loss

// Where every panel stands: two rows of two, on a phone one under the other.
function arrange(width, tall, classes) {
  const narrow = width < 560;
  const triangle = classes === 3;
  const below = { logits: 66, exps: 48, probabilities: 48, loss: 40, triangle: 24 };
  const box = (name, x, y, w, h) => ({
    x: x + (name === "triangle" ? 2 * EDGE.gap : EDGE.left),
    y: y + EDGE.top,
    w: w - (name === "triangle" ? 3 * EDGE.gap : EDGE.left + EDGE.right),
    h: h - EDGE.top - below[name],
  });
  const place = (cells) => Object.fromEntries(cells.map(([name, ...cell]) => [name, box(name, ...cell)]));
  if (narrow) {
    const last = triangle ? [["loss", 0, 660, width / 2, 180], ["triangle", width / 2, 660, width / 2, 180]] : [["loss", 0, 660, width, 180]];
    return { height: 840, boxes: place([["logits", 0, 0, width, 270], ["exps", 0, 270, width, 190], ["probabilities", 0, 460, width, 200], ...last]) };
  }
  const [half, top] = [(width - EDGE.gap) / 2, 0.53 * tall];
  const right = half + EDGE.gap;
  const part = triangle ? 0.5 * half : half;
  const cells = [
    ["logits", 0, 0, half, top],
    ["exps", right, 0, half, top],
    ["probabilities", 0, top, half, tall - top],
    ["loss", right, top, part, tall - top],
  ];
  if (triangle) cells.push(["triangle", right + part, top, half - part, tall - top]);
  return { height: tall, boxes: place(cells) };
}

// Arrows against the gradient, from the handles on.
function drawPulls(ctx, frame, now, found, theme) {
  const { y, h } = frame.box;
  found.gradient.forEach((slope, k) => {
    const way = Math.sign(slope);
    const [x, from] = [frame.middle(k), frame.Y(now.logits[k] + now.constant) + 6 * way];
    const to = Math.max(y + 2, Math.min(y + h - 2, from + slope * now.temperature * FULL * h));
    if ((to - from) * way < 3) return;
    const head = Math.min(8, 0.6 * Math.abs(to - from));
    for (const [color, thick] of [[theme.background, 7], [theme.roles.gradient, 3]]) {
      Object.assign(ctx, { strokeStyle: color, lineWidth: thick, lineCap: "round", lineJoin: "round" });
      ctx.beginPath();
      ctx.moveTo(x, from);
      ctx.lineTo(x, to);
      ctx.moveTo(x - head * 0.7, to - way * head);
      ctx.lineTo(x, to);
      ctx.lineTo(x + head * 0.7, to - way * head);
      ctx.stroke();
    }
  });
}

function drawHandles(ctx, frame, now, focus, theme) {
  now.logits.forEach((z, k) => {
    const [x, y] = [frame.middle(k), frame.Y(z + now.constant)];
    ctx.beginPath();
    ctx.roundRect(x - frame.wide / 2, y - 4, frame.wide, 8, 4);
    halo(ctx, theme.palette[k % theme.palette.length], theme.background);
    if (k !== focus) return;
    Object.assign(ctx, { strokeStyle: theme.text, lineWidth: 2 });
    ctx.beginPath();
    ctx.roundRect(x - frame.wide / 2 - 4, y - 8, frame.wide + 8, 16, 7);
    ctx.stroke();
  });
}

// −ln ŷ over ŷ, with the true class on it, and where a network stands that knows nothing.
function drawLoss(ctx, frame, now, found, theme) {
  const [p, count] = [found.probabilities[now.truth - 1], now.logits.length];
  frame.axes(ctx, theme, { xLabel: tr("ŷ of class {k}", { k: now.truth }) });
  ctx.save();
  frame.clip(ctx);
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 2 });
  ctx.beginPath();
  for (let k = 0; k <= 200; k++) ctx.lineTo(frame.X(Math.exp(-DEAREST * (1 - k / 200))), frame.Y(DEAREST * (1 - k / 200)));
  ctx.stroke();
  ctx.restore();
  const guess = frame.spot(1 / count, Math.log(count));
  ctx.beginPath();
  shape(ctx, "diamond", ...guess, 5);
  halo(ctx, theme.faint, theme.background);
  Object.assign(ctx, { font: theme.small, fillStyle: theme.faint, textAlign: "left", textBaseline: "bottom" });
  ctx.fillText(tr("ln {count}, all alike", { count }), guess[0] + 9, guess[1] - 3, frame.box.x + frame.box.w - guess[0] - 12);
  ctx.beginPath();
  shape(ctx, "circle", frame.X(p), frame.Y(Math.min(DEAREST, found.loss)), 7);
  halo(ctx, theme.palette[(now.truth - 1) % theme.palette.length], theme.background);
}

// The corners are the classes, the point their probabilities, and the line where it goes as the temperature changes.
function drawTriangle(ctx, { x, y, w, h }, now, found, theme) {
  const side = Math.min(w, (h - 16) * 1.1547);
  const tall = 0.866 * side;
  const [left, base] = [x + (w - side) / 2, y + h];
  const corners = [[left, base], [left + side, base], [left + side / 2, base - tall]];
  const spot = (parts) => [0, 1].map((i) => parts.reduce((sum, part, k) => sum + part * corners[k][i], 0));
  const outline = (points) => {
    ctx.beginPath();
    points.forEach((point, i) => ctx[i ? "lineTo" : "moveTo"](...point));
  };
  const middle = [1 / 3, 1 / 3, 1 / 3];
  corners.forEach((corner, k) => {
    const edges = [1, 2].map((step) => spot(middle.map((_, i) => (i === k || i === (k + step) % 3 ? 0.5 : 0))));
    outline([corner, edges[0], spot(middle), edges[1]]);
    ctx.closePath();
    Object.assign(ctx, { fillStyle: theme.palette[k], globalAlpha: 0.16 });
    ctx.fill();
    ctx.globalAlpha = 1;
  });
  outline([...corners, corners[0]]);
  Object.assign(ctx, { strokeStyle: theme.border, lineWidth: 1 });
  ctx.stroke();
  const way = Array.from({ length: 81 }, (_, i) => spot(softmax(now.logits.map((z) => z / 10 ** (2.5 - i / 16)))));
  outline([spot(middle), ...way, spot(found.hard)]);
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 1.5 });
  ctx.setLineDash([3, 3]);
  ctx.stroke();
  ctx.setLineDash([]);
  Object.assign(ctx, { font: theme.bold, textBaseline: "middle", textAlign: "center" });
  [[-4, 13], [4, 13], [0, -12]].forEach(([dx, dy], k) => {
    ctx.fillStyle = theme.palette[k];
    ctx.fillText(k + 1, corners[k][0] + dx, corners[k][1] + dy);
  });
  ctx.beginPath();
  shape(ctx, "circle", ...spot(found.probabilities), 7);
  halo(ctx, theme.text, theme.background);
}
