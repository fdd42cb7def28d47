"""Nothing that a text field holds may become part of the page: it is shown, literally, everywhere."""

from __future__ import annotations

import pytest
from builders import write_dossier
from page import Page
from poison import PAYLOADS, poison

from forecasting.dossier.load import read_dossier
from forecasting.report.formatting import visible
from forecasting.report.render import render_report

ELEMENTS = {
    "html", "head", "meta", "title", "link", "style", "body", "header", "main", "nav", "section", "article", "div",
    "h1", "h2", "h3", "h4", "h5", "p", "a", "b", "em", "strong", "small", "span", "bdi", "cite", "code", "ul", "ol", "li",
    "dl", "dt", "dd", "figure", "figcaption", "svg", "path", "text", "table", "thead", "tbody", "tr", "th", "td",
    "details", "summary", "caption",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "title", "charset", "http-equiv", "content", "name", "rel", "href", "id", "class", "colspan", "scope", "data-label",
    "aria-label", "role", "style", "viewbox", "d", "x", "y", "fill", "fill-opacity", "stroke", "stroke-width",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "font-size", "font-weight", "text-anchor",
}  # fmt: skip


ASSUMED = {
    "assumptions.yaml": "- {id: a-001, statement: So it is., held_by: analyst, why: So it was., would_change: A proof.,\n"
    "   holds: {p: {occurs: pact-signed}, by: 2025-06-30, at_least: 0.5}}\n"
}


@pytest.fixture(scope="module")
def edition(tmp_path_factory, project_dir):
    dossier, failures = read_dossier(write_dossier(tmp_path_factory.mktemp("ferry"), project_dir, ASSUMED))
    assert not failures
    return dossier.edition("2024-07-ferry")


@pytest.fixture(scope="module")
def plain(edition):
    return Page(render_report(*poison(edition, ["plain words"])))


def hold_harmless(page: Page) -> None:
    assert {element.tag for element in page.elements} <= ELEMENTS
    assert {name for element in page.elements for name in element.attributes} <= ATTRIBUTES
    for element in page.all("a"):
        assert element.attributes["href"].startswith(("#", "http://", "https://"))
        assert element.attributes["href"].startswith("#") or "noopener" in element.attributes["rel"]
    assert [element.attributes for element in page.all("link")] == [{"rel": "icon", "href": "data:,"}]
    for element in page.elements:
        assert "url(" not in element.attributes.get("style", "")
    styles = "".join(element.text for element in page.all("style"))
    assert "url(" not in styles
    assert "@import" not in styles


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_text_field_is_shown_literally_and_changes_nothing_else(edition, plain, payload):
    html = render_report(*poison(edition, [payload]))
    page = Page(html)
    hold_harmless(page)
    assert page.shape() == plain.shape()
    shown = page.text().casefold()
    if not payload.startswith("https:"):
        assert shown.count(" ".join(visible(payload).split()).casefold()) > 40
    assert "<script" not in html.casefold()
    assert not set("\u202e\u2066\u200b\ufeff") & set(html)


def test_all_payloads_at_once_stay_harmless(edition):
    page = Page(render_report(*poison(edition, PAYLOADS)))
    hold_harmless(page)


def test_a_fault_in_escaping_would_be_found(edition, plain, monkeypatch):
    from markupsafe import Markup

    from forecasting.report import environment

    monkeypatch.setattr(environment, "_shown", Markup)
    environment.environment.cache_clear()
    try:
        page = Page(render_report(*poison(edition, ["<b onclick=alert(1)>x</b>"])))
    finally:
        environment.environment.cache_clear()
    assert page.shape() != plain.shape()


def test_the_page_forbids_scripts_and_requests_in_its_own_policy(plain):
    policy = next(m.attributes["content"] for m in plain.all("meta") if "http-equiv" in m.attributes)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
