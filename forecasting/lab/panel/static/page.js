// The panel as a page: the same module as in JupyterLab, with a WebSocket in the place of a kernel.

import panel from "./panel.js";

const state = document.getElementById("state");
const socket = new WebSocket(new URL("live", location.href).href.replace(/^http/, "ws"));
let view = null, listeners = [], drawn = false;

const model = {
  get: () => view,
  on: (name, act) => listeners.push(act),
  off: (name, act) => { listeners = listeners.filter((one) => one !== act); },
  send: (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); },
};

socket.addEventListener("message", (event) => {
  view = JSON.parse(event.data);
  if (!drawn) {
    drawn = true;
    state.textContent = "";
    panel.render({ model, el: document.getElementById("panel") });
  }
  for (const act of listeners) act();
});
socket.addEventListener("close", (event) => {
  state.textContent = event.reason || "The panel has ended. Have it started again, and open the new address.";
});
