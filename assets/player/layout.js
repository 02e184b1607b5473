// A layout is where everything stands on a canvas of a given size: surfaces, the loss curves and the legend.
const GUTTER = { left: 46, right: 8, top: 10, bottom: 34 };

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
  const box = { x: GUTTER.left, y: top + GUTTER.top, w: scale * span, h: scale * rise };
  const right = box.x + box.w + GUTTER.right;
  const curves = narrow
    ? { x: GUTTER.left, y: box.y + box.h + 52, w: width - GUTTER.left - GUTTER.right, h: 100 }
    : { x: right + 56, y: 22 * rows + 44, w: width - right - 56 - GUTTER.right, h: 0 };
  if (!narrow) {
    curves.h = box.y + box.h - curves.y;
    Object.assign(legend, { x: right + 14, w: width - right - 18 });
  }
  return {
    height: narrow ? curves.y + curves.h + GUTTER.bottom : height,
    surfaces: [{ box, runs: scene.runs, title: "", roomy: true }],
    curves,
    legend,
  };
}

function arrangePanels(scene, width, height) {
  const cells = scene.runs.length + 1;
  const narrow = width < 560;
  let best = { columns: narrow ? 2 : 1, size: narrow ? width / 2 : 0 };
  if (!narrow) {
    for (let columns = 1; columns <= cells; columns++) {
      const size = Math.min(width / columns, height / Math.ceil(cells / columns));
      if (size > best.size) best = { columns, size };
    }
  }
  const rows = Math.ceil(cells / best.columns);
  const cell = { w: width / best.columns, h: narrow ? best.size : height / rows };
  const pad = { left: narrow ? 34 : 40, top: 22, right: 8, bottom: 22 };
  const boxes = Array.from({ length: cells }, (_, i) => ({
    x: (i % best.columns) * cell.w + pad.left,
    y: Math.floor(i / best.columns) * cell.h + pad.top,
    w: cell.w - pad.left - pad.right,
    h: cell.h - pad.top - pad.bottom,
  }));
  const [span, rise] = scene.view.map(([low, high]) => high - low);
  for (const box of boxes.slice(0, -1)) {
    const scale = Math.min(box.w / span, box.h / rise);
    Object.assign(box, { w: scale * span, h: scale * rise });
  }
  return {
    height: rows * cell.h,
    surfaces: scene.runs.map((run, i) => ({
      box: boxes[i],
      runs: [run],
      title: `${run.label}   lr ${run.lr}`,
      roomy: false,
    })),
    curves: boxes[cells - 1],
    legend: null,
  };
}
