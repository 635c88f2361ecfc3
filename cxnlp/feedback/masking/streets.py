"""Patterns of where people live: street lines, flats, postcodes, towns beside them. Conventions: ``patterns.py``."""

# ruff: noqa: E501  (a pattern is read by its alternatives, one a line)

import re
from typing import Final

_I: Final = re.IGNORECASE
_X: Final = re.IGNORECASE | re.VERBOSE

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
