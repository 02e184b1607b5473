// A profile is the surface cut along x through the start: a curve on which the paths roll, for what has one coordinate.
const PIECES = 400;
const TRAIL = 12; // steps that can still be seen behind a ball

class Profile extends Frame {
  constructor(box, [[x0, x1]], ground, y) {
    const f = sampler(ground);
    const heights = Array.from({ length: PIECES + 1 }, (_, i) => f(x0 + (i / PIECES) * (x1 - x0), y));
    const span = new Span();
    span.take(heights);
    const air = 0.1 * (span.high - span.low) || 1;
    super(box, [x0, x1], [span.low - air, span.high + air]);
    Object.assign(this, { ground, heights, y, f });
  }

  spot(x) {
    return [this.X(x), this.Y(this.f(x, this.y))];
  }

  draw(ctx, theme) {
    const { x, y, w, h } = this.box;
    ctx.save();
    this.clip(ctx);
    ctx.beginPath();
    ctx.moveTo(x, y + h);
    this.heights.forEach((height, i) => ctx.lineTo(x + (i / PIECES) * w, this.Y(height)));
    ctx.lineTo(x + w, y + h);
    Object.assign(ctx, { fillStyle: theme.ground, strokeStyle: theme.contour, lineWidth: 2 });
    ctx.setLineDash([]);
    ctx.fill();
    ctx.stroke();
    ctx.restore();
  }

  // The ball at a step, and where it was in the last ones.
  roll(ctx, run, step, theme) {
    const color = theme.palette[run.color % theme.palette.length];
    const last = Math.min(run.steps, step);
    const whole = Math.floor(last);
    const at = (k) => run.points[2 * Math.min(k, run.steps)];
    const place = (x, r) => {
      const [px, py] = this.spot(x);
      ctx.beginPath();
      if (this.holds(px, py)) shape(ctx, run.marker, px, py - r, r);
    };
    ctx.fillStyle = color;
    for (let k = Math.max(0, whole - TRAIL); k <= whole; k++) {
      ctx.globalAlpha = 0.5 * (1 - (last - k) / (TRAIL + 1));
      place(at(k), 4);
      ctx.fill();
    }
    ctx.globalAlpha = 1;
    place(at(whole) + (last - whole) * (at(whole + 1) - at(whole)), 9);
    halo(ctx, color, theme.background);
  }
}
