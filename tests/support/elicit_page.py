"""An elicitation as a page of its own: the widget's module over a session in this process, for tests and for pictures in docs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from forecasting.lab.elicit.session import Session
from forecasting.lab.elicit.widget import SCRIPT, STYLE
from forecasting.lab.parts.assets import script, style

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Elicitation</title><style>{style}
html {{ color-scheme: light dark; background: light-dark(#ffffff, #16191d); }} body {{ margin: 16px; }}</style>
<main><div id="place"></div></main><script type="module">{script}
let view = {view}, listeners = [];
const model = {{
  get: () => view, on: (name, act) => listeners.push(act), off: () => null,
  send: async (message) => {{ view = await window.answer(message); for (const act of listeners) act(); }},
}};
elicitation.render({{ model, el: document.getElementById("place") }});
</script></html>"""


def show(page: Page, session: Session) -> None:
    """Show a session in a page; what is pressed there is answered by it, once it has been fitted."""

    def answer(message: Any) -> dict[str, Any]:
        session.handle(message)
        session.wait()
        return session.view()

    session.wait()
    page.expose_function("answer", answer)
    view = json.dumps(session.view()).replace("<", "\\u003c")
    code = script(SCRIPT).replace("export default", "const elicitation =", 1)
    page.set_content(PAGE.format(style=style(STYLE), script=code, view=view))
    page.locator(".fc-elicit[data-state='settled']").wait_for()
