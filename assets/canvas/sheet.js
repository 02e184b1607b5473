// A sheet is a canvas in its stage: as large as there is room for, its pixels on those of the screen, its text grown with it.
const [SHORTEST, TALLEST] = [360, 1000]; // CSS pixels
const PLAIN = { width: 900, height: 600 }; // a picture of this size shows text in its plain size

class Sheet {
  constructor(root, redraw) {
    this.root = root;
    [this.stage, this.canvas] = [root.querySelector(".stage"), root.querySelector("canvas")];
    this.ctx = this.canvas.getContext("2d");
    this.redraw = redraw;
    this.watch = new ResizeObserver(redraw);
    this.watch.observe(this.stage);
    addEventListener("resize", redraw); // the window's height counts too
  }

  isFull() {
    return this.root.getRootNode().fullscreenElement === this.root;
  }

  toggleFull() {
    return this.isFull() ? document.exitFullscreen() : this.root.requestFullscreen();
  }

  // The room for a picture in units in which text has its plain size, and how many CSS pixels a unit is: a part of the
  // window's height, so that a picture and its controls are on the screen together, or all that is left in full screen.
  room(part = 0.7) {
    const width = this.stage.clientWidth;
    const tall = part * (Number(getComputedStyle(this.root).getPropertyValue("--tall")) || 1); // more on the stage of a talk
    const height = this.isFull() ? this.stage.clientHeight : Math.max(SHORTEST, Math.min(TALLEST, tall * innerHeight));
    const zoom = grown(width, height);
    return { width: width / zoom, height: height / zoom, zoom };
  }

  // Give the canvas this size, in such units.
  take(width, height, zoom) {
    const dense = Math.min(2, devicePixelRatio || 1);
    const pixels = [width, height].map((v) => Math.floor(v * zoom * dense + 1e-6));
    if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) [this.canvas.width, this.canvas.height] = pixels;
    Object.assign(this.canvas.style, { width: `${pixels[0] / dense}px`, height: `${pixels[1] / dense}px` });
    this.zoom = zoom;
    this.scale = zoom * dense;
    this.ctx.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    this.align();
  }

  // Pages put things at parts of a pixel; there every line would blur.
  align() {
    this.canvas.style.translate = "";
    const { left, top } = this.canvas.getBoundingClientRect();
    const off = (v) => (Math.round(v * devicePixelRatio) - v * devicePixelRatio) / devicePixelRatio;
    this.canvas.style.translate = `${off(left)}px ${off(top)}px`;
  }

  // What does not move, drawn once; `lay` puts it on the canvas.
  still(draw) {
    const { width, height } = this.canvas;
    const layer = new OffscreenCanvas(width, height);
    const ctx = layer.getContext("2d");
    ctx.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    draw(ctx);
    return layer;
  }

  lay(layer) {
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.drawImage(layer, 0, 0);
    this.ctx.setTransform(this.scale, 0, 0, this.scale, 0, 0);
  }

  // Where an event is on the picture.
  place(event) {
    return [event.offsetX / this.zoom, event.offsetY / this.zoom];
  }

  close() {
    this.watch.disconnect();
    removeEventListener("resize", this.redraw);
  }
}

const grown = (width, height) => Math.max(1, Math.min(width / PLAIN.width, height / PLAIN.height));
