"""Every pattern of identifiers, in the order in which they are tried; words around persons are in ``cues.py``.

Conventions: what a pattern masks is its group ``x`` when it has one, else all of it. Patterns run on a working copy in
which earlier finds are ``MASKED`` characters (same length), so a later pattern can refer to them as neighbours and can
never match inside them. ``GAP`` is at most one separator, which may be a line end: long numbers wrap. Every quantifier
is bounded or cannot overlap its neighbour, so that no text makes a pattern take quadratic time.
"""

# ruff: noqa: E501  (a pattern is read by its alternatives, one a line)

import re
from typing import Final

MASKED: Final = "\x00"  # a find: becomes a placeholder
SHIELDED: Final = "\x01"  # looks like an identifier and is none: dates, amounts, measures
STREET: Final = "\x02"  # a find that is a street line
POSTAL: Final = "\x03"  # a find that is a postcode

_I: Final = re.IGNORECASE
_X: Final = re.IGNORECASE | re.VERBOSE

# --- what must survive -------------------------------------------------------------------------------------------

#: Dates (12/05/2026, 2026-09-14, 14.09.26), times (10:30), amounts (£4.99, 1,200.00, 12,000), shares (20%) and measures
#: (500 ml, 60x90cm). They are shielded first.
SHIELD: Final = re.compile(
    r"""
      (?<![\w/.-])(?:\d{4}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])
          |(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:(?:19|20)\d\d|\d\d)
          |(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:(?:19|20)\d\d|\d\d))(?:T\d\d:\d\d\S{0,12})?(?![\w/-]|\.\d)
    | (?<![\w/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\w/])
    | (?<![\w:])\d{1,2}:\d{2}(?::\d{2})?(?![\w:])
    | [£$€¥₹]\s?\d[\d,. ]{0,14}(?<=\d)(?:\s?[kKmM]\b)?
    | (?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w-])
    | (?<![\w.,-])\d{1,9}(?:[.,]\d{1,2})?\s?(?:%|percent|pounds?|quid|euros?|eur|gbp|usd|dollars?|zł|pln|kr|p\b(?!\.?[ ]?o\b)|pence|
        cents?|miles?|km|kms|kg|kgs|cm|mm|ml|litres?|mbps|gb|mb|watts?|volts?|mah|hz|
        seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|people|customers|points|stars?|times|units|pieces|items)\b
    """,
    _X,
)

# --- addresses of the network ------------------------------------------------------------------------------------

_TLD: Final = (
    "com|org|net|edu|gov|info|biz|app|dev|io|ai|tv|shop|store|online|site|blog|example|test|invalid|social|uk|ie|eu|de|fr|"
    "es|it|nl|pl|pt|be|ch|at|se|no|dk|fi|cz|hu|ro|gr|us|ca|au|nz|in|jp|br|mx|za"
)

URL: Final = re.compile(
    rf"""
      (?:https?|ftp)://[^\s<>"\x00]{{1,2000}}(?<![.,;:!?)\]'])
    | (?<![\w.@-])www\.[^\s<>"\x00]{{2,2000}}(?<![.,;:!?)\]'])
    | (?<![\w.@/-])(?:[a-z0-9](?:[a-z0-9-]{{0,60}}[a-z0-9])?\.){{1,4}}(?:{_TLD})/[^\s<>"\x00]{{1,500}}(?<![.,;:!?)\]'])
    | (?<![\w.@/-])(?:[a-z0-9](?:[a-z0-9-]{{0,60}}[a-z0-9])?\.){{1,4}}
        (?:com|org|net|co\.uk|org\.uk|ac\.uk|gov\.uk|com\.au|io|eu|de|fr|info|example|test|social|app)(?![\w@-])(?!\.\w)
    """,
    _X,
)

#: Cheap signs that the pattern above may find something.
HOST: Final = re.compile(rf"://|www\.|\.(?:{_TLD})\b", _I)

