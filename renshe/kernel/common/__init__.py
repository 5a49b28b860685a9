"""Pure values that every floor speaks in: words, money, dates, identifiers, verdicts. No tables, no Django."""
