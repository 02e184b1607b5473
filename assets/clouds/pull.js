// What a cloud is pulled by: its middle, and the points of its ellipse that are farthest to the right and to the top, which
// have its spread and its correlation: (2σx, 2ρσy) and (2ρσx, 2σy).
const ELLIPSE = 2; // standard deviations
const GRIP = { mouse: 14, touch: 30 };

class Pull {
  constructor(clouds) {
    this.clouds = clouds;
  }

  // The cloud as the hand has it by now, else as the server says.
  cloud() {
    return this.held ?? this.clouds.scene.cloud;
  }

  // The handle there; anywhere else on the ellipse, or with a mouse in the panel, it is the middle.
  grip([px, py], kind) {
    const [frame] = this.clouds.frames;
    if (!frame.holds(px, py)) return null;
    const reach = GRIP[kind === "touch" ? "touch" : "mouse"];
    const spots = handles(this.cloud());
    const away = (name) => Math.hypot(frame.X(spots[name][0]) - px, frame.Y(spots[name][1]) - py);
    const name = ["right", "top"].sort((a, b) => away(a) - away(b))[0];
    if (away(name) < reach) return name;
    return kind !== "touch" || away("middle") < 2 * reach ? "middle" : null;
  }

  down(event) {
    const place = this.clouds.sheet.place(event);
    this.name = event.button === 0 ? this.grip(place, event.pointerType) : null;
    if (!this.name) return;
    event.target.setPointerCapture(event.pointerId);
    event.target.classList.add("held");
    this.from = this.clouds.frames[0].at(...place);
    this.before = this.cloud();
    this.clouds.look(null);
  }

  move(event) {
    if (!this.name) return;
    const { frames: [frame], sheet } = this.clouds;
    const to = frame.at(...sheet.place(event));
    const spot = handles(this.before)[this.name];
    this.held = this.pulled(spot.map((v, i) => v + to[i] - this.from[i]));
    this.clouds.live(this.held);
    this.clouds.look(null);
  }

  up() {
    this.clouds.sheet.canvas.classList.remove("held");
    if (this.name && this.held) this.clouds.rest(this.held);
    this.name = this.held = null;
  }

  // The cloud whose handle is at (x, y), within what is allowed.
  pulled([x, y]) {
    const cloud = { ...this.before };
    const [dx, dy] = [(x - cloud.mean_x) / ELLIPSE, (y - cloud.mean_y) / ELLIPSE];
    const set = (name, value, digits = 2) => {
      const [low, high] = this.clouds.scene.ranges[name];
      cloud[name] = Number(Math.max(low, Math.min(high, value)).toFixed(digits));
    };
    if (this.name === "middle") [["mean_x", x], ["mean_y", y]].forEach((pair) => set(...pair));
    const [own, other, along, across] = this.name === "right" ? ["std_x", "std_y", dx, dy] : ["std_y", "std_x", dy, dx];
    if (this.name !== "middle") {
      set(own, along);
      set("correlation", across / cloud[other], 3);
    }
    return cloud;
  }

  // A finger on the cloud is ours; any other may scroll the page.
  touch(event) {
    const { sheet } = this.clouds;
    const { left, top } = sheet.canvas.getBoundingClientRect();
    const place = [event.touches[0].clientX - left, event.touches[0].clientY - top].map((p) => p / sheet.zoom);
    if (this.grip(place, "touch")) event.preventDefault();
  }
}

function handles({ mean_x: x, mean_y: y, std_x: a, std_y: b, correlation: rho }) {
  return {
    middle: [x, y],
    right: [x + ELLIPSE * a, y + ELLIPSE * rho * b],
    top: [x + ELLIPSE * rho * a, y + ELLIPSE * b],
  };
}

function drawHandles(ctx, frame, cloud, theme) {
  const spots = handles(cloud);
  for (const [name, marker] of [["middle", "circle"], ["right", "square"], ["top", "square"]]) {
    ctx.beginPath();
    shape(ctx, marker, frame.X(spots[name][0]), frame.Y(spots[name][1]), 7);
    halo(ctx, theme.primary, theme.background);
  }
}