#: Also spoken in calls: "jane dot smith at example dot com".
EMAIL: Final = re.compile(
    r"""
      (?<![\w.+%@-])(?:mailto:)?[\w.+%'-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])
    | (?<!\w)[a-z0-9_]{1,40}(?:\s(?:dot|underscore|dash|hyphen)\s[a-z0-9_]{1,40}){0,3}\sat\s
        [a-z0-9]{1,40}(?:\sdot\s[a-z0-9]{1,40}){0,2}\sdot\s(?:com|org|net|uk|example|de|fr|co\sdot\suk|co\suk)\b
    | (?<![\w.+%-])[\w.+%-]{1,64}\s?[\[(]at[\])]\s?[\w-]{1,63}\s?(?:\.|[\[(]dot[\])])\s?[a-z]{2,24}(?:\.[a-z]{2,3})?\b
    """,
    _X,
)

#: @name, @name@server, u/name.
HANDLE: Final = re.compile(r"(?<![\w@./])@\w{2,40}(?:@[\w.-]{3,80}\w)?|(?<![\w/])/?u/[\w-]{3,30}(?!\w)", _I)

# --- numbers of money --------------------------------------------------------------------------------------------

_GAP: Final = r"[ \n.-]?"

#: Kept only when the checksum (mod 97) and the country's length hold.
IBAN: Final = re.compile(rf"(?<!\w)[A-Z]{{2}}\d{{2}}(?:{_GAP}[A-Z0-9]{{1,4}}){{3,9}}(?!\w)", _I)
#: Length of an IBAN by country (SWIFT registry, the countries of SEPA and a few more).
IBAN_LENGTHS: Final = {
    **dict.fromkeys(("NO",), 15), **dict.fromkeys(("BE",), 16), **dict.fromkeys(("DK", "FI", "FO", "GL", "NL"), 18),
    **dict.fromkeys(("MK", "SI"), 19), **dict.fromkeys(("AT", "BA", "EE", "KZ", "LT", "LU", "XK"), 20),
    **dict.fromkeys(("CH", "HR", "LI", "LV"), 21), **dict.fromkeys(("BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS", "VA"), 22),
    **dict.fromkeys(("AE", "GI", "IL", "IQ", "TL"), 23), **dict.fromkeys(("AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG"), 24),
    **dict.fromkeys(("LY", "PT", "ST"), 25), **dict.fromkeys(("IS", "TR"), 26),
    **dict.fromkeys(("FR", "GR", "IT", "MC", "MR", "SM"), 27), **dict.fromkeys(("AL", "AZ", "BY", "CY", "DO", "GT", "HU", "LB", "PL", "SV"), 28),
    **dict.fromkeys(("BR", "PS", "QA", "UA"), 29), **dict.fromkeys(("JO", "KW", "MU"), 30), **dict.fromkeys(("MT", "SC"), 31),
}  # fmt: skip

#: 13 to 19 digits: kept when Luhn holds, or in four groups of four.
CARD: Final = re.compile(rf"(?<![\w.,-])\d(?:{_GAP}\d){{12,18}}(?![\w-]|[.,]\d)")

#: The last four digits of a card, its security code, its expiry.
CARD_PART: Final = re.compile(
    r"""
    \b(?:ending(?:\s(?:in|with|on))?|ends(?:\s(?:in|with))?|last\s(?:four|4)(?:\s(?:digits?|numbers?))?
        (?:\s(?:are|is|of|on|my|the|card)){0,4})[\s:]{1,2}(?P<x>(?:[x*]{4}[ -]?){0,3}\d{4})(?!\d)
    | (?P<y>(?:\*{4}[ -]?){1,3}\d{4}|(?:x{4}[ -]?){2,3}(?!(?:19|20)\d\d)\d{4})(?!\d)
    | \b(?:cvv|cvc|security\scode)2?(?:\s(?:is|was|number))?[\s:]{1,2}(?P<z>\d{3,4})(?!\d)
    """,
    _X,
)

_DIGIT: Final = (
    r"(?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|\d)"
)

# --- numbers of people and matters -------------------------------------------------------------------------------

