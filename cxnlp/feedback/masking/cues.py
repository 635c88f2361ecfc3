"""The words around persons: what announces a name, and what says that its bearer works for the company.

Patterns that announce end where the name begins; the name itself is read by ``persons.py``. Patterns about employees
are tried on the text just before (they end at its end) or just after a name.
"""

# ruff: noqa: E501  (a pattern is read by its alternatives, one a line)

import re
from typing import Final

_I: Final = re.IGNORECASE
_X: Final = re.IGNORECASE | re.VERBOSE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLE_WORDS: Final = (
    r"(?:mr|mrs|ms|mx|dr|prof|miss|sir|lady|lord|rev|sgt|capt|herr|frau|mme|monsieur|madame|mlle|señora?|sra?|pani?)"
)

#: "Mr", "Mrs.", "Dr", "Miss" (only with a capital: to miss is a verb), "Herr" …
TITLE: Final = re.compile(
    r"(?<!\w)(?:(?i:mr|mrs|ms|mx|dr|prof|mme|mlle|cllr)|Miss|MISS|Sir|Dame|Rev|Reverend|Sgt|Officer|Councillor|Herrn?|Frau|Monsieur|Madame|Señora?|Sra?|[Ss]ig(?:\.ra)?|Pani?)\.?[ ]+(?=[^\W\d_])"
)

#: "my name is", "je m'appelle", "name:"; what follows is a name unless it is an everyday word.
SELF: Final = re.compile(
    r"\b(?:my (?:(?:full|first|last) )?name(?:'s| is| was)|the name(?:'s| is)|name is|(?:full |customer |contact |cust )?name ?:|"
    r"je m'appelle|ich hei(?:ß|ss)e|mein name ist|me llamo|mi nombre es|nazywam si[eę]|mi chiamo|fy enw i yw)[ ]+",
    _I,
)

#: "I'm", "this is", "it's": a name only when it looks like one.
SELF_WEAK: Final = re.compile(
    r"\b(?:i am|i'm|im|this is|it's|it is|calls? me|you're (?:speaking|through) (?:to|with)|you are speaking (?:to|with))[ ]+",
    _I,
)

#: Who a note or a request is about: "cust crombie", "add Jo as guardian", "follow up with", "everyone calls me".
ABOUT: Final = re.compile(
    r"\b(?:cust|cx|customer|caller|patient|pt|insured|client[ea]?|klant|klient|kundin|kunde|tenant|member|guest|passenger|"
    r"(?:named|name) (?:him|her|them|it)|(?:calls?|called) me|follow(?:ed|ing)? up with|assistant to|on behalf of|correct it to|change it to|account of|in the name of|name of|"
    r"maiden name is|it's under|starring|directed by|written by|signed(?: by)?|promis by|commenter|(?:need|want|like) to add|here's|recd|promis le \S+ par) +",
    _I,
)

#: "called", "named" after a word for a person.
_PERSON_NOUN: Final = (
    r"(?:lady|ladies|gentleman|gent|man|men|woman|women|guy|girl|boy|chap|lad|lass|bloke|fella|fellow|person|someone|somebody|colleague|"
    r"team member|member of (?:your )?(?:staff|team)|representative|rep|agent|advisor|adviser|assistant|driver|manager|engineer|"
    r"technician|operator|supervisor|employee|worker|cashier|fitter|courier|one|son|daughter|husband|wife|friend|neighbour)"
)
CALLED: Final = re.compile(
    rf"\b{_PERSON_NOUN},?[ ](?:is |was |who was |who is |i think )?(?:called|named|by the name of|whose name (?:is|was))[ ]+(?:an? )?",
    _I,
)

#: Verbs of contact; then a capital is needed.
CONTACT: Final = re.compile(
    r"\b(?:(?:spoke|speaking|spoken|speak|talked|talking|talk|chatted|chatting|dealt|dealing|met|connected|passed|transferred) (?:on the phone )?(?:to|with)|"
    r"put (?:me )?through to|(?:served|helped|assisted|answered|handled|greeted|treated|sorted|sorted out|seen|fitted|installed|delivered|advised|adv|taken|looked after) by|"
    r"ask(?:ed|ing)? for|asked? to speak (?:to|with)|called|named|by the name of|member of staff|from|fao|attn|c/o|cc)[: ]+",
    _I,
)

