"""A ledger as a Hubverse folder and back: valid against the published schemas, and the same probabilities to the last digit."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from pathlib import Path

import jsonschema
import pytest
import yaml
from builders import write_dossier
from crowd_cases import HUB, HUB_TEXT
from ledgers import DAY, clock, forecast, outcome
from sample_runs import sample_run
from typer.testing import CliRunner

from forecasting.cli.main import app
from forecasting.errors import DossierError, UsageError
from forecasting.exchange.hub_export import hub_files, write_hub
from forecasting.exchange.hub_import import read_hub
from forecasting.exchange.hub_names import exact
from forecasting.exchange.hub_scores import score_hub
from forecasting.exchange.hub_tasks import TYPES
from forecasting.ledger.contracts import status_quo
from forecasting.ledger.issue import Origin, issue_model
from forecasting.ledger.outcomes import outcome_titles
from forecasting.ledger.resolve import settled_by_history
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger, utc_now
from forecasting.rules.load import load_dossier

EDITION, TODAY = "2024-07-ferry", dt.date(2024, 7, 20)
SCHEMAS = {"admin": "admin-schema.json", "tasks": "tasks-schema.json", "target-data": "target-data-schema.json"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Path:
    return write_dossier(tmp_path_factory.mktemp("own"), project_dir)


@pytest.fixture(scope="module")
def edition(root: Path):
    return load_dossier(root).edition(EDITION)


@pytest.fixture
def ledger(edition, tmp_path: Path) -> Path:
    """A ledger with what a run says of three questions, one of them scenarios, and one outcome."""
    now = dt.datetime(2024, 7, 2, tzinfo=dt.UTC)
    origin = Origin("a" * 64, "b" * 64, "1", 1)
    issue = issue_model(sample_run(edition).forecasts, edition, origin, Standing(()), now.date())
    append(tmp_path / "ledger", issue.drafts, clock=clock(now))
    return tmp_path / "ledger"


def everything(folder: Path) -> Path:
    """Write a ledger of every kind: yes/no, in order, a number; live and reconstructed; settled, void, open, late, corrected."""
    stages = [{"id": "none", "title": "no stage", "p": 0.5}, {"id": "talks-begin", "title": "Talks", "p": 0.375}]
    stages.append({"id": "pact-signed", "title": "Pact", "p": 0.125})
    numbers = ((0.05, -2.5), (0.25, 1.0), (0.5, 3.0), (0.75, 4.0), (0.95, 9.0))
    levels = [{"level": level, "value": value} for level, value in numbers]
    why = {"standing": "reconstructed", "why": "coded later", "edition": "winter", "as_of": "2025-12-01"}
    first = append(
        folder,
        [
            forecast("open", 1 / 3), forecast("came", 0.3), forecast("void", 0.4),
            forecast("far", kind="stages", outcomes=stages, deadline="2026-12-31"),
            forecast("how-many", kind="number", outcomes=[], quantiles=levels, unit="sorties", status_quo=None),
            forecast("came", 0.9, forecaster="judgement:a-reader", judgement="a feeling"), forecast("came", 0.2, **why),
            forecast("after", late=True), forecast("a-question-with-a-very-long-name-of-its-own-here", 5e-07),
        ],
        clock=clock(),
    )  # fmt: skip
    append(folder, [forecast("open", 0.25, replaces=first.entries[0].digest, reason="a slip")], clock=clock())
    append(
        folder,
        [
            outcome("came"), outcome("void", "void"), outcome("far", "talks-begin"), outcome("how-many", "number", value=3.5),
        ],
        clock=clock(),
    )  # fmt: skip
    return folder


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.fixture
def hub(tmp_path: Path):
    standing = Standing(read_ledger(everything(tmp_path / "all")).entries)
    return hub_files(standing.forecasts, standing, name="ferry")


def valid(name: str, content: bytes, shared_dir: Path) -> jsonschema.Draft202012Validator:
    """Hold a file of settings to the published schema, and return what held it."""
    path = shared_dir / "data" / "hubverse_schema_v6" / SCHEMAS[name]
    if not path.is_file():
        pytest.skip(f"no {path}: the schemas of Hubverse are not part of this project")
    schema, value = json.loads(path.read_text("utf-8")), json.loads(content)
    held = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in held.iter_errors(value)] == []
    assert value["schema_version"] == schema["$id"]
    return held


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_settings_hold_against_the_published_schema(name: str, hub, shared_dir: Path) -> None:
    held = valid(name, hub.files[f"hub-config/{name}.json"], shared_dir)
    value = json.loads(hub.files[f"hub-config/{name}.json"])
    assert list(held.iter_errors({**value, "colour": "red"}))  # and it can fail


def test_every_row_of_model_output_is_a_task_and_every_task_has_its_rows(hub) -> None:
    tasks = json.loads(hub.files["hub-config/tasks.json"])
    assert tasks["output_type_id_datatype"] == "character"
    asked = {}
    for one in tasks["rounds"]:
        for task in one["model_tasks"]:
            ids = [(task["task_ids"][name]["optional"]) for name in ("origin_date", "target", "target_date")]
            assert [len(values) for values in ids] == [1, 1, 1]
            ((kind, spec),), (about,) = task["output_type"].items(), task["target_metadata"]
            assert about["target_keys"] == {"target": ids[1][0]}
            asked[tuple(values[0] for values in ids)] = kind, [str(value) for value in spec["output_type_id"]["required"]]
    seen = set()
    for path, content in hub.files.items():
        if path.startswith("model-output/"):
            model = path.split("/")[1]
            groups: dict[tuple, list[dict]] = {}
            for row in table(content):
                assert path == f"model-output/{model}/{row['origin_date']}-{model}.csv"
                groups.setdefault((row["origin_date"], row["target"], row["target_date"]), []).append(row)
            for key, rows in groups.items():
                kind, categories = asked[key]
                assert [(row["output_type"], row["output_type_id"]) for row in rows] == [(kind, one) for one in categories]
                if kind == "pmf":
                    assert abs(sum(float(row["value"]) for row in rows) - 1) < 1e-12
            seen |= groups.keys()
    assert seen == asked.keys()


def test_live_and_reconstructed_forecasts_are_different_models(hub) -> None:
    models = {path.split("/")[1] for path in hub.files if path.startswith("model-output/")}
    assert models == {"forecasting-model", "forecasting-model_reconstructed", "forecasting-judgement__a_reader"}


def test_every_model_says_who_it_is(hub) -> None:
    schema = json.loads(hub.files["hub-config/model-metadata-schema.json"])
    models = {path.split("/")[1] for path in hub.files if path.startswith("model-output/")}
    told = {Path(name).stem: yaml.safe_load(text) for name, text in hub.files.items() if name.startswith("model-metadata/")}
    assert told.keys() == models
    for name, fields in told.items():
        jsonschema.validate(fields, schema)
        assert f"{fields['team_abbr']}-{fields['model_abbr']}" == name
    assert told["forecasting-judgement__a_reader"]["model_name"] == "a-reader"
    assert told["forecasting-model_reconstructed"]["model_name"] == "model, reconstructed"


def test_what_stands_is_exported_and_the_rest_is_named(hub) -> None:
    rows = {(r["target"], r["output_type_id"]): r["value"]
            for r in table(hub.files["model-output/forecasting-model/2026-02-28-forecasting-model.csv"])}  # fmt: skip
    assert rows["open", "yes"] == "0.25"
    assert rows["how_many", "0.05"] == "-2.5"
    assert rows["a_question_with_a_very_long_name_of_its_own_here", "yes"] == "0.0000005"
    assert "after by model, said after its deadline" in hub.left_out
    assert "the outcome of void: void" in hub.left_out
    assert not any(target == "after" for target, _ in rows)


def test_oracle_output_has_one_for_what_came_and_zero_for_the_rest(hub) -> None:
    rows = {(r["target"], r["output_type"], r["output_type_id"]): r["oracle_value"]
            for r in table(hub.files["target-data/oracle-output.csv"])}  # fmt: skip
    assert rows == {
        ("came", "pmf", "yes"): "1", ("came", "pmf", "no"): "0",
        ("far", "pmf", "none"): "0", ("far", "pmf", "talks_begin"): "1", ("far", "pmf", "pact_signed"): "0",
        ("how_many", "quantile", "NA"): "3.5",
    }  # fmt: skip


def test_questions_and_contracts_stand_in_the_metadata_and_ids_fit(hub) -> None:
    rounds = json.loads(hub.files["hub-config/tasks.json"])["rounds"]
    about = {task["target_metadata"][0]["target_keys"]["target"]: task["target_metadata"][0] for task in rounds[1]["model_tasks"]}
    assert about["how_many"]["additional_metadata"]["question"] == "how-many"
    assert about["how_many"]["target_type"] == "continuous"
    assert about["far"]["target_type"] == "ordinal"
    assert set(about["came"]["additional_metadata"]["contract"]) == {"c"}
    assert all(len(one["target_id"]) <= 30 for one in about.values())
    assert len({one["target_id"] for one in about.values()}) == len(about)


def test_a_question_under_another_contract_is_another_target(tmp_path: Path) -> None:
    append(tmp_path, [forecast("pact"), forecast("pact", contract="d" * 64, edition="summer", as_of="2026-03-01")], clock=clock())
    append(tmp_path, [outcome("pact", contract="d" * 64)], clock=clock())
    standing = Standing(read_ledger(tmp_path).entries)
    files = hub_files(standing.forecasts, standing).files
    assert {row["target"] for row in table(files["target-data/oracle-output.csv"])} == {"pact_contract_2"}
    assert "2026-02-28,pact,2027-12-31,pmf" in files["model-output/forecasting-model/2026-02-28-forecasting-model.csv"].decode()
    later = [entry for entry in standing.forecasts if entry.edition == "summer"]
    alone = hub_files(later, standing).files["model-output/forecasting-model/2026-03-01-forecasting-model.csv"]
    assert b",pact_contract_2," in alone


def test_two_editions_of_one_day_need_a_choice(tmp_path: Path) -> None:
    append(tmp_path, [forecast("pact"), forecast("pact", 0.5, edition="other")], clock=clock())
    standing = Standing(read_ledger(tmp_path).entries)
    with pytest.raises(UsageError, match=r"editions spring and other; .* --edition"):
        hub_files(standing.forecasts, standing)
    assert hub_files([e for e in standing.forecasts if e.edition == "other"], standing)


def test_numbers_are_written_so_that_they_read_back_to_the_same_double() -> None:
    luck = random.Random(20261129)
    for _ in range(2000):
        value = luck.choice((luck.random(), luck.random() ** 9, -luck.expovariate(1e-4), 1 - luck.random() ** 9))
        assert float(exact(value)) == value
        assert "e" not in exact(value)


def test_export_and_import_give_the_same_probabilities(root: Path, edition, ledger: Path, tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    assert run("export", "hubverse", hub, "--ledger", ledger).exit_code == 0
    (model,) = read_hub(hub, edition, TODAY, ["forecasting-model"]).models
    before = {entry.question: {share.id: share.p for share in entry.outcomes} for entry in read_ledger(ledger).entries}
    assert {one.question: dict(one.said) for one in model.numbers} == before
    assert {one.as_of for one in model.numbers} == {edition.as_of}
    back = tmp_path / "back"
    done = run("import", hub, "--edition", EDITION, "--model", "forecasting-model", "--ledger", back, "--priors", root)
    assert done.exit_code == 0, done.output
    after = {entry.question: {share.id: share.p for share in entry.outcomes} for entry in read_ledger(back).entries}
    assert after == before
    assert {entry.forecaster for entry in read_ledger(back).entries} == {"forecasting-model"}


@pytest.fixture(scope="module")
def every(project_dir: Path, tmp_path_factory: pytest.TempPathFactory):
    """The dossier of the project, with made-up answers to all that its editions ask of events in a ledger, and its outcomes."""
    dossier, folder = load_dossier(project_dir / "priors"), tmp_path_factory.mktemp("every")
    today, origin = utc_now().date(), Origin("a" * 64, "b" * 64, "1", 1)
    for edition in map(dossier.edition, dossier.editions):
        append(folder, issue_model(sample_run(edition).forecasts, edition, origin, Standing(()), today).drafts)
    append(folder, lambda kept: list(settled_by_history(dossier, Standing(kept.entries), by="The editor", today=today)))
    return dossier, Standing(read_ledger(folder).entries), today


def test_the_editions_of_this_project_go_out_and_come_back(every, tmp_path: Path) -> None:
    dossier, standing, today = every
    write_hub(tmp_path / "hub", hub_files(standing.forecasts, standing), force=False)
    compared = 0
    for edition in map(dossier.edition, dossier.editions):
        said = [entry for entry in standing.forecasts if entry.edition == edition.edition.id]
        model = "forecasting-model" + ("" if said[0].standing == "live" else "_reconstructed")
        (back,) = read_hub(tmp_path / "hub", edition, today, [model]).models
        numbers = {one.question: dict(one.said) for one in back.numbers if one.as_of == edition.as_of}
        assert numbers == {entry.question: {share.id: share.p for share in entry.outcomes} for entry in said}
        compared += len(said)
    assert compared == len(standing.forecasts) > 80
    scores = score_hub(tmp_path / "hub")
    assert len(scores) == sum(standing.settles(entry) is not None for entry in standing.forecasts) > 30


def test_the_settings_of_this_projects_editions_are_valid(every, shared_dir: Path) -> None:
    _, standing, _ = every
    files = hub_files(standing.forecasts, standing).files
    for name in SCHEMAS:
        valid(name, files[f"hub-config/{name}.json"], shared_dir)


def test_every_question_of_every_model_has_outcomes_to_write_down(every) -> None:
    dossier, _, _ = every
    for edition in map(dossier.edition, dossier.editions):
        for question in (*edition.questions, *(one for questions in edition.further.values() for one in questions)):
            names = outcome_titles(question)
            assert len(names) >= 2, question.id
            assert status_quo(dossier, question, edition.as_of) in (None, *names), question.id
            assert question.form.kind in TYPES, "Hubverse has a type of target for it: name it in TYPES"


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})


def test_the_numbers_of_other_teams_come_in_and_our_own_stay_out(root: Path, ledger: Path, tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    run("export", "hubverse", hub, "--ledger", ledger)
    ours = hub / "model-output" / "forecasting-model" / "2024-07-01-forecasting-model.csv"
    lines = ours.read_text().splitlines()
    theirs = hub / "model-output" / "rival-crowd" / "2024-07-03-rival-crowd.csv"
    theirs.parent.mkdir()
    rows = [lines[0], *("2024-07-03,pact_by_2025,2025-12-31,pmf," + cells for cells in ("yes,2.5e-01", "no,0.75"))]
    rows.append("2024-07-03,rain_by_2025,2025-12-31,pmf,yes,0.5")
    theirs.write_text("\n".join(rows) + "\n")
    shown = run("import", hub, "--edition", EDITION, "--ledger", tmp_path / "back", "--priors", root, "--dry-run")
    assert "pact-by-2025 by rival-crowd as of 2024-07-03 (reconstructed): yes 0.25, no 0.75" in shown.output
    assert "left out, as this team wrote them: forecasting-model" in shown.output
    assert "1 rows of targets that 2024-07-ferry does not ask: rain_by_2025" in shown.output
    assert not (tmp_path / "back" / "ledger.jsonl").exists()


@pytest.mark.parametrize("name", HUB)
def test_model_output_that_is_wrong_is_named_with_file_and_line(edition, tmp_path: Path, name: str) -> None:
    (old, new), said = HUB[name]
    path = tmp_path / "model-output" / "rival-crowd" / "2024-07-03-rival-crowd.csv"
    path.parent.mkdir(parents=True)
    path.write_text(HUB_TEXT)
    assert read_hub(tmp_path, edition, TODAY).models[0].numbers[0].said == {"yes": 0.25, "no": 0.75}
    path.write_text(HUB_TEXT.replace(old, new))
    with pytest.raises(DossierError, match=f"(?s)2024-07-03-rival-crowd.csv:[23]  .*{said}"):
        read_hub(tmp_path, edition, TODAY)


def test_a_target_of_another_contract_is_refused(edition, ledger: Path, tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    run("export", "hubverse", hub, "--ledger", ledger)
    settings = hub / "hub-config" / "tasks.json"
    contract = read_ledger(ledger).entries[0].contract
    settings.write_text(settings.read_text().replace(contract, "e" * 64))
    with pytest.raises(DossierError, match="asked under another contract"):
        read_hub(hub, edition, TODAY, ["forecasting-model"])
    settings.write_text("{")
    with pytest.raises(UsageError, match=r"tasks.json: found no JSON"):
        read_hub(hub, edition, TODAY)


def test_what_others_have_in_the_folder_stays_and_nothing_is_written_over(ledger: Path, tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    admin = hub / "hub-config" / "admin.json"
    assert "fill in who keeps the hub" in run("export", "hubverse", hub, "--ledger", ledger).output
    admin.write_text("{}")
    assert "wrote 0 files" in run("export", "hubverse", hub, "--ledger", ledger).output
    assert admin.read_text() == "{}"
    append(ledger, [forecast("more", as_of="2024-07-01", edition=EDITION)], clock=clock(DAY))
    before = {path: path.read_bytes() for path in hub.rglob("*.*")}
    refused = run("export", "hubverse", hub, "--ledger", ledger)
    assert refused.exit_code == 2
    assert "add --force" in refused.output
    assert {path: path.read_bytes() for path in hub.rglob("*.*")} == before
    assert run("export", "hubverse", hub, "--ledger", ledger, "--force").exit_code == 0
    assert admin.read_text() == "{}"


def test_without_forecasts_the_command_says_what_to_do(tmp_path: Path) -> None:
    empty = run("export", "hubverse", tmp_path / "hub", "--ledger", tmp_path / "none")
    assert empty.exit_code == 2
    assert "forecast issue" in empty.output
    assert not (tmp_path / "hub").exists()
    assert "name the folder" in run("export", "hubverse").output
    standing = Standing(())
    with pytest.raises(UsageError, match="no forecast to export"):
        hub_files([], standing)


def test_a_team_is_letters_digits_and_underscores(hub, tmp_path: Path) -> None:
    entries = read_ledger(everything(tmp_path / "again")).entries
    with pytest.raises(UsageError, match="letters, digits and _"):
        hub_files(Standing(entries).forecasts, Standing(entries), team="our-team")
    assert write_hub(tmp_path / "hub", hub, force=False) == list(hub.files)


def test_two_targets_of_one_question_are_refused_with_both_places(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "hub" / "model-output" / "rival-crowd" / "2024-07-03-rival-crowd.csv"
    path.parent.mkdir(parents=True)
    again = HUB_TEXT.partition("\n")[2].replace("pact_by_2025", "pact-by-2025").replace("0.75", "0.5").replace("0.25", "0.5")
    path.write_text(HUB_TEXT + again)
    words = ["import", path.parents[2], "--edition", EDITION, "--ledger", tmp_path / "back", "--priors", root]
    ran = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "300"})
    assert ran.exit_code == 2, ran.output
    said = " ".join(ran.output.split())
    assert "2024-07-03-rival-crowd.csv:4 (pact-by-2025): pact-by-2025 by rival-crowd as of 2024-07-03" in said
    assert "2024-07-03-rival-crowd.csv:2 (pact_by_2025) says too" in said


def test_of_two_numbers_of_one_edition_and_day_that_a_ledger_has_the_one_that_counts_is_exported(tmp_path: Path) -> None:
    append(tmp_path, [forecast("pact", 0.3, forecaster="crowd"), forecast("pact", 0.4, forecaster="crowd")], clock=clock())
    standing = Standing(read_ledger(tmp_path).entries)
    hub = hub_files(standing.forecasts, standing)
    assert b",yes,0.4\n" in hub.files["model-output/forecasting-crowd/2026-02-28-forecasting-crowd.csv"].replace(b"\r", b"")
    assert hub.left_out == ("record 1, pact by crowd as of 2026-02-28: record 2 says it, of the same edition and day",)


def test_a_correction_that_came_too_late_is_not_exported(tmp_path: Path) -> None:
    (first,) = append(tmp_path, [forecast("pact", 0.3)], clock=clock()).entries
    later = [forecast("pact", 0.9, replaces=first.digest, reason="a slip"), outcome("pact", "yes", on="2026-03-02")]
    append(tmp_path, later, clock=clock(dt.datetime(2026, 4, 1, tzinfo=dt.UTC)))
    standing = Standing(read_ledger(tmp_path).entries)
    hub = hub_files(standing.forecasts, standing)
    assert b",yes,0.3" in hub.files["model-output/forecasting-model/2026-02-28-forecasting-model.csv"]
    assert hub.left_out[0].startswith("record 2, pact by model")
