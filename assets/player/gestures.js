// Gestures on the canvas: the ring of the start is dragged, a click puts it elsewhere; wheel, pinch and drag move the view.
const [NEAR, CALM] = [4, 250]; // CSS pixels that a click may wander, ms in which another click or wheel belongs to the last

class Gestures {
  constructor(player) {
    this.player = player;
    const { canvas } = player.sheet;
    this.fingers = new Map();
    Object.assign(canvas, {
      onpointerdown: (event) => this.down(event),
      onpointermove: (event) => this.move(event),
      onpointerup: (event) => this.up(event),
      onpointerleave: () => this.leave(),
      onpointercancel: () => this.leave(),
      ondblclick: (event) => this.over(event) && this.twice(),
    });
    canvas.addEventListener("touchstart", (event) => this.touch(event), { passive: false });
    canvas.addEventListener("wheel", (event) => this.turn(event), { passive: false });
    // A wheel that began to move the page goes on doing so when the picture comes under it.
    this.scroll = (event) => {
      if (event.timeStamp - this.turned > CALM || this.turned === undefined) this.ours = event.composedPath().includes(canvas);
      this.turned = event.timeStamp;
    };
    document.addEventListener("wheel", this.scroll, { capture: true, passive: true });
  }

  place(event) {
    return this.player.sheet.place(event);
  }

  over(event) {
    return this.player.picture.under(this.place(event));
  }

  // The point there in the view as it is by now, which may not be painted yet.
  at(frame, place) {
    const [x, y] = new Frame(frame.box, ...this.player.zoom.view).at(...place);
    return [x, frame.y ?? y];
  }

  onRing([px, py], reach) {
    const spots = this.player.picture.grounds.map((frame) => frame.spot(...this.player.scene.start));
    return spots.some(([x, y]) => Math.hypot(x - px, y - py) < reach);
  }

  down(event) {
    const frame = this.over(event);
    if (event.button !== 0 || !frame) return;
    const place = this.place(event);
    this.fingers.set(event.pointerId, place);
    event.target.setPointerCapture(event.pointerId);
    if (this.fingers.size > 1) return this.drop();
    const pans = !this.player.zoom.whole && !this.onRing(place, event.pointerType === "touch" ? 28 : 14);
    this.grip = { frame, place, from: place, pans };
    this.player.look(place);
  }

  move(event) {
    const place = this.place(event);
    if (this.fingers.size > 1) return this.pinch(event.pointerId, place);
    const { grip, player } = this;
    if (grip) {
      const wandered = Math.hypot(place[0] - grip.from[0], place[1] - grip.from[1]) * player.sheet.zoom > NEAR;
      grip.moved ||= wandered;
      if (grip.moved && grip.pans) {
        const [now, then] = [this.at(grip.frame, place), this.at(grip.frame, grip.place)];
        player.zoom.pan(then[0] - now[0], then[1] - now[1]);
        player.rezoom();
      }
      grip.place = place;
      if (grip.moved && !grip.pans) player.drag(this.held());
    }
    player.look(place);
  }

  up(event) {
    this.fingers.delete(event.pointerId);
    const { grip, player } = this;
    this.grip = null;
    if (!grip) return;
    if (grip.pans && grip.moved) return player.look(grip.place);
    const start = this.held(grip);
    clearTimeout(this.clicked);
    // Where a second click would mean something, wait for it.
    if (grip.moved || player.zoom.whole) player.choose(start);
    else this.clicked = setTimeout(() => player.choose(start), CALM);
  }

  leave() {
    this.fingers.clear();
    this.drop();
    this.player.look(null);
  }

  drop() {
    this.grip = null;
    this.player.letGo();
  }

  twice() {
    clearTimeout(this.clicked);
    this.player.zoom.reset();
    this.player.rezoom();
  }

  // Where the start is while it is dragged, rounded to what the screen tells apart; else null.
  held(grip = this.grip) {
    if (!grip || (grip.pans && grip.moved)) return null;
    const [[x0, x1], [y0, y1]] = this.player.zoom.view;
    const [x, y] = this.at(grip.frame, grip.place);
    const round = (v, low, high) => Number(Math.max(low, Math.min(high, v)).toFixed(Math.max(0, Math.ceil(Math.log10(400 / (high - low))))));
    return [round(x, x0, x1), round(y, y0, y1)];
  }

  pinch(id, place) {
    const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const middle = ([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    const before = [...this.fingers.values()];
    if (!this.fingers.has(id)) return;
    this.fingers.set(id, place);
    const after = [...this.fingers.values()];
    const { player } = this;
    const frame = player.picture.under(middle(before));
    if (!frame) return;
    const [then, now] = [this.at(frame, middle(before)), this.at(frame, middle(after))];
    player.zoom.pan(then[0] - now[0], then[1] - now[1]);
    player.zoom.closer(apart(after) / apart(before), then);
    player.rezoom();
  }

  // A finger on the start, on a part of the view, or a second one is ours; any other may scroll the page.
  touch(event) {
    const { sheet, zoom, picture } = this.player;
    const { left, top } = sheet.canvas.getBoundingClientRect();
    const place = [event.touches[0].clientX - left, event.touches[0].clientY - top].map((p) => p / sheet.zoom);
    if (event.touches.length > 1 || this.onRing(place, 28) || (!zoom.whole && picture.under(place))) event.preventDefault();
  }

  // Away from the whole view there is nothing to see: then the wheel is the page's.
  turn(event) {
    const { player } = this;
    const frame = this.over(event);
    if (!frame || !(this.ours || event.ctrlKey) || (player.zoom.whole && event.deltaY >= 0)) return;
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode ? 30 : 1);
    player.zoom.closer(Math.exp(-Math.max(-150, Math.min(150, pixels)) / (event.ctrlKey ? 100 : 300)), this.at(frame, this.place(event)));
    player.rezoom();
  }

  close() {
    clearTimeout(this.clicked);
    document.removeEventListener("wheel", this.scroll, { capture: true });
  }
}