#: Praise and thanks to somebody; then a capital or a known given name is needed.
THANKS: Final = re.compile(
    r"\b(?:thanks|thank you|thankyou|thank u|thx|ty|cheers|ta|shout ?out|props|kudos|credit|well done|hats off|bravo|hats-off|big up|god bless|bless|diolch|merci|danke|gracias)"
    r"(?: (?:again|so|very|much|to|you|once more|a lot|a million|loads|all|must go|goes|especially|kindly))*[ ,]+",
    _I,
)

#: "Dear", "Hi" at the beginning of a line.
SALUTATION: Final = re.compile(
    r"\A(?!bonjour|hallo|hola|ciao|salut|servus|szanown|guten|madame|monsieur)(?=[^\W\d_]{3,15},[ ]*(?:\n|can |could |would |please ))|^[ ]*(?:(?:agent|customer|advisor)[ ]?:[ ]*)?(?:dear|hi|hiya|hello|hey|good (?:morning|afternoon|evening)|morning|afternoon|evening|bonjour|hallo|guten tag|liebe[rs]?|hola|cher|chère|szanown[aiy])(?: again)?[ ,]+",
    _I | re.MULTILINE,
)

#: "Mary: …" at the beginning of a line.
SPEAKER: Final = re.compile(r"^[ >]{0,4}(?=[^\W\d_]{2,20}:)", re.MULTILINE)

#: "Don't go to town, Charlotte!": somebody is spoken to.
VOCATIVE: Final = re.compile(r"(?<=[a-z]), (?=[A-Z][a-z]{2,14}[!?])")

#: Three or more capitals in a row: "Monjeau, Graves and Reed".
ROW: Final = re.compile(
    r"(?<!\w)[^\W\d_a-z][^\W\d_]{2,20}(?:, [^\W\d_a-z][^\W\d_]{2,20}){1,4},? and [^\W\d_a-z][^\W\d_]{2,20}(?! [^\W\d_a-z])"
)

#: Closing formulas; the name follows on the line or in the next lines.
SIGN_OFF: Final = re.compile(
    r"(?:^|[.!?,;\n ][ ]*)(?:(?:kind|kindest|best|warm|warmest|many|with)? ?regards|(?:yours|your's) (?:sincerely|faithfully|truly)|sincerely(?: yours)?|with respect|respectfully|yours (?:in|hopefully|etc)[\w ]{0,20}|"
    r"best wishes|(?:all the )?best|with thanks|many thanks|thanks|thank you|cheers|love|yours|cordialement|bien à vous|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|"
    r"viele grüße|saludos(?: cordiales)?|atentamente|un saludo|pozdrawiam|z poważaniem|saluti|cordiali saluti|met vriendelijke groet|cofion(?: gorau)?|signed|from)"
    r"(?: (?:again|in advance|in anticipation|very much|so much|for your (?:time|help)))?[ ]*[,.!:-]*[ ]*(?P<gap>\n[ ]*\n?[ ]*|(?<=[,.!:-])[ ]*|[ ]+(?=\S+(?:[ ]\S+){0,2}[ .]*$))",
    _I | re.MULTILINE,
)

#: In small letters or all capitals: what may stand before or after a known given name.
BEFORE_CASELESS: Final = re.compile(
    r"(?:thanks|thank you|thx|cheers|shout ?out to|kudos to|credit to|well done|by|with|named|called|is|ask for|asked for|lady|man|guy|girl|"
    r"driver|agent|manager|advisor|adviser|rep|colleague|assistant|engineer|especially|regards|hi|hello|hey|dear|miss|mrs?|ms|spoke to|spoken to|speak to|talked to|about|from|love|husband|"
    r"wife|son|daughter|friend|neighbour|mum|dad|sister|brother|partner)[ ,]+$",
    _I,
)
AFTER_CASELESS: Final = re.compile(
    r"[ ,]*(?:was|is|has|had|helped|from|at|on|in|told|said|sorted|served|really|who|rang|called|deserves|answered|explained|listened|came|went|"
    r"apologi[sz]ed|here|speaking)\b|'s\b",
    _I,
)

# --- names that are words ------------------------------------------------------------------------------------------

