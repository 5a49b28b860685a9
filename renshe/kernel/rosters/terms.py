"""The words of rosters: what may be wrong with a workbook."""

from renshe.kernel.common.terms import Terms


class FileFault(Terms):
    """Why a workbook cannot be taken, as a whole."""

    TOO_LARGE = "too_large", "文件过大"
    NOT_WORKBOOK = "not_workbook", "不是xlsx工作簿"
    MACROS = "macros", "含有宏"
    BOMB = "bomb", "解压后过大"
    ENCRYPTED = "encrypted", "有密码保护"
    WRONG_HEADER = "wrong_header", "表头不符"
    NO_ROWS = "no_rows", "没有数据行"
    TOO_MANY_ROWS = "too_many_rows", "行数过多"
    DAMAGED = "damaged", "文件损坏"


class RowFault(Terms):
    """What may be wrong with a row before it is judged."""

    NUMERIC_ID = "numeric_id", "号码单元格是数字格式"
    FORMULA = "formula", "单元格是公式"
    DUPLICATE = "duplicate", "文件内重复"
