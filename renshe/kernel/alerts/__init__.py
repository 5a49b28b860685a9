"""Second looks at readings: what residents question, what detectors find, and what auditors say about both.

Legal basis: 个人信息保护法 第五十条、第五十一条、第五十七条. Thresholds are the platform's (city/<name>/alerts.yaml).
"""
