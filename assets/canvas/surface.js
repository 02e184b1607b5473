// A surface is the ground that the paths run on: shades, contour lines with their levels, arrows, start and minima.
function drawSurface(ctx, frame, scene, theme, roomy) {
  ctx.save();
  frame.clip(ctx);
  if (scene.arrows !== "alone") drawGround(ctx, frame, scene, theme, roomy);
  if (scene.arrows !== "none") drawArrows(ctx, frame, scene, theme);
  ctx.restore();
  for (const [x, y] of scene.minima) {
    const place = [frame.X(x), frame.Y(y)];
    if (!frame.holds(...place)) continue;
    ctx.beginPath();
    shape(ctx, "star", ...place, roomy ? 7 : 5);
    halo(ctx, theme.text, theme.background);
  }
}

function drawGround(ctx, frame, scene, theme, roomy) {
  const { x, y, w, h } = frame.box;
  ctx.imageSmoothingEnabled = true;
  ctx.imageSmoothingQuality = "high";
  ctx.drawImage(shades(scene, theme), x, y, w, h);
  ctx.strokeStyle = theme.contour;
  drawIsolines(ctx, frame, scene);
  if (roomy) drawLevels(ctx, frame, scene, theme);
}

// The surface as a small picture: the rank of f among the contour levels becomes a shade between the two ground colors.
function shades(scene, theme) {
  const n = Math.sqrt(scene.surface.length);
  const canvas = new OffscreenCanvas(n, n);
  const ctx = canvas.getContext("2d");
  const picture = ctx.createImageData(n, n);
  const levels = scene.levels;
  for (let i = 0; i < scene.surface.length; i++) {
    const f = scene.surface[i];
    if (Number.isNaN(f)) continue;
    let k = 0;
    while (k < levels.length && f >= levels[k]) k++;
    const part = k > 0 && k < levels.length ? (f - levels[k - 1]) / (levels[k] - levels[k - 1]) : 0;
    const t = levels.length ? Math.min(1, (k + part) / levels.length) : 0;
    const pixel = 4 * ((n - 1 - Math.floor(i / n)) * n + (i % n));
    for (let c = 0; c < 3; c++) picture.data[pixel + c] = theme.low[c] + t * (theme.high[c] - theme.low[c]);
    picture.data[pixel + 3] = 255;
  }
  ctx.putImageData(picture, 0, 0);
  return canvas;
}

function drawLevels(ctx, frame, scene, theme) {
  ctx.font = theme.small;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const [text, x, y, dx, dy] of scene.labels) {
    const across = frame.X(x + dx) - frame.X(x);
    const up = frame.Y(y + dy) - frame.Y(y);
    ctx.save();
    ctx.translate(frame.X(x), frame.Y(y));
    ctx.rotate(Math.atan(up / (across || 1e-9)));
    ctx.lineWidth = 4;
    ctx.lineJoin = "round";
    ctx.strokeStyle = theme.ground;
    const words = text.replace("-", "−");
    ctx.strokeText(words, 0, 0);
    ctx.fillStyle = theme.faint;
    ctx.fillText(words, 0, 0);
    ctx.restore();
  }
}

// Arrows of ±∇f; their length grows with the square root of the slope, so that gentle slopes can be seen.
function drawArrows(ctx, frame, scene, theme) {
  const half = scene.slopes.length / 2;
  const n = Math.sqrt(half);
  const stride = frame.box.w < 300 ? 2 : 1;
  const sign = scene.arrows === "ascent" ? 1 : -1;
  const scale = [frame.box.w / (frame.x1 - frame.x0), frame.box.h / (frame.y1 - frame.y0)];
  const slopes = Array.from({ length: half }, (_, i) => [
    sign * scene.slopes[i] * scale[0],
    -sign * scene.slopes[half + i] * scale[1],
  ]);
  const sizes = slopes.map(([a, b]) => Math.hypot(a, b)).filter(Number.isFinite).sort((a, b) => a - b);
  const steepest = sizes[Math.floor(0.98 * (sizes.length - 1))] || 1;
  const cell = (frame.box.w / n) * stride;
  ctx.strokeStyle = ctx.fillStyle = theme.arrow;
  ctx.lineWidth = 1.25;
  for (let row = 0; row < n; row += stride) {
    for (let column = 0; column < n; column += stride) {
      const [a, b] = slopes[row * n + column];
      const size = Math.hypot(a, b);
      if (!(size > 0)) continue;
      const length = 0.85 * cell * Math.min(1, Math.sqrt(size / steepest));
      const [ux, uy] = [a / size, b / size];
      const px = frame.box.x + ((column + 0.5) / n) * frame.box.w;
      const py = frame.box.y + (1 - (row + 0.5) / n) * frame.box.h;
      const [tx, ty] = [px + ux * length, py + uy * length];
      const head = Math.min(5, 0.45 * length);
      ctx.beginPath();
      ctx.moveTo(px, py);
      ctx.lineTo(tx - ux * head, ty - uy * head);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(tx, ty);
      ctx.lineTo(tx - ux * head - uy * head * 0.5, ty - uy * head + ux * head * 0.5);
      ctx.lineTo(tx - ux * head + uy * head * 0.5, ty - uy * head - ux * head * 0.5);
      ctx.fill();
    }
  }
}
