"""Numbers that name people and organisations: what makes them well formed, and what they tell.

A former or foreign county code is legal in a citizen ID (people keep the number they were first given), so the area
is never a reason to refuse.
"""

import datetime
import re
import unicodedata
from operator import mul

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK = "10X98765432"
BIRTHS = ("1850", "2099")  # years in which the bearer of a number may be born
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
MOBILE = re.compile(r"1[3-9]\d{9}")


def normalise(text: str) -> str:
    """Full-width to half-width, no blanks, upper case: the form in which an identifier is indexed and compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def citizen_id_check(first_17: str) -> str:
    """The 18th character of a citizen ID (GB 11643-1999)."""
    return ID_CHECK[sum(map(mul, map(int, first_17), ID_WEIGHTS)) % 11]


def citizen_id_fault(number: str) -> str:
    """Why a normalised citizen ID is not well formed, in plain Chinese; "" when it is (GB 11643-1999)."""
    if len(number) != 18:
        return f"应为18位，现为{len(number)}位"
    if not (number[:17].isascii() and number[:17].isdigit()):
        return "前17位应全为数字"
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return f"第7至14位“{number[6:14]}”不是一个日期"
    if not BIRTHS[0] <= number[6:10] <= BIRTHS[1]:
        return f"第7至14位“{number[6:14]}”不可能是出生日期"
    if citizen_id_check(number[:17]) != number[17]:
        return "末位校验码不符，请对照证件逐位核对"
    return ""


def birth_on(number: str) -> datetime.date:
    """The day of birth a well-formed citizen ID carries."""
    return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_code(number: str) -> str:
    """`"1"` male, `"2"` female (GB/T 2261.1), from the 17th digit."""
    return "1" if int(number[16]) % 2 else "2"


def uscc_check(first_17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015)."""
    total = sum(USCC_ALPHABET.index(char) * weight for char, weight in zip(first_17, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_fault(code: str) -> str:
    """Why a normalised unified social credit code is not well formed; "" when it is (GB 32100-2015)."""
    if len(code) != 18:
        return f"应为18位，现为{len(code)}位"
    if wrong := sorted(set(code) - set(USCC_ALPHABET)):
        return f"含有不允许的字符“{''.join(wrong)}”"
    if uscc_check(code[:17]) != code[17]:
        return "末位校验码不符"
    return ""


def org_code_check(first_8: str) -> str:
    """The check character of an organisation code (GB 11714-1997); card numbers use the same rule."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = 11 - sum(digits.index(char) * weight for char, weight in zip(first_8, ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def org_code_fault(code: str) -> str:
    """Why a normalised organisation code is not well formed; "" when it is (GB 11714-1997)."""
    plain = code.replace("-", "")
    if len(plain) != 9:
        return f"应为9位，现为{len(plain)}位"
    if not (plain[:8].isascii() and plain[:8].isalnum()):
        return "前8位应为数字或大写字母"
    return "" if org_code_check(plain[:8]) == plain[8] else "末位校验码不符"


def card_identifier_fault(code: str) -> str:
    """Why a normalised identifier of a social-security card (AAZ501) is not well formed; "" when it is."""
    if len(code) != 32:
        return f"应为32位，现为{len(code)}位"
    if set(code) - set("0123456789ABCDEF"):
        return "应全为十六进制字符（0至9、A至F）"
    return "" if code[:6].isdigit() else "前6位应为发卡地区划代码"


def old_citizen_id(number: str) -> str:
    """A citizen ID of fifteen digits as one of eighteen: the century put in, the check digit added."""
    return number[:6] + "19" + number[6:] + citizen_id_check(number[:6] + "19" + number[6:])


def mobile_fault(number: str) -> str:
    """Why a normalised mobile number is not well formed; "" when it is."""
    return "" if MOBILE.fullmatch(number) else "应为1开头的11位手机号码"
