// The page of an elicitation: it draws the view that Python sends, and sends where a handle is. It decides nothing.
// Texts are set as texts, never as markup. Handles are made once, so that the focus and a drag stay with them.

import { drawn, element, followTheme, fresh, soon, take } from "./parts.js";

const CLIPPED = "The browser does not let the page copy: take the text below.";
const NEAR = 40; // from a handle within which a press takes hold of it, in units of the drawing
const PATIENCE = 3000; // milliseconds after which a position is sent though the one before has no answer
const REST = 700; // milliseconds without a key after which a handle is let go
const GRIP = 9;

const rounded = (value) => Number(value.toPrecision(12));
const within = (value, handle) => Math.min(Math.max(value, handle.low), handle.high);
// as Python writes it: what is dragged is shown at once, and what Python says of it comes after
const shownAs = (handle, value) =>
  (handle.scale === 100 ? `${Number((100 * value).toPrecision(3))} %` : String(Number(value.toPrecision(4))).replace("-", "−"));

// one position at a time: the next is sent once the one before has been fitted, and of those that came meanwhile the last
function positions(model) {
  let sent = "", since = 0, next = null, timer = 0;
  const free = () => sent === "" || model.get("view").token === sent || Date.now() - since > PATIENCE;
  function flush(whatever = false) {
    clearTimeout(timer);
    if (!next) return;
    if (!whatever && !free()) { timer = setTimeout(() => flush(), PATIENCE); return; }
    sent = fresh();
    since = Date.now();
    model.send({ ...next, token: sent });
    next = null;
  }
  return {
    flush,
    move: (message) => { next = message; flush(); },
    rest: () => next === null && free(),
  };
}

// where a handle stands in the drawing, and what a place in the drawing means for it
function scaleOf(picture) {
  const span = picture.right - picture.left;
  return {
    x: (handle, value) => picture.left + (span * (handle.base + value - picture.low)) / (picture.high - picture.low),
    valueAtX: (handle, x) => picture.low + ((x - picture.left) * (picture.high - picture.low)) / span - handle.base,
    y: (value) => picture.bottom - ((picture.bottom - picture.top) * value) / picture.most,
    valueAtY: (y) => ((picture.bottom - y) * picture.most) / (picture.bottom - picture.top),
  };
}

