"""Plans of the trade: read from the document, published by two officers, then watched until their last day.

Serves planners, the offices that own indicators and projects, leaders. Basis: the plan's own chapter on carrying out,
monitoring and evaluating it (seed plan 五（六）2 规划实施监测、评估、考核).
Nouns: plan (规划), extract (摘录: what was read, with its place), contradiction (不一致), office (责任单位), target
(监测指标), figure (填报数), share (分解任务), work (重点工作), milestone (节点), assessment (考核表).
"""
