-- Which files were read and what stands in them. Feedback whose last place is gone has vanished: it is marked, stored and
-- counted as before. What is found again anywhere is unmarked.

DELETE FROM files WHERE (source, file) IN (SELECT (source, file) FROM arrived_files);
DELETE FROM files WHERE (source, file) IN (SELECT (source, file) FROM whole_files);

INSERT INTO files BY NAME
SELECT DISTINCT ON (source, file) * FROM arrived_files ORDER BY source, file, modified_ns DESC;

CREATE OR REPLACE TEMP TABLE left_places AS
SELECT DISTINCT feedback_id FROM places SEMI JOIN whole_files USING (source, file);

DELETE FROM places WHERE (source, file) IN (SELECT (source, file) FROM whole_files);

INSERT INTO places BY NAME
SELECT DISTINCT ON (source, file, feedback_id) feedback_id, source, file, "row"
FROM arrived_places
SEMI JOIN feedback USING (feedback_id)
ANTI JOIN places USING (feedback_id, source, file)
ORDER BY source, file, feedback_id, "row" DESC;

UPDATE feedback SET vanished_on = $night
WHERE vanished_on IS NULL
    AND feedback_id IN (SELECT feedback_id FROM left_places ANTI JOIN places USING (feedback_id));

UPDATE feedback SET vanished_on = NULL
WHERE vanished_on IS NOT NULL AND feedback_id IN (SELECT feedback_id FROM arrived_places);

UPDATE quarantine SET vanished_on = $night
WHERE vanished_on IS NULL AND (source, file) IN (SELECT (source, file) FROM gone_files);

UPDATE quarantine SET vanished_on = NULL
WHERE vanished_on IS NOT NULL AND (source, file) IN (SELECT (source, file) FROM arrived_files);
