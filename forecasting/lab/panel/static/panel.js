// The page of the panel: it draws the view that Python sends, and sends what was pressed. It decides nothing.
// Texts are set as texts, never as markup. Controls are made once for each question, so that the focus stays where it is.

import { drawn, element, followTheme, fresh, soon, take } from "./parts.js";

const CLIPPED = "The browser does not let the panel copy: take the text below.";
const WIDE = 36; // characters of a menu's entry from which on it gets a line of its own

// the entries of a menu, those of a group together under its name
function optionsOf(options) {
  const found = [], groups = new Map();
  options.forEach(({ label, group }, at) => {
    const option = element("option", { value: at }, label);
    if (!group) { found.push(option); return; }
    if (!groups.has(group)) {
      groups.set(group, element("optgroup", { label: group }));
      found.push(groups.get(group));
    }
    groups.get(group).append(option);
  });
  return found;
}

// one control: a menu or a slider, with its label and what it was
function controlOf(card, control, send) {
  const id = fresh();
  const value = element("span", { class: "fc-value" });
  const was = element("span", { class: "fc-was fc-small", id: `${id}-was` });
  const message = { do: "set", record: card.id, field: control.field };
  let input;
  if (control.options) {
    input = element("select", { id, onchange: () => send({ ...message, at: Number(input.value) }) }, ...optionsOf(control.options));
  } else {
    const move = soon(() => send({ ...message, value: Number(input.value) }));
    input = element("input", { id, type: "range", min: control.low, max: control.high, step: control.step, oninput: move });
  }
  input.setAttribute("aria-describedby", `${id}-was`);
  input.dataset.record = card.id;
  input.dataset.field = control.field;
  const update = (now) => {
    if (now.options) input.value = String(now.at);
    else if (document.activeElement !== input || Number(input.value) !== now.value) input.value = String(now.value);
    if (!now.options) input.setAttribute("aria-valuetext", now.shown);
    value.textContent = now.options ? "" : now.shown;
    was.textContent = now.changed ? `was: ${now.was}` : "";
  };
  const label = element("label", { for: id }, control.label, value);
  const wide = (control.options || []).some((option) => option.label.length > WIDE);
  return { node: element("div", wide ? { class: "fc-wide" } : {}, label, input, was), update };
}

function cardOf(card, send) {
  const controls = card.controls.map((control) => controlOf(card, control, send));
  const code = card.code ? element("span", { class: "fc-code" }, ` (${card.code})`) : null;
  const note = element("span", { class: "fc-small" }, card.note, code);
  const moves = element("span", { class: "fc-small", "data-role": "moves" });
  const summary = element("summary", {}, element("span", {}, card.title, note, moves));
  const inside = element("div", { class: "fc-controls" }, ...controls.map((control) => control.node));
  const about = card.about ? element("p", { class: "fc-small fc-about" }, card.about) : null;
  const node = element("details", {}, summary, about || "", inside);
  const update = (now) => {
    now.controls.forEach((control, n) => controls[n].update(control));
    node.classList.toggle("fc-changed", now.controls.some((control) => control.changed));
    moves.textContent = now.moves; // of counts and history it comes later than the rest
  };
  node.dataset.words = `${card.title} ${card.note} ${card.code} ${card.about}`.toLowerCase();
  return { node, update };
}

