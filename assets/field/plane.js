// A plane is a frame whose axes are both linear or both logarithmic, and whose ground may be cells.
class Plane extends Frame {
  constructor(box, xs, ys, log) {
    super(box, xs, ys, log);
    this.ends = [xs, ys].map((pair) => pair.map(this.bend));
  }
  X(x) {
    const [low, high] = this.ends[0];
    return this.box.x + ((this.bend(x) - low) / (high - low)) * this.box.w;
  }
  // The column and row of cells under a point of the canvas, the lowest row first.
  cell(px, py, [columns, rows]) {
    const { x, y, w, h } = this.box;
    const within = (part, count) => Math.max(0, Math.min(count - 1, Math.floor(part * count)));
    return [within((px - x) / w, columns), within((y + h - py) / h, rows)];
  }
  // Where the middle of a cell stands.
  middle(cell, counts) {
    return this.ends.map(([low, high], i) => {
      const bent = low + ((cell[i] + 0.5) / counts[i]) * (high - low);
      return this.log ? 10 ** bent : bent;
    });
  }
  axes(ctx, theme, { xLabel, yLabel, title }) {
    const { x, y, w, h } = this.box;
    const marks = (low, high, room) => (this.log ? decades(low, high, room) : ticks(low, high, room));
    ctx.setLineDash([]);
    Object.assign(ctx, { lineWidth: 1, strokeStyle: theme.border, fillStyle: theme.faint, font: theme.small });
    ctx.strokeRect(x + 0.5, y + 0.5, w - 1, h - 1);
    ctx.beginPath();
    Object.assign(ctx, { textAlign: "center", textBaseline: "top" });
    for (const v of marks(this.x0, this.x1, w / 50)) {
      ctx.moveTo(this.X(v), y + h);
      ctx.lineTo(this.X(v), y + h + 4);
      ctx.fillText(short(v), this.X(v), y + h + 6);
    }
    ctx.fillText(xLabel, x + w / 2, y + h + 21);
    Object.assign(ctx, { textAlign: "right", textBaseline: "middle" });
    for (const v of marks(this.y0, this.y1, h / 40)) {
      ctx.moveTo(x - 4, this.Y(v));
      ctx.lineTo(x, this.Y(v));
      ctx.fillText(short(v), x - 6, this.Y(v));
    }
    ctx.stroke();
    ctx.save();
    ctx.translate(x - 40, y + h / 2);
    ctx.rotate(-Math.PI / 2);
    ctx.textAlign = "center";
    ctx.fillText(yLabel, 0, 0);
    ctx.restore();
    Object.assign(ctx, { fillStyle: theme.text, textAlign: "left", textBaseline: "bottom" });
    ctx.fillText(title, x, y - 5);
  }
}
