"""Social insurance: who is insured in what, by whom, since when, on what base.

Serves residents, employers and the agency. Basis: 社会保险法, 社会保险经办条例, 浙江省工伤保险条例,
浙江省医疗保障条例. Nouns: enrolment (参保登记), coverage (险种参保), base period (缴费基数), scheme (险种).
"""
