// Isolines of a surface by marching squares: straight pieces through its cells where f is a level.

// The pieces [x0, y0, x1, y1, …] of one level, in cells from the lower left corner; nothing where f is not finite.
function isoline(values, level) {
  const n = Math.sqrt(values.length);
  const found = [];
  for (let j = 0; j < n - 1; j++) {
    for (let i = 0; i < n - 1; i++) {
      const k = j * n + i;
      const [a, b, c, d] = [values[k] - level, values[k + 1] - level, values[k + n + 1] - level, values[k + n] - level];
      const [A, B, C, D] = [a > 0, b > 0, c > 0, d > 0];
      if ((A === B && B === C && C === D) || !Number.isFinite(a + b + c + d)) continue;
      const cuts = [];
      if (A !== B) cuts.push(i + a / (a - b), j);
      if (B !== C) cuts.push(i + 1, j + b / (b - c));
      if (C !== D) cuts.push(i + d / (d - c), j + 1);
      if (D !== A) cuts.push(i, j + a / (a - d));
      const saddle = cuts.length > 4 && a + b + c + d > 0 !== A; // then a and c are cut off, else b and d
      if (saddle) cuts.unshift(...cuts.splice(6));
      found.push(...cuts);
    }
  }
  return found;
}

function drawIsolines(ctx, frame, { surface, levels, view: [[x0, x1], [y0, y1]] }) {
  const n = Math.sqrt(surface.length);
  const [X, Y] = [(u) => frame.X(x0 + (u / (n - 1)) * (x1 - x0)), (v) => frame.Y(y0 + (v / (n - 1)) * (y1 - y0))];
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  ctx.beginPath();
  for (const level of levels) {
    const cuts = isoline(surface, level);
    for (let k = 0; k < cuts.length; k += 4) {
      ctx.moveTo(X(cuts[k]), Y(cuts[k + 1]));
      ctx.lineTo(X(cuts[k + 2]), Y(cuts[k + 3]));
    }
  }
  ctx.stroke();
}

// About ten round numbers within the values: 1, 2, 5, 10, … where most are low, else even steps.
function roundLevels(values) {
  const sorted = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
  const at = (part) => sorted[Math.round(part * (sorted.length - 1))];
  const [lowest, low, middle, high] = [0, 0.002, 0.5, 0.98].map(at);
  if (!(high - low > 1e-6 * Math.abs(high))) return [];
  if (lowest < 0 || lowest > 0.01 * high || middle > 0.35 * high) return ticks(low, high, 12).filter((level) => level > lowest);
  const found = [];
  for (let k = Math.floor(Math.log10(Math.max(low, 1e-5 * high))); k <= Math.log10(high); k++) {
    for (const m of low > 2e-4 * high ? [1, 2, 5] : [1, 3]) found.push(m * 10 ** k);
  }
  return found.filter((level) => level >= low && level < 2 * high);
}

// One label a level, [text, x, y, dx, dy], at the piece of its line that is farthest from the edges and the other labels.
function placeLabels({ surface, levels, view }) {
  const n = Math.sqrt(surface.length);
  const taken = [];
  return levels.flatMap((level) => {
    const cuts = isoline(surface, level);
    let [best, free] = [null, 0.09];
    for (let k = 0; k < cuts.length; k += 4) {
      const [u, v] = [(cuts[k] + cuts[k + 2]) / 2 / (n - 1), (cuts[k + 1] + cuts[k + 3]) / 2 / (n - 1)];
      const edge = 2 * Math.min(u, 1 - u, v, 1 - v);
      if (edge <= free) continue;
      const room = Math.min(edge, ...taken.map(([a, b]) => Math.hypot(u - a, v - b)));
      if (room > free) [best, free] = [[u, v, cuts[k + 2] - cuts[k], cuts[k + 3] - cuts[k + 1]], room];
    }
    if (!best) return [];
    taken.push(best);
    const [x, y] = view.map(([low, high], i) => low + best[i] * (high - low));
    const [dx, dy] = view.map(([low, high], i) => best[2 + i] * (high - low));
    return [[String(Number(level.toPrecision(6))), x, y, dx, dy]];
  });
}
