// Columns are a frame with a class in each: a bar, its name below, and rows of numbers below that.
const ROW = 18;

class Columns extends Frame {
  constructor(box, count, [low, high]) {
    super(box, [0, count], [low, high]);
    this.count = count;
  }
  get wide() {
    return Math.min(64, (0.56 * this.box.w) / this.count);
  }
  middle(k) {
    return this.X(k + 0.5);
  }
  // The class of a column, over the bars or, with `below`, over their names; undefined elsewhere.
  under([px, py], below = false) {
    const { x, y, w, h } = this.box;
    const inside = below ? py > y + h && py < y + h + 24 : py >= y - 8 && py <= y + h + 2;
    return inside && px >= x && px < x + w ? Math.floor(((px - x) / w) * this.count) : undefined;
  }

  axes(ctx, theme, title) {
    const { x, y, w, h } = this.box;
    ctx.setLineDash([]);
    Object.assign(ctx, { lineWidth: 1, strokeStyle: theme.border, fillStyle: theme.faint, font: theme.small });
    ctx.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    Object.assign(ctx, { textAlign: "right", textBaseline: "middle" });
    ctx.beginPath();
    for (const [v, words] of labeled(this.y0, this.y1, h * 1.4)) {
      ctx.moveTo(x - 4, this.Y(v));
      ctx.lineTo(x, this.Y(v));
      ctx.fillText(words, x - 6, this.Y(v), 40);
    }
    ctx.stroke();
    Object.assign(ctx, { fillStyle: theme.text, font: theme.normal, textAlign: "left", textBaseline: "bottom" });
    ctx.fillText(title, x, y - 5, w);
  }

  // Bars of a share of the columns' width, filled or in outlines.
  bars(ctx, values, theme, { base = 0, share = 1, shift = 0, hollow = false } = {}) {
    values.forEach((v, k) => {
      const color = theme.palette[k % theme.palette.length];
      const [from, to] = [this.Y(base), this.Y(v)];
      const left = this.middle(k) + this.wide * (shift - share / 2);
      Object.assign(ctx, { fillStyle: color, strokeStyle: color, lineWidth: 1.5, globalAlpha: hollow ? 1 : 0.8 });
      if (hollow) ctx.strokeRect(left, Math.min(from, to), this.wide * share, Math.abs(to - from));
      else ctx.fillRect(left, Math.min(from, to), this.wide * share, Math.max(1, Math.abs(to - from)));
      ctx.globalAlpha = 1;
    });
  }

  // The names of the classes, that of the true one on its color.
  names(ctx, theme, truth) {
    const { y, h } = this.box;
    Object.assign(ctx, { font: theme.bold, textAlign: "center", textBaseline: "middle" });
    for (let k = 0; k < this.count; k++) {
      const [x, middle] = [this.middle(k), y + h + 13];
      if (k + 1 === truth) {
        ctx.fillStyle = theme.palette[k % theme.palette.length];
        ctx.beginPath();
        ctx.roundRect(x - 12, middle - 10, 24, 19, 6);
        ctx.fill();
      }
      ctx.fillStyle = k + 1 === truth ? theme.background : theme.text;
      ctx.fillText(k + 1, x, middle);
    }
  }

  // A row of numbers, `place` rows below the names; what is not finite stands out.
  row(ctx, theme, place, label, values, words, color = theme.text) {
    const { x, y, w, h } = this.box;
    const middle = y + h + 33 + ROW * place;
    Object.assign(ctx, { font: theme.small, textAlign: "right", textBaseline: "middle", fillStyle: theme.faint });
    ctx.fillText(label, x - 6, middle, x - 6);
    ctx.textAlign = "center";
    values.forEach((v, k) => {
      ctx.fillStyle = Number.isFinite(v) ? color : theme.roles.gradient;
      ctx.fillText(Number.isFinite(v) ? words(v) : "∞", this.middle(k), middle, w / this.count - 3);
    });
  }
}

// Three digits behind the point, or three in all.
function fixed(v) {
  if (Math.abs(v) >= 10) return short(v);
  const text = v.toFixed(3);
  return text === "-0.000" ? "0.000" : text.replace("-", "−");
}
