"""Labour relations: the record of labour contracts.

Serves employers, workers and inspectors. Basis: 劳动合同法, 就业促进法. Nouns: labour contract (劳动合同).
"""
