// Asking is paced by its answers: the next request leaves when the picture of the last one is painted, so that a slow line
// only lowers the rate.
const PATIENCE = 2000; // ms after which a request counts as lost

class Asking {
  constructor(send) {
    this.send = send;
    this.number = 0;
  }

  want(name, values) {
    this.next = [name, values];
    this.go();
  }

  go() {
    if (this.waiting || !this.next) return;
    const [name, values] = this.next;
    const number = ++this.number;
    this.next = null;
    this.waiting = setTimeout(() => this.answered(number), PATIENCE);
    this.send(name, [...values, number]);
  }

  // The picture that answers request `number` stands on the canvas.
  answered(number) {
    if (!this.waiting || number !== this.number) return;
    this.stop(this.next);
    this.go();
  }

  stop(next = null) {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.next = next;
  }
}
