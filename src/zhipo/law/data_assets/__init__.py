"""Data as property: may it be sold, to whom, by which path, and what is it worth."""

from datetime import date

PIPL = date(2021, 11, 1)
"""《个人信息保护法》."""
NDR = date(2025, 1, 1)
"""《网络数据安全管理条例》."""
DSL = date(2021, 9, 1)
"""《数据安全法》."""
ECL = date(2019, 1, 1)
"""《电子商务法》."""
CRPL = date(2014, 3, 15)
"""《消费者权益保护法》 as amended."""
GUIDANCE = date(2023, 10, 1)
"""《数据资产评估指导意见》, 中评协〔2023〕17号."""
