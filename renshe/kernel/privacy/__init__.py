"""Personal data guarded: sealed columns, blind indexes, masks, and the log of who read whose record and why.

Legal basis: 个人信息保护法 第三十四条、第四十四条、第五十一条.
"""