// one handle: a slider for keys and screen readers, with what it looks like in this kind of picture
function handleOf(first, kind, move) {
  const line = drawn("path", { class: "fc-stem" });
  const bar = drawn("rect", { class: "fc-bar" });
  const ring = drawn("rect", { class: "fc-ring", rx: 5 });
  const grip = drawn("rect", { class: "fc-grip" });
  const text = drawn("text", { class: "fc-told" });
  const node = drawn("g", {
    class: `fc-handle fc-handle-${kind}`, tabindex: 0, role: "slider", "data-lm-suppress-shortcuts": "true", "data-field": first.field,
    "aria-label": first.label, "aria-orientation": kind === "bin" ? "vertical" : "horizontal",
  });
  if (first.at !== null) node.dataset.at = first.at;
  node.append(...(kind === "bin" ? [ring, grip, text] : kind === "border" ? [line, ring, grip] : [line, ring, grip, text]));
  let now = first, value = first.value, held = false, timer = 0;

  function place(picture, index, count) {
    const scale = scaleOf(picture);
    if (kind === "bin") {
      const [left, right] = picture.bars[first.at], top = scale.y(value);
      set(bar, { x: left + 2, y: top, width: right - left - 4, height: picture.bottom - top });
      set(grip, { x: left + 2, y: top - 2, width: right - left - 4, height: 5, rx: 2 });
      set(ring, { x: left - 1, y: top - 7, width: right - left + 2, height: 15 });
      set(text, { x: (left + right) / 2, y: top - 10, "text-anchor": "middle" });
    } else {
      const x = rounded(scale.x(now, value)), bottom = kind === "border" ? picture.bar[1] : picture.bottom;
      const middle = kind === "border" ? (picture.bar[0] + picture.bar[1]) / 2 : bottom;
      const size = kind === "border" ? [5, 15] : [GRIP, GRIP];
      set(line, { d: `M${x} ${picture.top - (kind === "border" ? 0 : 6)}V${bottom}` });
      set(grip, { x: x - size[0], y: middle - size[1], width: 2 * size[0], height: 2 * size[1], rx: size[0] });
      set(ring, { x: x - size[0] - 5, y: middle - size[1] - 5, width: 2 * size[0] + 10, height: 2 * size[1] + 10, rx: size[0] + 5 });
      if (kind === "point") set(text, told(x, index, count, picture));
    }
    text.textContent = kind === "bin" && !value ? "" : shownAs(now, value);
    node.setAttribute("aria-valuenow", value);
    node.setAttribute("aria-valuemin", now.low);
    node.setAttribute("aria-valuemax", now.high);
    node.setAttribute("aria-valuetext", value === now.value ? now.words : shownAs(now, value));
  }

  // outer values beside their lines and one row below a middle one; at an end of the picture turned inward, into the upper row
  function told(x, index, count, picture) {
    const middle = count === 3 && index === 1, start = index === count - 1;
    const turned = start ? x > picture.width - 78 : x < 78;
    const anchor = middle ? "middle" : start !== turned ? "start" : "end";
    const side = middle ? 0 : anchor === "start" ? 5 : -5;
    return { x: x + side, y: middle || (turned && count === 2) ? picture.top - 34 : picture.top - 12, "text-anchor": anchor };
  }

  function go(wanted, hold) {
    clearTimeout(timer);
    const target = within(rounded(wanted), now);
    if (target === value && hold) return;
    value = target;
    held = true;
    move({ do: "set", field: now.field, at: now.at, value, held: hold });
    if (!hold) held = false;
  }
  function release() {
    if (held) go(value, false);
  }
  node.addEventListener("keydown", (event) => {
    const size = event.shiftKey ? now.big : now.step;
    const to = {
      ArrowRight: value + size, ArrowUp: value + size, ArrowLeft: value - size, ArrowDown: value - size,
      PageUp: value + now.big, PageDown: value - now.big, Home: now.low, End: now.high,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    go(to, true);
    timer = setTimeout(release, REST);
  });
  node.addEventListener("blur", release);
  return {
    node, bar, place, go, release,
    at: (picture) => scaleOf(picture).x(now, value),
    value: () => value,
    latest: () => now,
    update: (view, settled) => {
      now = view;
      if (!held && settled) value = view.value;
    },
  };
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

function backOf(picture) {
  const found = [];
  const add = (tag, attributes, text) => found.push(drawn(tag, attributes, text));
  for (const line of picture.lines || []) {
    add("path", { class: "fc-axis", d: `M${picture.left} ${line.y}H${picture.right}` });
    add("text", { x: picture.left - 6, y: line.y + 4, "text-anchor": "end" }, line.text);
  }
  picture.ticks.forEach((tick, n) => {
    add("path", { class: "fc-axis", d: `M${tick.x} ${picture.bottom}v6` });
    const anchor = n === 0 ? "start" : n === picture.ticks.length - 1 ? "end" : "middle";
    const x = anchor === "start" ? tick.x - 12 : anchor === "end" ? tick.x + 16 : tick.x;
    add("text", { x, y: picture.bottom + (picture.rows ? 22 : 30), "text-anchor": anchor, class: n % 2 ? "fc-odd" : "" }, tick.text);
  });
  add("path", { class: "fc-axis", d: `M${picture.left} ${picture.bottom}H${picture.right}` });
  return found;
}

function curvesOf(picture) {
  const found = [];
  const add = (tag, attributes, text) => found.push(drawn(tag, attributes, text));
  for (const row of picture.rows || [picture]) {
    if (row.name) {
      add("text", { x: picture.left, y: row.y, class: "fc-name" }, row.name);
      add("path", { class: "fc-axis", d: `M${picture.left} ${row.bottom}H${picture.right}` });
    }
    if (row.inside) add("path", { class: "fc-inside", d: row.inside });
    add("path", { class: "fc-before", d: row.was });
    add("path", { class: "fc-after", d: row.now });
  }
  return found;
}

// the shares as one row: what stands between two borders
function sharesOf(picture, handles) {
  const ends = [picture.left, ...handles.map((handle) => handle.at(picture)), picture.right];
  const found = [];
  for (let n = 0; n + 1 < ends.length; n++) {
    const [top, bottom] = picture.bar, width = ends[n + 1] - ends[n];
    found.push(drawn("rect", { class: `fc-share${n % 2}`, x: ends[n], y: top + 6, width, height: bottom - top - 12 }));
    const share = Math.round((1000 * width) / (picture.right - picture.left)) / 10;
    const label = width > 90 ? `${n + 1}: ${share} %` : width > 26 ? String(n + 1) : "";
    found.push(drawn("text", { class: "fc-told", x: ends[n] + width / 2, y: (top + bottom) / 2 + 4, "text-anchor": "middle" }, label));
  }
  return found;
}

function pictureSection(model, places) {
  const back = drawn("g", {}), curves = drawn("g", { class: "fc-curves" }), shares = drawn("g", {}), front = drawn("g", {});
  const svg = drawn("svg", { role: "group" });
  const parts = element("p", { class: "fc-small", "data-role": "parts" });
  const now = element("span"), was = element("span"), dashed = element("span", { class: "fc-key fc-key-before" });
  const key = element("p", { class: "fc-small" }, element("span", { class: "fc-key" }), now, dashed, was);
  svg.append(back, shares, curves, front);
  let handles = [], picture = null, dragged = null, offset = 0, moved = false;

  function layout() {
    handles.forEach((handle, index) => handle.place(picture, index, handles.length));
    if (picture.bars) shares.replaceChildren(...handles.map((handle) => handle.bar));
    if (picture.rows) shares.replaceChildren(...sharesOf(picture, handles));
  }
  function move(message) {
    places.move(message);
    layout();
  }
  function at(event) {
    const box = svg.getBoundingClientRect();
    return [((event.clientX - box.left) * picture.width) / box.width, ((event.clientY - box.top) * picture.height) / box.height];
  }
  function taken([x, y]) {
    if (picture.bars) {
      const n = picture.bars.findIndex(([left, right]) => x >= left && x < right);
      return y > picture.bottom + 6 ? undefined : handles[n];
    }
    if (picture.rows ? y > picture.bar[1] + 10 : y > picture.bottom + GRIP + 8) return undefined;
    // of handles that stand as near as each other, the one on whose side the press is
    const far = (handle) => { const away = x - handle.at(picture); return Math.abs(away) - (Math.sign(away) * handles.indexOf(handle)) / 1000; };
    const nearest = [...handles].sort((a, b) => far(a) - far(b))[0];
    return nearest && Math.abs(x - nearest.at(picture)) <= NEAR ? nearest : undefined;
  }
  function drag(event) {
    const [x, y] = at(event), scale = scaleOf(picture), { step } = dragged.latest();
    const wanted = picture.bars ? Math.round(scale.valueAtY(y)) : Math.round(scale.valueAtX(dragged.latest(), x - offset) / step) * step;
    moved = true;
    dragged.go(wanted, true);
  }
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || !picture) return;
    dragged = taken(at(event)) || null;
    if (!dragged) return;
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    offset = picture.bars ? 0 : at(event)[0] - dragged.at(picture);
    moved = false;
    dragged.node.focus({ preventScroll: true });
    if (picture.bars) drag(event);
  });
  svg.addEventListener("pointermove", (event) => { if (dragged) drag(event); });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    svg.addEventListener(end, () => {
      const last = dragged;
      dragged = null;
      if (last && moved) last.release();
    });
  }

  function update(view) {
    picture = view.picture;
    set(svg, { viewBox: `0 0 ${picture.width} ${picture.height}`, "aria-label": picture.alt });
    svg.classList.toggle("fc-bins", Boolean(picture.bars));
    back.replaceChildren(...backOf(picture));
    curves.replaceChildren(...curvesOf(picture));
    const own = view.handles.filter((handle) => handle.drawn);
    if (!handles.length) {
      const kind = picture.bars ? "bin" : picture.rows ? "border" : "point";
      handles = own.map((handle) => handleOf(handle, kind, move));
      front.replaceChildren(...handles.map((handle) => handle.node));
    }
    own.forEach((handle, n) => handles[n].update(handle, places.rest()));
    layout();
    parts.textContent = view.parts;
    now.textContent = view.refused ? "the last that was met" : "now";
    was.textContent = view.was;
    was.hidden = dashed.hidden = picture.was !== undefined && picture.was === picture.now;
  }
  return { node: element("section", {}, svg, key, parts), update };
}

