// A close-up is a ground sampled anew over a part of its view, from the samples that were sent: exact where f is cubic.
const [SAMPLES, ARROWS] = [101, 17];

function closeUp(ground, view) {
  if (String(view) === String(ground.view)) return ground;
  const f = sampler(ground);
  const along = (i, part) => view[i][0] + part * (view[i][1] - view[i][0]);
  const surface = new Float64Array(SAMPLES ** 2);
  surface.forEach((_, k) => {
    surface[k] = f(along(0, (k % SAMPLES) / (SAMPLES - 1)), along(1, Math.floor(k / SAMPLES) / (SAMPLES - 1)));
  });
  const step = view.map(([low, high]) => (high - low) / SAMPLES);
  const slopes = new Float64Array(2 * ARROWS ** 2);
  for (let k = 0; k < ARROWS ** 2; k++) {
    const [x, y] = [along(0, ((k % ARROWS) + 0.5) / ARROWS), along(1, (Math.floor(k / ARROWS) + 0.5) / ARROWS)];
    slopes[k] = (f(x + step[0], y) - f(x - step[0], y)) / (2 * step[0]);
    slopes[ARROWS ** 2 + k] = (f(x, y + step[1]) - f(x, y - step[1])) / (2 * step[1]);
  }
  const close = { ...ground, view, surface, slopes, levels: roundLevels(surface) };
  return { ...close, labels: placeLabels(close) };
}

// f at a point: the cubic through the four nearest samples, first along x, then along y; NaN where one of them is.
function sampler({ surface, view: [[x0, x1], [y0, y1]] }) {
  const n = Math.sqrt(surface.length);
  return (x, y) => {
    const [u, v] = [((x - x0) / (x1 - x0)) * (n - 1), ((y - y0) / (y1 - y0)) * (n - 1)];
    const [i, j] = [u, v].map((w) => Math.max(1, Math.min(n - 3, Math.floor(w))));
    const [p, q] = [cubic(u - i), cubic(v - j)];
    let sum = 0;
    for (let b = 0; b < 4; b++) {
      const k = (j + b - 1) * n + i - 1;
      sum += q[b] * (p[0] * surface[k] + p[1] * surface[k + 1] + p[2] * surface[k + 2] + p[3] * surface[k + 3]);
    }
    return sum;
  };
}

// What samples at −1, 0, 1 and 2 weigh at t.
const cubic = (t) => [
  (-t * (t - 1) * (t - 2)) / 6,
  ((t + 1) * (t - 1) * (t - 2)) / 2,
  (-(t + 1) * t * (t - 2)) / 2,
  ((t + 1) * t * (t - 1)) / 6,
];
