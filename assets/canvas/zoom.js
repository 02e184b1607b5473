// A zoom is the part of a view that is seen: it keeps the view's shape and stays within it.
const DEEPEST = 1e-5; // of the view: beyond, the samples' 32 bits have nothing to say

class Zoom {
  constructor(home) {
    this.home = this.view = home;
  }

  get whole() {
    return this.view === this.home;
  }

  span(i, [low, high] = this.view[i]) {
    return high - low;
  }

  // See `factor` times closer; the point stays where it is on the screen.
  closer(factor, point = this.view.map(([low, high]) => (low + high) / 2)) {
    const part = this.span(0) / this.span(0, this.home[0]) / factor;
    const share = point.map((v, i) => (v - this.view[i][0]) / this.span(i));
    this.see(part, (i, size) => point[i] - share[i] * size);
  }

  pan(dx, dy) {
    this.see(this.span(0) / this.span(0, this.home[0]), (i) => this.view[i][0] + [dx, dy][i]);
  }

  // See what of the points [x, y] lies in the view, with some air.
  fit(points) {
    const inside = points.filter((point) => point.every((v, i) => v >= this.home[i][0] && v <= this.home[i][1]));
    if (!inside.length) return this.reset();
    const ends = [0, 1].map((i) => inside.reduce(([low, high], p) => [Math.min(low, p[i]), Math.max(high, p[i])], [Infinity, -Infinity]));
    const part = 1.2 * Math.max(...ends.map((pair, i) => this.span(i, pair) / this.span(i, this.home[i])), 1e-3);
    this.see(part, (i, size) => (ends[i][0] + ends[i][1] - size) / 2);
  }

  reset() {
    this.view = this.home;
  }

  // `part` of the view, from `corner(axis, size)` on.
  see(part, corner) {
    if (part >= 1) return this.reset();
    const kept = Math.max(part, DEEPEST);
    this.view = this.home.map(([low, high], i) => {
      const size = kept * (high - low);
      const first = Math.max(low, Math.min(high - size, corner(i, size)));
      return [first, first + size];
    });
  }
}
