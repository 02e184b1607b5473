// The presenter's window: notes, what comes next and the time, and a remote control of the stage in the same browser.
const windows = new WeakMap();
const SILENCE = 4000; // ms after which a stage that does not answer is not there

export default function ({ data, parentElement }) {
  let presenter = windows.get(parentElement);
  if (presenter && presenter.talk.name !== `talk ${data.deck}`) presenter = presenter.close();
  if (!presenter) windows.set(parentElement, (presenter = new Presenter(parentElement.querySelector(".presenter"), data)));
  presenter.show(data);
  return () => presenter.close();
}

class Presenter {
  constructor(root, { deck, slide }) {
    localize(root);
    Object.assign(this, { root, slide, began: null, night: false, heard: -Infinity });
    const acts = {
      back: () => this.turn(this.slide - 1),
      next: () => this.turn(this.slide + 1),
      black: () => this.talk.say({ black: !this.night }),
      restart: () => this.talk.say({ began: Date.now() }),
    };
    for (const button of root.querySelectorAll("[data-do]")) {
      button.onclick = (event) => {
        acts[button.dataset.do]();
        if (event.detail) button.blur();
      };
    }
    const keys = { PageDown: acts.next, PageUp: acts.back, ArrowRight: acts.next, ArrowLeft: acts.back };
    this.talk = new Talk(deck, { ...keys, Home: () => this.turn(1), b: acts.black, ".": acts.black }, { at: (where) => this.hear(where) });
    this.ticking = setInterval(() => this.tick(), 1000);
    this.talk.say({ who: true });
  }

  show(data) {
    Object.assign(this, data, { slide: this.slide });
    this.root.querySelector(".alone a").href = this.stage;
    this.draw();
  }

  hear({ slide, began, black }) {
    Object.assign(this, { slide, began, night: black, heard: Date.now() });
    this.draw();
  }

  get alone() {
    return Date.now() - this.heard > SILENCE;
  }

  // The stage turns and says so; without one the window turns by itself.
  turn(slide) {
    if (!(slide >= 1 && slide <= this.slides.length)) return;
    this.talk.say({ go: slide });
    if (this.alone) this.slide = slide;
    this.draw();
  }

  draw() {
    const { root, slides, slide } = this;
    const write = (part, { title, words }) => {
      root.querySelector(`${part} .title`).textContent = title;
      root.querySelector(`${part} .words`).textContent = words;
    };
    const now = slides[slide - 1];
    write(".now", now);
    write(".coming", slides[slide] ?? { title: tr("The end"), words: "" });
    root.querySelector(".notes").textContent = now.notes;
    ask(root.querySelector(".ask"), now);
    root.querySelector(".place").textContent = `${slide} / ${slides.length}`;
    root.querySelector("[data-do=back]").disabled = slide === 1;
    root.querySelector("[data-do=next]").disabled = slide === slides.length;
    root.querySelector("[data-do=black]").setAttribute("aria-pressed", this.night);
    root.dataset.slide = slide;
    this.tell();
  }

  tick() {
    this.talk.say({ who: true });
    this.tell();
  }

  tell() {
    const { root } = this;
    time(root.querySelector(".time"), this.began, this.slides, this.slide);
    root.querySelector(".clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    root.querySelector(".alone").hidden = !this.alone;
  }

  close() {
    clearInterval(this.ticking);
    this.talk.close();
    windows.delete(this.root.getRootNode());
  }
}
