// An image is bytes between the ends of its row: ink on white, one color below 0 and another above, or red, green and blue.
const CHANNELS = { ink: 1, signed: 1, color: 3 };

function unpack(scene) {
  let first = 0;
  return scene.rows.flatMap(({ kind, side, count }, row) => Array.from({ length: count }, (_, place) => {
    const size = side * side * CHANNELS[kind];
    return { row, place, bytes: scene.pixels.subarray(first, (first += size)) };
  }));
}

function picture({ bytes }, { kind, side }, shades) {
  const canvas = new OffscreenCanvas(side, side);
  const ctx = canvas.getContext("2d");
  const image = ctx.createImageData(side, side);
  const { data } = image;
  const wide = CHANNELS[kind] > 1;
  for (let i = 0, k = 0; i < side * side; i++) {
    for (let c = 0; c < 3; c++) data[k++] = wide ? bytes[3 * i + c] : shades[kind][bytes[i]][c];
    data[k++] = 255;
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

// The color of every byte.
function readShades(theme) {
  const [below, above] = theme.palette.slice(0, 2).map(channels);
  const white = [255, 255, 255];
  const table = (color) => Array.from({ length: 256 }, (_, byte) => color(byte));
  return {
    ink: table((byte) => [255 - byte, 255 - byte, 255 - byte]),
    signed: table((byte) => blend(white, byte < 127.5 ? below : above, Math.abs(byte / 127.5 - 1))),
  };
}

// The value of a pixel; the ends of a row hold all that lies beyond them.
function pixelSays({ bytes }, { kind, end }, i) {
  if (kind === "color") return [...bytes.subarray(3 * i, 3 * i + 3)].join(", ");
  const low = kind === "signed" ? -end : 0;
  const value = low + (bytes[i] / 255) * (end - low);
  const beyond = bytes[i] === 255 ? "≥ " : bytes[i] === 0 && low < 0 ? "≤ " : "";
  return `${beyond}${short(Math.abs(value) < end / 250 ? 0 : value, 2)}`;
}

function drawLabel(ctx, { label, words }, { x, y, w, beside }, theme) {
  Object.assign(ctx, { font: theme.bold, fillStyle: theme.text, textAlign: "left", textBaseline: "alphabetic" });
  ctx.fillText(label, x, y, w);
  const after = beside ? ctx.measureText(label).width + 10 : 0;
  Object.assign(ctx, { font: theme.small, fillStyle: theme.faint });
  ctx.fillText(words, x + after, beside ? y : y + 17, w - after);
}

function drawCaption(ctx, caption, { x, y, size }, theme) {
  if (!caption) return;
  Object.assign(ctx, { font: theme.small, fillStyle: theme.faint, textAlign: "center", textBaseline: "top" });
  ctx.fillText(caption, x + size / 2, y + size + 3, size + 6);
}