#: Letters and digits in groups, at least one digit; what is too short or a year is refused in ``identifiers.py``.
_CODE: Final = r"(?:(?-i:[A-Z]{1,4})[ ](?=\d))?(?=[A-Z/-]{0,12}\d)[A-Z0-9]{1,24}(?:[-/][A-Z0-9]{1,24}){0,5}(?:[ ]\d{2,12}){0,5}(?![\w-]|[.,]\d)"
_NUMBER: Final = r"(?:\s?(?:numbers?|nos?\b\.?|num\b\.?|nr\b\.?|id|code|ref(?:erence)?|\#))"
#: Between a word and its value on the next line: a question's end and the answer's beginning.
ANSWER: Final = (
    r"(?:(?:[ ](?:please|then|for[ ](?:me|that|us|you|the[ ]\w{2,12}))){0,3}\s?\?\s{0,2}\n[ ]?(?:[^\W\d_]{2,12}:)?"
    r"(?:[ ]?(?:yes|yeah|yep|sure|okay?|um+|er+m?|right|so|hi|hang[ ]on|it's|it[ ]is|that's|that[ ]is|this[ ]is|my|the|mine|is)\b[,.]?){0,5})"
)
_IS: Final = (
    rf"(?:\s?(?:is|was|are|being|of|on\s(?:the\s|old\s|my\s)?(?:bill|form|file)|es|lautet|[:#=(,-]|\#:)|{ANSWER})"
)

#: Social security, national insurance, passport, licence, NHS and tax numbers.
ID: Final = re.compile(
    rf"""
      (?<![\w-])\d{{3}}-\d{{2}}-\d{{4}}(?![\w-])
    | (?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)
    | \b(?:ssn|social\ssecurity|national\sinsurance|ni|nino|passport(?:\scopy)?|driv(?:ing|er'?s?)\slicen[cs]e|licen[cs]e,?\snumber|dl|nhs|tax(?:payer)?|
        identity\scard|id\scard|national\s(?:register|identity|id)|personal\snumber|personn(?:r|ummer)|pesel|nie|dni|bsn|rijksreg(?:ister(?:nummer)?)?|cpr|pps|
        codice\sfiscale|cf|steuer-?(?:id|nummer)|idnr|nir|s[eé]curit[eé]\ssociale(?:\s\([^()\n]{{1,40}}\))?)(?!\w)
        {_NUMBER}?{_IS}{{0,2}}\s{{0,2}}(?P<x>{_CODE}(?:[ ](?-i:[A-Z])\b)?)
    """,
    _X,
)

#: Tried before dates are put aside: 09-01-28 is one, and a sort code.
SORT_WORD: Final = re.compile(r"\bsort|\bs/c|\bs\.c\.|\bacc|\ba/c|\bbank", _I)
SORT_CODE: Final = re.compile(
    rf"\b(?:sort(?:ing)?[\s-]?codes?|s/c|s\.c\.){_NUMBER}?{_IS}{{0,2}}\s{{0,2}}(?P<x>\d\d[ -]?\d\d[ -]?\d\d(?!\d)|{_DIGIT}(?:[ ,-]{{1,3}}{_DIGIT}){{2,6}}(?![\w-]))"
    r"|\b(?:sort(?:ing)?[ -]?codes?|s/c|s\.c\.)[^\d\n]{1,40}(?<![\w/-])(?P<y>\d\d([ -])\d\d\3\d\d)(?![\w/-])"
    r"|(?<![\w/-])(?P<z>\d\d([ -])\d\d\5\d\d)(?=[ ](?:is|was)[ ](?:my|the|our)[ ](?:\w{2,8}[ ])?sort\b|[ ]\(sort\b|[ ]sort[ -]?code\b)"
    r"|\bsort[: ]{1,2}(?P<a>\d\d-\d\d-\d\d|\d{6})(?![\w/-])"
    r"|(?<![\w/-])(?P<b>\d\d-\d\d-\d\d)(?=[\s,;/]{1,3}(?:a/?c|acc(?:oun)?t|acc)[\s.:]{1,3}(?:(?:no\b\.?|number|num)[\s:]{1,2})?\d{8}(?!\d))"
    r"|(?<!\d)\d{8}[\s,;/]{1,3}(?P<d>\d\d-\d\d-\d\d)(?![\w/-])",
    _I,
)

