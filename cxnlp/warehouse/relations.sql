-- Question: what can be asked?
-- Grain:    one row per view and table; views first, then by name. A view that is published as a table is a view.
-- Reader:   an analyst who begins; completion in the shell of `cxnlp sql`.

WITH
known AS (
    SELECT view_name AS name, column_count AS n_columns, comment AS meaning
    FROM duckdb_views()
    WHERE NOT internal AND NOT temporary AND schema_name = 'main'
    UNION ALL
    SELECT table_name, column_count, comment
    FROM duckdb_tables()
    WHERE NOT internal AND NOT temporary AND schema_name = 'main'
)
SELECT
    name,
    CASE WHEN name IN (SELECT unnest($views)) THEN 'view' ELSE 'table' END AS kind,
    n_columns,
    meaning
FROM known
ORDER BY kind DESC, name;