#: Given names that begin sentences as everyday words; alone and without a cue they are never a person.
NEVER_ALONE: Final = _words(
    "will may mark bill frank chase sue grant guy miles penny ray summer hope joy faith grace amber crystal "
    "angel dawn rose pat drew wade ward cliff chuck gene young love art rich"
)
#: Of these, the ones that stand before a name as verbs: "will henderson ring?".
VERBS: Final = _words("will may mark bill sue chase grant miles art rich love ward wade young")
#: Everyday words that, in small letters after a given name, are family names all the same.
TRADES: Final = _words(
    "smith wright baker cooper taylor walker turner miller fisher harper potter parker carter porter "
    "butler fuller brown green white black hill wood woods king bell cook ward gray marsh shaw hunt mills "
    "ford webb stone rose"
)
SMALL_BEFORE: Final = re.compile(r"[a-z],? $")
#: "the Weber barbecue": after these words a single capitalised word is a thing.
DETERMINER_BEFORE: Final = re.compile(
    r"\b(?:the|a|an|my|your|our|this|that|these|those|another|any|each|every|his|her|their|new|old|its) $", _I
)
#: "Grace was so kind": a name that is a word is a name when it acts.
WORKS_AFTER: Final = re.compile(
    r" (?:lives (?:on|at|in) |was born|spent (?:a|the|an) |\((?:son|daughter|wife|husband|mother|mum|dad|neighbour)\)|(?:on|at|in|from) (?:your|the) |(?:helped|served|assisted|answered|apologi[sz]ed|deserves|sorted|said|told|called me|rang me|"
    r"was (?:so|very|really|extremely|incredibly) (?:helpful|kind|patient|friendly|rude|polite))\b)"
)
#: What follows is a place or an employer.
ORIGIN_BEFORE: Final = re.compile(
    r"\b(?:is|was|are|am|i'm|he's|she's|originally|hails?|flew|travel\w*|moved|comes?|came|live[sd]?|living)(?: here)? from $|\bwork(?:s|ed|ing)? (?:for|at) $",
    _I,
)
#: What people do and companies seldom do; what is said of people.
ACTS_AFTER: Final = re.compile(
    r" (?:(?:has|had|kindly|finally|then|also|never|just) )?(?:said|says|told (?:me|us|him|her)|asked|wrote|called (?:me|us|back)|rang|phoned|replied|answered|promised|explained|"
    r"apologi[sz]ed|helped|served|came|knocked|smiled|shouted|laughed|married|moved|lives|lived|works|worked|resigned|retired|died|left (?:me|us|for)|hung up|picked up|listened|"
    r"and (?:I|his|her) |\((?:born|aged?|\d\d)\b)|'s (?:wife|husband|son|daughter|mother|father|mum|dad|parents?|family|house|flat|phone|hands?|name|attitude|manager|boss)\b|"
    r", (?:who |aged? |\d\d\b|his |her )",
)
PERSON_BEFORE: Final = re.compile(
    r"\b(?:told|tell|asked|ask|met|meet|married|thank|thanks|dear|hi|hello|between|neighbou?r|colleague|friend|boss|president|author|singer|player|actor|director|caller|passenger|patient|"
    r"tenant|officer|detective|minister|senator|judge|chef|coach|(?:husband|wife|son|daughter|mother|father|mum|dad|sister|brother|uncle|aunt|cousin|partner),?|said|says|whom)[ ]$|(?:^|\n)(?:name|author|attn|fao|guest|signed):? $",
    _I,
)
PLACE_BEFORE: Final = re.compile(
    r"\b(?:st|saint|san|santa|lake|mount|fort|ft|port|los|las|el|new|north|south|east|west|upper|lower|great|little)\.? $",
    _I,
)
#: Small words inside a name: Judith van Houten.
PARTICLES: Final = _words("de del der den van von la le di da dos du bin al el ap ab ten ter te y zu zur af av")
PLACE_FIRST: Final = _words("san santa santo st saint los las el puerto port fort lake mount new")
#: What a place, a company or a product is called after its name: "Logan Airport", "Merrow dining table".
PLACE_AFTER: Final = re.compile(
    r" (?:street|road|avenue|lane|airport|hotel|park|bank|ltd|limited|inc|plc|llc|llp|airways|airlines?|university|college|school|hospital|stadium|"
    r"cent(?:re|er)|corp(?:oration)?|incorporated|gmbh|office|orchestra|foundation|agency|brothers|& (?:co|company|sons)|arena|house|square|station|bridge|islands?|county|city|beach|bay|town|stores?|shop|branch|depot|range|collection|sofa|"
    r"chair|(?:dining |side |coffee |bedside )?table|wardrobe|bed|mattress|shed|greenhouse|rug|lamp|card|group|services?|insurance|mortgage|day|sale|"
    r"garden|club|prize|award|act|law|edition|model|app)\b",
    _I,
)
#: Before a capital that only the recogniser takes for a person: it is a place or a thing.
PLACE_CUE: Final = re.compile(
    r"\b(?:in|at|to|from|via|near|of|into|through|between|around|outside|visiting|on|@|using|use) $", _I
)

# --- employees ----------------------------------------------------------------------------------------------------

