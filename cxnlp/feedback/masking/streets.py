"""Patterns of where people live: street lines, flats, postcodes, towns beside them. Conventions: ``patterns.py``."""

# ruff: noqa: E501  (a pattern is read by its alternatives, one a line)

import re
from typing import Final

from cxnlp.feedback.masking.patterns import ANSWER

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
_UK_AREA: Final = (
    "A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|"
    "N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
#: No home: gates, stores, rooms, and months.
_NOT_HOME: Final = (
    r"(?:terminal|gate|platform|level|room|row|seat|bay|store|aisle|zone|page|section|pier|lane|hall|stand|till|queue|version|flight|windows|iphone|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
)
_FLAT: Final = r"(?:(?:flat|apt|apartment|unit|suite|ste|room|house|floor)\.?[ ]?\#?\d{1,5}[a-z]?|\d{1,3}(?:st|nd|rd|th)[ ]floor|(?:garden|basement|ground[ ]floor|top)[ ]flat)"
#: Words that end a street's name in one word: Hauptstraße, Kerkstraat, Mannerheimintie.
_ENDINGS: Final = (
    "stra(?:ss|ß)e|straße|str\\.|gasse|weg|platz|allee|ufer|damm|graben|straat|steenweg|laan|plein|gracht|dijk|kade|hof|vej|vegen|veien|væn(?:ge)?t|gade|gata|gatan|"
    "vägen|gränd|stræde|toften|parken|katu|tie|kuja|polku|utca|ut(?:ja)?|vegur|terrasse|plads|tänav|viru|puiestee|svingen|bakken|haugen|lia|åsen"
)
_NOT_YEAR: Final = r"(?!(?:19|20)\d\d\b)"
#: After these a run of capitals and numbers is an address, whatever its words are.
_ADDRESS_CUE: Final = (
    r"(?:(?:home|work|billing|postal|new|old|delivery|my|your|the|his|her|their|fwd|forwarding|\w{2,12}[’']s)[ ])?(?:address(?:es)?|add|addr)\b(?:[ ](?:is|was|with|to|they[ ]are|here[ ]they[ ]are|needs?))?[:,?]?(?:[ ]?here[ ]they[ ]are:)?(?:[ ]it[ ]is)?"
    r"|(?:lives?|lived|living|reside[sd]?|staying)[ ](?:at|on|in)|(?:meet|find|visit)[ ](?:me|us|you|him|her)[ ]at|(?:taxi|cab|uber|engineer|technician|van)[ ]to|(?:please[ ])?(?:return|deliver|send|post|ship|mail|forward|bring)(?:ed)?(?:[ ](?:it|them|this|one|mine))?[ ]to"
    r"|(?:new[ ]one|sent|delivery|heaters?|out|card|parcel|order|house|letter|refund)[ ](?:to|at)|(?:office|restaurant|shop|house|property|flat|place|party|meeting|home)[ ]is(?:[ ]at|[ ]in)?|sent[ ]to\?(?:[ ]user:)?|it's[ ]in|moved?[ ](?:(?:from|to)|on[ ][^\n.]{3,16}[ ]from)|had[ ]given[ ]\w+[ ]his[ ]address:"
)
_NO_STOP: Final = r"(?:(?:apt|st|ave?|rd|dr|ste|no|nr|blvd|ln|sq|ct|pl|hwy|str|mt|ft|proc|avda|[A-Z])\.|(?-i:[^\W\d_a-zà-öø-ÿ])[^\W\d_]{0,24}(?:['’.-][^\W\d_]{1,24}){0,2})"
_PIECE: Final = rf"(?:\d{{1,6}}(?:[-/]\d{{1,5}})?[a-z]?|P\.?O\.?|{_NO_STOP})"
_BLOCK: Final = rf"{_PIECE}(?:(?:,?[ ]|,?[ ]?\n[ ]?|,)(?:(?:of|and|de|del|della|des|du|la|le|los|las|van|von|der|den|the)[ ])?{_PIECE}){{1,11}}"

_LINE_START: Final = r"(?:^[ ]{0,4}(?:\?\?\?[ ]|[-*•>][ ])?)"

#: Street lines: "Flat 3, 12 Acacia Avenue", "12 acacia road", "PO Box 12", "Hauptstraße 12", "12 rue de la Paix".
ADDRESS: Final = re.compile(
    rf"""
      \b(?:{_FLAT},?[ ]{{1,2}}|(?:flat|unit|apt|apartment|plot|studio)\.?[ ])?(?<![\w.,£$€/:-])\d{{1,5}}(?:[ ]?[-–/][ ]?\d{{1,5}})?[a-z]?,?[ ]
        (?:(?:{_UPPER_WORD}|of|the|de|la)[ ]){{0,3}}{_UPPER_WORD}[ ](?-i:(?:{"|".join(w.title() for w in _STREET.split("|"))}|{"|".join(w.upper() for w in _STREET.split("|"))}))\b\.?
        (?:,?[ ]{_FLAT})?
    | (?<![\w.,£$€/:-])\d{{1,4}}[a-z]?,?[ ](?!minutes?\b|min\b|mins\b|hours?\b|hrs?\b|star\b|days?\b|miles?\b|mile\b|lane\b)
        (?:[a-z'’]{{3,16}}[ ]){{1,2}}(?:street|road|avenue|crescent|terrace|gardens|grove|lane|boulevard|mews)\b
    | (?<![\w.,£$€/:-])\d{{1,5}}[a-z]?[ ](?:[a-z'’]{{3,16}}[ ]){{1,2}}(?:ct|ave?|blvd|crescent|drive|parade|close|court|rd|dr)(?=,?[ ](?:[a-z]+[ ]){{0,2}}(?:{_UK_AREA}|[a-z]{{2}})[ \d])
    | \b(?:(?-i:The)[ ])?{_UPPER_WORD}[ ](?-i:Cottage|Farm|Lodge|Barn|Manor|Villa|Bungalow|Farmhouse|Cottages|Rectory|Vicarage|Bakehouse|Forge),[ ](?:\d{{1,4}}[ ])?
        (?:{_UPPER_WORD}[ ]){{1,3}}(?-i:(?:{"|".join(w.title() for w in _STREET.split("|"))}))\b
    | \b(?:p\.?[ ]?o\.?[ ]?box|postfach|apartado|postbox|postboks|casella[ ]postale)[ ]\d{{1,7}}\b
    | \b(?:(?:unit|psc|cmr)[ ]\d{{1,5}},?[ ]box[ ]\d{{1,5}}|(?-i:USNS|USNV|USS|USCGC)[ ]{_UPPER_WORD})
    | \b(?-i:[A-ZÄÖÜÉÅØÞÁÍÓ])[\w-]{{1,24}}(?:{_ENDINGS})[ ]{_NOT_YEAR}\d{{1,4}}[ ]?[a-z]?\b
    | (?<![\w.,£$€-])\d{{1,5}}[ ][\w-]{{2,24}}(?:{_ENDINGS})[ ]{_NOT_YEAR}\d{{1,4}}[ ]?[a-z]?\b
    | \b{_UPPER_WORD}[ ](?-i:Straße|Strasse|Allee|Platz|Weg|Ring|Straat|[Uu]tca|u\.|út|útja|tér|vej|katu|gata|ulica|nám\.)[ ]{_NOT_YEAR}\d{{1,4}}[ ]?[a-z]?\b\.?
    | \b(?-i:Am|An[ ]der|Im|In[ ]der|Auf[ ]dem|Zum|Zur|Unter[ ]den|Bei[ ]der)[ ]{_UPPER_WORD}[ ]{_NOT_YEAR}\d{{1,4}}[ ]?[a-z]?(?=[ ]{{0,2}}$|,)
    | (?<![\w.,£$€-])\d{{1,5}}(?:[ ]?(?:bis|ter))?,?[ ](?:rue|avenue|boulevard|place|chemin|impasse|quai|allée|route|trg|av\.?)[ ](?:[\w'’-]{{1,20}}[ ]?){{1,5}}(?<=\w)
    | \b(?:(?:c/|calle|cl\.|avda\.?|avenida|av\.|paseo|plaza|pza\.|rúa|rua|viale|piazza|corso|strada|vicolo|largo|travessa|(?-i:Via)|ul\.|ulica|al\.|aleja|trg|nám\.|náměstí)[ ])(?:{_UPPER_WORD}[ ]|(?:de|del|di|da|das|do|dos|e|em|della|delle|dei|degli|dalla|dal|la|las|los|el|y|d')[ ]?){{1,6}}\d{{1,4}}(?:[ ]?[a-z])?\b
    | \b(?:rue|rua)[ ](?:(?:de|du|des|la|le|da|do)[ ]){{0,2}}{_UPPER_WORD}(?:[ ]{_UPPER_WORD}){{0,2}},?[ ]\d{{1,4}}\b
    | \b(?:the[ ])?corner[ ]of[ ](?:{_PIECE}[ ]){{1,5}}and[ ](?:{_PIECE}[ ]?){{1,4}}
    | (?<![\w.,£$€/:-])\d{{1,5}}[ ](?!{_NOT_HOME}){_UPPER_WORD}(?:[ ]{_UPPER_WORD})?[ ]{_NOT_YEAR}\d{{1,4}}[a-z]?\.?(?=,?[ ](?:apt|suite|st)\b|[ ]?\n[ ]?(?:apt|suite)\b|,[ ](?-i:[A-Z]))
    | {_LINE_START}(?P<line>\d{{1,5}}[ ](?!{_NOT_HOME})(?:{_UPPER_WORD}[ ]){{1,3}}{_NOT_YEAR}\d{{1,4}}[a-z]?\.?)(?=[ ]?$)
    | {_LINE_START}(?P<x>{_UPPER_WORD}(?:[ ]{_UPPER_WORD})?[ ](?-i:Cottage|House|Farm|Lodge|Barn|Manor|Villa|Bungalow))(?=,?[ ]{{0,2}}$)
    | {_LINE_START}(?P<w>(?:flat|apt|apartment|suite)\.?[ ]?\#?\d{{1,5}}[a-z]?)(?=,?[ ]{{0,2}}$)
    | \b(?P<apt>apt\.?[ ]\#?\d{{1,5}}[a-z]?)\b | \b(?P<suite>suite[ ]\d{{3}})\b
    | \b(?:{_ADDRESS_CUE})[ \n]{{1,8}}(?P<block>(?=(?:[^\n.?!\d]{{0,30}}[ \n])?\d)(?!{_NOT_HOME})(?:the[ ](?=corner))?{_BLOCK})(?![\w%]|[.:/]\d)
    | \b(?:address|lives?|living|moved|deliver|delivered|delivery|send|sent|return|arrived)(?:[ ]it)?(?:[ ](?:is|was|at|to|in|on)|:)[ ]{{1,8}}
        (?P<z>(?:\d{{1,5}}[a-z]?,?[ ])?(?:{_UPPER_WORD}[ ]){{1,3}}\d{{1,5}}[a-z]?)\b(?![.,/:]\d)
    | \b(?:live|lives|living|lived|house|home|address|flat|delivered|deliver|door)[ ](?:is[ ])?(?:on|in|at|to)[ ](?P<y>{_UPPER_WORD}(?:[ ]{_UPPER_WORD}){{0,2}}[ ]
        (?-i:Street|Road|Avenue|Lane|Close|Crescent|Terrace|Gardens|Grove|Mews|Drive|Way))\b
    """,
    _X | re.MULTILINE,
)

#: The street in a find: it is masked wherever it stands again, without its number too.
STREET_NAME: Final = re.compile(
    rf"(?:{_UPPER_WORD}[ ]){{1,3}}(?:{'|'.join(w.title() for w in _STREET.split('|') if len(w) > 3)})\b"
)

#: What may stand in no find of the pattern above.
NOT_HOME: Final = re.compile(rf"\b{_NOT_HOME}", _I)

HOUSE_WORD: Final = re.compile(
    r"\b(?:live|lives|living|lived|house|home|address|flat|delivered|deliver|door)\s(?:is\s)?(?:on|in|at|to)\s"
    r"|(?-i:Cottage|House|Farm|Lodge|Barn|Manor|Villa|Bungalow),?[ ]*$|\bcorner\sof\b",
    _I | re.MULTILINE,
)

_STATE: Final = "A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]|A[AEP]"
_STATE_NAME: Final = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|"
    "Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|Ohio|Oklahoma|Oregon|Pennsylvania|"
    "Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin|Wyoming"
)
_POSTCODE_WORD: Final = (
    "zip(?:[ -]?code)?s?|post(?:al)?[ -]?codes?|pcode|plz|postleitzahl|post(?:nr|nummer)|code[ ]postal|c\\.p\\.|c[oó]digo[ ]postal|codice[ ]postale|"
    "kod[ ]pocztowy|pin[ ]code|psč|irányítószám|eircode"
)
#: Where somebody is, when a number of five digits follows.
_NEAR: Final = (
    "(?:liv(?:es?|ing)|lived|mov(?:ed?|ing)|relocat(?:ed?|ing)|based|located|reside[sd]?|deliver(?:ed|y|ies|s)?|ship(?:ped|ping|s)?|sen[dt]|ordering|stores?|branch(?:es)?|weather|"
    "coverage|service|available|outage|home|house|address)[ ](?:[a-z]{2,10}[ ]){0,2}?(?:in|to|at|for|from|near|around|within)[ ](?:the[ ])?"
)
#: UK in capitals by shape, in small letters with a real area; others beside an address, after a country's letter or a cue.
POSTCODE: Final = re.compile(
    rf"""
      (?<![\w-])(?-i:[A-Z]{{1,2}}\d[A-Z\d]?[ ]?\d[ABD-HJLNP-UW-Z]{{2}})(?![\w-])
    | (?<![\w-])(?:{_UK_AREA})\d[a-z\d]?[ ]?\d(?!am\b|pm\b|st\b|nd\b|rd\b|th\b)[abd-hjlnp-uw-z]{{2}}(?![\w-])
    | (?<![\w-])(?-i:(?:D6W|[AC-FHKNPRTV-Y]\d\d)[ ]?(?=[A-Z]{{0,3}}\d)(?=\d{{0,3}}[A-Z])[0-9AC-FHKNPRTV-Y]{{4}})(?![\w-])
    | (?:(?<=,[ ])|(?<=\x02[ ])|(?<=[A-Z][a-z][ ])|(?<=[a-z]{{2}},[ ]))(?-i:{_STATE})[ ]{{1,2}}(?P<us>\d{{5}}(?:-\d{{4}})?)(?!\d)
    | \b(?-i:{_STATE_NAME}),?[ ](?P<state>\d{{5}}(?:-\d{{4}})?)(?![\d,.]\d|\d)
    | \b(?:{_POSTCODE_WORD}|cap)(?:[^\d\n.]{{0,25}}?|{ANSWER}[ ]?)(?<![\w£$€])(?P<x>(?:[a-z]{{1,3}}-)?(?=[a-z]{{0,3}}\d)[a-z\d]{{2,5}}(?:[ -][a-z\d]{{2,4}})?)(?![\w-])
    | \b(?:{_POSTCODE_WORD})[^\d\n.?!]{{0,60}}(?<![\w£$€.-])(?P<far>(?!(?:19|20)\d\d\b)\d{{4,6}}|\d{{3}}[ ]\d\d|\d\d-\d{{3}})(?![\w-]|[.,]\d)
    | (?<![\w£$€.,-])(?P<named>\d{{4,6}}|\d{{3}}[ ]\d\d)[ ](?:(?:is|was|as|being)[ ])?(?:(?:my|our|the|a|his|her|their)[ ])?(?:(?:new|old|current|correct|right|home)[ ])?(?:{_POSTCODE_WORD})\b
    | (?<![\w£$€.,-])(?P<plus>\d{{5}}-\d{{4}})(?![\w-])
    | \b{_NEAR}(?P<near>\d{{5,6}})(?![\w-]|[.,]\d)
    | \b(?:in|near|from)[ ](?P<pre>(?!\d*00\b)\d{{5}})(?![\w-]|[.,/]\d)
    | (?<![\w£$€.,-])(?P<area>\d{{5}})[ ](?:area|neighbou?rhood|district)\b
    | (?<![\w£$€.,/-])(?P<before>\d{{5}}|\d{{3}}[ ]\d\d|\d\d-\d{{3}}|\d{{4}}-\d{{3}})[ ](?P<n>(?-i:[^\W\d_a-zß-öø-ÿ])[^\W\d_]{{2,24}})\b
    | \b(?P<after>(?<=[^\W\d_][ ])\d{{5}}|(?<=[^\W\d_],[ ])\d{{5}}|(?<=[^\W\d_][ ])\d{{3}}[ ]\d\d)(?=[ ]?$|[.,;)])
    | (?<![\w-])(?-i:[ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d)(?![\w-])
    | (?<![\w-])(?P<eu>(?:D|F|A|CH|PL|NL|I|E|B|L|DK|SE|CZ)-\d{{2,3}}-?\d{{2,3}})(?=[ ]{_UPPER_WORD})
    | (?<![\w-])(?P<nl>[1-9]\d{{3}}[ ](?-i:(?!SA|SD|SS|AM|PM|BC|AD|CE|GB|MB|UK|EU|US|TV|PC)[A-Z]{{2}}))(?=[ ](?-i:[A-Z][a-z]))
    | (?<![\w£$€.,-])(?P<dutch>(?!(?:19|20)\d\d)[1-9]\d{{3}}[ ](?-i:(?!SA|SD|SS|AM|PM|BC|AD|CE|GB|MB|UK|EU|US|TV|PC|XL|XS|ML|MG|KG|KM|KW|HP|HD|GT|CC|OK|UA|AA|BA|DL|LH)[A-Z]{{2}}))(?=[ ]?$|[.,;)])
    | (?<=\x02)(?:,[ ]|,?[ ]?\n)[ ]{{0,2}}(?P<beside>\d{{4,5}}(?:[ ][A-Z]{{2}})?|\d{{2}}-\d{{3}}|\d{{4}}-\d{{3}}|\d{{3}}[ ]\d{{2}})(?=[ ]{_UPPER_WORD}|[ ]{{0,2}}$|,)
    | \x02(?:[^\n\d\x02]{{0,40}}|[^\n\d\x02]{{0,40}}\n(?:[^\n\d]{{0,30}}\n){{0,4}}[^\n\d\x02]{{0,40}})\b(?P<below>\d{{4,6}}(?:-\d{{4}})?)(?=[ ]{{0,2}}$|[.,?;)])
    """,
    _X | re.MULTILINE,
)

