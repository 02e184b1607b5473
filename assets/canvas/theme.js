// Colors and fonts come from the page's theme, light or dark.

// What plays a part in a step has a color that no optimizer has.
const ROLES = {
  light: { gradient: "#D0006F", memory: "#5F8700", step: "#0E8A9E" },
  dark: { gradient: "#FF5CA8", memory: "#A6D854", step: "#5CD6E8" },
};

function readTheme(root) {
  const css = getComputedStyle(root);
  const read = (name) => css.getPropertyValue(`--st-${name}`).trim();
  const rgb = (color) => {
    const ctx = new OffscreenCanvas(1, 1).getContext("2d");
    ctx.fillStyle = color;
    ctx.fillRect(0, 0, 1, 1);
    return Array.from(ctx.getImageData(0, 0, 1, 1).data.subarray(0, 3));
  };
  const [background, text, primary] = ["background-color", "text-color", "primary-color"].map((name) => rgb(read(name)));
  const font = read("font") || "sans-serif";
  return {
    text: paint(text),
    background: paint(background),
    primary: paint(primary),
    border: paint(blend(background, text, 0.3)),
    faint: paint(blend(background, text, 0.72)),
    contour: paint(blend(background, blend(primary, text, 0.5), 0.42)),
    arrow: paint(blend(background, blend(primary, text, 0.6), 0.6)),
    low: background,
    high: blend(background, primary, 0.24),
    ground: paint(blend(background, primary, 0.12)),
    palette: read("chart-categorical-colors").split(",").map((color) => color.trim()),
    roles: ROLES[background[0] < 128 ? "dark" : "light"],
    large: `600 18px ${font}`,
    bold: `600 14px ${font}`,
    normal: `14px ${font}`,
    small: `13px ${font}`,
  };
}
