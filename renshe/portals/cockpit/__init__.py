"""The leaders' door: a wall, a calm page for every day, and each number down to its rows."""
