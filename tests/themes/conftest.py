from tests.warehouse.conftest import connection, shared

__all__ = ["connection", "shared"]
