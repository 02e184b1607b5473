// A layout is where everything stands on a canvas of a given size: surfaces, the loss curves and the legend.
const GUTTER = { left: 50, right: 12, top: 10, bottom: 36 };

function arrange(scene, width, height) {
  if (scene.layout === "panels") return arrangePanels(scene, width, height);
  const narrow = width < 560;
  const legend = narrow ? { x: 4, y: 2, w: width - 8, columns: 2 } : { x: 0, y: 8, w: 0, columns: 1 };
  const rows = Math.ceil(scene.runs.length / legend.columns);
  const top = narrow ? 22 * rows + 4 : 0;
  const [span, rise] = scene.view.map(([low, high]) => high - low);
  const room = {
    w: (narrow ? width : width * 0.68) - GUTTER.left - GUTTER.right,
    h: (narrow ? width : height) - GUTTER.top - GUTTER.bottom,
  };
  const scale = Math.min(room.w / span, room.h / rise);
  const rolls = scene.layout === "curve";
  const [w, h] = rolls ? [room.w, Math.min(room.h, 0.75 * room.w)] : [scale * span, scale * rise];
  const box = { x: GUTTER.left, y: top + GUTTER.top, w, h };
  const right = box.x + box.w + GUTTER.right;
  const curves = narrow
    ? { x: GUTTER.left, y: box.y + box.h + 52, w: width - GUTTER.left - GUTTER.right, h: 100 }
    : { x: right + 56, y: 22 * rows + 44, w: width - right - 56 - GUTTER.right, h: 0 };
  if (!narrow) {
    curves.h = Math.max(box.y + box.h - curves.y, 120);
    Object.assign(legend, { x: right + 14, w: width - right - 18 });
  }
  return {
    height: Math.max(box.y + box.h, curves.y + curves.h) + GUTTER.bottom,
    surfaces: [{ box, runs: scene.runs, title: "", roomy: true }],
    curves,
    wide: true,
    legend,
    rolls,
  };
}

const STRIP = 132;

// A panel a run; the curves stand in a cell of their own, or along the foot where that leaves the panels more room.
function arrangePanels(scene, width, height) {
  const count = scene.runs.length;
  const narrow = width < 560;
  const beside = fit(count + 1, width, height, narrow);
  const above = fit(count, width, narrow ? height : height - STRIP, narrow);
  const wide = above.size > beside.size || (narrow && count % 2 === 0);
  const { columns, rows, size } = wide ? above : beside;
  const roomy = size > 330;
  const pad = roomy ? { ...GUTTER, top: 24 } : { left: narrow ? 34 : 40, top: 22, right: 8, bottom: 22 };
  const cell = { w: width / columns, h: narrow ? size : (height - (wide ? STRIP : 0)) / rows };
  const boxes = Array.from({ length: count + 1 }, (_, i) => ({
    x: (i % columns) * cell.w + pad.left,
    y: Math.floor(i / columns) * cell.h + pad.top,
    w: cell.w - pad.left - pad.right,
    h: cell.h - pad.top - pad.bottom,
  }));
  const [span, rise] = scene.view.map(([low, high]) => high - low);
  for (const box of boxes.slice(0, count)) {
    const scale = Math.min(box.w / span, box.h / rise);
    Object.assign(box, { w: scale * span, h: scale * rise });
  }
  const foot = { x: GUTTER.left, y: rows * cell.h + 24, w: width - GUTTER.left - GUTTER.right, h: STRIP - 24 - GUTTER.bottom };
  return {
    height: rows * cell.h + (wide ? STRIP : 0),
    surfaces: scene.runs.map((run, i) => ({ box: boxes[i], runs: [run], title: `${run.label}   lr ${run.lr}`, roomy })),
    curves: wide ? foot : boxes[count],
    wide,
    legend: null,
  };
}

// The columns that give `count` squares the most room; two where it is narrow.
function fit(count, width, height, narrow) {
  const place = (columns) => {
    const rows = Math.ceil(count / columns);
    return { columns, rows, size: narrow ? width / columns : Math.min(width / columns, height / rows) };
  };
  const choices = narrow ? [place(2)] : Array.from({ length: count }, (_, i) => place(i + 1));
  return choices.reduce((best, next) => (next.size > best.size ? next : best));
}
