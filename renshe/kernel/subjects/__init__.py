"""One person, one organisation, one place: known once. Apps point to the subject; the subject points to nobody."""