#: Role of ``frames.EMPLOYEES`` by the word for the work; tried in this order.
ROLES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (role, re.compile(rf"\b(?:{words})\b", _I))
    for role, words in (
        ("driver", r"drivers?|courier|delivery (?:man|guy|woman|lady|lad|chap|team|crew|person|driver)|delivered|van man|postman|pilot|depot"),
        ("manager", r"managers?|mgr|supervisor|team lead(?:er)?|tl|shift lead(?:er)?|head of \w+|director|boss"),
        ("engineer", r"engineers?|technicians?|fitters?|installers?|plumber|electrician|mechanic|repair ?(?:man|er)|fitted|installed|repaired"),
        ("counter", r"(?:\w+ )?counter|cashier|tills?|checkout|(?:returns|customer service) desk|returns|front desk|receptionist|reception"),
        ("agent", r"agents?|advis[oe]rs?|operators?|call handler|handler|representatives?|reps?|helpline|help ?desk|phones?|call cent(?:re|er)|(?:web ?|live ?)?chat|"
                  r"customer (?:services?|care|support)|support|line"),
        ("staff", r"staff|assistants?|colleagues?|employees?|team member|worker|clerk|associate|attendant|steward(?:ess)?|crew|wait(?:er|ress)|server|host(?:ess)?|barista|"
                  r"sales(?:man|woman|person)?|consultant|specialist|nurse|doctor|porter|guard|chef|designer|gardener|packer|picker"),
    )
)  # fmt: skip

#: Who is spoken to, and says no more, is an agent.
SPOKE: Final = re.compile(r"\b(?:spoke|spoken|speaking|speak|talked|talking|rang|phoned)\b", _I)

