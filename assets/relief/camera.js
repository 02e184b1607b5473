// A camera looks at the cube −1…1 from a turn (degrees around) and a tilt (degrees above the horizon), without perspective.
class Camera {
  constructor({ turn, tilt }) {
    Object.assign(this, { turn, tilt });
  }
  rotate(byTurn, byTilt) {
    this.turn = (this.turn + byTurn + 360) % 360;
    this.tilt = Math.max(4, Math.min(90, this.tilt + byTilt));
  }
  // Set the scale so that the cube fits, whichever way it is turned.
  fit(width, height) {
    const [t, e] = [this.turn, this.tilt].map((degrees) => (degrees * Math.PI) / 180);
    Object.assign(this, { cosT: Math.cos(t), sinT: Math.sin(t), cosE: Math.cos(e), sinE: Math.sin(e) });
    this.scale = Math.min((width - 56) / 2.83, (height - 36) / (2.83 * this.sinE + 2 * RISE * this.cosE));
    [this.x, this.y] = [width / 2, height / 2 + this.scale * RISE * this.cosE];
  }
  // How far behind the middle a place on the floor is.
  depth(x, y) {
    return x * this.sinT + y * this.cosT;
  }
  // The place that is so much nearer to the eye along the floor and is seen at the same pixel.
  toward([x, y, z], nearer) {
    return [x - nearer * this.sinT, y - nearer * this.cosT, z + (nearer * this.sinE) / (2 * RISE * this.cosE)];
  }
  project([x, y, z]) {
    const across = x * this.cosT - y * this.sinT;
    return [this.x + this.scale * across, this.y - this.scale * (this.depth(x, y) * this.sinE + 2 * RISE * z * this.cosE)];
  }
}

const RISE = 0.55; // half the height of the highest point
