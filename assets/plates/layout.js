// Where the images stand: a line a row, named on the left, or above where that is narrow; each pixel is as many of the screen's.
const GAP = 6;
const NAMES = 118;
const CAPTION = 18;
const CURVE = { tall: 150, left: 46, right: 14, top: 30, bottom: 40 };

// `scale` is how many pixels of the screen a unit is.
function arrangePlates({ rows, curve }, width, scale) {
  const narrow = width < 560;
  const left = narrow ? 1 : NAMES;
  const columns = narrow ? 5 : Math.max(...rows.map((row) => row.count));
  const [places, labels] = [[], []];
  let y = 1;
  for (const { side, count, captions } of rows) {
    const room = (width - 1 - left + GAP) / columns - GAP;
    const times = Math.floor((room * scale) / side);
    const size = times > 1 ? (times * side) / scale : room;
    const line = size + GAP + (captions.length ? CAPTION : 0);
    labels.push(narrow ? { x: 0, y: y + 14, w: width, beside: true } : { x: 0, y: y + Math.min(size / 2, 24), w: left - GAP });
    if (narrow) y += 20;
    for (let i = 0; i < count; i++) {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      places.push({ x: aligned(left + column * (room + GAP), scale), y: aligned(y + row * line, scale), size });
    }
    y += line * Math.ceil(count / columns) + (narrow ? 6 : 2);
  }
  if (!curve) return { width, height: y, places, labels };
  const box = { x: CURVE.left, y: y + CURVE.top, w: width - CURVE.left - CURVE.right, h: CURVE.tall };
  return { width, height: box.y + box.h + CURVE.bottom, places, labels, curve: box };
}

const aligned = (v, scale) => Math.round(v * scale) / scale;
