"""Whatever is done is a case: a clock, a named holder, a decision that names the policy version, a rating."""
