"""The door of employers: a desktop for the HR officer."""
