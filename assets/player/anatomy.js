// The anatomy of a step: arrows on the surface, and beside it a row a quantity with a lane a coordinate. A lane holds the
// whole run as a line and, on the same scale, the value of this step as a bar; of another rule dashed and hollow.
const KEY = 26;
const TITLE = 17;
const BAR = 10;

function arrangeAnatomy(scene, width, height) {
  const narrow = width < 560;
  const [span, rise] = scene.view.map(([low, high]) => high - low);
  const room = {
    w: (narrow ? width : 0.5 * width) - GUTTER.left - GUTTER.right,
    h: narrow ? width : height - KEY - GUTTER.top - 2 * GUTTER.bottom - 72,
  };
  const scale = Math.min(room.w / span, room.h / rise);
  const box = { x: GUTTER.left, y: KEY + GUTTER.top, w: scale * span, h: scale * rise };
  const foot = box.y + box.h + GUTTER.bottom;
  const left = narrow ? 4 : box.x + box.w + GUTTER.right + 24;
  const score = { x: left, y: narrow ? foot + 12 : 0, w: width - left - 4, h: narrow ? KEY + 74 * scene.rows.length : height };
  const top = (narrow ? score.y + score.h + 12 : foot) + 24;
  const bottom = narrow ? top + 90 + GUTTER.bottom : height;
  return {
    height: bottom,
    surfaces: [{ box, runs: scene.runs, title: "", roomy: true }],
    curves: { x: GUTTER.left, y: top, w: (narrow ? width - GUTTER.right : box.x + box.w) - GUTTER.left, h: bottom - top - GUTTER.bottom },
    wide: true,
    legend: null,
    key: { x: box.x, y: 0, w: narrow ? box.w : box.w },
    score,
  };
}

class Anatomy {
  constructor({ scene, theme, layout, grounds: [ground] }) {
    const [run] = scene.runs;
    const colors = { ...theme.roles, "": theme.faint };
    Object.assign(this, { scene, theme, layout, ground, run, count: run.steps, values: scene.quantities });
    const { x, y, w, h } = layout.score;
    const tall = (h - KEY) / scene.rows.length;
    const wide = (w - 16) / 2;
    const bars = BAR * (scene.beside ? 2 : 1) + 8;
    let first = 0;
    const take = () => scene.quantities.subarray(first, (first += 2 * this.count));
    this.rows = scene.rows.map((row, i) => {
      const [values, rival] = [take(), row.other === null ? null : take()];
      const [low, high] = row.span;
      const air = 0.06 * (high - low);
      const lanes = [0, 1].map((axis) => {
        const box = { x: x + axis * (wide + 16), y: y + KEY + i * tall + TITLE, w: wide, h: tall - TITLE - 9 };
        const frame = new Frame({ ...box, x: box.x + bars, w: wide - bars - 5 }, [0, scene.steps - 1 || 1], [low - air, high + air]);
        return { axis, box, frame };
      });
      return { ...row, values, rival, lanes, color: colors[row.role] };
    });
  }

  // What does not move: titles, zero lines and, faint, the whole run.
  drawStill(ctx) {
    const { theme, layout, scene } = this;
    ctx.globalAlpha = 1;
    for (const row of this.rows) {
      const { x, y } = row.lanes[0].box;
      ctx.textAlign = "left";
      ctx.textBaseline = "bottom";
      ctx.font = theme.bold;
      ctx.fillStyle = row.color === theme.faint ? theme.text : row.color;
      ctx.fillText(row.label, x, y - 2);
      const after = x + ctx.measureText(row.label).width + 6;
      ctx.font = theme.small;
      ctx.fillStyle = theme.faint;
      const words = row.other ? `┄ ${row.other}` : row.words;
      if (after + ctx.measureText(words).width < x + row.lanes[0].box.w - (row.rival ? 110 : 66)) ctx.fillText(words, after, y - 2);
      for (const { box, frame } of row.lanes) {
        ctx.fillStyle = theme.ground;
        ctx.globalAlpha = 0.45;
        ctx.fillRect(box.x, box.y, box.w, box.h);
        ctx.globalAlpha = 1;
        line(ctx, theme.border, [box.x, frame.Y(0)], [box.x + box.w, frame.Y(0)]);
      }
    }
    this.lit = new OffscreenCanvas(ctx.canvas.width, ctx.canvas.height);
    const lit = this.lit.getContext("2d");
    lit.setTransform(ctx.getTransform());
    for (const [target, alpha] of [[ctx, 0.3], [lit, 1]]) {
      target.globalAlpha = alpha;
      for (const row of this.rows) for (const lane of row.lanes) this.drawLines(target, row, lane);
      target.globalAlpha = 1;
    }
    this.drawKey(ctx, layout.key);
    if (scene.beside) this.drawBeside(ctx, layout.score);
  }

