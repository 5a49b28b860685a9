"""The law as data and pure formulas: the engine, and the values of law an operator enters where none are known."""