function records(send) {
  const list = element("div", { class: "fc-list", tabindex: "0", role: "region", "aria-label": "Records behind the question" });
  const search = element("input", { id: fresh(), type: "search", placeholder: "words of a record", oninput: () => filter() });
  const none = element("p", { class: "fc-small", hidden: true }, "No record has these words.");
  let asked = "", cards = [];
  function filter() {
    const words = search.value.trim().toLowerCase();
    for (const card of cards) card.node.hidden = !card.node.dataset.words.includes(words);
    for (const head of list.querySelectorAll(".fc-group")) {
      const own = cards.filter((card) => card.node.dataset.group === head.dataset.group);
      const shown = own.filter((card) => !card.node.hidden).length;
      head.hidden = !shown;
      head.textContent = `${head.dataset.title} (${shown === own.length ? shown : `${shown} of ${own.length}`})`;
    }
    none.hidden = cards.some((card) => !card.node.hidden);
  }
  function update(view) {
    if (asked !== view.question) {
      asked = view.question;
      const wasOpen = new Set(cards.filter((card) => card.node.open).map((card) => card.node.dataset.id));
      cards = [];
      list.replaceChildren();
      for (const [group, title] of Object.entries(view.groups)) {
        const own = view.cards.filter((card) => card.group === group);
        if (!own.length) continue;
        const head = element("h3", { class: "fc-group" });
        head.dataset.group = group;
        head.dataset.title = title;
        list.append(head);
        for (const card of own) {
          const built = cardOf(card, send);
          built.node.dataset.group = group;
          built.node.dataset.id = card.id;
          built.node.open = wasOpen.has(card.id);
          cards.push(built);
          list.append(built.node);
        }
      }
      if (cards.length && !cards.some((card) => card.node.open)) cards[0].node.open = true;
      list.append(none);
      filter();
    }
    const byId = new Map(view.cards.map((card) => [card.id, card]));
    for (const card of cards) card.update(byId.get(card.node.dataset.id));
  }
  const label = element("label", { for: search.id }, "Find a record");
  return { node: element("div", { class: "fc-records" }, element("h2", {}, "Records behind it"), label, search, list), update };
}

function answerOf(view) {
  const { outcomes } = view.answer;
  if (outcomes.length === 1) {
    const [one] = outcomes;
    return element("div", {},
      element("div", { class: "fc-numbers" },
        element("span", { class: "fc-number", "data-role": "answer" }, one.p), element("span", { class: "fc-word" }, one.words),
        one.points ? element("span", { class: "fc-change", "data-role": "change" }, `${one.points} points, was ${one.before}`)
          : view.edits.length && !view.waits ? element("span", { class: "fc-small" }, "no noticeable change") : null),
      element("p", { class: "fc-small" }, `90 % interval ${one.interval}; ${view.answer.deadline}`));
  }
  const rows = outcomes.map((one) => element("tr", {},
    element("td", {}, one.title), element("td", { "data-role": "answer" }, one.p), element("td", {}, one.interval),
    element("td", {}, one.before), element("td", { class: "fc-change" }, one.points)));
  const heads = ["Outcome", "Now", "90 % interval", "Was", "Points"].map((head) => element("th", { scope: "col" }, head));
  const table = element("table", { class: "fc-big" }, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows));
  return view.answer.void ? element("div", {}, table, element("p", { class: "fc-small" }, view.answer.void)) : table;
}

function curveOf(curve) {
  const svg = drawn("svg", { viewBox: `0 0 ${curve.width} ${curve.height}`, role: "img", "aria-label": curve.alt });
  for (const tick of curve.y_ticks) {
    svg.append(drawn("path", { class: "fc-axis", d: `M${curve.left} ${tick.y}H${curve.right}` }));
    svg.append(drawn("text", { x: curve.left - 8, y: tick.y + 4, "text-anchor": "end" }, tick.text));
  }
  curve.x_ticks.forEach((tick, n) => {
    const end = n === 0 ? "start" : n === curve.x_ticks.length - 1 ? "end" : "middle";
    svg.append(drawn("text", { x: tick.x, y: curve.bottom + 20, "text-anchor": end }, tick.text));
  });
  svg.append(drawn("path", { class: "fc-band", d: curve.band }));
  if (curve.changed) svg.append(drawn("path", { class: "fc-before", d: curve.before }));
  svg.append(drawn("path", { class: "fc-after", d: curve.after }));
  return svg;
}

