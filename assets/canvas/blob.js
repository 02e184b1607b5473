// A blob is one scene or several, one after another: each a uint32 length, that many bytes of JSON, and `size` bytes of
// arrays that the JSON's `arrays` names. All runs share the clock of the first scene; each runs on the ground of its own.
const KINDS = { float32: Float32Array, uint16: Uint16Array, uint8: Uint8Array };

function decode(bytes) {
  const grounds = [];
  for (let rest = bytes; rest.length; rest = rest.subarray(grounds.at(-1).end)) grounds.push(decodeScene(rest));
  return {
    ...grounds[0],
    grounds,
    id: grounds.map((scene) => scene.id).join("-"),
    summary: grounds.map((scene) => scene.summary).join(" "),
    runs: grounds.flatMap((scene) => scene.runs),
  };
}

function decodeScene(bytes) {
  const aligned = bytes.slice();
  const length = new DataView(aligned.buffer).getUint32(0, true);
  const scene = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  scene.end = 4 + length + scene.size;
  for (const [name, [kind, offset, size]] of Object.entries(scene.arrays)) {
    scene[name] = new KINDS[kind](aligned.buffer, 4 + length + offset, size);
  }
  let first = 0;
  for (const run of scene.runs) {
    run.ground = scene;
    run.points = scene.points.subarray(2 * first, 2 * (first + run.steps + 1));
    run.values = scene.values.subarray(first, first + run.steps + 1);
    first += run.steps + 1;
  }
  return scene;
}
