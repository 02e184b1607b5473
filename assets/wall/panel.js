// A panel is one histogram in its box: above it the layer and the standard deviation, below it the ends of the axis, and
// a strip with what is exactly zero or saturated, as shares of all values.
const [ABOVE, BELOW] = [18, 41];

function drawPanel(ctx, { x, y, w, h }, found, axis, view, color, theme, heading) {
  const [low, high] = axis;
  const X = (value) => x + (Math.max(0, Math.min(1, (value - low) / (high - low)))) * w;
  if (view.zone) {
    ctx.fillStyle = theme.ground;
    ctx.fillRect(X(view.zone[0]), y, X(view.zone[1]) - X(view.zone[0]), h);
  }
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  ctx.strokeRect(Math.round(x) + 0.5, Math.round(y) + 0.5, Math.round(w) - 1, Math.round(h) - 1);
  const bars = found && merged(found, ((high - low) / w) * 2);
  if (bars) drawBars(ctx, { x, y, w, h }, bars, X, view, color);
  ctx.font = theme.small;
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = theme.faint;
  ctx.textAlign = "left";
  ctx.fillText(heading, x, y - 4);
  if (!found) return bars;
  ctx.textAlign = "right";
  const room = w - ctx.measureText(heading).width - 8;
  const words = [3, 2, 1].map((digits) => `${w > 120 ? "std " : ""}${short(found.std, digits)}`);
  if (found.size > found.lost) ctx.fillText(words.find((text) => ctx.measureText(text).width < room) ?? words.at(-1), x + w, y - 4);
  ctx.textAlign = "left";
  ctx.fillText(tick(low, high - low), x, y + h + 13, w / 2 - 3);
  ctx.textAlign = "right";
  ctx.fillText(tick(high, high - low), x + w, y + h + 13, w / 2 - 3);
  drawShares(ctx, x, y + h + 17, w, found, view, color, theme);
  return bars;
}

function drawBars(ctx, { x, y, w, h }, bars, X, view, color) {
  const tallest = Math.max(...bars.counts, 1);
  const [bottom, top] = view.saturates;
  ctx.fillStyle = color;
  bars.counts.forEach((count, i) => {
    const [from, to] = [(bars.first + i) * bars.width, (bars.first + i + 1) * bars.width];
    if (!count || to <= from) return;
    const middle = (from + to) / 2;
    const stuck = (bottom !== null && middle < bottom + 0.05) || (top !== null && middle > top - 0.05);
    ctx.globalAlpha = stuck || (bottom === null && top === null) ? 1 : 0.5;
    const tall = Math.max(1, (count / tallest) * (h - 4));
    const [left, right] = [X(from), X(to)];
    ctx.fillRect(left, y + h - tall, Math.max(1, right - left - (right - left > 4 ? 0.75 : 0)), tall);
  });
  ctx.globalAlpha = 1;
}

// Zeros are gray, the saturated in the network's color, low ones from the left and high ones from the right.
function drawShares(ctx, x, y, w, found, view, color, theme) {
  const share = (n) => (w * n) / found.size;
  const stuck = view.saturates.some((end) => end !== null);
  ctx.fillStyle = theme.ground;
  ctx.fillRect(x, y, w, 5);
  ctx.fillStyle = theme.faint;
  ctx.fillRect(x, y, share(found.zeros), 5);
  ctx.fillStyle = color;
  if (stuck) {
    ctx.fillRect(x, y, share(found.low), 5);
    ctx.fillRect(x + w - share(found.high), y, share(found.high), 5);
  }
  ctx.fillStyle = theme.faint;
  ctx.textAlign = "center";
  const percent = (n) => `${((100 * n) / found.size).toFixed(0)} %`;
  const told = [[found.lost, tr("not finite")], [found.zeros, tr("zeros")], [stuck ? found.low + found.high : 0, tr("saturated")]];
  const [many, word] = told.find(([n]) => n / found.size > 0.005) ?? [0, ""];
  const words = many ? `${percent(many)} ${word}` : "";
  ctx.fillText(ctx.measureText(words).width > w ? percent(many) : words, x + w / 2, y + 18);
}

const tick = (value, span) => (Math.abs(value) < 1e-3 * span ? "0" : short(value));
