"""Papers of a plan: `sheets` (quarter and year), `evaluation` (mid-term and final) and their forms in Excel, Word and PDF."""
