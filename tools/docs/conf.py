"""Settings of Sphinx for ``make docs``. Nothing is fetched: fonts and scripts come from the theme's own package."""

from __future__ import annotations

from importlib.metadata import version as version_of

project, release = "forecasting", version_of("forecasting")
author = "the forecasting contributors"
copyright = f"{author}, BSD-3-Clause"
extensions = ["sphinx.ext.autodoc", "numpydoc", "myst_parser"]
nitpicky = True

myst_heading_anchors = 3
default_role = "code"
autodoc_typehints = "none"  # Parameters and Returns say types, dims and units
autodoc_member_order = "bysource"
numpydoc_show_class_members = False

html_theme = "pydata_sphinx_theme"
html_show_sphinx = False
html_title = "forecasting"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"show_prev_next": False, "footer_end": []}