#: Sort code and account, membership and customer numbers by the words before them.
ACCOUNT: Final = re.compile(
    rf"""
      (?<![\w-])\d{{2}}-\d{{2}}-\d{{2}}[\s,;]{{1,3}}(?:a/?c(?:count)?[\s:]{{1,2}})?\d{{8}}(?!\d)
    | \b(?:accounts?|acct?s?|a/c|memberships?|loyalty|rewards?|plus|club|meter|contract|mandate|direct\sdebit|card)
        (?:\s(?:card|account|membership|member)){{0,2}}{_NUMBER}?{_IS}{{0,2}}\s{{0,2}}(?P<x>{_CODE})
    | \b(?:customer|client|member|user|patient|subscriber|payroll|employee|cust)
        (?:\s(?:card|account)){{0,1}}{_NUMBER}{_IS}{{0,2}}\s{{0,2}}(?P<y>{_CODE})
    | (?<=[^\n])\b(?:customer|client|member|user|patient|subscriber|payroll|employee|cust)
        (?:\s(?:card|account)){{0,1}}{_IS}\s{{0,2}}(?P<e>{_CODE})
    | \b(?:kunden(?:nummer|nr\b\.?)|klantnummer|mpan|routing|iban){_NUMBER}?{_IS}{{0,2}}\s{{0,2}}(?P<z>{_CODE})
    | \b(?:customer|client|member|cust)\s(?P<c>(?-i:[A-Z]{{1,4}})-\d[\d-]{{4,18}})(?![\w-])
    | \b(?:a/?c|acc(?:oun)?t)(?:{_NUMBER}|{_IS}){{0,2}}\s{{0,2}}(?P<d>\d(?:[ ]\d){{5,15}})(?![\w-])
    """,
    _X,
)

#: Order, case, ticket, policy, reference and booking numbers by the words before them.
ORDER: Final = re.compile(
    rf"""
      \b(?:orders?|cases?|tickets?|polic(?:y|ies)|ref(?:erence)?s?|bookings?|reservations?|confirmation|invoices?|claims?|
        complaints?|tracking|parcels?|consignment|shipment|returns?|rma|receipts?|quotes?|quotations?|transactions?|incident|
        requests?|pnr|locator|deliver(?:y|ies)|packages?|packet|dispatch|despatch|docket|purchase|p\.?o\.?|subscription|waybill|awb|hire|rental|
        warranty|repair|appointment|collection|permit|pcn|penalty[ ]charge(?:[ ]notice)?|fine|query|conf|bkg|inv|tkt|trk|statement|loan|account[ ]ref|voucher|gift\scard|coupon|job|enquiry|inquiry|file|record|report|agreement|prescription|rx|form|notice|
        bestell(?:nummer|nr\b\.?|ung)|best\.-nr\.?|auftrag(?:snummer)?|commande|cde|pedido|ordine|ordernummer|zam[oó]wieni[ea]|zam\.|dossier|rich\.)
        (?:\s(?:tracking|booking|policy|case|order|claim|ticket)){{0,1}}
        (?P<n>{_NUMBER}{{0,2}}){_IS}{{0,2}}\s{{0,2}}(?P<x>{_CODE})
    | \b(?:pnr|locator|(?:booking|confirmation|reservation)\s(?:code|ref(?:erence)?|number|no\.?))
        {_IS}{{0,2}}\s{{1,2}}(?P<y>(?-i:[A-Z]{{6}}))\b
    """,
    _X,
)

BOOKING_WORD: Final = re.compile(r"pnr|locator|(?:booking|confirmation|reservation)\s(?:code|ref|number|no)", _I)
#: Nouns that stand before many numbers that are nobody's ("return 13th", "a/c A321"): a long number only.
WEAK_NOUN: Final = re.compile(
    r"(?:returns?|file|record|report|agreement|form|notice|job|quotes?|requests?|enquiry|inquiry|receipts?|transactions?|voucher|coupon|a/c|club|plus|"
    r"card|contract|meter|rewards?|loyalty|mandate|complaints?|deliver(?:y|ies)|packages?|packet|dispatch|despatch|purchase|subscription|hire|"
    r"rental|warranty|repair|appointment|collection|permit|fine|query|statement|loan)\b",
    _I,
)

