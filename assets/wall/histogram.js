// A histogram has bins 2^exponent wide, so two neighbors are one bin of the next width: any two can stand on one axis.
const HEAD = ["exponent", "first", "bins", "zeros", "low", "high", "lost", "below", "above", "mean", "std"];

function histograms(scene) {
  let offset = 0;
  return Array.from({ length: scene.heads.length / HEAD.length }, (_, i) => {
    const found = Object.fromEntries(HEAD.map((name, k) => [name, scene.heads[i * HEAD.length + k]]));
    found.counts = scene.counts.subarray(offset, (offset += found.bins));
    found.size = found.counts.reduce((a, b) => a + b, found.zeros + found.lost + found.below + found.above);
    found.width = 2 ** found.exponent;
    return found;
  });
}

// The same counts in bins at least `width` wide, and where the first begins.
function merged(histogram, width) {
  const by = 2 ** Math.max(0, Math.ceil(Math.log2(width / histogram.width) - 1e-9));
  const first = Math.floor(histogram.first / by);
  const counts = [];
  histogram.counts.forEach((count, i) => {
    const place = Math.floor((histogram.first + i) / by) - first;
    counts[place] = (counts[place] ?? 0) + count;
  });
  return { width: histogram.width * by, first, counts };
}

// The ends of an axis that holds all of them; what holds nothing but zeros takes any.
function reach(all) {
  const drawn = all.filter((h) => h.bins);
  if (!drawn.length) return [-1, 1];
  return [Math.min(...drawn.map((h) => h.first * h.width)), Math.max(...drawn.map((h) => (h.first + h.bins) * h.width))];
}
