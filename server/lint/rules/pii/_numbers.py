"""What tells the number of a telephone, a card or a person from any other number."""

import re
from datetime import date

_HOTLINE = re.compile(r"\D*1?\D*(?:8(?:00|88|77|66|55|44|33)|555|900)\b|(?:\D*\d{3})?\D*555\D*01")
_TEST_CARDS = ["4111111111111111", "4242424242424242", "5555555555554444", "378282246310005", "4012888888881881"]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_card(digits: str) -> bool:
    """Say whether `digits` is a bank card's number: a known issuer, a length of that issuer, a right check digit."""
    lengths = {"4": (13, 16, 19), "34": (15,), "37": (15,), "62": (16, 17, 18, 19), "6011": (16,), "65": (16,)}
    lengths |= {str(head): (16,) for head in range(51, 56)} | {str(head): (16,) for head in range(22, 28)}
    known = any(digits.startswith(head) and len(digits) in sizes for head, sizes in lengths.items())
    doubled = (int(char) * (1 + index % 2) for index, char in enumerate(reversed(digits)))
    return known and len(set(digits)) > 3 and sum(each // 10 + each % 10 for each in doubled) % 10 == 0


def is_chinese_id(number: str) -> bool:
    """Say whether `number` is a resident identity number: 17 digits with a date, and the check character."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(char) * weight for char, weight in zip(number[:17], _WEIGHTS, strict=True))
    return 1900 <= born.year <= 2100 and number[0] in "123456789" and "10X98765432"[total % 11] == number[17].upper()


def is_phone(found: str, before: str) -> bool:
    """Say whether `found` is a number that can be somebody's."""
    digits = re.sub(r"\D", "", found)
    return len(set(digits)) > 3 and not (found[0] == "+" and len(digits) < 10) and not _HOTLINE.match(found)


def is_bank_card(found: str, before: str) -> bool:
    """Say whether `found` is a card's number, and written like one or behind a word for it."""
    digits = re.sub(r"\D", "", found)
    told = digits != found or re.search(r"(?i:card|visa|卡)", before) is not None
    return told and digits not in _TEST_CARDS and is_card(digits)
