// The bar of a deck: what the slide says, and where a presenter turns next.
const bars = new WeakMap();
const PATIENCE = 4000; // ms after which a slide that did not come is given up

export default function ({ data, parentElement, setTriggerValue }) {
  let bar = bars.get(parentElement);
  if (bar && bar.deck !== data.deck) bar = bar.close();
  if (!bar) bars.set(parentElement, (bar = new Bar(parentElement.querySelector(".bar"), data.deck)));
  bar.send = setTriggerValue;
  bar.show(data);
  return () => bar.close();
}

class Bar {
  constructor(root, deck) {
    Object.assign(this, { root, deck });
    localize(root);
    const lang = new URLSearchParams(location.search).get("lang");
    const asked = lang ? { lang } : {};
    const acts = {
      back: () => this.step(-1),
      next: () => this.step(1),
      overview: () => this.fold(),
      black: () => this.dark(!this.night.open),
      stage: () => this.send("view", this.staged ? "page" : "stage"),
      full: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()),
      presenter: () => open(`present?${new URLSearchParams({ deck, ...asked })}`, this.name, "popup,width=1000,height=720"),
      restart: () => this.begin(null),
      close: () => this.send("close", true),
    };
    for (const button of root.querySelectorAll("[data-do]")) {
      button.onclick = (event) => {
        acts[button.dataset.do]();
        if (event.detail) button.blur(); // whoever clicks wants no ring around what was clicked
      };
    }
    [this.night, this.board] = [".black", ".overview"].map((name) => root.querySelector(name));
    this.night.onclick = () => this.dark(false);
    this.night.onclose = () => this.tell();
    this.board.onclick = (event) => event.target === this.board && this.board.close();
    const keys = { PageDown: acts.next, PageUp: acts.back, Home: () => this.turn(1), o: acts.overview, b: acts.black, ".": acts.black };
    const hear = { go: (slide) => this.turn(slide), black: (night) => this.dark(night), who: () => this.tell(), began: (then) => this.begin(then) };
    this.talk = new Talk(deck, { ...keys, s: acts.stage, f: acts.full, p: acts.presenter }, hear);
    this.ticking = setInterval(() => this.tick(), 500);
  }

  show({ slide, page, stage, slides }) {
    const { root } = this;
    Object.assign(this, { slide, page, slides, staged: stage });
    const find = (name) => root.querySelector(name);
    const { title, words } = slides[slide - 1];
    root.classList.toggle("staged", stage);
    find("[data-do=stage]").setAttribute("aria-pressed", stage);
    find(".place").textContent = `${slide} / ${slides.length}`;
    find(".title").textContent = title;
    find(".words").textContent = words;
    ask(find(".ask"), slides[slide - 1]);
    find("[data-do=back]").disabled = slide === 1;
    find("[data-do=next]").disabled = slide === slides.length;
    find("ol").replaceChildren(...slides.map((each, i) => this.card(each, i + 1)));
    root.dataset.slide = slide;
    this.tick();
    this.tell();
    this.arrived();
  }

  card({ title }, number) {
    const [item, button] = ["li", "button"].map((tag) => document.createElement(tag));
    button.append(Object.assign(document.createElement("small"), { textContent: number }), title);
    button.setAttribute("aria-current", number === this.slide);
    button.onclick = () => {
      this.board.close();
      this.turn(number);
    };
    item.append(button);
    return item;
  }

  step(by) {
    this.turn((this.wanted ?? this.slide) + by);
  }

  turn(slide) {
    const { slides, night, board, talk } = this;
    if (night.open) this.dark(false);
    if (board.open) board.close();
    if (!(slide >= 1 && slide <= slides.length)) return;
    if (!talk.began) this.begin(Date.now());
    this.wanted = slide;
    if (!this.coming) this.go(slide);
  }

  // One slide after the other: whoever presses faster than pages are drawn comes to the last that was asked for.
  go(slide) {
    this.coming = slide;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => (this.coming = this.wanted = null), PATIENCE);
    if (this.slides[slide - 1].page === this.page) this.send("go", slide); // a link to the page that is open does nothing
    else document.querySelectorAll("[class*=st-key-slides] a")[slide - 1].click();
  }

  arrived() {
    if (this.coming !== this.slide) return;
    clearTimeout(this.patience);
    const { wanted } = this;
    this.coming = this.wanted = null;
    if (wanted !== this.slide) this.turn(wanted);
  }

  fold() {
    if (this.board.open) return this.board.close();
    this.board.showModal();
    this.board.querySelector("[aria-current=true]").focus();
  }

  dark(night) {
    if (this.board.open) this.board.close();
    if (night && !this.night.open) this.night.showModal();
    if (!night && this.night.open) this.night.close();
    this.tell();
  }

  begin(then) {
    this.talk.began = then;
    this.tick();
    this.tell();
  }

  tick() {
    time(this.root.querySelector(".time"), this.talk.began, this.slides, this.slide);
  }

  // The presenter's window hears where the talk stands.
  tell() {
    this.talk.say({ at: { slide: this.slide, began: this.talk.began, black: this.night.open } });
  }

  close() {
    clearInterval(this.ticking);
    clearTimeout(this.patience);
    for (const box of [this.night, this.board]) if (box.open) box.close();
    this.talk.close();
    bars.delete(this.root.getRootNode());
  }
}
