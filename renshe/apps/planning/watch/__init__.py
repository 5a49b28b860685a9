"""How a target is watched. Pure: `courses` (what should be reached when), `outlook` (where it is going), `scores`."""
