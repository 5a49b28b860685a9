"""What a person may ask of those who hold data about them: a correction, an explanation, a human, a copy, deletion.

Serves every resident. Basis: 个人信息保护法 第二十四条、第四十四条至第五十条. Nouns: correction, decision, explanation, review,
copy, erasure, restriction, consent, withdrawal.
"""
