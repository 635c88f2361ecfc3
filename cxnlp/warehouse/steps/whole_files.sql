-- Files of which tonight tells everything that they hold: read to their end, or gone. What is not among it any more has
-- left the file. Where something could not be read that could be read before, it may be just that: such a file says
-- nothing about what left it. A live source's stream (it has a cursor) tells only what is new, so nothing leaves it.

CREATE OR REPLACE TEMP TABLE gone_files AS
SELECT DISTINCT unnest(CAST($gone_sources AS VARCHAR[])) AS source, unnest(CAST($gone_files AS VARCHAR[])) AS file;

CREATE OR REPLACE TEMP TABLE whole_files AS
WITH
refused AS (
    SELECT source, file, count(DISTINCT quarantine_id) AS n_refused, bool_or("row" IS NULL) AS is_torn
    FROM arrived_quarantine
    GROUP BY source, file
),
refused_before AS (
    SELECT source, file, count(*) AS n_refused FROM quarantine GROUP BY source, file
)
SELECT DISTINCT arrived_files.source, arrived_files.file
FROM arrived_files
LEFT JOIN refused USING (source, file)
LEFT JOIN refused_before USING (source, file)
WHERE arrived_files.cursor IS NULL
    AND NOT coalesce(refused.is_torn, false)
    AND coalesce(refused.n_refused, 0) <= coalesce(refused_before.n_refused, 0)
UNION
FROM gone_files ANTI JOIN arrived_files USING (source, file);
