-- The night's new and corrected feedback with all that belongs to it, in an order that does not depend on partitions.

INSERT INTO feedback BY NAME
SELECT * EXCLUDE (folder, is_correction), $run_id AS run_id
FROM fresh_feedback
ORDER BY occurred_at, feedback_id;

INSERT INTO employees BY NAME
SELECT * EXCLUDE (folder), $run_id AS run_id
FROM arrived_employees SEMI JOIN fresh_feedback USING (feedback_id, folder)
ORDER BY feedback_id, employee_key, "start";

CREATE OR REPLACE TEMP TABLE fresh_mentions AS
SELECT arrived_mentions.*, fresh_feedback.occurred_at
FROM arrived_mentions JOIN fresh_feedback USING (feedback_id, folder);

INSERT INTO mentions BY NAME
SELECT * EXCLUDE (folder, occurred_at), $run_id AS run_id
FROM fresh_mentions
ORDER BY occurred_at, feedback_id, position;

INSERT INTO tags BY NAME
SELECT * EXCLUDE (folder), $run_id AS run_id
FROM arrived_tags SEMI JOIN fresh_mentions USING (mention_id, folder)
ORDER BY mention_id, family, label, polarity, voter;

INSERT INTO mention_vectors BY NAME
SELECT * EXCLUDE (folder)
FROM arrived_vectors SEMI JOIN fresh_mentions USING (mention_id, folder)
ORDER BY mention_id;

INSERT INTO tags BY NAME
WITH
homes AS (
    SELECT
        person_votes.*,
        fresh_mentions.mention_id AS new_mention_id,
        fresh_mentions."start" - person_votes."start" AS shift
    FROM person_votes
    JOIN fresh_mentions USING (feedback_id, text)
    QUALIFY row_number() OVER (
        PARTITION BY person_votes.mention_id, person_votes.family, person_votes.label, person_votes.polarity
        ORDER BY fresh_mentions.position <> person_votes.position, fresh_mentions.position
    ) = 1
)
SELECT DISTINCT ON (new_mention_id, family, label, polarity)
    * EXCLUDE (new_mention_id, shift, feedback_id, position, "start", text)
    REPLACE (
        new_mention_id AS mention_id, evidence_start + shift AS evidence_start, evidence_end + shift AS evidence_end
    )
FROM homes
ORDER BY new_mention_id, family, label, polarity, mention_id;

-- What was released stays released when its file has not changed and a newer version words the problem otherwise.

CREATE OR REPLACE TEMP TABLE released AS
SELECT quarantine.source, quarantine.file, quarantine."row",
    max(released_at) AS released_at, max_by(released_by, released_at) AS released_by, max_by(reason, released_at) AS reason
FROM quarantine
JOIN files USING (source, file)
JOIN arrived_files USING (source, file)
WHERE released_at IS NOT NULL AND files.n_bytes = arrived_files.n_bytes
GROUP BY quarantine.source, quarantine.file, quarantine."row";

-- A file that was read again takes its old quarantine rows along, unless the same problem was met again; a problem of a
-- whole source (no file) goes when the source is reached again.

DELETE FROM quarantine
WHERE quarantine_id NOT IN (SELECT quarantine_id FROM arrived_quarantine)
    AND CASE
        WHEN file IS NULL THEN source IN (SELECT source FROM arrived_files) OR source IN (SELECT unnest(CAST($reached AS VARCHAR[])))
        ELSE (source, file) IN (SELECT (source, file) FROM arrived_files)
    END;

INSERT INTO quarantine BY NAME
SELECT DISTINCT ON (quarantine_id) arrived.*, released_at, released_by, reason, $run_id AS run_id
FROM arrived_quarantine AS arrived
ANTI JOIN quarantine USING (quarantine_id)
LEFT JOIN released
    ON released.source = arrived.source
    AND released.file = arrived.file
    AND released."row" IS NOT DISTINCT FROM arrived."row"
ORDER BY quarantine_id;