function curveSection(send) {
  const pick = element("select", { id: fresh(), onchange: () => send({ do: "curve", event: pick.value }) });
  const label = element("label", { for: pick.id }, "Curve of");
  const chooser = element("div", {}, label, pick);
  const place = element("div"), key = element("p", { class: "fc-small" });
  const head = element("h3"), words = element("p", { class: "fc-small" });
  const update = (view) => {
    chooser.hidden = view.events.length < 2;
    pick.replaceChildren(...view.events.map((event) => element("option", { value: event.id }, event.title)));
    pick.value = view.event;
    head.textContent = view.curve.title;
    words.textContent = view.curve.words;
    place.replaceChildren(curveOf(view.curve));
    key.replaceChildren(...(view.curve.changed
      ? [element("span", { class: "fc-key" }), "with the changes", element("span", { class: "fc-key fc-key-before" }), "as the fit has it"]
      : [element("span", { class: "fc-key" }), "as the fit has it"]));
  };
  return { node: element("section", {}, head, words, chooser, place, key), update };
}

function tableSection() {
  const place = element("div");
  const update = (view) => {
    if (!view.edits.length) { place.replaceChildren(element("p", { class: "fc-small" }, "They are listed here once something is changed.")); return; }
    if (!view.table.length) {
      place.replaceChildren(element("p", { class: "fc-small" }, view.waits ? "…" : "No other answer moves noticeably."));
      return;
    }
    const rows = view.table.map((row) => element("tr", {},
      element("td", {}, row.outcome ? `${row.title.replace(/\?$/, "")}: ${row.outcome}` : row.title),
      element("td", {}, row.before), element("td", {}, row.after), element("td", { class: "fc-change" }, row.change)));
    const heads = ["Question", "Was", "Now", "Points"].map((head) => element("th", { scope: "col" }, head));
    place.replaceChildren(element("table", {}, element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows)));
  };
  return { node: element("section", {}, element("h3", {}, "Other answers that move"), place), update };
}

function changesSection(send) {
  const list = element("ol"), none = element("p", { class: "fc-small" });
  const reason = element("textarea", { id: fresh(), rows: 2, oninput: () => { reasonFor = unwritten; allow(); }, "aria-required": "true" });
  const copy = element("button", { type: "button", "data-do": "yaml", onclick: () => send({ do: "yaml", reason: reason.value }) }, "Copy as YAML");
  const write = element("button", { type: "button", "data-do": "write", onclick: () => writeNow() }, "Write to priors");
  const clear = element("button", { type: "button", class: "fc-quiet", "data-do": "clear", onclick: () => send({ do: "clear" }) }, "Undo all");
  const yaml = element("pre", { tabindex: "0", hidden: true, "aria-label": "The changes as YAML" });
  const back = element("ul", { class: "fc-back", "aria-live": "polite", "aria-label": "Taken back here, but still in the files" });
  const said = element("p", { role: "status" }), failed = element("p", { class: "fc-failed", role: "alert" });
  const form = element("div", {},
    element("label", { for: reason.id, class: "fc-reason" }, "Reason (required to keep them)"), reason,
    element("div", { class: "fc-actions" }, copy, write, clear));
  let fewest = 1, unwritten = [], reasonFor = [], writes = 0, writing = false;
  function allow() {
    const lacking = reason.value.trim().split(/\s+/).filter(Boolean).length < fewest;
    copy.disabled = lacking;
    write.disabled = lacking || writing || !unwritten.length;
  }
  function writeNow() {
    writing = true;
    said.textContent = "Writing …";
    failed.textContent = "";
    yaml.hidden = true;
    allow();
    send({ do: "write", reason: reason.value });
  }
  const update = (view) => {
    const wrote = view.writes !== writes && !view.failed;
    if (view.writes !== writes) writing = false;
    writes = view.writes;
    unwritten = view.unwritten;
    // a reason is for the changes that were there when it was written: once all are undone or written, the next needs its own;
    // one that was begun when all was written is for a copy, and stays
    const over = reasonFor.length > 0 && !reasonFor.some((one) => unwritten.includes(one));
    if (wrote || over) { reason.value = ""; reasonFor = []; }
    none.textContent = view.edits.length || view.taken_back.length ? "" : "Open a record and move a control. Every change is listed here, with what it moved.";
    list.replaceChildren(...view.edits.map((edit, index) => element("li", {},
      element("div", {}, edit.title, element("div", { class: "fc-small" },
        `${edit.label}: ${edit.old} becomes ${edit.new}; `, element("span", { class: /\d/.test(edit.moved) ? "fc-change" : "" }, edit.moved),
        edit.kept ? `; ${edit.kept}` : "")),
      element("button", { type: "button", "data-do": "undo", "aria-label": `Undo: ${edit.label} of ${edit.title}`,
        onclick: () => send({ do: "undo", index }) }, "Undo"))));
    if (back.textContent !== view.taken_back.join("")) back.replaceChildren(...view.taken_back.map((words) => element("li", {}, words)));
    back.hidden = !view.taken_back.length;
    form.hidden = !view.edits.length && !unwritten.length;
    copy.hidden = clear.hidden = !view.edits.length;
    write.hidden = !view.may_write;
    write.textContent = view.taken_back.length && view.taken_back.length === unwritten.length ? "Write back to priors" : "Write to priors";
    said.textContent = writing ? "Writing …" : view.said;
    failed.textContent = view.failed;
    take(yaml, writing ? "" : view.yaml, () => { said.textContent = CLIPPED; });
    fewest = view.fewest_words;
    allow();
  };
  const node = element("section", {}, element("h3", {}, "Changes"), none, list, back, form, said, failed, yaml);
  return { node, update };
}

