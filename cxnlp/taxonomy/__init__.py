"""The words that tags may use, what they mean and who owns them: YAML files beside this one, read strictly.

Change a word's meaning here and nowhere else: ``stages.yaml``, ``moments.yaml``, ``unmeasurables.yaml``,
``warnings.yaml``, ``signals.yaml``, and ``taxonomy.yaml`` for the version and the departments. What is read out of
them: ``diagnostics.yaml``, ``scorecard.yaml`` and ``activities.yaml``.
"""

from cxnlp.taxonomy.activities import Activities, ActivityKind, Decision, activities
from cxnlp.taxonomy.checks import stands_in, words
from cxnlp.taxonomy.entries import Department, Entry, Moment, Signal, Stage, Unmeasurable, WarningSign
from cxnlp.taxonomy.load import SHIPPED, load
from cxnlp.taxonomy.marks import TaxonomyError
from cxnlp.taxonomy.measures import STATEMENTS, Diagnostic, diagnostics, scorecard
from cxnlp.taxonomy.plans import FIXES, TARGETS, Fix, Plan, Plans, checked, read_plans, write_plans
from cxnlp.taxonomy.vocabulary import FAMILIES, TAXONOMY, Family, Taxonomy

__all__ = [
    "FAMILIES",
    "FIXES",
    "SHIPPED",
    "STATEMENTS",
    "TARGETS",
    "TAXONOMY",
    "Activities",
    "ActivityKind",
    "Decision",
    "Department",
    "Diagnostic",
    "Entry",
    "Family",
    "Fix",
    "Moment",
    "Plan",
    "Plans",
    "Signal",
    "Stage",
    "Taxonomy",
    "TaxonomyError",
    "Unmeasurable",
    "WarningSign",
    "activities",
    "checked",
    "diagnostics",
    "load",
    "read_plans",
    "scorecard",
    "stands_in",
    "words",
    "write_plans",
]
