"""The province's scale: Spark over person-range files gives what the scalar function and the kernel give."""

import json
import logging
import shutil
import warnings
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from renshe.kernel.policy.engine.account import SCHEMA
from renshe.kernel.policy.registry import policy
from tests.kernel.policy.drawn import as_frame, rows
from tests.kernel.policy.test_scales import IN_COLUMNS, exact, scalar

work = pytest.importorskip("tests.kernel.policy.spark_work", reason="the package group spark is not installed")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs a Java runtime (Debian: default-jre-headless)"),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(scope="module")
def spark():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("py4j").setLevel(logging.ERROR)
        session = work.spark.local(2)
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@settings(max_examples=1, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.data())
def test_spark_equals_the_scalar_function_on_every_policy(spark, tmp_path_factory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("policies")
    drawn = {name: data.draw(rows(policy(name), most=8)) for name in IN_COLUMNS}
    for name, some in drawn.items():
        frame = as_frame(policy(name), some).with_row_index("row").with_columns(pl.lit(name).alias("policy"))
        frame.write_parquet(folder / f"{name}.parquet")
    found = {
        (row["policy"], row["row"]): json.loads(row["answer"])
        for row in work.spark.over_files(spark, sorted(folder.iterdir()), work.judged).collect()
    }
    assert len(found) == sum(map(len, drawn.values()))
    for name, some in drawn.items():
        for number, row in enumerate(some):
            wanted = scalar(policy(name), row)
            for output in policy(name).outputs:
                assert exact(found[name, number].get(output)) == wanted.get(output), (name, output, row)


def test_spark_rolls_accounts_bit_for_bit(spark, tmp_path: Path) -> None:
    months = pl.DataFrame({
        "person": [person for person in range(40) for _ in range(30)],
        "month": [2016 * 12 + person % 7 + 3 * step for person in range(40) for step in range(30)],
        "base": [400_000 + 7_919 * person + 31 * step for person in range(40) for step in range(30)],
    }, schema={"person": pl.Int32, "month": pl.Int32, "base": pl.Int32})
    for part in range(4):
        months.filter(pl.col("person") // 10 == part).write_parquet(tmp_path / f"{part:03}.parquet")
    found = sorted(tuple(row) for row in work.spark.over_files(spark, sorted(tmp_path.iterdir()), work.rolled).collect())
    assert found == work.rolled(months.lazy()).collect().rows()
    assert len(found[0]) == len(SCHEMA)
