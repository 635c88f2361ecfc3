"""Patterns of what marks one person: dates of birth, network addresses, number plates, national numbers.

The conventions are those of ``patterns.py``; what a check digit can tell is told in ``national.py``.
"""

# ruff: noqa: E501  (a pattern is read by its alternatives, one a line)

import re
from typing import Final

from cxnlp.feedback.masking.patterns import ANSWER

_I: Final = re.IGNORECASE
_X: Final = re.IGNORECASE | re.VERBOSE

# --- dates of birth ----------------------------------------------------------------------------------------------

_MONTH: Final = (
    r"(?:jan(?:uary|vier)?|feb(?:ruary)?|fév(?:rier)?|mar(?:ch|s)?|märz|apr(?:il)?|avril|ma[iy]o?|jun[ei]?|juin|jul[yi]?|juillet|"
    r"aug(?:ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|d[eéi][czs](?:ember|embre)?|enero|febrero|marzo|abril|"
    r"junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_SPOKEN: Final = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w{4,9}teenth|twentieth|thirtieth|"
    r"twenty[ -]\w{4,7}|thirty[ -]first)"
)
_NUMBER_WORD: Final = (
    r"(?:oh|hundred|(?:thir|four|fif|six|seven|eigh|nine)teen|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    r"one|two|three|four|five|six|seven|eight|nine)\b"
)
_DATE: Final = (
    rf"(?:(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[ ]?[-/. ][ ]?\d{{1,2}}[ ]?[-/. ][ ]?(?:(?:18|19|20)\d\d|\d\d)|[0-3]\d[01]\d(?:19|20)\d\d"
    rf"|(?:the[ ])?\d{{1,2}}(?:st|nd|rd|th|er|\.)?[ ]?(?:of[ ]|de[ ])?{_MONTH}\b\.?,?(?:[ ](?:of[ ]|de[ ])?['’]?(?:(?:18|19|20)\d\d|\d\d(?!\d|[.:]\d)))?"
    rf"|{_MONTH}\b\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]['’]?(?:18|19|20)?\d\d(?!\d))?"
    rf"|(?:the[ ])?{_SPOKEN}(?:[ ]of)?[ ]{_MONTH}\b(?:,?[ ](?:nineteen|twenty|two[ ]thousand)(?:[ -](?:and[ -])?{_NUMBER_WORD}){{1,3}})?)"
)
#: Words that say that a date is somebody's birth.
BIRTH_WORD: Final = re.compile(
    r"\b(?:d\.?[ ]?o\.?[ ]?b\b|birth|b-?day|born|ddn\b|né|geb|fdn\b|nacid|nacimiento|nat[oa]\b|nascit|geboorte|urodz|född|født)",
    _I,
)
BIRTHDATE: Final = re.compile(
    rf"""
      \b(?:d\.?[ ]?o\.?[ ]?b\.?|date[ ]of[ ]birth|birth[ ]?dates?|geburtsdatum|geburtstag|date[ ]de[ ]naissance|ddn|fecha[ ]de[ ]nacimiento|fdn|data[ ]di[ ]nascita|
        geboortedatum|data[ ]urodzenia)\b(?:[^\d\n.?!]{{0,40}}?|{ANSWER}[ ]?)(?<!\w)(?P<x>{_DATE})(?![\w/-])(?:,?[ ](?:and|&|or|hers|his|theirs|mine|wife's|husband's)[ ]?(?P<second>{_DATE})(?![\w/-]))?
    | \b(?:born|b-?day|birthday|née?[ ]le|geboren|geb\.|nacid[oa]|nat[oa](?:[ ]il)?|urodzon[ya]|född|født)\b(?:[ ](?:on|the|am|el|il|le|to[ ]me|was|is))?[ :,(]{{1,2}}(?P<y>{_DATE})(?![\w/-])
    | (?<![\w/.-])(?P<z>\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:19|20)\d\d)[ ]geboren\b
    | \bmy[ ](?P<w>\d{{1,2}}[-/.]\d{{1,2}}[-/.]19\d\d)[ ]makes[ ]me\b
    """,
    _X,
)

# --- addresses of the network ------------------------------------------------------------------------------------

#: Kept only when the standard library reads it as an address.
IP: Final = re.compile(
    r"(?<![\w.:-])(?<!v\.)(?<!version )(?:(?:\d{1,3}\.){3}\d{1,3}(?!\w|[.:]\d)|(?=[\da-f]*:[\da-f:]*:)[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?![\w:]))",
    _I,
)

# --- number plates -----------------------------------------------------------------------------------------------

