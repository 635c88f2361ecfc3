-- People's judgements become votes: in `tags` as voter person, and in `reviews` one by one.
-- Reads two frames: judgements (columns of the table reviews, with position and text of the mention) and judged
-- (feedback_id, position, text of every mention that anyone ever judged, also where the judgement was taken back).
-- A mention is found by its words: in the same place if they are there, else in the first place that has them.

CREATE OR REPLACE TEMP TABLE judged_places AS
WITH
asked AS (
    SELECT feedback_id, position, text FROM judged
    UNION
    SELECT feedback_id, position, text FROM judgements
)
SELECT asked.feedback_id, asked.position, asked.text, mentions.mention_id, mentions."start", mentions."end"
FROM asked
JOIN mentions USING (feedback_id, text)
QUALIFY row_number() OVER (
    PARTITION BY asked.feedback_id, asked.position, asked.text
    ORDER BY mentions.position <> asked.position, mentions.position
) = 1;

DELETE FROM reviews;

INSERT INTO reviews BY NAME
SELECT judged_places.mention_id, judgements.* EXCLUDE (position, text)
FROM judgements
LEFT JOIN judged_places USING (feedback_id, position, text)
ORDER BY reviewed_at, reviewer, feedback_id, position, family, label, polarity;

CREATE OR REPLACE TEMP TABLE votes_before AS
SELECT mention_id, family, label, polarity, decision FROM tags WHERE voter = 'person';

DELETE FROM tags WHERE voter = 'person' AND mention_id IN (SELECT mention_id FROM judged_places);

-- Of several reviewers the majority counts; where they are equally many, the last one to answer decides.

INSERT INTO tags BY NAME
WITH
words AS (
    SELECT family, id AS label FROM taxonomy
    UNION ALL
    SELECT 'sentiment', unnest(['-2', '-1', '0', '1', '2'])
),
opinions AS (
    SELECT
        judgements.*,
        judged_places.mention_id,
        CASE judgements.family WHEN 'sentiment' THEN NULL ELSE judgements.label END AS subject
    FROM judgements
    JOIN judged_places USING (feedback_id, position, text)
    SEMI JOIN words USING (family, label)
    WHERE judgements.family <> 'sentiment' OR judgements.decision = 'yes'
    QUALIFY row_number() OVER (
        PARTITION BY mention_id, reviewer, family, subject, polarity ORDER BY reviewed_at DESC, position
    ) = 1
),
counted AS (
    SELECT
        mention_id,
        family,
        subject,
        label,
        polarity,
        decision,
        count(*) AS n_reviewers,
        max(reviewed_at) AS reviewed_at,
        max_by(run_id, reviewed_at) AS run_id,
        max_by(taxonomy_version, reviewed_at) AS taxonomy_version
    FROM opinions
    GROUP BY mention_id, family, subject, label, polarity, decision
),
verdicts AS (
    FROM counted
    QUALIFY row_number() OVER (
        PARTITION BY mention_id, family, subject, polarity
        ORDER BY n_reviewers DESC, reviewed_at DESC, decision DESC, label
    ) = 1
),
spans AS (
    SELECT mention_id, family, label, polarity, evidence_start, evidence_end
    FROM tags SEMI JOIN judged_places USING (mention_id)
    WHERE voter <> 'person'
    QUALIFY row_number() OVER (PARTITION BY mention_id, family, label, polarity ORDER BY voter) = 1
),
homes AS (
    SELECT DISTINCT mention_id, "start", "end" FROM judged_places
)
SELECT
    verdicts.mention_id,
    verdicts.family,
    verdicts.label,
    verdicts.polarity,
    CASE verdicts.decision WHEN 'yes' THEN 1 ELSE 0 END AS probability,
    verdicts.decision,
    CASE verdicts.decision WHEN 'yes' THEN coalesce(spans.evidence_start, homes."start") END AS evidence_start,
    CASE verdicts.decision WHEN 'yes' THEN coalesce(spans.evidence_end, homes."end") END AS evidence_end,
    'person' AS voter,
    verdicts.taxonomy_version,
    verdicts.run_id
FROM verdicts
JOIN homes USING (mention_id)
LEFT JOIN spans
    ON spans.mention_id = verdicts.mention_id
    AND spans.family = verdicts.family
    AND spans.label = verdicts.label
    AND spans.polarity IS NOT DISTINCT FROM verdicts.polarity
ORDER BY verdicts.mention_id, verdicts.family, verdicts.label, verdicts.polarity;

-- What people said anew, or took back, is counted anew.

INSERT INTO uncounted
WITH
votes_now AS (
    SELECT mention_id, family, label, polarity, decision FROM tags WHERE voter = 'person'
),
changed AS (
    (FROM votes_before EXCEPT FROM votes_now)
    UNION ALL
    (FROM votes_now EXCEPT FROM votes_before)
)
SELECT DISTINCT mentions.feedback_id FROM mentions SEMI JOIN changed USING (mention_id);

DROP TABLE votes_before;
