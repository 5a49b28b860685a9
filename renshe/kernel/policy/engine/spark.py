"""The province: Spark schedules files of person ranges, Polars computes each, with the very code of one machine.

A person's rows lie in one file, so nothing is shuffled. `work` takes a LazyFrame and gives one; it must be importable by
name in the workers (a function of a module, or a `functools.partial` of one).
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from renshe.kernel.policy.engine.columns import columns
from renshe.kernel.policy.engine.policy import Entered, Given, Policy

PLAIN = {
    pa.large_string(): pa.string(), pa.string_view(): pa.string(), pa.uint8(): pa.int16(), pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
}
Work = Callable[[pl.LazyFrame], pl.LazyFrame]


def local(cores: int = 2) -> SparkSession:
    """Spark on this machine alone, its workers running this Python."""
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    made: SparkSession = (
        SparkSession.builder.master(f"local[{cores}]").appName("renshe")
        .config("spark.ui.enabled", "false").config("spark.pyspark.python", sys.executable)
        .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    return made


@dataclass(frozen=True)
class Judging:
    """The outputs of a policy over frames, as a piece of work that travels to the workers: the policy goes by folder."""

    policies: Callable[[], dict[str, Policy]]
    name: str
    on: date
    place: str
    entered: Entered = ()
    given: Given = ()

    def __call__(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        law = self.policies()[self.name].law(self.on, self.place, self.entered, self.given)
        return columns(law, frame, on=self.on)


def over_files(spark: SparkSession, files: Iterable[Path], work: Work) -> DataFrame:
    """Every file worked through, one Spark task a file. The columns are those of the first file's result."""
    paths = [str(path) for path in files]
    if not paths:
        raise ValueError("没有可计算的文件")
    schema = _schema(work, paths[0])
    listed = spark.createDataFrame([(path,) for path in paths], "path string").repartition(len(paths))
    return listed.mapInArrow(_worker(work), schema=from_arrow_schema(schema))


def _schema(work: Work, path: str) -> pa.Schema:
    return _plain(work(pl.scan_parquet(path)).head(0).collect().to_arrow()).schema


def _plain(table: pa.Table) -> pa.Table:
    """Arrow as Spark takes it: ordinary strings, no views, signed integers."""
    return table.cast(pa.schema([field.with_type(PLAIN.get(field.type, field.type)) for field in table.schema]))


def _worker(work: Work) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def compute(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for path in batch.column(0).to_pylist():
                yield from _plain(work(pl.scan_parquet(path)).collect().to_arrow()).to_batches()

    return compute
