-- Items that were left out because they were erased before, or are older than their source is kept: only how many.

INSERT INTO arrived_erased
SELECT source FROM read_parquet($erased);
