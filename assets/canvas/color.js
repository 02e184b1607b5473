// Colors as three channels, to be mixed.
const blend = (a, b, t) => a.map((v, i) => Math.round(v + t * (b[i] - v)));
const paint = (color) => `rgb(${color.join(" ")})`;

// The three channels of a color, "#12ab34" or "rgb(1 2 3)".
function channels(color) {
  const found = color.startsWith("#") ? color.match(/\w\w/g).map((pair) => parseInt(pair, 16)) : color.match(/\d+/g).map(Number);
  return found.slice(0, 3);
}
