"""One shape for all feedback, with personal data masked before anything is stored.

items → ``normalise`` → unmasked feedback → ``mask`` → feedback and employees → ``expand`` → the same, written out
"""

from cxnlp.feedback.glossary import Glossary, GlossaryError, load_glossary
from cxnlp.feedback.masking import (
    Masked,
    MaskedAgain,
    mask,
    mask_again,
    mask_files,
    mask_note,
    masking_version,
    recognise,
)
from cxnlp.feedback.normalise import Normalised, normalise
from cxnlp.feedback.shorthand import expand
from cxnlp.feedback.shorthand_again import ExpandedAgain, expand_again

__all__ = [
    "ExpandedAgain",
    "Glossary",
    "GlossaryError",
    "Masked",
    "MaskedAgain",
    "Normalised",
    "expand",
    "expand_again",
    "load_glossary",
    "mask",
    "mask_again",
    "mask_files",
    "mask_note",
    "masking_version",
    "normalise",
    "recognise",
]