#: A word for the work, for use inside the patterns below.
WORKER: Final = (
    r"(?:drivers?|courier|delivery (?:man|guy|woman|lady|lad|chap|person|driver)|managers?|mgr|supervisor|team lead(?:er)?|tl|boss|"
    r"engineers?|technicians?|fitters?|installers?|cashier|receptionist|agents?|advis[oe]rs?|operator|call handler|handler|"
    r"representatives?|reps?|assistants?|colleagues?|employees?|team member|member of (?:your |the )?(?:staff|team)|staff member|clerk|"
    r"associate|attendant|steward(?:ess)?|wait(?:er|ress)|server|hosts?|sales(?:man|woman|person)|consultant|specialist|staff|chap|lad(?:y)?|gentleman)"
)
_THEIR_PLACE: Final = (
    r"(?:help ?line|help ?desk|store|stores|branch|shop|team|counter|desk|depot|call cent(?:re|er)|department|dept|till|tills|checkout|phone|phones|"
    r"chat|services?|customer (?:services?|care|support|relations)|support|office|warehouse|lines?|reception|cafe|café|accounts|deliveries|returns|"
    r"complaints|garden cent(?:re|er)|head office|website|switchboard|end)"
)
#: A role before a name that is also a word or a country: "your agent Chad".
ROLE_BEFORE: Final = re.compile(rf"\b{WORKER},? [\"“]?$", _I)
EMPLOYEE_BEFORE: Final = re.compile(
    rf"""(?:
      \b{WORKER}(?:\s(?:was|is|called|named|there))?[,:]?\s(?:\(\s?)?
    | \b(?:{WORKER}|lady|gentleman|man|woman|guy|girl|boy|chap|lad|lass|bloke|fellow|fella|person|someone|somebody|one)\b[^.!?\n]{{0,40}}\b(?:called|named|name\sof)\s
    | \b(?:{WORKER}|lady|gentleman|woman|girl|chap|lad|bloke|fellow|person)\s(?:I\s(?:got|had|spoke\sto)|who\s\w+|in|at|on|from|that)\b[^.!?\n,]{{0,30}}(?:,|\swas)\s
    | \b(?:then|finally|only|and)?\s?(?:I|we|he|she|they)\s(?:finally\s|then\s|only\s|actually\s)?got\s(?:through\sto\s|hold\sof\s|the\sfamous\s|lovely\s)?
    | \b(?:got|get|ask\sfor|answered\swas|stars\sfor|medal\sfor|bonus\sfor|rise\sfor|raise\sfor|thanks\sfor|badge\ssaid|badge\ssays|tag\ssaid|compliment\sabout|to\sthank)\s
    | \b(?:served|helped|assisted|answered|handled|greeted|looked\safter|sorted(?:\sout)?|fitted|installed|delivered|advised|adv)\sby\s
    | \bput\s(?:me\s)?through\sto\s | \btransferred\s(?:me\s)?to\s | \bask(?:ed)?\sfor\s
    | \b(?:thanks|thank\syou|thankyou|thank\su|thx|cheers|shout\s?out|props|kudos|credit|well\sdone|hats\soff|bravo|compliments?|praise|commend)
        (?:\s(?:again|so|very|much|to|you|a\slot|must\sgo|goes|especially|your|for|about))*\s
    | \b(?:you're|you\sare)\s(?:speaking|through)\s(?:to|with)\s
    | \byour\s
    )$""",
    _X,
)
#: Only where the writer is the customer: an agent's note also says whom the agent spoke to.
EMPLOYEE_BEFORE_CUSTOMER: Final = re.compile(
    r"\b(?:spoke|speaking|spoken|speak|talked|talking|chatted|chatting|dealt|dealing|phone|chat|call)\s(?:on\sthe\sphone\s)?(?:to|with)\s$",
    _I,
)
EMPLOYEE_AFTER: Final = re.compile(
    rf"""(?:
      \s?[,(–-]?\s?(?:the|your|our|a|an|who\swas\sthe)?\s?(?:\w+\s){{0,2}}{WORKER}\b
    | \s(?:on|at|in|from|of|behind|over\sat)\s(?:the|your|their|customer|live)?\s?(?:\w+\s){{0,2}}?{_THEIR_PLACE}\b
    | \s(?:was|is|were|are|has\sbeen|could\snot\shave\sbeen|couldn't\shave\sbeen)\s(?:\w+\s){{0,3}}?(?:helpful|unhelpful|rude|polite|patient|friendly|kind|lovely|brilliant|
        amazing|fantastic|excellent|wonderful|professional|courteous|dismissive|condescending|knowledgeable|attentive|superb|outstanding|sympathetic|
        understanding|star|credit|legend|gem|angel|diamond|hero|saint|delight)\b
    | \s(?:in|on|from)\s(?:the\s)?(?:furniture|bathrooms?|kitchens?|paints?|lighting|gardens?|gardening|beds|flooring|tools|electricals|accounts|
        deliveries|returns|sales|complaints|collections|tills|plants|bedding|curtains|homeware)\b
    | \s(?:to\s(?:have|get)\sa\s(?:medal|raise|rise|bonus|promotion)|(?:thanked|praised|recognised|rewarded|promoted|commended))\b
    | \s(?:\w+ly\s)?(?!asked|wanted|reminded|loved|joined|invited)(?:\w+ed|let|gave|taught|put|found|got|made|sent|rang|took|told|kept|wrote|did\sring|did\scall)\s(?:me|us|him|her|mum|dad)\b
    | \s(?:didn't|did\snot)\s(?:\w+\s)?(?:rush|interrupt|argue|leave\sit|hang\sup|give\sup)\b
    | \s(?:slowed\sdown|stayed|stood|waited|spoke\sslowly|put\sit\sright|sorted|went\sthe\sextra|stayed\son|had\s(?:listened|sorted|fixed|helped|been\svery))\b
    | \s(?:\w+ly\s)?(?:helped|served|assisted|sorted|resolved|deserves|went\sabove|went\sout\sof|apologi[sz]ed|transferred|hung\sup|listened|stayed\son|
        picked\sup|rang\sme|called\sme|phoned\sme|assured|refused\sto|couldn't\shave|could\snot\shave|took\sthe\stime|delivered|fitted|installed|explained)\b
    )""",
    _X,
)
#: The writer's own people are nobody's employees.
KIN_BEFORE: Final = re.compile(
    r"\b(?:my|our|his|her|their)\s(?:\w+\s)?(?:husband|wife|partner|fianc[ée]e?|boyfriend|girlfriend|son|daughter|mum|mom|mother|dad|father|sister|brother|"
    r"nan|gran|granny|grandma|grandad|grandson|granddaughter|niece|nephew|aunt|auntie|uncle|cousin|friend|mate|neighbour|neighbor|dog|cat|baby|kid|"
    r"child|carer|colleague|boss|solicitor|lawyer|doctor|gp|late\s\w+|little|eldest|youngest|mother-in-law|father-in-law)s?,?\s(?:called\s|named\s)?$",
    _I,
)
#: An agent who introduces himself in a call, or is introduced.
AGENT_SELF: Final = re.compile(
    r"\b(?:my name(?:'s| is)|this is|i'm|i am|it's|name's|you(?:'re| are) (?:speaking|through) (?:to|with)|speaking with|speaking to)\s$",
    _I,
)
