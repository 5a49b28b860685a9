"""Who may do what, where: accounts, posts with a jurisdiction, permissions, tokens for programs."""
