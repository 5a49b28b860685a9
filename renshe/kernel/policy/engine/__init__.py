"""The policy engine. Law comes in as formulas over symbols and dated values; out come exact results with every step.

Read in this order: `units` (what a number means) - `tree` (what a formula becomes) - `rounding`, `rule` (how a formula
declares itself) - `places`, `values` (law by date and place) - `inputs`, `policy` (one folder of law) - `lines`,
`write`, `compile` (one plain function, integers only) - `interpret`, `speak`, `explain` (each step in words) -
`evaluate` (the border) - `typed`, `check` (what is wrong with a folder before anybody is judged by it) - `calls`,
`notation`, `refusals`, `limits` (a formula written as text) - `draft`, `cases` (law otherwise, and what known persons get).
No Django, no tables, no floats.
"""
