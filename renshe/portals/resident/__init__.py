"""The door of residents: phone first."""
