// A note says what is under the pointer, beside it and within the frame.
function drawNote(ctx, text, frame, [px, py], theme) {
  ctx.font = theme.small;
  const [w, h] = [ctx.measureText(text).width + 14, 22];
  const { box } = frame;
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
  ctx.fillStyle = theme.text;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x + 7, y + h / 2);
}