// beside the picture: every number to be typed, and those that have no place in it as sliders
function fieldsSection(places, send) {
  const grid = element("div", { class: "fc-fields" });
  const family = element("select", { id: fresh(), "data-role": "family", onchange: () => send({ do: "family", family: family.value }) });
  const only = element("p", {});
  const kinds = element("div", {}, element("label", { for: family.id }, "Family"), family, only);
  let fields = [];
  function made(first) {
    const id = fresh(), value = element("span", { class: "fc-value" });
    const attributes = { id, "data-typed": first.field };
    let dirty = false, now = first, input;
    const message = () => ({ do: "set", field: now.field, at: now.at, value: rounded(Number(input.value) / (first.drawn ? now.scale : 1)) });
    if (first.drawn) {
      input = element("input", { ...attributes, type: "number", step: "any", oninput: () => { dirty = true; },
        onchange: () => places.move({ ...message(), held: false }) });
      input.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        const by = (event.shiftKey ? now.big : now.step) * (event.key === "ArrowUp" ? 1 : -1);
        input.value = rounded(within(rounded(Number(input.value) / now.scale + by), now) * now.scale);
        places.move({ ...message(), held: false });
      });
    } else {
      input = element("input", { ...attributes, type: "range", min: first.low, max: first.high, step: first.step,
        oninput: () => { dirty = true; value.textContent = shownAs(now, Number(input.value)); places.move({ ...message(), held: true }); },
        onchange: () => places.move({ ...message(), held: false }) });
    }
    const update = (handle, view) => {
      now = handle;
      const wrong = dirty && Boolean(view.failed);
      input.setAttribute("aria-invalid", String(wrong));
      if (!first.drawn) {
        input.min = handle.low;
        input.max = handle.high;
        input.setAttribute("aria-valuetext", handle.words);
      }
      if (!places.rest() || wrong) return;
      dirty = false;
      input.value = String(first.drawn ? rounded(handle.value * handle.scale) : handle.value);
      value.textContent = first.drawn ? (handle.scale === 100 ? "in %" : "") : handle.shown;
    };
    return { node: element("div", {}, element("label", { for: id }, first.label, value), input), update };
  }
  function update(view) {
    const own = view.handles.filter((handle) => handle.field !== "chips");
    if (!fields.length) {
      fields = own.map(made);
      grid.append(...fields.map((field) => field.node), kinds);
      family.append(...view.families.map((name) => element("option", { value: name }, name)));
    }
    own.forEach((handle, n) => fields[n].update(handle, view));
    family.value = view.family;
    family.hidden = view.families.length < 2;
    only.hidden = !family.hidden;
    only.textContent = `${view.family}, the one for this way of asking`;
  }
  return { node: grid, update };
}

