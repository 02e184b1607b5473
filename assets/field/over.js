// What stands on a field: lines with their labels, and marks with theirs.
function drawOver(ctx, frame, scene, theme) {
  ctx.save();
  frame.clip(ctx);
  const bound = (v) => Math.max(-5000, Math.min(5000, v));
  for (const { points, color, dash, width } of scene.strokes) {
    const draw = (style, thick) => {
      Object.assign(ctx, { strokeStyle: style, lineWidth: thick, lineJoin: "round", lineCap: "round" });
      ctx.setLineDash(dash);
      ctx.beginPath();
      points.forEach(([x, y], i) => ctx[i ? "lineTo" : "moveTo"](bound(frame.X(x)), bound(frame.Y(y))));
      ctx.stroke();
    };
    if (!dash.length) draw(theme.background, width + 2);
    draw(ink(theme, color), width);
  }
  ctx.restore();
  for (const { label, points, color, anchor } of scene.strokes) {
    if (label) write(ctx, frame, label, points.at(anchor), 10, theme, ink(theme, color));
  }
  for (const { x, y, label, shape: marker, color } of scene.marks) {
    const [px, py] = [frame.X(x), frame.Y(y)];
    if (!frame.holds(px, py)) continue;
    ctx.beginPath();
    shape(ctx, marker, px, py, 8);
    halo(ctx, ink(theme, color), theme.background);
    if (label) write(ctx, frame, label, [x, y], 14, theme, theme.text);
  }
}

const ink = (theme, color) => (color === null ? theme.text : theme.palette[color % theme.palette.length]);

// Words beside a point, right of it or, where there is no room, above it.
function write(ctx, frame, label, [x, y], away, theme, color) {
  Object.assign(ctx, { font: theme.normal, textBaseline: "middle", textAlign: "left", lineJoin: "round", lineWidth: 4 });
  const { box } = frame;
  const width = ctx.measureText(label).width;
  const most = box.x + box.w - width - 3;
  const fits = frame.X(x) + away <= most;
  const left = Math.max(box.x + 3, fits ? frame.X(x) + away : Math.min(most, frame.X(x) - width / 2));
  const middle = Math.max(box.y + 10, Math.min(box.y + box.h - 10, frame.Y(y) - (fits ? 0 : away + 6)));
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.background;
  ctx.strokeText(label, left, middle);
  ctx.fillStyle = color;
  ctx.fillText(label, left, middle);
}
