// The chain from logits to a loss, as in engine/softmax.py, for while the hand moves: a test holds it to the engine.

// eᶻ / Σ eᶻ, shifted by the largest z so that nothing overflows.
function softmax(logits) {
  const most = Math.max(...logits);
  const z = logits.map((v) => Math.exp(v - most));
  const total = z.reduce((a, b) => a + b);
  return z.map((v) => v / total);
}

// eᶻ and eᶻ / Σ eᶻ as the formula is written, in 32 bits.
function naive(logits) {
  const z = logits.map((v) => Math.fround(Math.exp(Math.fround(v))));
  const total = z.reduce((a, b) => Math.fround(a + b));
  return [z, z.map((v) => Math.fround(v / total))];
}

function hardmax(logits) {
  const most = Math.max(...logits);
  const ties = logits.filter((v) => v === most).length;
  return logits.map((v) => (v === most ? 1 / ties : 0));
}

// −ln ŷ of the true class, and (ŷ − y) / T.
function crossEntropy(logits, truth, temperature) {
  const z = logits.map((v) => v / temperature);
  const most = Math.max(...z);
  const loss = Math.log(z.reduce((sum, v) => sum + Math.exp(v - most), 0)) - (z[truth] - most);
  return [loss, softmax(z).map((p, i) => (p - (i === truth)) / temperature)];
}

// All of it, with a constant added to every logit; classes count from 1.
function chain({ logits, temperature, constant, truth }) {
  const [exps, written] = naive(logits.map((z) => (z + constant) / temperature));
  const [loss, gradient] = crossEntropy(logits, truth - 1, temperature);
  return { exps, written, probabilities: softmax(logits.map((z) => z / temperature)), hard: hardmax(logits), loss, gradient };
}