function answerSection() {
  const quote = element("div", { "aria-live": "polite" }), table = element("table");
  const what = element("p", { class: "fc-small" });
  const row = (first, cells, changed) => element("tr", {}, element("td", {}, ...first),
    ...cells.map((cell, n) => element("td", changed && n === 0 ? { class: "fc-moved" } : {}, cell)));
  const named = (one) => (one.note ? [one.label, element("div", { class: "fc-small" }, one.note)] : [one.label]);
  const heads = (names) => element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name))));
  const update = (view) => {
    const { answer } = view;
    const told = [answer.quote, answer.words, answer.was].join("|");
    if (quote.dataset.told !== told) {
      quote.dataset.told = told;
      quote.replaceChildren(element("div", { class: "fc-numbers" },
        element("span", { class: "fc-number", "data-role": "quote" }, answer.quote), element("span", { class: "fc-word" }, answer.words),
        answer.was ? element("span", { class: "fc-change", "data-role": "was" }, answer.was) : null));
    }
    quote.hidden = what.hidden = !answer.quote;
    what.textContent = answer.what || "";
    table.replaceChildren(...(answer.rows.length
      ? [heads(["Of the prior", "Now", "Was"]), element("tbody", {}, ...answer.rows.map((one) => row(named(one), [one.now, one.was], one.changed)))]
      : [heads(["Outcome", "Mean", "Was", "50 % interval", "90 % interval"]),
        element("tbody", {}, ...answer.outcomes.map((one) => row([one.name], [one.mean, one.was, one.half, one.most], one.mean !== one.was)))]));
  };
  return { node: element("section", {}, quote, what, element("div", { class: "fc-scroll", tabindex: "0", role: "region", "aria-label": "What the prior says" }, table)), update };
}

