"""Data shared with another department: by a named agreement, for its purpose, its columns, its people and its days.

Legal basis: 个人信息保护法 第二十三条、第三十四条; 浙江省公共数据条例.
"""
