"""The DuckDB warehouse: tables, documented views, checks and snapshots, each in its own ``.sql`` file.

``store`` has every function that other stages call.
"""
