"""The live panel: change a record behind a question and see the answers move, in JupyterLab or as a page."""
