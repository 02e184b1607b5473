// A scrub is a number that is dragged sideways, three digits on a logarithmic scale, or moved with the arrow keys.
const DECADE = 150; // CSS pixels
const SETTLED = 400; // ms after the last arrow key

class Scrub {
  // `during(value)` hears every change, `after(value)` the one it ends with.
  constructor(label, [low, high], during, after) {
    const box = Object.assign(document.createElement("span"), { className: "rate", tabIndex: 0, title: tr("Drag sideways, or press ↑ ↓") });
    Object.assign(this, { box, low, high, during, after });
    for (const [name, value] of Object.entries({ role: "spinbutton", "aria-label": label, "aria-valuemin": low, "aria-valuemax": high })) {
      box.setAttribute(name, value);
    }
    box.onpointerdown = (event) => {
      if (event.button) return;
      event.preventDefault();
      box.focus({ preventScroll: true, focusVisible: false });
      box.setPointerCapture(event.pointerId);
      this.grip = [event.clientX, this.value];
    };
    box.onpointermove = (event) => this.grip && this.turn(this.grip[1] * 10 ** ((event.clientX - this.grip[0]) / DECADE));
    box.onpointerup = box.onpointercancel = () => {
      const moved = this.grip && this.grip[1] !== this.value;
      this.grip = null;
      if (moved) this.after(this.value);
    };
    box.onkeydown = (event) => {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      this.turn(this.value * 1.05 ** way);
      clearTimeout(this.pending);
      this.pending = setTimeout(() => {
        this.pending = null;
        this.after(this.value);
      }, SETTLED);
    };
  }

  turn(value) {
    const rounded = Number(Math.max(this.low, Math.min(this.high, value)).toPrecision(3));
    if (rounded === this.value) return;
    this.write(rounded);
    this.during(rounded);
  }

  // What the server says; while the visitor turns, it is theirs.
  set(value) {
    if (!this.grip && !this.pending) this.write(value);
  }

  write(value) {
    this.value = value;
    this.box.textContent = Number(value.toPrecision(6));
    this.box.setAttribute("aria-valuenow", value);
  }

  close() {
    clearTimeout(this.pending);
    this.box.remove();
  }
}
