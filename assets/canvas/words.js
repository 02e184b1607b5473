// Words in the visitor's language: the one that the address asks for, else the browser's, else English.
const SPOKEN = [new URLSearchParams(location.search).get("lang"), navigator.language.split("-")[0]].find(
  (language) => language === "en" || CATALOGUES[language],
);
const KNOWN = CATALOGUES[SPOKEN] ?? {};

// The words with the values in their places: tr("Step {k} of {n}", { k: 1, n: 9 }).
function tr(words, values = {}) {
  return (KNOWN[words] ?? words).replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);
}

// The words of an element's HTML, on it and below it, said once.
function localize(root) {
  const said = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = said.currentNode; node; node = said.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(/\S.*\S|\S/s, (words) => tr(words));
    else for (const name of ["title", "aria-label", "placeholder", "alt"]) {
      if (node.hasAttribute?.(name)) node.setAttribute(name, tr(node.getAttribute(name)));
    }
  }
}
