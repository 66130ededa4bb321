"""Results: opened, reported on, verified; tables as Arrow."""

import gc
import sys
from pathlib import Path

import pyarrow
import pytest
from conftest import Program

import yellowcart
from yellowcart import InputError


def test_a_temporary_folder_lives_as_long_as_its_run(small: yellowcart.Scenario) -> None:
    run = small.run()
    folder = run.folder
    table = run.table("rooms")
    assert folder.is_dir()
    del run
    gc.collect()
    assert not folder.exists()
    assert not folder.parent.exists()
    assert len(table.to_arrow()) == len(table) > 0


def test_results_are_opened_by_their_kind(small: yellowcart.Scenario, tmp_path: Path) -> None:
    run = small.run(tmp_path / "run", figures=False)
    opened = yellowcart.open(tmp_path / "run")
    assert isinstance(opened, yellowcart.Run)
    assert opened.summary == run.summary
    assert opened.metrics["paid_sales"] == run.metrics["paid_sales"]
    assert opened.metric_facts["paid_sales"]["unit"] == "yuan"
    small.compare(["none", "disclosure"], replications=2, out=tmp_path / "compared", figures=False)
    compared = yellowcart.open(tmp_path / "compared")
    assert isinstance(compared, yellowcart.Comparison)
    assert compared.arms == ["none", "disclosure"]
    assert "disclosure" in compared._repr_html_()
    assert "paid_sales" in compared.differences.to_pandas()["metric"].to_list()
    assert {"days", "differences", "metrics", "survival"} <= set(compared.tables)
    assert "The evening" in str(opened)
    assert "diamond_necklace" in opened._repr_html_()


def test_what_was_tampered_with_is_found(small: yellowcart.Scenario, tmp_path: Path) -> None:
    run = small.run(tmp_path / "run", figures=False)
    assert run.verify() == []
    assert run.verify(again=True, progress=False) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]
    (run.folder / "summary.json").write_text("{}")
    assert run.verify() == ["summary.json: has been changed"]


def test_a_comparison_is_verified_by_making_it_again(small: yellowcart.Scenario) -> None:
    comparison = small.compare(["none", "disclosure"], replications=2)
    assert comparison.verify(again=True, replications=1, progress=False) == []


def test_a_report_is_one_file(small: yellowcart.Scenario, tmp_path: Path) -> None:
    run = small.run(tmp_path / "run")
    report = run.report()
    assert report == tmp_path / "run" / "report.html"
    text = report.read_text()
    assert "yellowcart run diamond_necklace --set population.consumers=2000" in text
    with pytest.raises(InputError, match="exists: choose another --out"):
        run.report()
    assert run.report(force=True) == report


def test_what_cannot_be_typed_is_no_command(small: yellowcart.Scenario) -> None:
    regime = yellowcart.load_regime("none").with_rules({"cooling_off_days": 7})
    assert small.with_regime(regime).run().manifest["unhashed"]["command"] == []


def test_tables_are_handed_over_without_copying(small: yellowcart.Scenario) -> None:
    table = small.run().table("orders")
    first, second = pyarrow.table(table), pyarrow.table(table)
    addresses = [one.column("harm").chunk(0).buffers()[1].address for one in (first, second)]
    assert addresses[0] == addresses[1]
    assert pyarrow.schema(table).names == table.columns
    frame = table.to_polars()
    assert frame.columns == table.columns == list(table.to_pandas().columns)
    assert frame["harm"].sum() == pytest.approx(table.to_pandas()["harm"].sum())
    assert table.types["price_fen"] == "Int64"
    assert len(table.head(3)) == 3
    assert table._repr_html_().count("<tr>") == 11


def test_csv_tables_have_types_and_gaps(small: yellowcart.Scenario) -> None:
    comparison = small.compare(["none", "disclosure"], replications=2)
    types = comparison.table("differences").types
    assert (types["metric"], types["mean"], types["pairs"]) == ("Utf8", "Float64", "Int64")


def test_a_table_that_there_is_not(small: yellowcart.Scenario) -> None:
    with pytest.raises(InputError, match="there is no table `order`: there are aftermath, cues"):
        small.run().table("order")


@pytest.mark.parametrize(
    ("method", "package", "extra"),
    [("to_pandas", "pandas", "pandas"), ("to_polars", "polars", "polars"), ("to_arrow", "pyarrow", "pandas")],
)
def test_what_is_not_installed_is_told(
    method: str, package: str, extra: str, small: yellowcart.Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = small.run().table("cues")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError) as told:
        getattr(table, method)()
    assert str(told.value) == f"{method} needs {package}: pip install 'yellowcart[{extra}]'"


def test_validation_judges_patterns() -> None:
    validation = yellowcart.validate(["P8"], seeds=2)
    assert [pattern["key"] for pattern in validation.patterns] == ["P8"]
    assert "P8" in str(validation)
    with pytest.raises(InputError, match="pattern P10 is not measured"):
        yellowcart.validate(["P10"], seeds=2)


STUDY = """
title = "A test"
story = "Two values of one factor."
scenario = "diamond_necklace"
changes = ["population.consumers=2000"]
replications = 2
metrics = ["paid_sales"]
design.kind = "grid"
factors.arousal = { path = "behaviour.arousal", values = [0.0, 0.1] }
"""


def test_studies_of_the_command_line_are_opened_too(program: Program, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(STUDY)
    program("sweep", "mine.toml", "--no-figures", "--out", "out")
    study = yellowcart.open(tmp_path / "out")
    assert study.tables == ["points", "runs"]
    assert len(study.table("runs")) == 4
    assert study.verify(again=True, progress=False) == []
    assert str(study).startswith("A test\n")
    assert study.manifest["unhashed"]["command"][:2] == ["yellowcart", "sweep"]
