"""Check digits: whether a number that looks like a national identifier, a card or an account is one.

Every function takes the bare number (no spaces, no hyphens, letters in capitals).
"""

import ipaddress

from cxnlp.feedback.masking import patterns

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_PPS_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"
_HETU_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"


def luhn(digits: str) -> bool:
    """Whether the check digit of a card number holds."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = int(character) * (1 + position % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def iban(code: str) -> bool:
    """Whether the check digits of an IBAN hold, and its length is its country's."""
    turned = code[4:] + code[:4]
    fits = patterns.IBAN_LENGTHS.get(code[:2]) == len(code)
    return fits and int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def network(address: str) -> bool:
    """Whether it is an address of IPv4 or IPv6 that is longer than a time of day."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return len(address) >= 6


def dni(code: str) -> bool:
    """Spain: DNI and NIE, the last letter is the number modulo 23."""
    number = code[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _DNI_LETTERS[int(number) % 23] == code[-1]


def nir(code: str) -> bool:
    """France: social security, 97 less the number modulo 97; Corsica's departments 2A and 2B count as 19 and 18."""
    number = code[:-2].replace("2A", "19").replace("2B", "18")
    return number.isdigit() and 97 - int(number) % 97 == int(code[-2:])


def rrn(code: str) -> bool:
    """Belgium: national register, 97 less the number modulo 97; born since 2000, a 2 stands before it."""
    return any(97 - int(century + code[:9]) % 97 == int(code[9:]) for century in ("", "2"))


def nordic(code: str) -> bool:
    """Sweden (date and Luhn) and Denmark (a date alone: newer numbers have no check digit)."""
    year, day = code[-10:], code[-10:]
    swedish = 1 <= int(year[2:4]) <= 12 and 1 <= int(year[4:6]) <= 31 and luhn(year)
    return swedish or (1 <= int(day[:2]) <= 31 and 1 <= int(day[2:4]) <= 12)


def hetu(code: str) -> bool:
    """Finland: the number modulo 31."""
    return _HETU_LETTERS[int(code[:6] + code[-4:-1]) % 31] == code[-1]


def pps(code: str) -> bool:
    """Ireland: weighted sum modulo 23, with the second letter where there is one."""
    total = sum(int(digit) * weight for digit, weight in zip(code[:7], range(8, 1, -1), strict=True))
    total += (ord(code[8]) - 64) * 9 if len(code) == 9 and code[8] != "W" else 0
    return _PPS_LETTERS[total % 23] == code[7]


def pesel(code: str) -> bool:
    """Poland: weighted sum modulo 10, and a month that some century has."""
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    total = sum(int(digit) * weight for digit, weight in zip(code[:10], weights, strict=True))
    return (10 - total % 10) % 10 == int(code[10]) and 1 <= int(code[2:4]) % 20 <= 12 and 1 <= int(code[4:6]) <= 31


#: Group of ``marks.CHECKED_ID`` → its check.
CHECKS = {"dni": dni, "nir": nir, "rrn": rrn, "nordic": nordic, "hetu": hetu, "pps": pps, "pesel": pesel}
