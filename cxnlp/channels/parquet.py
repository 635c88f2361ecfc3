"""Parquet files: one table, read a few rows at a time."""

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from cxnlp.channels.columns import Row
from cxnlp.channels.files import MAX_STREAM_BYTES, File
from cxnlp.channels.items import Unusable
from cxnlp.channels.sheets import HEAD_ROWS, Sheet

#: A tiny file may repeat a long text a million times: only so many rows are in memory at once.
_ROWS: Final = 256
_DAMAGED: Final = "Is a damaged or cut off Parquet file. Export it again."
_SIMPLE: Final = (
    pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_date,
    pa.types.is_time, pa.types.is_timestamp, pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view,
)  # fmt: skip


def parquet_sheet(file: File) -> Sheet:
    """Return the table; columns that hold lists, records or bytes are left out. Rows count from 1, below no header.

    Raises:
        Unusable: damaged, encrypted, or unpacking to too much.
    """
    try:
        table = pq.ParquetFile(file.path)
    except (pa.ArrowException, OSError) as error:
        raise Unusable(_DAMAGED) from error
    about = table.metadata
    n_bytes = sum(about.row_group(number).total_byte_size for number in range(about.num_row_groups))
    if n_bytes > MAX_STREAM_BYTES:
        raise Unusable(f"Unpacks to {n_bytes / 1e6:,.0f} MB; at most {MAX_STREAM_BYTES / 1e6:,.0f} MB are read. "
                       "Split it, or export a shorter time.")  # fmt: skip
    names = [field.name for field in table.schema_arrow if _is_simple(field.type)]
    if not names:
        raise Unusable("Has no column of texts, numbers or dates. Export the table with plain columns.")
    rows = _rows(table, names)
    return Sheet(None, list(chain([names], islice(rows, HEAD_ROWS))), rows, first=0)


def _rows(table: pq.ParquetFile, names: list[str]) -> Iterator[Row]:
    try:
        for batch in table.iter_batches(_ROWS, columns=names, use_threads=False):
            columns = [_cells(batch.column(name)) for name in names]
            yield from (list(row) for row in zip(*columns, strict=True))
    except (pa.ArrowException, OSError) as error:
        raise Unusable(_DAMAGED) from error


def _is_simple(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_simple(kind.value_type)
    return any(fits(kind) for fits in _SIMPLE)


def _cells(column: Any) -> list[object]:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    if pa.types.is_time(column.type):
        column = column.cast(pa.time64("us"), safe=False)
    return list(column.to_pylist())
