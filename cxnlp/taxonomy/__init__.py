"""The words that tags may use, what they mean and who owns them: YAML files beside this one, read strictly.

Change a word's meaning here and nowhere else: ``stages.yaml``, ``moments.yaml``, ``unmeasurables.yaml``,
``warnings.yaml``, ``signals.yaml``, and ``taxonomy.yaml`` for the version and the departments.
"""

from cxnlp.taxonomy.checks import stands_in, words
from cxnlp.taxonomy.entries import Department, Entry, Moment, Signal, Stage, Unmeasurable, WarningSign
from cxnlp.taxonomy.load import SHIPPED, load
from cxnlp.taxonomy.marks import TaxonomyError
from cxnlp.taxonomy.vocabulary import FAMILIES, TAXONOMY, Family, Taxonomy

__all__ = [
    "FAMILIES",
    "SHIPPED",
    "TAXONOMY",
    "Department",
    "Entry",
    "Family",
    "Moment",
    "Signal",
    "Stage",
    "Taxonomy",
    "TaxonomyError",
    "Unmeasurable",
    "WarningSign",
    "load",
    "stands_in",
    "words",
]
