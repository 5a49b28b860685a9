"""A "one thing" across apps: lists of the steps that apps offer, with no logic of their own."""
