// The relief shows a surface from any side: drag or use the arrow keys to turn it. The browser owns the camera.
const reliefs = new WeakMap();

export default function ({ data, parentElement }) {
  let relief = reliefs.get(parentElement);
  if (!relief) reliefs.set(parentElement, (relief = new Relief(parentElement.querySelector(".relief"))));
  relief.show(decode(data));
  return () => relief.close();
}

class Relief {
  constructor(root) {
    this.root = root;
    this.canvas = root.querySelector("canvas");
    this.ctx = this.canvas.getContext("2d");
    this.watch = new ResizeObserver(() => this.scene && this.paint());
    this.watch.observe(root);
    this.listen();
  }

  // A new scene keeps the camera, unless it asks for another one than the scene before.
  show(scene) {
    const anew = !this.scene || scene.replay !== this.scene.replay;
    this.scene = scene;
    if (anew) this.camera = new Camera(scene.camera);
    this.theme = readTheme(this.root);
    const { theme } = this;
    const text = channels(theme.text);
    const dark = text[0] > 128;
    theme.deep = channels(getComputedStyle(this.root).getPropertyValue("--st-primary-color").trim());
    [theme.shadow, theme.glow] = dark ? [theme.low, text] : [text, theme.low];
    for (const track of scene.tracks) track.ink = theme.palette[track.color % theme.palette.length].trim();
    theme.contour = paint(blend(theme.low, text, 0.55));
    this.mesh = new Mesh(scene, theme);
    this.canvas.setAttribute("aria-label", scene.summary);
    this.paint();
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.grip = [event.clientX, event.clientY];
    };
    canvas.onpointermove = (event) => {
      if (!this.grip) return;
      const [dx, dy] = [event.clientX - this.grip[0], event.clientY - this.grip[1]];
      this.grip = [event.clientX, event.clientY];
      this.rotate(0.5 * dx, event.pointerType === "mouse" ? 0.4 * dy : 0);
    };
    canvas.onpointerup = canvas.onpointercancel = () => (this.grip = null);
    const keys = { ArrowLeft: [-6, 0], ArrowRight: [6, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
    canvas.onkeydown = (event) => {
      if (!keys[event.key]) return;
      event.preventDefault();
      this.rotate(...keys[event.key]);
    };
    for (const button of this.root.querySelectorAll("[data-turn]")) {
      button.onclick = () => this.rotate(Number(button.dataset.turn), Number(button.dataset.tilt));
    }
  }

  rotate(turn, tilt) {
    this.camera.rotate(turn, tilt);
    cancelAnimationFrame(this.ticket);
    this.ticket = requestAnimationFrame(() => this.paint());
  }

  close() {
    cancelAnimationFrame(this.ticket);
    this.watch.disconnect();
    reliefs.delete(this.root.getRootNode());
  }

  paint() {
    const width = this.root.clientWidth;
    if (!width) return;
    const { ctx, camera, theme, scene } = this;
    const height = Math.min(scene.tall, 0.9 * width);
    const scale = Math.min(2, devicePixelRatio || 1);
    const size = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
    this.canvas.style.height = `${height}px`;
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.fillStyle = theme.background;
    ctx.fillRect(0, 0, width, height);
    camera.fit(width, height);
    drawFloor(ctx, camera, scene, theme);
    this.mesh.draw(ctx, camera, theme);
    this.hidden = [];
    scene.tracks.forEach((track, i) => this.drawHead(track, i));
    for (const mark of scene.marks) this.drawPin(mark);
    const { turn, tilt } = camera;
    Object.assign(this.root.dataset, { scene: scene.id, turn: Math.round(turn), tilt: Math.round(tilt), steps: scene.steps });
    this.root.dataset.hidden = this.hidden.join();
  }

  // Where a path has come to, and its line in the legend.
  drawHead(track, i) {
    const { ctx, camera, scene, theme } = this;
    Object.assign(ctx, { strokeStyle: track.ink, lineWidth: 3, font: theme.normal, textAlign: "left", textBaseline: "middle" });
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(4, 14 + 21 * i);
    ctx.lineTo(28, 14 + 21 * i);
    ctx.stroke();
    ctx.beginPath();
    shape(ctx, track.marker, 16, 14 + 21 * i, 5);
    halo(ctx, track.ink, theme.background);
    ctx.fillStyle = theme.text;
    ctx.fillText(track.label, 36, 14 + 21 * i);
    const last = scene.ways.subarray(3 * (track.first + track.count - 1), 3 * (track.first + track.count));
    if (!track.count || Number.isNaN(last[0])) return;
    ctx.beginPath();
    shape(ctx, track.marker, ...camera.project(last), 6.5);
    this.fill(track.ink, this.hides(last, track.label));
  }

  // A pin: a dot on the surface, and above it the words.
  drawPin({ x, y, z, label }) {
    const { ctx, camera, theme } = this;
    const [px, py] = camera.project([x, y, z]);
    const top = Math.max(16, py - 46);
    const hidden = this.hides([x, y, z], label);
    Object.assign(ctx, { strokeStyle: theme.text, lineWidth: 1.5, font: `600 ${theme.normal}`, textBaseline: "bottom" });
    ctx.setLineDash([]);
    ctx.globalAlpha = hidden ? 0.4 : 1;
    ctx.beginPath();
    ctx.moveTo(px, hidden ? py - 5.5 : py);
    ctx.lineTo(px, top);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(px, py, 5.5, 0, 2 * Math.PI);
    this.fill(theme.text, hidden);
    Object.assign(ctx, { textAlign: "center", lineWidth: 4, strokeStyle: theme.background, lineJoin: "round", fillStyle: theme.text });
    ctx.strokeText(label, px, top - 2);
    ctx.fillText(label, px, top - 2);
  }

  // Whether a nearer slope hides a place; what is hidden is noted by its name.
  hides(place, name) {
    const hidden = this.mesh.hides(this.camera, place);
    if (hidden) this.hidden.push(name);
    return hidden;
  }

  // A mark in its color, or its outline alone, faintly, where a nearer slope hides it.
  fill(ink, hidden) {
    const { ctx, theme } = this;
    if (!hidden) return halo(ctx, ink, theme.background);
    Object.assign(ctx, { globalAlpha: 0.4, strokeStyle: ink, lineWidth: 2 });
    ctx.setLineDash([]);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}

// The edges of the floor, and ticks along the two that are nearest to the eye and up the corner that stands free.
function drawFloor(ctx, camera, scene, theme) {
  const near = (axis) => (camera.depth(...(axis ? [1, 0] : [0, 1])) > 0 ? -1 : 1);
  const [nearX, nearY] = [near(1), near(0)];
  Object.assign(ctx, { strokeStyle: theme.border, fillStyle: theme.faint, lineWidth: 1, font: theme.small });
  Object.assign(ctx, { textAlign: "center", textBaseline: "middle" });
  ctx.setLineDash([]);
  const line = (...points) => {
    ctx.beginPath();
    points.forEach((point, i) => ctx[i ? "lineTo" : "moveTo"](...camera.project(point)));
    ctx.stroke();
  };
  line([-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0], [-1, -1, 0]);
  const [[x0, x1], [y0, y1]] = scene.view;
  const at = (v, low, high) => (2 * (v - low)) / (high - low) - 1;
  const write = (words, point) => ctx.fillText(words, ...camera.project(point));
  for (const v of ticks(x0, x1, 4)) write(short(v), [at(v, x0, x1), 1.12 * nearY, 0]);
  for (const v of ticks(y0, y1, 4)) write(short(v), [1.12 * nearX, at(v, y0, y1), 0]);
  Object.assign(ctx, { font: theme.normal, fillStyle: theme.text });
  write(scene.names[0], [0, 1.27 * nearY, 0]);
  write(scene.names[1], [1.27 * nearX, 0, 0]);
  if (camera.tilt > 80) return;
  const corner = [[-1, -1], [1, -1], [1, 1], [-1, 1]].reduce((a, b) => (camera.project([...a, 0])[0] < camera.project([...b, 0])[0] ? a : b));
  line([...corner, 0], [...corner, 1]);
  Object.assign(ctx, { font: theme.small, fillStyle: theme.faint, textAlign: "right" });
  for (const [z, label] of scene.levels3d) {
    const [px, py] = camera.project([...corner, z]);
    ctx.fillText(label.replace("-", "−"), px - 7, py);
    ctx.fillRect(px - 4, py, 4, 1);
  }
}
