"""The live view: pages, a JSON API and MCP over the newest published snapshot, read-only but for moves of the backlog.

`application.make` puts it together, `running.run` serves it; docs/serve.md says how to use it. What is answered comes
from `cxnlp.answers`, as the command line's does.
"""
