"""What people ask of the published database, one module a question: the same answer for every way of asking.

Each function takes an open connection (`cxnlp.warehouse.store.open_published`) and returns plain values or a frame; the
command line, the API, the live view and MCP show them. Nothing here prints, and nothing here changes anything.
"""
