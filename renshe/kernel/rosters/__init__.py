"""A workbook in, a deed a row, a workbook out: resumable, idempotent, nothing lost, every refusal explained."""
