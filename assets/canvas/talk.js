// A talk is a deck in the hands of a presenter: its keys, its clock, and the wire between its windows in one browser.
const WRITING = "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable], [role=combobox]";

class Talk {
  // `acts` by key, `hear` by what another window of the talk says.
  constructor(name, acts, hear) {
    this.name = `talk ${name}`;
    this.wire = new BroadcastChannel(this.name);
    this.wire.onmessage = ({ data }) => Object.entries(data).forEach(([what, value]) => hear[what]?.(value));
    this.key = (event) => {
      const act = acts[event.key];
      const writes = event.composedPath()[0].closest?.(WRITING) && !event.key.startsWith("Page");
      if (!act || writes || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!event.repeat) act();
    };
    addEventListener("keydown", this.key, true);
  }

  say(what) {
    this.wire.postMessage(what);
  }

  // When the talk began, in ms; a window that is loaded again goes on with it.
  get began() {
    return Number(sessionStorage.getItem(this.name)) || null;
  }

  set began(then) {
    sessionStorage.setItem(this.name, then ?? "");
  }

  close() {
    removeEventListener("keydown", this.key, true);
    this.wire.close();
  }
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
const passed = (began) => (began ? Math.max(0, (Date.now() - began) / 1000) : 0); // seconds

// Seconds that the slides should have taken when number `slide` ends.
const planned = (slides, slide) => slides.slice(0, slide).reduce((sum, { minutes }) => sum + 60 * minutes, 0);

// The time since a talk began beside what is planned.
function time(box, began, slides, slide) {
  const [now, due] = [passed(began), planned(slides, slide)];
  box.textContent = due ? `${clock(now)} / ${clock(due)}` : clock(now);
  box.classList.toggle("late", Boolean(due) && now > due);
}

// The question of a slide and its answers, as letters to be called out.
function ask(box, { ask: question, answers }) {
  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  box.hidden = !question;
  box.replaceChildren(make("strong", question), ...answers.map((words, i) => make("span", `${String.fromCharCode(65 + i)}  ${words}`)));
}
