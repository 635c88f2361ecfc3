-- Items that were left out before tagging, because the same content is stored already.

INSERT INTO arrived_unchanged
SELECT feedback_id FROM read_parquet($unchanged);
