"""Words, tags and relations of the parser by which phrases are found and cut."""

from typing import Final

#: Tags and relations of the parser.
FINITE: Final = frozenset({"MD", "VBD", "VBP", "VBZ"})
NOUNS: Final = frozenset({"NN", "NNS"})
SUBJECTS: Final = frozenset({"expl", "nsubj", "nsubjpass"})
COMPLEMENTS: Final = frozenset({
    "acomp", "agent", "attr", "ccomp", "dative", "dobj", "oprd", "prep", "prt", "xcomp",
})  # fmt: skip
HELPERS: Final = frozenset({"aux", "auxpass", "neg"})
QUESTIONS: Final = frozenset({"WDT", "WP", "WP$", "WRB"})
BEFORE_NOUNS: Final = frozenset({"amod", "compound", "det", "neg", "nmod", "nummod", "poss"})
#: What a phrase can do without.
ASIDES: Final = frozenset({
    "advcl", "appos", "cc", "conj", "csubj", "dep", "discourse", "intj", "mark", "meta", "npadvmod", "parataxis",
    "preconj", "predet", "punct", "relcl",
})  # fmt: skip
NOT: Final = frozenset({
    "n't", "n’t", "neither", "never", "no", "nobody", "none", "noone", "not", "nothing", "nowhere",
})  # fmt: skip
#: Pronouns that can be understood by themselves.
ANYBODY: Final = frozenset({
    "everybody", "everyone", "everything", "i", "no-one", "nobody", "noone", "nothing", "somebody", "someone", "we",
})  # fmt: skip
#: What these are is told in words that a phrase may not have.
NO_SUBJECTS: Final = frozenset({
    "bit", "business", "complaint", "fact", "gripe", "grumble", "idea", "issue", "kind", "lot", "matter", "mine",
    "moan", "one", "ones", "ours", "part", "point", "problem", "question", "reason", "rest", "sort", "thing",
    "things", "way", "yours",
})  # fmt: skip
#: Verbs that the parser takes for nouns.
NO_NOUNS: Final = frozenset({"rang", "stank", "states", "wants"})
#: Somebody or something told of before: a phrase that needs them cannot be understood by itself.
TOLD_BEFORE: Final = frozenset({
    "he", "her", "hers", "herself", "him", "himself", "his", "its", "one", "ones", "she", "such", "theirs", "them",
    "themselves", "their", "they",
})  # fmt: skip
SPEAKER: Final = frozenset({"i", "me", "mine", "my", "our", "ours", "us", "we"})
#: Men and women at work are somebody: who they are is not what customers report.
SOMEBODY: Final = frozenset({
    "bloke", "boy", "chap", "fella", "fellow", "gentleman", "girl", "guy", "he", "lad", "lady", "lass", "man", "she",
    "woman",
})  # fmt: skip
#: What is said, thought or wished stands in the clause that follows these.
SAYING: Final = frozenset({
    "advise", "advised", "ask", "asked", "believe", "believed", "complain", "complained", "complaining", "expect",
    "expected", "feel", "feels", "felt", "guess",
    "hope", "hoped", "imagine", "knew", "know", "like", "liked", "love", "loved", "mean", "meant", "mind", "note",
    "noted", "reckon", "remember", "reported", "said", "saw", "say", "saying", "says", "see", "suppose", "suspect",
    "tell", "tells", "think", "thinking", "thought", "told", "understand", "understood", "want", "wanted",
    "wants", "wish", "wonder", "wrote",
})  # fmt: skip
#: What somebody hopes is not so.
HOPING: Final = frozenset({"expect", "expected", "expecting", "hope", "hoped", "hopes", "hoping", "wish", "wished"})
#: What customers feel, or are told to do, is told with these.
FEELING: Final = frozenset({"feel", "feels", "felt"})
TELLING: Final = frozenset({"ask", "asked", "said", "say", "tell", "told"})
WISHING: Final = frozenset({
    "add", "ask", "asking", "expect", "expected", "hope", "let", "like", "love", "need", "needed", "needs", "prefer",
    "request", "requested", "suggest", "want", "wanted", "wants", "wish",
})  # fmt: skip
#: No verb of a clause without a helper: "I seen it".
NEVER_ALONE: Final = frozenset({"been", "done", "gone", "seen"})
#: These say what might be, not what is; with "not" they do.
POSSIBLY: Final = frozenset({"'d", "'ll", "can", "could", "may", "might", "shall", "should", "will", "would"})
IF: Final = frozenset({"for", "if", "though", "unless", "until", "whether"})
#: Adverbs that change what is said.
ADVERBS: Final = frozenset({
    "again", "already", "always", "anymore", "away", "back", "badly", "barely", "constantly", "down", "hardly", "in",
    "late", "less", "long", "longer", "more", "never", "no", "not", "nowhere", "off", "only", "out", "repeatedly",
    "rudely", "still", "too", "twice", "up", "wrong", "wrongly", "yet",
})  # fmt: skip
VERY: Final = frozenset({"extremely", "really", "so", "very"})
TIMES: Final = frozenset({
    "afternoon", "april", "august", "christmas", "december", "easter", "evening", "february", "friday", "january",
    "july", "june", "march", "monday", "morning", "november", "october", "saturday", "september", "sunday", "thursday",
    "today", "tomorrow", "tonight", "tuesday", "wednesday", "yesterday",
})  # fmt: skip
#: Where "this" and "that" stand for something told before.
PLACES: Final = frozenset({"attr", "dobj", "pobj", "nsubj", "nsubjpass", "dative"})
#: Words before a thing without which it would be another one.
THE_SAME: Final = frozenset({"first", "last", "more", "much", "no", "only", "other", "same", "wrong"})
#: What customers do when things go wrong.
ENDURED: Final = frozenset({"chasing", "sitting", "standing", "struggling", "trying", "waiting"})
#: What happens by itself: "the app crashed"; of other verbs somebody does it, and "bed delivered" lacks a word.
BY_ITSELF: Final = frozenset({
    "appeared", "arrived", "changed", "closed", "collapsed", "cracked", "crashed", "died", "disappeared", "dropped",
    "ended", "expired", "failed", "finished", "happened", "jammed", "lasted", "leaked", "melted", "opened", "peeled",
    "ripped", "smelled", "snapped", "started", "stopped", "turned", "vanished", "waited", "walked", "worked", "yelled",
    "shouted", "laughed", "apologised", "apologized", "answered", "called", "replied", "responded",
})  # fmt: skip
#: Nothing with these is wrong.
GOOD: Final = frozenset({
    "actual", "apologetic", "excellent", "fantastic", "free", "friendly", "good", "great", "happy",
    "helpful", "honest", "kind", "lovely", "nice", "perfect", "polite", "proper", "wonderful",
})  # fmt: skip
#: That somebody complains is not what customers report.
COMPLAINTS: Final = frozenset({"complaint", "complaints", "gripe", "grumble", "moan", "thanks"})
#: Signs that stand between one thing said and another.
APART: Final = frozenset({":", ";", "...", "-", "--", "(", ")"})
#: Words that bring a second clause along.
CONNECTING: Final = frozenset({
    "and", "as", "because", "but", "how", "since", "so", "than", "that", "until", "what", "when", "where", "which",
    "while", "who", "why",
})  # fmt: skip
#: So many are several.
SEVERAL: Final = frozenset({
    "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
})  # fmt: skip
#: Behind these a noun wants an article: "through the door" is not "through door".
BEFORE_ARTICLES: Final = frozenset({"inside", "into", "through"})
#: A masked name of somebody at work, as `cxnlp.mentions.reading` lets the parser see it.
EMPLOYEE: Final = "employeexx"
