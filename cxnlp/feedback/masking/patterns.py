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
    | (?<![\w.,-])\d{1,9}(?:[.,]\d{1,2})?\s?(?:%|percent|pounds?|quid|euros?|eur|gbp|usd|dollars?|zł|pln|kr|p\b|pence|
        cents?|miles?|km|kms|kg|kgs|cm|mm|ml|litres?|mbps|gb|mb|watts?|volts?|mah|hz|
        minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|people|customers|points|stars?|times|units|pieces|items)\b
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

# --- numbers of people and matters -------------------------------------------------------------------------------

#: Letters and digits in groups, at least one digit; what is too short or a year is refused in ``identifiers.py``.
_CODE: Final = r"(?:(?-i:[A-Z]{1,4})[ ](?=\d))?(?=[A-Z/-]{0,12}\d)[A-Z0-9]{1,24}(?:[-/][A-Z0-9]{1,24}){0,5}(?:[ ]\d{2,12}){0,5}(?![\w-]|[.,]\d)"
_NUMBER: Final = r"(?:\s?(?:numbers?|nos?\b\.?|num\b\.?|nr\b\.?|id|code|ref(?:erence)?|\#))"
_IS: Final = r"(?:\s?(?:is|was|are|being|of|[:#=(-]|\#:))"

#: Social security, national insurance, passport, licence, NHS and tax numbers.
ID: Final = re.compile(
    rf"""
      (?<![\w-])\d{{3}}-\d{{2}}-\d{{4}}(?![\w-])
    | (?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)
    | \b(?:ssn|social\ssecurity|national\sinsurance|ni|nino|passport|driv(?:ing|er'?s?)\slicen[cs]e|nhs|tax(?:payer)?|
        identity\scard|id\scard|pesel|nie|dni){_NUMBER}?{_IS}{{0,2}}\s{{0,2}}(?P<x>{_CODE}(?:[ ](?-i:[A-Z])\b)?)
    """,
    _X,
)

#: Sort code and account, membership and customer numbers by the words before them.
ACCOUNT: Final = re.compile(
    rf"""
      (?<![\w-])\d{{2}}-\d{{2}}-\d{{2}}[\s,;]{{1,3}}(?:a/?c(?:count)?[\s:]{{1,2}})?\d{{8}}(?!\d)
    | \bsort\s?code{_IS}{{0,2}}\s{{0,2}}(?P<sort>\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}})(?!\d)
    | \b(?:accounts?|acct?s?|a/c|memberships?|loyalty|rewards?|plus|club|meter|contract|mandate|direct\sdebit|card)
        (?:\s(?:card|account|membership|member)){{0,2}}{_NUMBER}?{_IS}{{0,2}}\s{{0,2}}(?P<x>{_CODE})
    | \b(?:customer|client|member|user|patient|subscriber|payroll|employee|cust)
        (?:\s(?:card|account)){{0,1}}(?:{_NUMBER}{_IS}{{0,2}}|{_IS})\s{{0,2}}(?P<y>{_CODE})
    """,
    _X,
)

