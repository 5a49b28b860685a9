"""The law of social insurance: one folder a policy, reviewable on one screen."""
