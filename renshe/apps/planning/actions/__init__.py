"""The only files that write: `plans` (take in, review, publish), `targets` (what is watched), `works` (milestones, reminders, sheets)."""