#: Order, case, ticket, policy, reference and booking numbers by the words before them.
ORDER: Final = re.compile(
    rf"""
      \b(?:orders?|cases?|tickets?|polic(?:y|ies)|ref(?:erence)?s?|bookings?|reservations?|confirmation|invoices?|claims?|
        complaints?|tracking|parcels?|consignment|shipment|returns?|rma|receipts?|quotes?|quotations?|transactions?|incident|
        requests?|pnr|locator|voucher|gift\scard|coupon|job|enquiry|inquiry|file|record)
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
    r"(?:returns?|file|record|job|quotes?|requests?|enquiry|inquiry|receipts?|transactions?|voucher|coupon|a/c|club|plus|"
    r"card|contract|meter|rewards?|loyalty|mandate|complaints?)\b",
    _I,
)

#: LF-48210377, INV2026001234, #48210377: recognised by shape alone.
ORDER_SHAPE: Final = re.compile(
    r"(?<![\w£$€-])(?:[A-Z]{1,5}[-–/ ]?\d{6,18}|[A-Z]{2,5}[-–/]\d{5,18}|[A-Z]{1,5}-\d{2,8}-\d{2,12}(?:-\d{1,8})?|[a-z]{1,4}-\d{6,18}|#\d{5,18})(?![\w-])"
)

#: A bare run of eight or more digits names something of somebody.
LONG_NUMBER: Final = re.compile(r"(?<![\w.,£$€#-])\d{8,30}(?![\w-]|[.,]\d)")

# --- telephone ---------------------------------------------------------------------------------------------------

#: Candidates of 6 to 15 digits; ``identifiers.py`` asks the phonenumbers library, the shape and the words before.
PHONE: Final = re.compile(
    r"(?<![\w.,£$€/:-])(?:\+[ ]?)?(?:\(\+?\d{1,5}\)[ ]?)?\d{1,15}(?:[ .–-]{1,2}(?:\(\d{1,5}\)[ ]?)?\d{1,12}){0,6}"
    r"(?:\s?(?:x|ext\.?|extension)\s?\d{2,6})?(?!\w|-\w?\d|[.,/:]\d)",
    _I,
)
PHONE_AFTER: Final = re.compile(r"[ ,(-]{0,3}(?:office|fax|mobile|cell|home|work|tel|phone|landline)\b", _I)
PHONE_CUE: Final = re.compile(
    r"(?:phone|tele?|mobile|mob|cell|landline|call(?:ed|ing)?|ring|rang|text(?:ed)?|whatsapp|fax|contact|number|reach|dial)"
    r"(?:ed|s)?\b[^\n\d]{0,25}$",
    _I,
)

_DIGIT: Final = (
    r"(?:zero|nought|oh|o|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|\d)"
)
#: Read out in a call: "oh seven seven double zero, nine …".
SPOKEN_NUMBER: Final = re.compile(
    rf"(?<![\w-])(?:(?:double|triple|treble)\s)?{_DIGIT}(?:[ ,.-]{{1,3}}(?:and\s|then\s|double\s|triple\s|treble\s)?{_DIGIT}){{6,30}}(?![\w-])",
    _I,
)

SPOKEN_WORD: Final = re.compile(r"\b(?:double|triple|treble|oh|nought|zero|seven|four|five|nine)[ ,-]", _I)

# --- where people live -------------------------------------------------------------------------------------------

_UPPER_WORD: Final = r"(?-i:[^\W\d_a-zà-öø-ÿ])[^\W\d_]{0,24}(?:['’.-][^\W\d_]{1,24}){0,2}\.?"
_STREET: Final = (
    "street|str|st|road|rd|avenue|ave|av|lane|ln|close|crescent|cres|terrace|gardens|gdns|grove|court|ct|drive|dr|way|place|pl|"
    "square|sq|mews|parade|boulevard|blvd|row|hill|rise|view|walk|park|green|quay|wharf|yard|circus|croft|dale|mount|"
    "highway|hwy|parkway|pkwy|circle|cir|trail|loop|pike|alley|mall|esplanade|fold|race|bank|end|gate|wynd|cottages|buildings|villas|vale|"
    "brow|side|ridge|copse|meadow|meadows|orchard|heights|drove|causeway|approach|promenade|strand|broadway|house|lodge|yards"
)
_FLAT: Final = (
    r"(?:(?:flat|apt|apartment|unit|suite|room|house|floor)\.?[ ]?\#?\d{1,5}[a-z]?|\d{1,3}(?:st|nd|rd|th)[ ]floor)"
)

#: Street lines: "Flat 3, 12 Acacia Avenue", "12 acacia road", "PO Box 12", "Hauptstraße 12", "12 rue de la Paix".
ADDRESS: Final = re.compile(
    rf"""
      \b(?:{_FLAT},?[ ]{{1,2}}|(?:flat|unit|apt|apartment|plot|studio)\.?[ ])?(?<![\w.,£$€/:-])\d{{1,5}}(?:[ ]?[-–/][ ]?\d{{1,5}})?[a-z]?,?[ ]
        (?:(?:{_UPPER_WORD}|of|the|de|la)[ ]){{0,3}}{_UPPER_WORD}[ ](?-i:(?:{"|".join(w.title() for w in _STREET.split("|"))}))\b\.?
        (?:,?[ ]{_FLAT})?
    | (?<![\w.,£$€/:-])\d{{1,4}}[a-z]?,?[ ](?!minutes?\b|min\b|mins\b|hours?\b|hrs?\b|star\b|days?\b|miles?\b|mile\b|lane\b)
        (?:[a-z'’]{{3,16}}[ ]){{1,2}}(?:street|road|avenue|crescent|terrace|gardens|grove|lane|boulevard|mews)\b
    | \b(?:p\.?[ ]?o\.?[ ]?box|postfach|apartado)[ ]\d{{1,7}}\b
    | \b(?-i:[A-ZÄÖÜÉ])[\w-]{{2,24}}(?:stra(?:ss|ß)e|str\.|gasse|weg|platz|allee|straat|laan|plein|gracht|vej|gade|gatan|vägen|veien|katu|tie|utca)[ ]\d{{1,4}}[ ]?[a-z]?\b
    | (?<![\w.,£$€-])\d{{1,4}}(?:[ ]?(?:bis|ter))?,?[ ](?:rue|avenue|boulevard|place|chemin|impasse|quai|allée)[ ](?:[\w'’-]{{1,20}}[ ]?){{1,5}}(?<=\w)
    | \b(?:(?:c/|calle|avda\.?|avenida|paseo|plaza|rua|viale|piazza|corso|(?-i:Via)|ul\.|ulica|al\.|aleja)[ ])(?:{_UPPER_WORD}[ ]|(?:de|del|di|da|dos|la|los)[ ]){{1,5}}\d{{1,4}}(?:[ ]?[a-z])?\b
    | \b(?:rue|rua)[ ](?:(?:de|du|des|la|le|da|do)[ ]){{0,2}}{_UPPER_WORD}(?:[ ]{_UPPER_WORD}){{0,2}},?[ ]\d{{1,4}}\b
    | ^[ ]{{0,4}}(?P<x>{_UPPER_WORD}(?:[ ]{_UPPER_WORD})?[ ](?-i:Cottage|House|Farm|Lodge|Barn|Manor|Villa|Bungalow))(?=,?[ ]{{0,2}}$)
    | ^[ ]{{0,4}}(?P<w>(?:flat|apt|apartment|suite)\.?[ ]?\#?\d{{1,5}}[a-z]?)(?=,?[ ]{{0,2}}$)
    | \b(?:address|lives?|living|moved|deliver|delivered|delivery|send|sent|return|arrived)(?:[ ]it)?(?:[ ](?:is|was|at|to|in|on)|:)[ ]{{1,8}}
        (?P<z>(?:\d{{1,5}}[a-z]?,?[ ])?(?:{_UPPER_WORD}[ ]){{1,3}}\d{{1,5}}[a-z]?)\b(?![.,/:]\d)
    | \b(?:live|lives|living|lived|house|home|address|flat|delivered|deliver|door)[ ](?:is[ ])?(?:on|in|at|to)[ ](?P<y>{_UPPER_WORD}(?:[ ]{_UPPER_WORD}){{0,2}}[ ]
        (?-i:Street|Road|Avenue|Lane|Close|Crescent|Terrace|Gardens|Grove|Mews|Drive|Way))\b
    """,
    _X | re.MULTILINE,
)

HOUSE_WORD: Final = re.compile(
    r"\b(?:live|lives|living|lived|house|home|address|flat|delivered|deliver|door)\s(?:is\s)?(?:on|in|at|to)\s"
    r"|(?-i:Cottage|House|Farm|Lodge|Barn|Manor|Villa|Bungalow),?[ ]*$",
    _I | re.MULTILINE,
)

_UK_AREA: Final = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|"
    "N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
#: UK in capitals by shape, in small letters with a real area; others beside an address, after a country's letter or a cue.
POSTCODE: Final = re.compile(
    rf"""
      (?<![\w-])(?-i:[A-Z]{{1,2}}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{{2}})(?![\w-])
    | (?<![\w-])(?:{_UK_AREA})\d[a-z\d]?[ ]?\d(?!am\b|pm\b|st\b|nd\b|rd\b|th\b)[abd-hjlnp-uw-z]{{2}}(?![\w-])
    | (?<=,[ ])(?-i:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY])
        [ ](?P<us>\d{{5}}(?:-\d{{4}})?)(?!\d)
    | \b(?:zip(?:[ ]?code)?|post(?:al)?[ ]?code|plz|code[ ]postal|cap|eircode)(?:[ ]is|:)?[ ](?P<x>(?=[a-z]{{0,3}}\d)[a-z\d]{{2,5}}(?:[ -][a-z\d]{{2,4}})?)(?![\w-])
    | (?<![\w-])(?P<eu>(?:D|F|A|CH|PL|NL|I|E|B|L|DK|SE|CZ)-\d{{2,3}}-?\d{{2,3}})(?=[ ]{_UPPER_WORD})
    | (?<=\x02)[,\n][ ]{{0,2}}(?P<beside>\d{{4,5}}(?:[ ][A-Z]{{2}})?|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{3}}[ ]\d{{2}})(?=[ ]{_UPPER_WORD}|[ ]{{0,2}}$|,)
    | \x02[^\n]{{0,40}}\n(?:[^\n\d]{{1,30}}\n){{0,2}}[^\n\d]{{0,40}}(?P<below>\b\d{{4,5}}(?:-\d{{4}})?)[ ]{{0,2}}$
    """,
    _X | re.MULTILINE,
)

#: A flat beside a street line, and the town between a street line and a postcode.
FLAT: Final = re.compile(rf"\b(?P<x>{_FLAT})(?=,?[ \n]{{1,2}}\x02)|(?<=\x02)(?:,[ ]|,?\n|[ ])(?P<y>{_FLAT})\b", _I)
TOWN: Final = re.compile(
    rf"(?<=\x02)(?:,[ ]|,?\n)(?P<x>{_UPPER_WORD}(?:[ ]{_UPPER_WORD}){{0,2}})(?=(?:,[ ]|,?\n|[ ])\x03)"
)

#: For ``addresses.py``: a part of an address is capitals and numbers, joined by small words …
ADDRESS_PART: Final = re.compile(
    r"(?:(?:c/o|[Tt]he|of|am|an|der|de|la|le|du|y|yr|upon|under|on|in|by|St\.?|\d{1,4}[a-zA-Z]?|[^\W\d_a-zß-öø-ÿ][\w'’.-]{0,30})(?:[ ]|$)){1,6}"
)
#: … or what stands after a preposition in a sentence ("moved to The Bothy, …") …
ADDRESS_AFTER: Final = re.compile(r"\b(?:at|to|from|in|of|is|on)\s((?:[Tt]he\s)?[^\W\d_a-z][\w'’ -]{0,40})$")
#: … and lines such as these are none.
ADDRESS_ENDS: Final = re.compile(
    r"^(?:dear|hi|hello|to|for|from|re|order|ref|our|your|the (?:managing|chief|manager|company)|customer|complaints?)\b|[?!]|[.:]\s|\b(?:19|20)\d\d\b",
    _I,
)