  drawLines(ctx, row, { axis, box, frame }) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y - 1, box.w, box.h + 2);
    ctx.clip();
    ctx.strokeStyle = row.color;
    ctx.lineJoin = "round";
    for (const [values, width, dash] of [[row.rival, 1.5, [4, 3]], [row.values, 2, []]]) {
      if (!values) continue;
      ctx.lineWidth = width;
      ctx.setLineDash(dash);
      ctx.beginPath();
      for (let i = 0, down = false; i < this.count; i++) {
        const v = values[2 * i + axis];
        if (Number.isNaN(v)) down = false;
        else if (down) ctx.lineTo(frame.X(i), bounded(frame.Y(v)));
        else ctx.moveTo(frame.X(i), bounded(frame.Y(v)));
        if (!Number.isNaN(v)) down = true;
      }
      ctx.stroke();
    }
    ctx.restore();
  }

  // What follows the clock. At step k the rule stands at point k and is about to make step t = k + 1.
  draw(ctx, step) {
    const { theme, layout } = this;
    const i = Math.min(this.count - 1, Math.floor(step + 1e-9));
    ctx.font = theme.bold;
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillStyle = theme.text;
    ctx.fillText(tr("step t = {t}", { t: i + 1 }), layout.score.x, layout.score.y + 4);
    for (const row of this.rows) for (const lane of row.lanes) this.drawLane(ctx, row, lane, i);
    this.drawArrows(ctx, i);
  }

  drawLane(ctx, row, { axis, box, frame }, i) {
    const { theme } = this;
    const [value, other] = [row.values[2 * i + axis], row.rival?.[2 * i + axis]];
    const cursor = frame.X(i);
    const { a: zoom } = ctx.getTransform();
    const [sx, sy] = [frame.box.x - 2, box.y - 2];
    const [w, h] = [cursor - sx, box.h + 4];
    if (w > 0) ctx.drawImage(this.lit, sx * zoom, sy * zoom, w * zoom, h * zoom, sx, sy, w, h);
    line(ctx, theme.faint, [cursor, box.y], [cursor, box.y + box.h]);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x - 1, box.y - 1, box.w + 4, box.h + 2);
    ctx.clip();
    ctx.fillStyle = ctx.strokeStyle = row.color;
    const bar = (v, left) => [left, frame.Y(Math.max(0, v)), BAR, Math.max(1, frame.Y(Math.min(0, v)) - frame.Y(Math.max(0, v)))];
    if (Number.isFinite(value)) {
      ctx.fillRect(...bar(value, box.x + 2));
      if (value < frame.y0 || value > frame.y1) {
        const edge = value > 0 ? box.y + 9 : box.y + box.h - 9; // torn: it goes on beyond its axis
        line(ctx, theme.background, [box.x, edge + 3], [box.x + BAR + 4, edge - 3], 3);
      }
      ctx.beginPath();
      ctx.arc(cursor, bounded(frame.Y(value)), 3.5, 0, 2 * Math.PI);
      halo(ctx, row.color, theme.background);
    }
    if (Number.isFinite(other)) {
      ctx.lineWidth = 1.5;
      ctx.setLineDash([3, 2]);
      ctx.strokeStyle = row.color;
      const [x, y, width, height] = bar(other, box.x + BAR + 4);
      ctx.strokeRect(x + 0.75, y + 0.75, width - 1.5, Math.max(0, height - 1.5));
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.arc(cursor, bounded(frame.Y(other)), 3, 0, 2 * Math.PI);
      ctx.fillStyle = theme.background;
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
    this.drawNumbers(ctx, row, axis, box, value, other);
  }

  // Right above the lane: the coordinate, the number and, in parentheses, that of the other rule.
  drawNumbers(ctx, row, axis, box, value, other) {
    const { theme } = this;
    const told = (v) => (Number.isNaN(v) ? "–" : short(v));
    let right = box.x + box.w;
    ctx.textAlign = "right";
    ctx.textBaseline = "bottom";
    const write = (text, font, color, gap) => {
      ctx.font = font;
      ctx.fillStyle = color;
      ctx.fillText(text, right, box.y - 2);
      right -= ctx.measureText(text).width + gap;
    };
    if (row.rival) write(`(${told(other)})`, theme.small, theme.faint, 4);
    write(told(value), theme.bold, theme.text, 5);
    write(this.scene.names[axis], theme.small, theme.faint, 0);
  }

  drawArrows(ctx, i) {
    const { ground, run, theme } = this;
    const from = [run.points[2 * i], run.points[2 * i + 1]];
    ctx.save();
    ground.clip(ctx);
    const rows = this.rows.filter((row) => row.arrow);
    for (const row of [rows.at(-1), ...rows.slice(0, -1).reverse()]) {
      const { sign, factor } = row.arrow;
      const [dx, dy] = [0, 1].map((axis) => sign * factor * row.values[2 * i + axis]);
      const tip = [ground.X(from[0] + dx) - ground.X(from[0]), ground.Y(from[1] + dy) - ground.Y(from[1])];
      drawArrow(ctx, [ground.X(from[0]), ground.Y(from[1])], tip, row, theme, 0.4 * ground.box.w);
    }
    ctx.restore();
  }

  // Which arrow is which, and how many times its own length it is drawn.
  drawKey(ctx, { x }) {
    const { theme } = this;
    let left = x;
    for (const row of this.rows.filter((each) => each.arrow)) {
      drawArrow(ctx, [left, 12], [30, 0], row, theme, Infinity);
      ctx.font = theme.normal;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.fillStyle = theme.text;
      const { name, factor } = row.arrow;
      const text = factor === 1 ? name : `${name} × ${short(factor)}`;
      ctx.fillText(text, left + 37, 12);
      left += 37 + ctx.measureText(text).width + 18;
    }
  }

  drawBeside(ctx, { x, y, w }) {
    const { theme, scene } = this;
    ctx.font = theme.small;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillStyle = theme.faint;
    const text = `(${scene.beside})`;
    ctx.fillText(text, x + w, y + 12);
    const right = x + w - ctx.measureText(text).width - 6;
    ctx.setLineDash([4, 3]);
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = theme.faint;
    ctx.beginPath();
    ctx.moveTo(right - 24, y + 12);
    ctx.lineTo(right, y + 12);
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

const bounded = (y) => Math.max(-FAR_OUT, Math.min(FAR_OUT, y));

function line(ctx, color, from, to, width = 1) {
  ctx.setLineDash([]);
  ctx.lineWidth = width;
  ctx.strokeStyle = color;
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
}

// The gradient is dashed with an open head, memory a line with a full head, the step a broad arrow. One that would be longer
// than `most` is cut there and has two heads.
function drawArrow(ctx, [x, y], [dx, dy], { role, color }, theme, most) {
  const size = Math.hypot(dx, dy);
  if (!(size > 1)) return;
  const length = Math.min(size, most);
  const broad = role === "step";
  const head = Math.min(broad ? 13 : 10, 0.7 * length);
  const half = broad ? 0.62 * head : 0.5 * head;
  const shaft = broad ? 0.45 * half : 0;
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(Math.atan2(dy, dx));
  ctx.lineJoin = ctx.lineCap = "round";
  const heads = size > most ? [length, length - 0.8 * head] : [length];
  const trace = () => {
    ctx.beginPath();
    if (broad) {
      const neck = length - head;
      ctx.moveTo(0, -shaft);
      for (const [px, py] of [[neck, -shaft], [neck, -half], [length, 0], [neck, half], [neck, shaft], [0, shaft]]) ctx.lineTo(px, py);
      ctx.closePath();
    } else {
      ctx.moveTo(0, 0);
      ctx.lineTo(length - (role === "memory" ? 0.6 * head : 0), 0);
    }
  };
  const heading = () => {
    ctx.beginPath();
    for (const tip of heads) {
      ctx.moveTo(tip - head, -half);
      ctx.lineTo(tip, 0);
      ctx.lineTo(tip - head, half);
      if (role === "memory") ctx.closePath();
    }
  };
  const stroke = (paint, width, dash) => {
    ctx.strokeStyle = paint;
    ctx.lineWidth = width;
    trace();
    ctx.setLineDash(dash);
    ctx.stroke();
    if (broad && heads.length < 2) return;
    heading();
    ctx.setLineDash([]);
    ctx.stroke();
  };
  stroke(theme.background, broad ? 5 : 5.5, []);
  ctx.fillStyle = color;
  if (broad) {
    ctx.globalAlpha = 0.55;
    trace();
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  stroke(color, broad ? 1.5 : 2.25, role === "gradient" ? [5, 4] : []);
  if (role === "memory") ctx.fill();
  ctx.restore();
}
