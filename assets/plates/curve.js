// The curve of a share that is kept over a count on a logarithmic axis, with a line where the dial stands.
class Curve extends Frame {
  constructor(box, values) {
    super(box, [0, Math.log10(values.length)], [0, 1]);
    this.values = values;
  }

  // The count at a place.
  count(px) {
    const [power] = this.at(px, 0);
    return Math.max(1, Math.min(this.values.length, Math.round(10 ** power)));
  }

  told(px, { names: [what, share] }) {
    const k = this.count(px);
    return `${what} ${k}   ${share} ${short(this.values[k - 1])}`;
  }

  drawStill(ctx, { marks, names: [what] }, theme) {
    const { x, y, w, h } = this.box;
    const X = (count) => this.X(Math.log10(count));
    Object.assign(ctx, { lineWidth: 1, strokeStyle: theme.border, fillStyle: theme.faint, font: theme.small });
    ctx.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    Object.assign(ctx, { textAlign: "center", textBaseline: "top" });
    for (const count of decades(1, this.values.length, 9)) {
      stroke(ctx, [X(count), y + h], [X(count), y + h + 4]);
      ctx.fillText(count, X(count), y + h + 6);
    }
    ctx.fillText(what, x + w / 2, y + h + 22);
    Object.assign(ctx, { textAlign: "right", textBaseline: "middle" });
    for (const v of [0, 0.5, 1]) ctx.fillText(v, x - 6, this.Y(v));
    ctx.setLineDash([3, 4]);
    for (const [count, v] of marks) stroke(ctx, [x, this.Y(v)], [X(count), this.Y(v)], [X(count), y + h]);
    ctx.setLineDash([]);
    Object.assign(ctx, { textAlign: "right", textBaseline: "bottom" });
    marks.forEach(([count, v], i) => ctx.fillText(tr("{count} keep {share}", { count, share: v }), X(count) - 5, y + h - 6 - 16 * i));
    Object.assign(ctx, { strokeStyle: theme.palette[0], lineWidth: 2.25, lineJoin: "round" });
    stroke(ctx, ...Array.from(this.values, (v, i) => [X(i + 1), this.Y(v)]));
  }

  draw(ctx, { names: [, share] }, k, theme) {
    const { x, y, h } = this.box;
    const place = this.X(Math.log10(k));
    Object.assign(ctx, { strokeStyle: theme.primary, lineWidth: 2 });
    ctx.setLineDash([]);
    stroke(ctx, [place, y], [place, y + h]);
    ctx.beginPath();
    ctx.arc(place, this.Y(this.values[k - 1]), 6, 0, 2 * Math.PI);
    halo(ctx, theme.primary, theme.background);
    Object.assign(ctx, { fillStyle: theme.text, font: theme.bold, textAlign: "left", textBaseline: "bottom" });
    ctx.fillText(`${share}: ${this.values[k - 1].toFixed(3)}`, x, y - 6);
  }
}

function stroke(ctx, ...points) {
  ctx.beginPath();
  points.forEach((point) => ctx.lineTo(...point));
  ctx.stroke();
}
