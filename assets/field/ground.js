// The ground of a field: cells in colors, by kind or by value on a ramp, and the legend that says what they mean.
const NONE = 65535;
// What has no kind and no value.
const empty = (theme) => blend(theme.low, channels(theme.text), 0.2);

// A color a kind: beyond the palette its colors come again, paler. Fills are paler than lines, which stand on them.
function kindColor(theme, { color }, pale = 0) {
  const n = theme.palette.length;
  const lap = Math.floor(color / n);
  return blend(channels(theme.palette[color % n]), theme.low, Math.min(0.75, pale + 0.3 * lap));
}

function rampColor({ stops, domain: [low, high] }, value) {
  const [a, b, v] = [low, high, value].map(Math.log10);
  const place = Math.max(0, Math.min(1, (v - a) / (b - a))) * (stops.length - 1);
  const k = Math.min(stops.length - 2, Math.floor(place));
  return blend(channels(stops[k]), channels(stops[k + 1]), place - k);
}

// The cells as a small picture, a pixel each.
function pixels(scene, theme) {
  const [columns, rows] = scene.counts;
  const canvas = new OffscreenCanvas(columns, rows);
  const picture = canvas.getContext("2d").createImageData(columns, rows);
  const kinds = scene.kinds.map((kind) => kindColor(theme, kind, 0.25));
  const blank = empty(theme);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = scene.cells[row * columns + column];
      const missing = Number.isNaN(value) || (!scene.ramp && value === NONE);
      const color = missing ? blank : scene.ramp ? rampColor(scene.ramp, value) : kinds[value];
      picture.data.set([...color, 255], 4 * ((rows - 1 - row) * columns + column));
    }
  }
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

function drawCells(ctx, frame, scene, theme) {
  const { x, y, w, h } = frame.box;
  ctx.save();
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(pixels(scene, theme), x, y, w, h);
  frame.clip(ctx);
  if (scene.surface) {
    Object.assign(ctx, { strokeStyle: theme.text, globalAlpha: 0.28 });
    drawIsolines(ctx, frame, scene);
  }
  ctx.restore();
}

// What the cell under the pointer says.
function told(scene, [column, row]) {
  const value = scene.cells[row * scene.counts[0] + column];
  if (!scene.ramp) return value === NONE ? scene.none : scene.kinds[value].label;
  return Number.isNaN(value) ? scene.none : `${short(value)} ${scene.ramp.label}`;
}

// The legend in rows of `columns`, from (x, y) on.
function drawKinds(ctx, scene, { x, y, w, columns }, theme) {
  const entries = scene.kinds.filter((kind) => kind.legend).map((kind) => [kindColor(theme, kind, 0.1), kind.legend]);
  if (scene.blank) entries.push([empty(theme), scene.blank]);
  Object.assign(ctx, { font: theme.normal, textAlign: "left", textBaseline: "middle", lineWidth: 1, strokeStyle: theme.border });
  ctx.setLineDash([]);
  entries.forEach(([color, label], i) => {
    const [left, top] = [x + ((i % columns) * w) / columns, y + 24 * Math.floor(i / columns)];
    ctx.fillStyle = paint(color);
    ctx.fillRect(left, top, 15, 15);
    ctx.strokeRect(left + 0.5, top + 0.5, 14, 14);
    ctx.fillStyle = theme.text;
    ctx.fillText(label, left + 22, top + 8, w / columns - 24);
  });
}

function drawRamp(ctx, scene, { x, y, w }, theme) {
  const { ramp, blank } = scene;
  const width = Math.min(w - 18, 240); // beyond its end stands half of the last number
  const [a, b] = ramp.domain.map(Math.log10);
  for (let i = 0; i < width; i++) {
    ctx.fillStyle = paint(rampColor(ramp, 10 ** (a + ((b - a) * i) / width)));
    ctx.fillRect(x + i, y + 18, 1.5, 12);
  }
  Object.assign(ctx, { font: theme.small, fillStyle: theme.text, textAlign: "left", textBaseline: "middle" });
  ctx.fillText(ramp.label, x, y + 8);
  ctx.fillStyle = theme.faint;
  ctx.textAlign = "center";
  for (const v of decades(...ramp.domain, 6)) ctx.fillText(short(v), x + ((Math.log10(v) - a) / (b - a)) * width, y + 40);
  if (!blank) return;
  const [left, top] = w > width + 110 ? [x + width + 16, y + 17] : [x, y + 56];
  ctx.fillStyle = paint(empty(theme));
  ctx.fillRect(left, top, 15, 15);
  Object.assign(ctx, { fillStyle: theme.text, textAlign: "left" });
  ctx.fillText(blank, left + 22, top + 8);
}