function stepsSection(send) {
  const list = element("ol"), none = element("p", { class: "fc-small" });
  const undo = element("button", { type: "button", "data-do": "undo", onclick: () => send({ do: "undo" }) }, "Undo");
  const clear = element("button", { type: "button", class: "fc-quiet", "data-do": "clear", onclick: () => send({ do: "clear" }) }, "Undo all");
  const actions = element("div", { class: "fc-actions" }, undo, clear);
  const update = (view) => {
    none.textContent = view.steps.length ? "" : `${view.hint} Every step is listed here, with what it moved.`;
    none.hidden = view.steps.length > 0;
    list.replaceChildren(...view.steps.map((step) => element("li", {}, element("div", {}, step.words, element("div", { class: "fc-small" }, step.moved)))));
    actions.hidden = !view.steps.length || Boolean(view.refused); // what is not met is put back first, beside its message
  };
  return { node: element("section", {}, element("h3", {}, "Steps"), none, list, actions), update };
}

function keepSection(send) {
  const told = soon(() => tell(), 200);
  const field = (name, label, tag, extra = {}) => {
    const input = element(tag, { id: fresh(), "data-sign": name, oninput: () => { allow(); told(); }, ...extra });
    return { input, node: element("div", {}, element("label", { for: input.id }, label), input) };
  };
  const id = field("id", "Id of the new prior", "input", { type: "text", maxlength: 64, spellcheck: "false" });
  const analyst = field("analyst", "Analyst: who says this", "input", { type: "text", maxlength: 500 });
  const reason = field("reason", "Reason", "textarea", { rows: 2 });
  const copy = element("button", { type: "button", "data-do": "yaml", onclick: () => keep("yaml") }, "Copy as YAML");
  const write = element("button", { type: "button", "data-do": "write", onclick: () => keep("write") }, "Write");
  const lacks = element("p", { class: "fc-small", "data-role": "lacks" });
  const yaml = element("pre", { tabindex: "0", hidden: true, "aria-label": "The prior as YAML" });
  const said = element("p", { role: "status" });
  const about = element("p", { class: "fc-small" }, "A changed prior is a new prior, made today: it has an id, an analyst and a reason of its own.");
  const form = element("div", { class: "fc-sign" }, about, element("div", { class: "fc-fields" }, id.node, analyst.node), reason.node,
    element("div", { class: "fc-actions" }, copy, write), lacks);
  const node = element("section", {}, element("h3", {}, "Keep it"), form, said, yaml);
  let view = null, resets = -1, sent = "";
  const typed = () => ({ id: id.input.value, analyst: analyst.input.value, reason: reason.input.value });
  function tell() {
    told.cancel(); // else it would come again behind what is kept, and take its message away
    if (JSON.stringify(typed()) === sent) return;
    sent = JSON.stringify(typed());
    send({ do: "sign", ...typed() });
  }
  function keep(how) {
    tell(); // what is still being typed
    send({ do: how });
  }
  function allow() {
    if (!view) return;
    const words = reason.input.value.trim().split(/\s+/).filter(Boolean).length;
    const missing = [
      id.input.value.trim() ? "" : "an id", analyst.input.value.trim().length > 2 ? "" : "the analyst",
      words >= view.fewest_words ? "" : `a reason of at least ${view.fewest_words} words`,
    ].filter(Boolean);
    const blocked = view.waits || Boolean(view.refused) || Boolean(view.written);
    copy.disabled = blocked && !view.written || (missing.length > 0 && !view.written);
    write.disabled = blocked || missing.length > 0;
    lacks.textContent = view.written ? "" : missing.length ? `Still lacking: ${missing.join(", ")}. Until then .prior is not signed.` : `.prior in Python is ${id.input.value.trim()}${view.form.folder ? `; Write puts it into ${view.form.folder}` : ""}.`;
  }
  const update = (now) => {
    view = now;
    if (now.form.resets !== resets) {
      resets = now.form.resets;
      id.input.value = now.form.id;
      analyst.input.value = now.form.analyst;
      reason.input.value = now.form.reason;
      sent = JSON.stringify(typed());
    }
    node.hidden = !now.steps.length;
    write.hidden = !now.form.folder;
    said.textContent = now.said || (now.written ? `This is ${now.written}.` : "");
    take(yaml, now.yaml, () => { said.textContent = CLIPPED; });
    allow();
  };
  return { node, update };
}

