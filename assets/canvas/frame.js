// A frame maps data to a rectangle of the canvas and draws its axes.
class Frame {
  constructor(box, [x0, x1], [y0, y1], log = false) {
    Object.assign(this, { box: whole(box), x0, x1, y0, y1, log });
    this.bend = log ? Math.log10 : (v) => v;
  }
  X(x) {
    return this.box.x + ((x - this.x0) / (this.x1 - this.x0)) * this.box.w;
  }
  Y(y) {
    const [low, high] = [this.bend(this.y0), this.bend(this.y1)];
    return this.box.y + this.box.h - ((this.bend(y) - low) / (high - low)) * this.box.h;
  }
  spot(x, y) {
    return [this.X(x), this.Y(y)];
  }
  at(px, py) {
    const { x, y, w, h } = this.box;
    return [this.x0 + ((px - x) / w) * (this.x1 - this.x0), this.y1 - ((py - y) / h) * (this.y1 - this.y0)];
  }
  holds(px, py) {
    const { x, y, w, h } = this.box;
    return px >= x && px <= x + w && py >= y && py <= y + h;
  }
  clip(ctx) {
    ctx.beginPath();
    ctx.rect(this.box.x, this.box.y, this.box.w, this.box.h);
    ctx.clip();
  }
  axes(ctx, theme, { xLabel, yLabel, title }) {
    const { x, y, w, h } = this.box;
    ctx.lineWidth = 1;
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.border;
    ctx.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    ctx.fillStyle = theme.faint;
    ctx.font = theme.small;
    ctx.textBaseline = "top";
    ctx.textAlign = "center";
    const tick = (x1, y1, x2, y2) => {
      ctx.beginPath();
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.stroke();
    };
    for (const [v, words] of labeled(this.x0, this.x1, w)) {
      tick(this.X(v), y + h, this.X(v), y + h + 4);
      ctx.fillText(words, this.X(v), y + h + 6);
    }
    if (xLabel) ctx.fillText(xLabel, x + w / 2, y + h + 20);
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    const marks = this.log ? decades(this.y0, this.y1, h / 26).map((v) => [v, short(v)]) : labeled(this.y0, this.y1, h * 1.4);
    for (const [v, words] of marks) {
      tick(x - 4, this.Y(v), x, this.Y(v));
      ctx.fillText(words, x - 6, this.Y(v), 40);
    }
    if (yLabel) {
      ctx.save();
      ctx.translate(x - 38, y + h / 2);
      ctx.rotate(-Math.PI / 2);
      ctx.textAlign = "center";
      ctx.fillText(yLabel, 0, 0);
      ctx.restore();
    }
    if (title) {
      ctx.fillStyle = theme.text;
      ctx.textAlign = "left";
      ctx.textBaseline = "bottom";
      ctx.fillText(title, x, y - 4);
    }
  }
}

// A box whose edges do not fall between pixels.
function whole({ x, y, w, h }) {
  const [left, top] = [Math.round(x), Math.round(y)];
  return { x: left, y: top, w: Math.round(x + w) - left, h: Math.round(y + h) - top };
}

// Round numbers in [low, high], about `count` of them.
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * decade).find((s) => s >= rough);
  const found = [];
  const first = Math.ceil(low / step - 1e-9);
  for (let i = 0; i <= 2 * count + 2 && (first + i) * step <= high + 1e-9 * step; i++) found.push((first + i) * step);
  return found;
}

// Ticks of an axis so long, in pixels, with as many digits as tell them from each other.
function labeled(low, high, length) {
  const words = (found) => {
    const step = found[1] - found[0] || 1;
    return found.map((v) => [v, short(v, Math.max(3, Math.min(15, Math.floor(Math.log10(Math.abs(v) / step || 1)) + 2)))]);
  };
  const few = words(ticks(low, high, length / 55));
  const longest = Math.max(...few.map(([, text]) => text.length));
  return longest > 5 ? words(ticks(low, high, length / (9 * longest + 14))) : few;
}

// Powers of ten in [low, high], at most `count` of them.
function decades(low, high, count) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const stride = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  if (last - first < 2) {
    const all = [first - 1, first, first + 1, last].flatMap((k) => [1, 2, 5].map((m) => m * 10 ** k));
    const inside = [...new Set(all)].filter((v) => v >= low && v <= high);
    const every = Math.ceil(inside.length / Math.max(2, count));
    return inside.filter((_, i) => i % every === 0);
  }
  const found = [];
  for (let k = first; k <= last; k += stride) found.push(10 ** k);
  return found;
}

// A number as a reader wants it: three significant digits, and powers of ten where there are many zeros.
function short(v, digits = 3) {
  const rounded = Number(v.toPrecision(digits));
  const size = Math.abs(rounded);
  const few = !(size > 0 && size < Infinity) || (size >= 1e-3 && size < 1e5);
  const [first, power] = rounded.toExponential().split("e");
  const text = few ? String(rounded) : `${first === "1" ? "" : `${first}·`}10${raised(Number(power))}`;
  return text.replace("-", "−");
}

const raised = (power) => [...String(power)].map((digit) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(digit)]).join("");
