// A dial is a slider through numbers that Python lists; what is typed elsewhere may lie between them.
const RESTS = 400; // ms after the last move, since every arrow key is one

class Dial {
  // `during(settings)` hears every move, `after(settings)` where it rests.
  constructor(root, during, after) {
    [this.name, this.input, this.output] = ["span", "input", "output"].map((part) => root.querySelector(part));
    const said = () => ({ [this.dial.setting]: this.dial.stops[this.input.value] });
    this.input.oninput = () => {
      clearTimeout(this.held);
      this.held = true;
      this.write(this.dial.stops[this.input.value]);
      during(said());
    };
    this.input.onchange = () => {
      this.held = setTimeout(() => {
        this.held = null;
        after(said());
      }, RESTS);
    };
  }

  close() {
    clearTimeout(this.held);
  }

  // What the server says; while the visitor turns, it is theirs.
  set(dial) {
    this.dial = dial;
    if (this.held) return;
    const away = dial.stops.map((stop) => Math.abs(Math.log(stop / dial.value)));
    this.name.textContent = dial.label;
    this.input.max = dial.stops.length - 1;
    this.input.value = away.indexOf(Math.min(...away));
    this.write(dial.value);
  }

  write(value) {
    this.output.textContent = short(value);
    this.input.setAttribute("aria-valuetext", short(value));
  }
}
