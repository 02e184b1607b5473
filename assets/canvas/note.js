// A note says what is under the pointer, beside it and within the frame.
function drawNote(ctx, text, frame, pointer, theme) {
  ctx.font = theme.small;
  const [x, y] = drawSlip(ctx, [ctx.measureText(text).width + 14, 22], frame, pointer, theme);
  Object.assign(ctx, { fillStyle: theme.text, textAlign: "left", textBaseline: "middle" });
  ctx.fillText(text, x + 7, y + 11);
}

// A note of several lines: a heading, and rows of a color, a name and a value.
function drawTable(ctx, heading, rows, frame, pointer, theme) {
  ctx.font = theme.small;
  const widest = (texts) => Math.max(...texts.map((text) => ctx.measureText(text).width));
  const inner = Math.max(widest(rows.map((row) => row[1])) + widest(rows.map((row) => row[2])) + 34, widest([heading]));
  const [x, y] = drawSlip(ctx, [inner + 16, 18 * rows.length + 26], frame, pointer, theme);
  Object.assign(ctx, { fillStyle: theme.text, textBaseline: "middle", textAlign: "left" });
  ctx.fillText(heading, x + 8, y + 13);
  rows.forEach(([color, name, value], i) => {
    const middle = y + 31 + 18 * i;
    ctx.fillStyle = color;
    ctx.fillRect(x + 8, middle - 5, 10, 10);
    ctx.fillStyle = theme.text;
    ctx.textAlign = "left";
    ctx.fillText(name, x + 24, middle);
    ctx.textAlign = "right";
    ctx.fillText(value, x + inner + 8, middle);
  });
}

// The empty note, and the corner where it stands.
function drawSlip(ctx, [w, h], { box }, [px, py], theme) {
  const x = Math.max(box.x, Math.min(box.x + box.w - w, px + 14));
  const y = py - h - 12 > box.y ? py - h - 12 : py + 18;
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.fillStyle = theme.background;
  ctx.strokeStyle = theme.border;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, 5);
  ctx.fill();
  ctx.stroke();
  return [x, y];
}
