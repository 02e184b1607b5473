// Keys reach what plays wherever the focus is, unless somebody types or walks from control to control with the keyboard.
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=slider], [role=spinbutton], [role=combobox], [role=listbox], [role=menu]";
const PRESSED = "button, a, input, [role]:not(.player)";

class Keys {
  // `acts` by key; those of `own`, a control of ours, are heard too.
  constructor(acts, own) {
    let [walking, done] = [false, null];
    this.hear = {
      pointerdown: () => ([walking, done] = [false, null]),
      keydown: (event) => {
        const target = event.composedPath()[0];
        const act = acts[event.key];
        if (event.key === "Tab") walking = true;
        const box = target.closest?.(TYPING);
        if (box && box !== own) {
          if (event.key === "Enter") done = box; // what was typed is done: now the keys play
          else if (!act || done !== box) done = null;
          if (done !== box || event.key === "Enter") return;
        }
        const busy = walking && !box && target.closest?.(PRESSED) && (event.key === " " || !own.getRootNode().contains(target));
        if (!act || busy || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      },
    };
    for (const [name, hear] of Object.entries(this.hear)) document.addEventListener(name, hear, true);
  }

  close() {
    for (const [name, hear] of Object.entries(this.hear)) document.removeEventListener(name, hear, true);
  }
}
