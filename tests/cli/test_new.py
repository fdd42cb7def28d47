"""The commands for coding an article, as an analyst types them: `forecast suggest` and `forecast new`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from builders import write_dossier
from rich.console import Console
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.coding.library import fits, own_classes
from forecasting.coding.texts.limits import LIMITS
from forecasting.dossier.anchors import find_quote
from forecasting.dossier.library.search import classes_by_words
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import parse_yaml

ARTICLE = (
    "Grain Pact in Doubt\n\n"
    "The pact may lapse unless a donor pays, Amara Ode said. Coffee is cheap.\n"
    "Keyra will probably keep its 2,000 soldiers in the port until June 2031.\n"
)


KINDS = ("source", "claim", "event", "question", "effect", "driver", "edition", "class", "history", "wording")


def forecast(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    return write_dossier(tmp_path, project_dir)


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_proposals_are_records_that_parse_with_anchors_that_hold(article: Path, tmp_path: Path, root: Path):
    out = tmp_path / "proposals.yaml"
    result = forecast("suggest", article, "--source", "gazette", "--out", out, "--priors", root)
    assert result.exit_code == 0, result.output
    first, second = parse_yaml(out, "proposals.yaml").value
    quote = "Keyra will probably keep its 2,000 soldiers in the port until June 2031."
    anchor = find_quote(ARTICLE, quote).anchor
    assert first["anchor"] == anchor.model_dump()
    assert (first["id"], second["id"], first["source"]) == ("g-001", "g-002", "gazette")
    assert (second["speaker"], second["wording"], second["lexicon"]) == ("Amara Ode", "may", None)
    assert (first["speaker"], first["origin"]) == ("author", "gazette")
    assert all(first[name] is None for name in ("paraphrase", "kind", "direction", "reliability", "credibility", "made_on"))
    assert "dates 2031-06; numbers 2,000 soldiers" in out.read_text("utf-8")


def test_no_sentence_of_the_article_gets_into_the_records(article: Path, root: Path):
    result = forecast("suggest", article, "--priors", root)
    words = ARTICLE.casefold().split()
    runs = {" ".join(words[n : n + 4]) for n in range(len(words) - 3)}
    assert not [run for run in runs if run in result.stdout.casefold()]
    assert "The pact may lapse unless a donor pays, Amara Ode said." in result.stderr


def test_a_terminal_shows_the_sentences_and_the_records_only_when_asked(article: Path, root: Path, monkeypatch):
    shown = Console(force_terminal=True, file=io.StringIO(), width=200)
    monkeypatch.setattr("forecasting.cli.suggest.out", shown)
    result = forecast("suggest", article, "--priors", root)
    assert "The pact may lapse" in result.stderr
    assert "anchor:" not in shown.file.getvalue()
    assert "--yaml" in shown.file.getvalue()
    forecast("suggest", article, "--yaml", "--priors", root)
    assert "anchor:" in shown.file.getvalue()


def test_a_new_event_finds_the_projects_own_classes_and_says_where_nothing_fits(tmp_path: Path, project_dir: Path):
    own = project_dir / "priors"
    assert "peacekeeping-mission" in [one.id for one in own_classes(own, "The KFOR mission is ended")]
    assert own_classes(tmp_path / "nowhere", "The KFOR mission is ended") == []
    for title, expected in {"The two states fight at the border": True, "The government opens the main bridge": False}.items():
        assert fits(classes_by_words(title, 3, "year"), title) is expected


def test_a_proposal_copied_into_the_dossier_is_refused_until_every_field_is_filled(article: Path, root: Path):
    assert forecast("new", "source", "--id", "gazette", "--text", article, "--priors", root).exit_code == 0
    result = forecast("suggest", article, "--source", "gazette", "--out", root / "claims/gazette.yaml", "--priors", root)
    assert result.exit_code == 0
    checked = forecast("check", "--priors", root)
    assert checked.exit_code == 2
    (line,) = [line for line in checked.stdout.splitlines() if "claim g-001: " in line]
    assert line.startswith("priors/claims/gazette.yaml:")
    for name in ("paraphrase", "kind", "made_on", "reliability", "credibility"):
        assert f"{name} (line " in line
    assert not [ident for ident in read_dossier(root)[0].claims if ident.startswith("g-")]


def test_sentences_that_the_sources_claims_cover_are_left_out(root: Path):
    # of the three sentences of the ferry article the first is coded as n-001, the second as n-002; the third scores 4
    result = forecast("suggest", root.parent / "texts/ferry.txt", "--source", "norland-times", "--priors", root)
    assert result.exit_code == 0
    assert "covered by claims of the source" in result.stderr
    assert "- id:" not in result.stdout


def test_the_text_of_another_source_is_refused(article: Path, root: Path):
    result = forecast("suggest", article, "--source", "norland-times", "--priors", root)
    assert result.exit_code == 2
    assert "is not the text of norland-times" in result.stderr


def test_a_source_that_is_not_there_is_pointed_out_and_an_unfinished_one_is_not(article: Path, root: Path):
    result = forecast("suggest", article, "--source", "norland-tims", "--priors", root)
    assert result.exit_code == 0
    said = " ".join(result.stderr.split())
    assert "no source 'norland-tims'" in said
    assert "did you mean 'norland-times'?; or begin it: forecast new source --id norland-tims --text" in said
    assert forecast("new", "source", "--id", "norland-tims", "--priors", root).exit_code == 0
    assert "no source" not in forecast("suggest", article, "--source", "norland-tims", "--priors", root).stderr


def test_a_wording_that_is_turned_around_is_left_out_of_the_record_with_the_reason(tmp_path: Path, root: Path):
    (tmp_path / "denial.txt").write_text("The minister denied that troops will leave before the elections.\n", "utf-8")
    result = forecast("suggest", tmp_path / "denial.txt", "--priors", root)
    why = "'will' stands under 'denied', so it is not what the sentence says"
    assert f"  # wording: {why}; at most eight words, and\n" in result.stdout
    assert "\n  wording:" not in result.stdout
    assert "wording: 'will' stands under 'denied'" in " ".join(result.stderr.split())


def test_a_limit_shows_the_best_and_counts_the_rest(article: Path, root: Path):
    result = forecast("suggest", article, "--limit", 1, "--priors", root)
    assert result.stdout.count("- id:") == 1
    assert "1 more with lower scores" in result.stderr


def test_a_file_that_is_there_is_kept_unless_forced(article: Path, tmp_path: Path, root: Path):
    out = tmp_path / "kept.yaml"
    out.write_text("mine\n", "utf-8")
    result = forecast("suggest", article, "--out", out, "--priors", root)
    assert (result.exit_code, out.read_text("utf-8")) == (2, "mine\n")
    assert "exists already; name another file, or write over it with --force" in result.stderr
    assert forecast("suggest", article, "--out", out, "--force", "--priors", root).exit_code == 0
    assert "- id: new-001" in out.read_text("utf-8")
    assert forecast("suggest", article, "--out", tmp_path, "--priors", root).exit_code == 2
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_an_article_without_claims_is_said_to_have_none(tmp_path: Path, root: Path):
    (tmp_path / "dull.txt").write_text("A Headline\n\nThe river bends there. Coffee and bread were sold at the inn.\n", "utf-8")
    result = forecast("suggest", tmp_path / "dull.txt", "--priors", root)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no claims found" in result.stderr


def test_a_text_in_another_language_is_pointed_out(tmp_path: Path, root: Path):
    (tmp_path / "fr.txt").write_text("Le port sera probablement fermé si aucun accord ne se fait cette année.\n", "utf-8")
    assert "does not read like English" in forecast("suggest", tmp_path / "fr.txt", "--priors", root).stderr


BAD = {
    "empty": (b"", "an empty text"),
    "blank": (b" \n\n", "an empty text"),
    "Latin-1": ("Café may close.".encode("latin-1"), "byte 0xe9 is not UTF-8, perhaps Latin-1"),
    "UTF-16": ("The port may close.".encode("utf-16"), "UTF-16 text"),
    "UTF-16 without a mark": ("The port may close.".encode("utf-16-le"), "binary data, or UTF-16 text"),
    "binary": (b"abc\0\1\2", "binary data"),
    "a PDF renamed": (b"%PDF-1.7\n...", "a PDF, but the file's name ends with"),
    "a million and more": (b"The port may close. " * 60_000, "1,200,000 code points is no article"),
    "over 50 MB": (b"a" * (LIMITS.n_bytes + 1), "50,000,001 bytes, too long for an article"),
}


@pytest.mark.parametrize(("content", "found"), BAD.values(), ids=BAD.keys())
def test_what_is_no_article_is_named_and_nothing_is_written(content: bytes, found: str, tmp_path: Path, root: Path):
    path, out = tmp_path / "bad.txt", tmp_path / "out.yaml"
    path.write_bytes(content)
    result = forecast("suggest", path, "--out", out, "--priors", root)
    assert (result.exit_code, result.stdout, out.exists()) == (2, "", False)
    assert found in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path, root: Path):
    assert "no such file" in forecast("suggest", tmp_path / "none.txt", "--priors", root).stderr
    result = forecast("suggest", tmp_path, "--priors", root)
    assert (result.exit_code, "a folder, not a file" in result.stderr) == (2, True)


def test_control_characters_of_an_article_do_not_reach_the_terminal_or_the_records(tmp_path: Path, root: Path):
    (tmp_path / "odd.txt").write_text("Amara\x1b[31m Ode said \u202ethe port may close unless aid comes.\n", "utf-8")
    result = forecast("suggest", tmp_path / "odd.txt", "--priors", root)
    assert result.exit_code == 0
    assert not {"\x1b", "\u202e"} & set(result.output)
    assert "\\u202e" in result.stderr


def test_suggest_works_without_a_dossier(article: Path, tmp_path: Path):
    result = forecast("suggest", article, "--priors", tmp_path / "none")
    assert (result.exit_code, result.stdout.count("- id: new-")) == (0, 2)


def test_a_malformed_source_id_is_refused(article: Path, root: Path):
    result = forecast("suggest", article, "--source", "../x", "--priors", root)
    assert (result.exit_code, "lower-case letters" in result.stderr) == (2, True)


def test_new_says_where_it_wrote_and_what_comes_next(root: Path):
    text = root.parent / "texts/ferry.txt"
    made = {
        "source": forecast("new", "source", "--id", "post", "--text", text, "--priors", root),
        "claim": forecast(
            "new", "claim", "--source", "norland-times", "--quote", "Observers say", "--text", text, "--priors", root
        ),
        "event": forecast("new", "event", "--id", "bridge-built", "--theme", "ferry", "--priors", root),
        "question": forecast("new", "question", "--id", "bridge-2025", "--theme", "bridge", "--form", "stages", "--priors", root),
    }
    for kind, place in {
        "source": "sources/post.yaml:1  begun: post",
        "claim": "begun: n-004",
        "question": "bridge.yaml:1",
    }.items():
        assert made[kind].exit_code == 0
        assert place in made[kind].stdout
    assert "'resolution.counts' is still to be filled in; write resolution.counts: …" in made["event"].stdout
    assert "looks like a judgement; wording: unlikely; says: Observers" in made["claim"].stdout
    assert "'direction' is still to be filled in" in made["claim"].stdout
    assert all(result.stdout.endswith("then: forecast check\n") for result in made.values())
    assert forecast("check", "--priors", root).exit_code == 2


def test_new_begins_every_other_kind_where_the_readers_look_for_it(root: Path):
    for kind, words, place in (
        ("effect", ["--from", "toll-raised", "--to", "pact-signed"], "effects.yaml"),
        ("driver", ["--id", "harbour-trade"], "effects.yaml"),
        ("edition", ["--id", "2024-08-ferry"], "editions/2024-08-ferry.yaml:1"),
        ("class", ["--id", "bridges"], "reference_classes.csv"),
        ("history", ["--event", "toll-raised", "--what", "survived", "--on", "2024-06-30"], "history.csv"),
    ):
        result = forecast("new", kind, *words, "--priors", root)
        assert result.exit_code == 0, result.output
        assert place in result.stdout
        assert "is still to be filled in; write" in result.stdout
        assert f"[{'reference_class' if kind == 'class' else kind}-fields]" in forecast("check", "--priors", root).stdout


def test_the_id_of_the_first_claim_is_the_same_from_suggest_and_from_new(article: Path, root: Path):
    assert forecast("new", "source", "--id", "reporter-2031", "--text", article, "--priors", root).exit_code == 0
    proposed = forecast("suggest", article, "--source", "reporter-2031", "--priors", root).stdout
    begun = forecast("new", "claim", "--source", "reporter-2031", "--priors", root).stdout
    assert "- id: r-001\n" in proposed
    assert "begun: r-001\n" in begun


def test_what_a_check_finds_is_its_result_and_goes_to_standard_output(root: Path):
    (root / "claims/old.yml").write_text("- id: x\n", "utf-8")
    found = forecast("check", "--priors", root)
    assert (found.exit_code, found.stderr) == (2, "")
    assert found.stdout.splitlines()[0] == "priors/claims/old.yml  this file is not read"
    assert "[file-place]" in found.stdout
    assert "1 failure; the rules run once every file is in its place" in found.stdout
    # of a list it is no part, and a call that cannot be answered has no result
    listed = forecast("check", "--list", "claims", "--priors", root)
    assert (listed.exit_code, listed.stdout, "[file-place]" in listed.stderr) == (2, "", True)
    absent = forecast("check", "--priors", root / "nowhere")
    assert (absent.exit_code, absent.stdout, "no folder" in absent.stderr) == (2, "", True)


def test_the_empty_fields_of_a_record_take_one_line_and_a_single_one_says_what_to_write(root: Path):
    begin = ["new", "event", "--id", "bridge-built", "--theme", "ferry", "--priors", root]
    assert forecast(*begin).exit_code == 0
    found = forecast("check", "--priors", root).stdout
    assert found.count("[event-fields]") == 1
    assert "event bridge-built: 10 fields are still to be filled in: title (line " in found
    assert "1 failure" in found
    path = root / "sources/norland-times.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(text[text.index("kind:") :].splitlines()[0], "kind:"), "utf-8")
    found = forecast("check", "--priors", root).stdout
    assert "source norland-times: 'kind' is still to be filled in\n  write one of" in found


def test_new_refuses_with_exit_code_2_and_writes_nothing(root: Path):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for words in (
        ["source", "--id", "N-001"],
        ["event", "--id", "../x", "--theme", "ferry"],
        ["question", "--id", "toll-raised", "--theme", "t"],
        ["claim", "--source", "nobody"],
        ["claim", "--source", "norland-times", "--quote", "x"],
        ["effect", "--from", "toll-raised", "--to", "nowhere"],
        ["effect", "--from", "toll-raised", "--to", "pact-signed", "--id", "n-001"],
        ["effect", "--from", "toll-raised", "--to", "pact-signed", "--theme", "../x"],
        ["edition", "--id", "2024-07-ferry"],
        ["class", "--id", "pacts-signed"],
        ["class", "--id", "../x"],
        ["history", "--event", "nowhere"],
        ["history", "--event", "toll-raised", "--on", "30.6.2024"],
    ):
        result = forecast("new", *words, "--priors", root)
        assert (result.exit_code, "Traceback" in result.output) == (2, False), words
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_every_command_shows_an_example():
    for words in (["suggest"], *(["new", kind] for kind in KINDS)):
        shown = forecast(*words, "--help").output
        assert "Example: forecast" in shown.replace("\n", " "), words
