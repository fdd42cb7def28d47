"""Notebooks for one edition: parameters are injected, what is not meant for it is left out, pages run nothing."""

from __future__ import annotations

import nbformat
import pytest
from toy import EDITION, toy_edition

from forecasting.errors import ForecastingError, UsageError
from forecasting.lab.notebooks.for_edition import parameters_of, why_not, with_parameters, write_notebooks
from forecasting.lab.notebooks.page import notebook_html


def notebook(*sources, tags=("parameters", "editions:any"), title="# A notebook"):
    cells = [nbformat.v4.new_markdown_cell(title), nbformat.v4.new_code_cell(sources[0], metadata={"tags": list(tags)})]
    return nbformat.v4.new_notebook(cells=[*cells, *(nbformat.v4.new_code_cell(source) for source in sources[1:])])


def write(folder, **notebooks):
    folder.mkdir()
    for name, made in notebooks.items():
        nbformat.write(made, folder / f"{name}.ipynb")
    return folder


def test_a_notebook_runs_with_the_edition_and_is_written_twice(tmp_path):
    folder = write(tmp_path / "notebooks", one=notebook("EDITION = 'other'\nTHEME = ''", "print(EDITION, THEME)"))
    before = (folder / "one.ipynb").read_bytes()
    said = []
    found = write_notebooks(
        toy_edition(), folder, tmp_path / "out", values={"THEME": "Gas"}, progress=lambda *news: said.append(news)
    )
    assert found.paths == (tmp_path / "out" / "one.html",)
    ran = nbformat.read(tmp_path / "out" / "one.ipynb", as_version=4)
    assert ran.cells[2].source == f"EDITION = '{EDITION}'\nTHEME = 'Gas'"
    assert ran.cells[3].outputs[0].text == f"{EDITION} Gas\n"
    assert f"<pre>{EDITION} Gas\n</pre>" in found.paths[0].read_text("utf-8")
    assert (folder / "one.ipynb").read_bytes() == before
    assert ("one", "done", 1.0) in said


@pytest.mark.parametrize(
    ("tag", "why"),
    [
        ("editions:any", ""), (f"editions:{EDITION}", ""), ("editions:counts", "the edition asks nothing about counts"),
        ("other", "it takes no edition (no cell has the tags parameters and editions:any)"),
    ],
)  # fmt: skip
def test_a_tag_says_which_editions_a_notebook_is_meant_for(tag, why):
    assert why_not(notebook("EDITION = ''", tags=("parameters", tag)), toy_edition()) == why


def test_what_is_not_meant_for_it_is_named_and_left_out(tmp_path):
    meant, other = notebook("EDITION = ''"), notebook("1 / 0", tags=("parameters", "editions:counts"))
    found = write_notebooks(toy_edition(), write(tmp_path / "notebooks", a=meant, b=other), tmp_path / "out")
    assert [path.name for path in found.paths] == ["a.html"]
    assert found.left == {"b": "the edition asks nothing about counts"}


def test_what_cannot_be_done_is_said_before_anything_runs(tmp_path):
    folder = write(tmp_path / "notebooks", a=notebook("EDITION = ''\n", "raise SystemExit"), b=notebook("X = 1", tags=()))
    for asked, message in [
        ({"only": "03"}, "no notebook '03'"), ({"only": "b"}, "b: it takes no edition"),
        ({"values": {"EDITON": "x"}}, "no notebook has the parameter EDITON; did you mean 'EDITION'?"),
    ]:  # fmt: skip
        with pytest.raises(UsageError, match=message.replace("?", r"\?")):
            write_notebooks(toy_edition(), folder, tmp_path / "out", **asked)
    assert not (tmp_path / "out").exists()


def test_a_cell_that_fails_leaves_no_page(tmp_path):
    folder = write(tmp_path / "notebooks", a=notebook("EDITION = ''", "open(EDITION + 'nowhere')"))
    with pytest.raises(ForecastingError, match=r"a\.ipynb, cell 4 of 4: FileNotFoundError"):
        write_notebooks(toy_edition(), folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_parameters_that_hold_already_are_not_written_again():
    made = notebook("EDITION = 'a'\nMOST = 3")
    assert parameters_of(made) == {"EDITION": "a", "MOST": 3}
    assert with_parameters(made, {"EDITION": "a", "UNKNOWN": 1}) is made


def test_a_page_runs_nothing_and_shows_all_of_it():
    links, table = "[next](02-next.ipynb) [x](javascript:alert(1))", "| a | b |\n|---|---|\n| 1 | 2 |"
    made = notebook("x = '<script>'", title=f"# Title <b>\n\n**45 %** {links}\n\n{table}")
    out = nbformat.v4.new_output
    made.cells[1].outputs = [
        out("stream", name="stdout", text="a < b\n"), out("display_data", {"text/markdown": "**said** <i>"}),
        out("display_data", {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "no"}),
        out("display_data", {"image/png": "aGk=", "text/plain": "A picture"}),
        out("display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Widget()"}),
        out("error", ename="ValueError", evalue="<no>", traceback=[]),
    ]  # fmt: skip
    page = notebook_html(made, ["02-next"])
    assert "<title>Title &lt;b&gt;</title>" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    for part in ("x = &#39;&lt;script&gt;&#39;", "Title &lt;b&gt;</h1>", '<a href="02-next.html">', "<td>2</td>", "a &lt; b",
                 "<strong>said</strong> &lt;i&gt;", "<tr><td>1</td></tr>", 'alt="A picture"', "A live control stands here",
                 "ValueError: &lt;no&gt;", "45\N{NO-BREAK SPACE}%"):  # fmt: skip
        assert part in page, part
    assert 'href="javascript:' not in page
    assert page.index("<details>") < page.index("x = ") < page.index("</details>") < page.index("a &lt; b")
