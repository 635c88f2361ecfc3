"""`python -m cxnlp.cli` is `cxnlp`."""

from cxnlp.cli import main

main()
