// A blob is a uint32 length, that many bytes of JSON, and arrays that the JSON's `arrays` names.
const KINDS = { float32: Float32Array, uint16: Uint16Array };

function decode(bytes) {
  const aligned = bytes.slice();
  const length = new DataView(aligned.buffer).getUint32(0, true);
  const scene = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  for (const [name, [kind, offset, size]] of Object.entries(scene.arrays)) {
    scene[name] = new KINDS[kind](aligned.buffer, 4 + length + offset, size);
  }
  let first = 0;
  for (const run of scene.runs) {
    run.points = scene.points.subarray(2 * first, 2 * (first + run.steps + 1));
    run.values = scene.values.subarray(first, first + run.steps + 1);
    first += run.steps + 1;
  }
  return scene;
}
