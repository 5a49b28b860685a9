"""Reads a plan document as offices publish it. Pure: bytes in, findings out; no Django, no tables.

In reading order: `findings` (what is found), `source` (bytes to clean lines that know where they came from), `numbers`,
`outline` (headings, boxes, annexes), `tables`, `promises`, `contradictions`, `plan` (all of it).
"""
