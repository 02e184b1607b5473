// Where the panels stand: the cloud, and beside or below it two ways of two stages each, at half the size and on the same scale.
const LEFT = 34; // of a panel, for the numbers of its axis
const EDGE = 10;
const AWAY = 88; // from panel to panel, for the arrow between them

function arrangeClouds(width, height) {
  const narrow = width < 560;
  const side = narrow ? width - 2 * LEFT - EDGE : Math.min((width - LEFT - 2 * AWAY - EDGE) / 2, height - 2 * (HEAD + FOOT));
  const half = side / 2;
  const row = HEAD + half + FOOT;
  const top = narrow ? HEAD + side + FOOT : 0;
  const columns = narrow ? [LEFT, 2 * LEFT + half] : [LEFT + side + AWAY, LEFT + side + half + 2 * AWAY];
  const first = { x: LEFT, y: narrow ? HEAD : row + (HEAD - FOOT - side) / 2, w: side, h: side };
  const boxes = [first, ...[0, 1].flatMap((k) => columns.map((x) => ({ x, y: top + k * row + HEAD, w: half, h: half })))];
  const ways = [1, 2, 3, 4].map((panel) => {
    const [before, box] = [panel % 2 ? first : boxes[panel - 1], boxes[panel]];
    return { panel, from: before.x + before.w + 8, to: box.x - LEFT + 4, y: box.y + half / 2 };
  });
  return { width, height: top + 2 * row, boxes, ways: narrow ? [] : ways };
}
