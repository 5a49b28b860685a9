"""The social-security card: applied for once, held for life.

Serves residents. Basis: 社会保险法 第五十八条, 社会保险经办条例 第七条. Nouns: card (社会保障卡).
"""
