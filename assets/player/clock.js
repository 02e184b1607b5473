// The clock of the player, in steps: at 1× a run takes about six seconds.
class Clock {
  // `paint` hears every move, `playing` when it starts and stops.
  constructor(paint, playing) {
    Object.assign(this, { paint, playing, step: 0, steps: 1, speed: 1, loop: false, runs: false });
  }

  get atEnd() {
    return this.step >= this.steps;
  }

  play(from = this.step) {
    this.step = from >= this.steps ? 0 : from;
    this.run(true);
    let then = performance.now();
    const tick = (now) => {
      const rate = Math.max(5, this.steps / 6) * this.speed;
      this.step += (Math.max(0, now - then) / 1000) * rate;
      then = now;
      if (this.step >= this.steps + (this.loop ? rate : 0)) {
        if (!this.loop) {
          this.seek(this.steps);
          return this.ended();
        }
        this.step = 0;
      }
      this.paint();
      this.ticket = requestAnimationFrame(tick);
    };
    cancelAnimationFrame(this.ticket);
    this.ticket = requestAnimationFrame(tick);
  }

  seek(step) {
    cancelAnimationFrame(this.ticket);
    this.step = Math.max(0, Math.min(this.steps, step));
    this.run(false);
    this.paint();
  }

  run(runs) {
    this.runs = runs;
    this.playing(runs);
  }

  close() {
    cancelAnimationFrame(this.ticket);
  }
}