function render({ model, el }) {
  const send = (message) => model.send(message);
  const root = element("div", { class: "fc-panel", role: "group", "aria-label": "Live panel: change a record and see the answers move" });
  const stop = followTheme(root);
  const pick = element("select", { id: fresh(), "data-role": "question", onchange: () => send({ do: "ask", question: pick.value }) });
  const about = element("p", { class: "fc-small" });
  const warning = element("p", { class: "fc-warning", role: "alert", hidden: true });
  const head = element("div", { class: "fc-head" },
    element("div", { class: "fc-pick" }, element("label", { for: pick.id }, "Question"), pick), about);
  const title = element("h2"), answer = element("div", { "aria-live": "polite" });
  const bar = element("progress", { "aria-label": "Fitting anew" }), doing = element("span", { class: "fc-small" });
  const cancel = element("button", { type: "button", "data-do": "cancel", onclick: () => send({ do: "cancel" }) }, "Cancel");
  const progress = element("div", { class: "fc-progress" }, bar, doing, cancel);
  const found = element("p", { class: "fc-small", "data-role": "found" });
  const parts = [curveSection(send), changesSection(send), tableSection()], list = records(send);
  const results = element("div", { class: "fc-results" }, element("section", {}, title, answer, progress, found), ...parts.map((part) => part.node));
  root.append(head, warning, element("div", { class: "fc-body" }, list.node, results));
  el.append(root);
  let asked = [];
  function update() {
    const view = model.get("view");
    if (!view || !view.answer) return;
    const known = view.questions.map((question) => question.id);
    if (asked.join() !== known.join()) {
      asked = known;
      pick.replaceChildren(...view.questions.map((question) => element("option", { value: question.id }, question.title)));
    }
    pick.value = view.question;
    about.textContent = `${view.title}, ${view.as_of} (${view.edition}); ${view.gate}`;
    warning.hidden = !view.warning;
    warning.textContent = view.warning;
    title.textContent = view.answer.title;
    answer.replaceChildren(answerOf(view));
    root.classList.toggle("fc-waits", view.waits);
    root.dataset.state = view.waits ? "waits" : "settled";
    progress.hidden = !view.refits;
    doing.textContent = view.refits;
    found.textContent = view.found;
    found.hidden = Boolean(view.refits);
    list.update(view);
    for (const part of parts) part.update(view);
  }
  model.on("change:view", update);
  update();
  return () => { model.off("change:view", update); stop(); };
}

export default { render };
