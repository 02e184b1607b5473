// A stage is a panel: its points, each with a line to where it was measured again, the ellipse of two standard deviations, the
// principal axes, and above it the mean and the covariance matrix.
const HEAD = 58;
const FOOT = 20;

function drawStage(ctx, frame, scene, panel, theme) {
  const { again, panels, points } = scene;
  const count = points.length / (2 * panels.length);
  const { title, mean, covariance, axes } = panels[panel];
  head(ctx, frame.box, title, mean, covariance, theme);
  frame.axes(ctx, theme, {});
  ctx.save();
  frame.clip(ctx);
  cross(ctx, frame, theme);
  if (again) {
    ctx.beginPath();
    for (let i = 0; i < count; i++) whisker(ctx, frame, scene, panel, i);
    Object.assign(ctx, { strokeStyle: theme.palette[1], globalAlpha: 0.55, lineWidth: 1.25 });
    ctx.stroke();
  }
  Object.assign(ctx, { fillStyle: theme.palette[0], globalAlpha: 0.75 });
  ctx.beginPath();
  for (let i = 0; i < count; i++) {
    const [x, y] = frame.spot(...at(points, panel, count, i));
    ctx.moveTo(x + 2, y);
    ctx.arc(x, y, 2, 0, 2 * Math.PI);
  }
  ctx.fill();
  ctx.globalAlpha = 1;
  ellipse(ctx, frame, mean, axes, theme);
  ctx.restore();
}

// The same point in every panel.
function drawPointed(ctx, frame, scene, panel, theme, i) {
  ctx.save();
  frame.clip(ctx);
  if (scene.again) {
    ctx.beginPath();
    whisker(ctx, frame, scene, panel, i);
    Object.assign(ctx, { strokeStyle: theme.palette[1], lineWidth: 3 });
    ctx.stroke();
  }
  ctx.beginPath();
  shape(ctx, "circle", ...frame.spot(...at(scene.points, panel, scene.points.length / (2 * scene.panels.length), i)), 6);
  halo(ctx, theme.palette[1], theme.text);
  ctx.restore();
}

// From a point to where it was measured again.
function whisker(ctx, frame, { points, again, panels }, panel, i) {
  const count = points.length / (2 * panels.length);
  ctx.moveTo(...frame.spot(...at(points, panel, count, i)));
  ctx.lineTo(...frame.spot(...at(again, panel, count, i)));
}

function cross(ctx, frame, theme) {
  const { x, y, w, h } = frame.box;
  Object.assign(ctx, { strokeStyle: theme.border, lineWidth: 1 });
  ctx.beginPath();
  ctx.moveTo(x, frame.Y(0));
  ctx.lineTo(x + w, frame.Y(0));
  ctx.moveTo(frame.X(0), y);
  ctx.lineTo(frame.X(0), y + h);
  ctx.stroke();
}

// `axes` are the principal axes, each as long as the standard deviation along it.
function ellipse(ctx, frame, mean, axes, theme) {
  const place = (u, v) => frame.spot(...[0, 1].map((i) => mean[i] + ELLIPSE * (u * axes[0][i] + v * axes[1][i])));
  Object.assign(ctx, { strokeStyle: theme.text, lineWidth: 1.25, lineCap: "round" });
  ctx.beginPath();
  for (let k = 0; k <= 90; k++) ctx.lineTo(...place(Math.cos((k * Math.PI) / 45), Math.sin((k * Math.PI) / 45)));
  ctx.stroke();
  ctx.lineWidth = 2;
  ctx.beginPath();
  for (const tip of [place(1, 0), place(0, 1)]) {
    ctx.moveTo(...place(0, 0));
    ctx.lineTo(...tip);
  }
  ctx.stroke();
}

function head(ctx, { x, y, w }, title, mean, covariance, theme) {
  Object.assign(ctx, { font: theme.bold, fillStyle: theme.text, textAlign: "left", textBaseline: "alphabetic" });
  ctx.fillText(title, x, y - HEAD + 13);
  Object.assign(ctx, { font: theme.small, textAlign: "right" });
  ctx.fillText(`μ ${mean.map(figure).join(", ")}`, x + w, y - HEAD + 13);
  ctx.textAlign = "left";
  ctx.fillText("Σ", x, y - 17);
  const [left, across] = [x + 15, Math.min(54, (w - 20) / 2)];
  covariance.forEach((row, i) => row.forEach((v, j) => ctx.fillText(figure(v), left + 6 + j * across, y - 25 + 16 * i, across - 6)));
  Object.assign(ctx, { strokeStyle: theme.faint, lineWidth: 1 });
  ctx.beginPath();
  for (const [edge, inward] of [[left + 0.5, 4], [left + 2 * across + 0.5, -4]]) {
    ctx.moveTo(edge + inward, y - 37.5);
    ctx.lineTo(edge, y - 37.5);
    ctx.lineTo(edge, y - 4.5);
    ctx.lineTo(edge + inward, y - 4.5);
  }
  ctx.stroke();
}

// What is only rounding is 0.
const figure = (v) => (Math.abs(v) < 1e-9 ? "0" : short(v));

// The arrow from a panel to the next, and above it what is done on that way.
function drawWay(ctx, { from, to, y }, step, theme) {
  Object.assign(ctx, { strokeStyle: theme.faint, fillStyle: theme.faint, lineWidth: 1.5, font: theme.small });
  ctx.beginPath();
  ctx.moveTo(from, y);
  ctx.lineTo(to, y);
  ctx.moveTo(to - 6, y - 4);
  ctx.lineTo(to, y);
  ctx.lineTo(to - 6, y + 4);
  ctx.stroke();
  Object.assign(ctx, { textAlign: "center", textBaseline: "bottom" });
  ctx.fillText(step, (from + to) / 2, y - 6);
}