function render({ model, el }) {
  const places = positions(model);
  const send = (message) => { places.flush(true); model.send(message); }; // what was moved before comes before it
  const root = element("div", { class: "fc-panel fc-elicit", role: "group", "aria-label": "Elicitation: drag what was asked and see the density follow" });
  const stop = followTheme(root);
  const title = element("h2"), note = element("p", { class: "fc-small" });
  const bar = element("progress", { "aria-label": "Starting" }), doing = element("span", { class: "fc-small" });
  const progress = element("div", { class: "fc-progress" }, bar, doing);
  const refused = element("p", { class: "fc-failed" }), failed = element("p", { class: "fc-failed", role: "alert", "data-role": "failed" });
  const back = element("button", { type: "button", "data-do": "back", onclick: () => send({ do: "undo" }) }, "Put it back");
  const unmet = element("div", { class: "fc-unmet", role: "alert", "data-role": "refused" }, refused, back);
  const parts = [pictureSection(model, places), fieldsSection(places, send), answerSection(), stepsSection(send), keepSection(send)];
  const [picture, fields, answer, steps, keep] = parts.map((part) => part.node);
  root.append(element("div", { class: "fc-top" }, title, note), element("div", { class: "fc-body" },
    element("div", { class: "fc-left" }, picture, progress, unmet, failed, fields), element("div", { class: "fc-results" }, answer, steps, keep)));
  el.append(root);
  function update() {
    const view = model.get("view");
    if (!view || !view.picture) return;
    title.textContent = view.about;
    note.textContent = view.note;
    root.classList.toggle("fc-waits", view.waits);
    root.classList.toggle("fc-refused", Boolean(view.refused));
    root.dataset.state = view.waits || view.starts ? "waits" : "settled";
    progress.hidden = !view.starts && !view.waits;
    bar.hidden = !view.starts;
    doing.textContent = view.starts || (view.waits ? "Fitting …" : "");
    progress.classList.toggle("fc-brief", !view.starts);
    const words = view.refused ? `Not met, so the prior stays as it was: ${view.refused}` : "";
    if (refused.textContent !== words) refused.textContent = words;
    unmet.hidden = !words;
    failed.textContent = view.failed;
    for (const part of parts) part.update(view);
    places.flush();
  }
  model.on("change:view", update);
  update();
  return () => { model.off("change:view", update); stop(); };
}

export default { render };
