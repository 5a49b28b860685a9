"""The open door: front page, verification, policies, the ledger, the JSON API."""
