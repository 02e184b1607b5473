// Colors and fonts come from the page's theme, light or dark.
function readTheme(root) {
  const css = getComputedStyle(root);
  const read = (name) => css.getPropertyValue(`--st-${name}`).trim();
  const rgb = (color) => {
    const ctx = new OffscreenCanvas(1, 1).getContext("2d");
    ctx.fillStyle = color;
    ctx.fillRect(0, 0, 1, 1);
    return Array.from(ctx.getImageData(0, 0, 1, 1).data.subarray(0, 3));
  };
  const mix = (a, b, t) => a.map((v, i) => Math.round(v + t * (b[i] - v)));
  const paint = (color) => `rgb(${color.join(" ")})`;
  const [background, text, primary] = ["background-color", "text-color", "primary-color"].map((name) => rgb(read(name)));
  const font = read("font") || "sans-serif";
  return {
    text: paint(text),
    background: paint(background),
    border: paint(mix(background, text, 0.3)),
    faint: paint(mix(background, text, 0.72)),
    contour: paint(mix(background, mix(primary, text, 0.5), 0.42)),
    arrow: paint(mix(background, mix(primary, text, 0.6), 0.6)),
    low: background,
    high: mix(background, primary, 0.24),
    ground: paint(mix(background, primary, 0.12)),
    palette: read("chart-categorical-colors").split(","),
    normal: `14px ${font}`,
    small: `12px ${font}`,
    tiny: `11px ${font}`,
  };
}
