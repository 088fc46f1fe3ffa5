"""`zhipo-bank-batch/1`: a neutral layout of payment and return files.

Banks publish their layouts to their customers only; what they share is in here: numbered
rows, an instruction number that comes back, account, name, sum in yuan, and a last row that
repeats count and total. A bank's own layout is a mapping of these columns.
"""

from enum import StrEnum

PAYMENT_HEAD = (
    "序号",
    "指令编号",
    "收款账号",
    "收款户名",
    "收款银行",
    "金额（元）",
    "用途",
)
RETURN_HEAD = (
    "序号",
    "指令编号",
    "收款账号",
    "收款户名",
    "金额（元）",
    "处理结果",
    "失败原因",
    "银行流水号",
    "处理时间",
)
TOTAL = "合计"
TIME = "%Y-%m-%d %H:%M:%S"
MAX_ROWS = 10_000


class Result(StrEnum):
    """What a bank says of a row (处理结果)."""

    PAID = "成功"  # 成功
    FAILED = "失败"  # 失败
    PENDING = "处理中"  # 处理中


class FileFormat(StrEnum):
    CSV = "csv"  # 逗号分隔文件
    XLSX = "xlsx"  # 电子表格文件