#: "number 204417", "nr. 55120": when it is no telephone's.
NUMBERED: Final = re.compile(
    r"(?<![\w-])(?:numbers?|no\.|num|nr\.?|nummer|num[eé]ro|n[uú]mero|n[°º])(?:[ ](?:is|was))?[ :]{1,2}(?P<x>\d{5,12})(?![\w-]|[.,]\d)",
    _I,
)

#: LF-48210377, INV2026001234, #48210377: recognised by shape alone.
ORDER_SHAPE: Final = re.compile(
    r"(?<![\w£$€-])(?:[A-Z]{1,5}[-–/ ]?\d{6,18}|[A-Z]{2}[ ]?\d{3}[ ]?\d{3}[ ]?\d{3}[ ]?[A-Z]{2}|1Z[A-Z0-9]{16}|\d{2,4}-\d{5,8}-\d{4,8}|[A-Z]{1,4}\d{6,14}[A-Z]{1,3}|[A-Z]{2,5}[-–/]\d{5,18}|[A-Z]{1,5}-\d{2,8}-\d{2,12}(?:-\d{1,8})?|[a-z]{1,4}-?\d{6,18}|[a-z]{2,4}-\d{5}|#[A-Z]{1,4}-?\d{5,10}|#\d{5,18}|[A-Z]{1,3}(?:[-/]\d{2,4}){2,3}|[A-Z]{2}(?:[ ]\d{2,4}){2,4}|(?:[A-Z0-9][ ]){5}[A-Z0-9])(?![\w-])"
)

#: A bare run of eight or more digits names something of somebody.
LONG_NUMBER: Final = re.compile(r"(?<![\w.,£$€#-])\d{8,30}(?![\w-]|[.,]\d)")

# --- telephone ---------------------------------------------------------------------------------------------------

#: Candidates of 6 to 15 digits; ``identifiers.py`` asks the phonenumbers library, the shape and the words before.
PHONE: Final = re.compile(
    r"(?<![\w£$€-])(?<!\d[.,/:])(?<![ \n][.,/])(?:\+[ ]?)?(?:\(\+?\d{1,5}\)[ /-]{0,2})?\d{1,15}(?:(?:[ .–/-]{1,2}(?:\(\d{1,5}\)[ ]?)?|\(\d{1,5}\)[ ]?)\d{1,12}){0,6}"
    r"(?:\s?(?:x|ext\.?|extension)\s?\d{2,6})?(?!\w|-\w?\d|[.,/:]\d)",
    _I,
)
PHONE_AFTER: Final = re.compile(
    r"[ ,(-]{0,3}(?:(?:is|was)[ ])?(?:(?:my|our|the|his|her|their)[ ])?(?:(?:new|old|current|correct|right|best|only|contact)[ ]){0,2}(?:number|office|fax|mobile|cell|home|work|tel|phone|landline)\b",
    _I,
)
PHONE_CUE: Final = re.compile(
    r"(?:phone|tele?|mobile|mob|cell|landline|call(?:ed|ing)?|ring|rang|text(?:ed)?|whatsapp|fax|contact|number|reach|dial|hotline|voicemail|cb|answering)"
    rf"(?:ed|s)?\b(?:[^\n\d]{{0,40}}\n?|[^\n\d?]{{0,30}}{ANSWER}[ ]?)$",
    _I,
)

#: Read out in a call: "oh seven seven double zero, nine …".
SPOKEN_NUMBER: Final = re.compile(
    rf"(?<![\w-])(?:(?:double|triple|treble)\s)?{_DIGIT}(?:[ ,.-]{{1,3}}(?:and\s|then\s|double\s|triple\s|treble\s)?{_DIGIT}){{6,30}}(?![\w-])",
    _I,
)

SPOKEN_WORD: Final = re.compile(r"\b(?:double|triple|treble|oh|nought|zero|seven|four|five|nine)[ ,-]", _I)
