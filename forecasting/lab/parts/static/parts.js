// What the pages of the widgets share: elements and drawings made of texts, never of markup, and the theme to follow.

const SVG = "http://www.w3.org/2000/svg";
const FOCUSED = new Set(["select", "input", "textarea", "button", "summary"]);
const PAGE = Math.random().toString(36).slice(2, 8); // two widgets of a notebook are two modules, each with a count of its own
let made = 0;

export function fresh() {
  return `fc-${PAGE}-${++made}`;
}

export function element(tag, attributes = {}, ...inside) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  // keys belong to what has the focus: JupyterLab would take Enter and the arrow keys for its own commands
  if (FOCUSED.has(tag) || "tabindex" in attributes) node.dataset.lmSuppressShortcuts = "true";
  node.append(...inside.filter((part) => part !== null && part !== ""));
  return node;
}

export function drawn(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

export function followTheme(root) {
  const told = document.body.dataset;
  const set = () => {
    if (told.jpThemeLight) root.dataset.theme = told.jpThemeLight === "false" ? "dark" : "light";
  };
  set();
  const watcher = new MutationObserver(set);
  watcher.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => watcher.disconnect();
}

export function soon(act, wait = 120) {
  let timer = 0;
  const later = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

// a text to take along: in the clipboard, and to be read in its place
export function take(place, text, refused) {
  if (text && place.textContent !== text && navigator.clipboard) navigator.clipboard.writeText(text).catch(refused);
  place.textContent = text;
  place.hidden = !text;
}