_PLATE_CUE: Final = (
    r"(?:(?:number|licen[cs]e|registration|permit|tax)[ ](?:plates?|discs?)|plates?|reg(?:istration)?s?(?:[ ](?:mark|no\.?|number))?|vrm|vrn|kennzeichen|immatriculation|plaque|"
    r"matr[ií]cula|targa|kenteken|rejestracja|car|van|veh(?:icle)?|véhicule|fahrzeug|wagen|voiture|auto|coche|truck|lorry|motorbike|bike|cab|taxi|caravan|trailer|bmw|audi|ford|vauxhall|opel|toyota|honda|"
    r"nissan|peugeot|renault|vw|volkswagen|skoda|kia|hyundai|tesla|mercedes|volvo|mazda|fiat|citro[eë]n|polo|clio|micra|yaris|civic|qashqai|passat|fiesta|astra|golf|corsa|focus)"
)
#: Six letters and digits in three groups, as the Netherlands and Portugal give them.
_DUTCH: Final = (
    r"[A-Z]{2}-\d\d-[A-Z]{2}|\d\d-[A-Z]{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d\d|\d\d-[A-Z]{2}-\d\d|\d\d-[A-Z]{3}-\d|\d-[A-Z]{3}-\d\d|"
    r"[A-Z]-\d{3}-[A-Z]{2}|[A-Z]{2}-\d{3}-[A-Z]"
)
PLATE: Final = re.compile(
    rf"""
      (?<![\w-])(?-i:[A-HJ-PR-Y]{{2}}\d\d[ -]?[A-HJ-PR-Z]{{3}})(?![\w-])
    | (?<![\w-])(?-i:[A-HJ-NP-TV-Z]{{2}}-\d{{3}}-[A-HJ-NP-TV-Z]{{2}})(?![\w-])
    | (?<![\w-])(?-i:[a-hj-pr-y]{{2}}\d\d[a-hj-pr-z]{{3}})(?![\w-])
    | (?<![\w-])(?-i:[A-ZÄÖÜ]{{1,3}}-[A-ZÄÖÜ]{{1,2}}[ ]\d{{1,4}}[EH]?)(?![\w-])
    | (?<![\w-])(?-i:[A-HJ-NP-TV-Z]{{2}}[ ]\d{{3}}[ ][A-HJ-NP-TV-Z]{{2}})(?![\w-])
    | (?<![\w-])(?-i:{_DUTCH})(?![\w-])
    | (?<![\w-])(?-i:\d{{2,3}}-(?:[CDGLTW]|C[EKNWR]|D[LN]?|K[EKY]|L[DHKMNS]?|M[HNO]|OY|R[NE]|SO|T[NS]?|W[DHXW])-\d{{1,6}})(?![\w-])
    | \b{_PLATE_CUE}\b(?:[ ]?(?:is|was|no\.?|number|mark|[:#(]|del[ ]\w{{3,12}}[ ]es|es)|{ANSWER}){{0,2}}[ ]{{0,2}}(?:[A-Z][a-z]{{3,12}}[ ])?
        (?P<x>[a-z]{{2}}\d\d[ ]?[a-z]{{3}}|[a-z]\d{{1,3}}[ ]?[a-z]{{3}}|(?-i:[A-Z]{{1,3}}[ ]\d{{1,4}}[ ]?[A-Z]{{0,2}})|\d{{4}}[ ]?(?-i:[B-DF-HJ-NPR-TV-Z]{{3}})|(?-i:[A-Z]{{2}}[ ]?\d{{3}}[ ]?[A-Z]{{2}})|(?-i:(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{{2,4}}[ -]?[A-Z0-9]{{2,4}}))(?![\w-])
    """,
    _X,
)

# --- numbers that states give ------------------------------------------------------------------------------------

#: Shapes of national numbers whose check digits are looked at: Spain, France, Belgium, Sweden, Denmark, Finland, Ireland, Poland.
CHECKED_ID: Final = re.compile(
    r"""
      (?<![\w-])(?P<dni>(?:\d{8}|[XYZ]-?\d{7})[ -]?[A-Z])(?![\w-])
    | (?<![\w-])(?P<nir>[12][ ]?\d\d[ ]?(?:0[1-9]|1[0-2])[ ]?\d[\dAB][ ]?\d{3}[ ]?\d{3}[ ]?\d\d)(?![\w-])
    | (?<![\w.-])(?P<rrn>\d\d[.]\d\d[.]\d\d[- ]\d{3}[.-]\d\d)(?![\w-])
    | (?<![\w-])(?P<nordic>(?:19|20)?\d{6}[-+]\d{4})(?![\w-])
    | (?<![\w-])(?P<hetu>\d{6}[-+A]\d{3}[0-9A-Y])(?![\w-])
    | (?<![\w-])(?P<pps>\d{7}[A-W][A-IW]?)(?![\w-])
    | (?<![\w-])(?P<pesel>\d{11})(?![\w-])
    """,
    re.VERBOSE,
)
#: Shapes that nothing else has: the Italian tax code, the British driving licence.
SHAPED_ID: Final = re.compile(
    r"(?<![\w-])(?:[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]|[A-Z9]{5}\d{6}[A-Z9]{2}[A-Z0-9]{3})(?![\w-])"
)
