"""The policy engine. Law comes in as formulas over symbols and dated values; out come exact results with every step.

Read in this order: `units` (what a number means) - `tree` (what a formula becomes) - `rule` (how a formula declares
itself) - `values` (law by date and place) - `policy` (one folder of law) - `compile` (one plain function, integers
only) - `explain` (each step in words) - `check` (what is wrong with a folder before anybody is judged by it).
No Django, no tables, no floats.
"""
