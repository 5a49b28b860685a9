"""The columnar city: tables of Parquet files, one file a range of persons, months appended, history folded to years.

`catalogue` says which tables and columns there are; `writing` writes parts, publishes and appends; `reading` opens
tables for Polars and proves their order; `folding` turns monthly rows into person-years; `offered` gathers the columns
that apps offer about every person.
"""
