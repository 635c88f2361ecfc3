-- A warehouse of numbers: $n_mentions mentions of nobody, with the proportions of the labelled documents.
-- Grain: tables feedback, employees, mentions, tags and themes are filled. Reader: benchmarks/views.py. Bound: $n_mentions.
--
-- Pseudo-random numbers are hashes, so the same size gives the same rows. Two years; fewer on weekends; three mentions a
-- piece; half of the pieces are of people who wrote before; products, places and labels are unequally frequent.

CREATE OR REPLACE TEMP MACRO chance(number, salt) AS (hash(number, salt) % 1000000) / 1e6;
CREATE OR REPLACE TEMP MACRO skewed(number, salt, n) AS CAST(floor(n * chance(number, salt) ** 2.2) AS INTEGER);

INSERT INTO feedback BY NAME
WITH
numbered AS (
    SELECT
        number,
        CAST(floor(730 * sqrt(chance(number, 'day'))) AS INTEGER) AS day,
        skewed(number, 'channel', 3) AS channel_number
    FROM range(CAST($n_mentions AS BIGINT) * 10 // 26) AS numbers(number)
)
SELECT
    format('{:016x}', hash(number)) AS feedback_id,
    ['post', 'calls', 'posts'][channel_number + 1] AS source,
    ['letter', 'call', 'social'][channel_number + 1] AS channel,
    CAST(number AS VARCHAR) AS external_id,
    TIMESTAMPTZ '2024-10-28 00:00:00+00'
        + to_days(CASE WHEN day % 7 > 4 AND chance(number, 'weekend') < 0.6 THEN greatest(0, day - 3) ELSE day END)
        + to_seconds(CAST(86400 * chance(number, 'clock') AS BIGINT)) AS occurred_at,
    occurred_at AS received_at,
    'en' AS language,
    true AS is_readable,
    'letter ' || number AS text,
    CASE WHEN chance(number, 'known') < 0.7
        THEN format('{:016x}', hash(skewed(number, 'customer', greatest(1, $n_mentions // 5)), 'customer'))
    END AS customer_key,
    'product ' || skewed(number, 'product', 12) AS product,
    CASE WHEN chance(number, 'place') < 0.8 THEN 'branch ' || skewed(number, 'branch', 80) END AS location,
    ['private', 'business', 'public', NULL][skewed(number, 'segment', 4) + 1] AS segment,
    format('{:032x}', hash(number, 'content')) AS content_hash,
    CASE WHEN chance(number, 'copy') < 0.02 AND number > 0
        THEN format('{:016x}', hash(number - 1))
    END AS duplicate_of,
    '2026-11-02-1' AS run_id
FROM numbered
ORDER BY occurred_at;

INSERT INTO mentions BY NAME
WITH
pieces AS (
    SELECT feedback_id, channel, occurred_at, CAST(external_id AS BIGINT) AS number FROM feedback
)
SELECT
    concat(feedback_id, '.', position) AS mention_id,
    feedback_id,
    position,
    0 AS "start",
    12 AS "end",
    CASE WHEN channel = 'call' AND chance(number * 8 + position, 'speaker') < 0.3 THEN 'agent' END AS speaker,
    concat('sentence ', number, ' ', position) AS text,
    '2026-11-02-1' AS run_id
FROM pieces
CROSS JOIN range(1, 10) AS positions(position)
WHERE position <= CASE WHEN chance(number, 'length') < 0.5 THEN 1 ELSE 1 + 2 * CAST(floor(4 * chance(number, 'long')) AS INTEGER) END
    OR (position = 3 AND chance(number, 'length') < 0.1)
ORDER BY occurred_at, feedback_id, position;

INSERT INTO tags BY NAME
WITH
words AS (
    SELECT family, list(id ORDER BY hash(id)) AS labels FROM taxonomy GROUP BY family
),
asked(family, salt, share) AS (
    VALUES ('moment', 'a', 0.65), ('moment', 'b', 0.2), ('unmeasurable', 'a', 0.18), ('unmeasurable', 'b', 0.05),
        ('warning', 'a', 0.05), ('signal', 'a', 0.05)
),
chosen AS (
    SELECT
        mention_id,
        family,
        labels[1 + (skewed(mention_id, family || salt, len(labels)) + CAST(salt = 'b' AS INTEGER)) % len(labels)] AS label,
        CASE WHEN family = 'unmeasurable' THEN CASE WHEN chance(mention_id, 'sign' || salt) < 0.35 THEN '+' ELSE '-' END END
            AS polarity,
        CASE WHEN chance(mention_id, 'sure' || salt) < 0.12 THEN 'unsure' ELSE 'yes' END AS decision
    FROM mentions
    CROSS JOIN asked
    JOIN words USING (family)
    WHERE chance(mention_id, family || salt || 'given') < share
),
feelings AS (
    SELECT mention_id, 'sentiment' AS family, CAST(skewed(mention_id, 'feeling', 5) - 2 AS VARCHAR) AS label FROM mentions
),
votes AS (
    SELECT *, 'model' AS voter, NULL AS score FROM chosen
    UNION ALL BY NAME
    SELECT *, 'rule' AS voter FROM chosen WHERE chance(mention_id, 'rule') < 0.03
    UNION ALL BY NAME
    SELECT *, 'yes' AS decision, 'model' AS voter, CAST(label AS FLOAT) / 2 AS score FROM feelings
    UNION ALL BY NAME
    SELECT * REPLACE ('no' AS decision), 'person' AS voter FROM chosen WHERE chance(mention_id, 'person') < 0.0005
)
SELECT
    votes.*,
    CASE voter WHEN 'person' THEN 1 ELSE 0.8 END AS probability,
    0 AS evidence_start,
    8 AS evidence_end,
    CASE WHEN voter <> 'person' THEN 'synthetic' END AS model_version,
    '1.0' AS taxonomy_version,
    '2026-11-02-1' AS run_id
FROM votes;

INSERT INTO employees BY NAME
SELECT
    feedback_id,
    format('{:016x}', hash(skewed(external_id, 'employee', 400), 'employee')) AS employee_key,
    ['agent', 'driver', 'counter', 'manager', 'engineer', 'staff'][skewed(external_id, 'role', 6) + 1] AS role,
    CASE WHEN channel <> 'call' THEN 2 END AS "start",
    CASE WHEN channel <> 'call' THEN 8 END AS "end",
    '2026-11-02-1' AS run_id
FROM feedback
WHERE chance(external_id, 'named') < 0.1;

INSERT INTO runs (run_id, night, state, n_arrived, n_stored, n_unchanged, n_duplicates, n_quarantined, n_mentions, n_tagged)
SELECT '2026-11-02-1', DATE '2026-11-02', 'loaded', count(*), count(*) - count(duplicate_of), 0, count(duplicate_of), 0, 0, 0
FROM feedback;

INSERT INTO themes BY NAME
SELECT
    'theme ' || number AS theme_id,
    'moment.delivery' AS ground,
    'moment' AS family,
    'delivery' AS label,
    'theme ' || number AS name,
    false AS is_named,
    false AS is_pinned,
    'alive' AS state,
    DATE '2026-10-01' AS born_on,
    0 AS n_mentions,
    0 AS n_looked_at
FROM range(200) AS numbers(number);

INSERT INTO theme_mentions BY NAME
SELECT
    mention_id,
    'moment.delivery' AS ground,
    'theme ' || skewed(mention_id, 'theme', 200) AS theme_id,
    chance(mention_id, 'similarity') AS similarity
FROM mentions
WHERE chance(mention_id, 'themed') < 0.3;