#: A flat or a number beside a street line …
FLAT: Final = re.compile(
    rf"\b(?P<x>{_FLAT})(?=,?[ \n]{{1,2}}\x02)|(?<=\x02)(?:,[ ]|,?\n|[ ])(?P<y>{_FLAT})\b|(?<![\w.,£$€/:-])(?P<z>\d{{1,5}})(?=[ ]\x02)|(?<=\x02)[ ](?P<number>\d{{1,4}}[a-z]?\.?)(?=,|[ ]?$|[ ](?:apt|suite|st)\b)",
    _I | re.MULTILINE,
)
#: … the towns and countries that follow it, and the town after a postcode that follows it.
TOWN: Final = re.compile(
    rf"""
      (?<=\x02)(?:,[ ]|,?[ ]?\n[ ]?)(?P<x>{_UPPER_WORD}(?:[ -]{_UPPER_WORD}){{0,3}}(?:,[ ]{_UPPER_WORD}(?:[ ]{_UPPER_WORD}){{0,2}}){{0,2}})(?=(?:,[ ]|,?\n|[ ])\x03|[ ]?$|[.;)]|[ ]in[ ]case\b)
    | (?<=\x02)[,\n ]{{1,3}}\x03{{4,8}}[ ](?P<after>{_UPPER_WORD}(?:[ -]{_UPPER_WORD}){{0,2}})
    """,
    _X | re.MULTILINE,
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
