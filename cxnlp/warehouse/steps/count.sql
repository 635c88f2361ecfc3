-- What the people of recount.sql said, in numbers. Reads `pieces`, `lines`, `tags_again` and `settled_again` (the view
-- settled over tags_again). Fills the tables counted_pairs and counted_employees; makes `labels_again` and
-- `feedback_again`, whose column first_in counting.py adds.

CREATE OR REPLACE TEMP TABLE said AS  -- one row per mention and label that counts (is_settled) or that model or rules are sure of
WITH
machine AS (
    SELECT DISTINCT mention_id, family, label, polarity, true AS is_reported
    FROM tags_again
    WHERE voter <> 'person' AND decision = 'yes' AND family <> 'sentiment'
),
settled AS (
    SELECT mention_id, family, label, polarity, true AS is_settled
    FROM settled_again
    WHERE decision = 'yes' AND family <> 'sentiment'
),
both_ways AS (
    SELECT
        coalesce(settled.mention_id, machine.mention_id) AS mention_id,
        coalesce(settled.family, machine.family) AS family,
        coalesce(settled.label, machine.label) AS label,
        coalesce(settled.polarity, machine.polarity) AS polarity,
        coalesce(is_settled, false) AS is_settled,
        coalesce(is_reported, false) AS is_reported
    FROM settled
    FULL JOIN machine
        ON machine.mention_id = settled.mention_id
        AND machine.family = settled.family
        AND machine.label = settled.label
        AND machine.polarity IS NOT DISTINCT FROM settled.polarity
),
stages AS (
    SELECT mention_id, 'stage' AS family, taxonomy.stage AS label, NULL AS polarity, bool_or(is_settled), bool_or(is_reported)
    FROM both_ways
    JOIN taxonomy ON taxonomy.family = 'moment' AND taxonomy.id = both_ways.label
    WHERE both_ways.family = 'moment' AND taxonomy.stage IS NOT NULL
    GROUP BY ALL
),
qualities AS (
    SELECT mention_id, 'quality' AS family, label, NULL AS polarity, bool_or(is_settled), bool_or(is_reported)
    FROM both_ways
    WHERE family = 'unmeasurable'
    GROUP BY ALL
)
FROM both_ways
UNION ALL
FROM stages
UNION ALL
FROM qualities;

CREATE OR REPLACE TEMP TABLE felt_lines AS
SELECT lines.*, coalesce(CAST(settled_again.label AS INTEGER), 0) AS sentiment
FROM lines
LEFT JOIN settled_again ON settled_again.mention_id = lines.mention_id AND settled_again.family = 'sentiment';

CREATE OR REPLACE TEMP TABLE label_counts AS
SELECT
    feedback_id, speaker, family, label, polarity,
    count(*) FILTER (is_settled) AS n_mentions,
    count(*) FILTER (is_settled AND sentiment > 0) AS n_positive,
    count(*) FILTER (is_settled AND sentiment < 0) AS n_negative,
    count(*) FILTER (is_settled AND sentiment = -2) AS n_strong_negative,
    bool_or(is_reported) AS is_reported
FROM said
JOIN felt_lines USING (mention_id)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE feedback_again AS
WITH
spoken AS (
    SELECT
        feedback_id,
        count(*) FILTER (speaker = 'customer') AS n_mentions,
        count(*) FILTER (speaker = 'customer' AND sentiment > 0) AS n_positive,
        count(*) FILTER (speaker = 'customer' AND sentiment < 0) AS n_negative,
        count(*) FILTER (speaker = 'customer' AND sentiment = -2) AS n_strong_negative,
        count(*) FILTER (speaker = 'agent') AS n_mentions_agent
    FROM felt_lines
    GROUP BY feedback_id
),
labelled AS (
    SELECT
        feedback_id,
        string_agg(label, ', ' ORDER BY label) FILTER (family = 'moment') AS moments,
        string_agg(label, ', ' ORDER BY label) FILTER (family = 'moment' AND n_negative > 0) AS negative_moments,
        bool_or(family = 'unmeasurable' AND label = 'defusing' AND polarity = '+') AS is_defused,
        bool_or(
            (family = 'unmeasurable' AND label = 'defusing' AND polarity = '-') OR (family = 'signal' AND label = 'crisis')
        ) AS is_escalated,
        bool_or(family = 'signal' AND label = 'churn') AS is_churn,
        bool_or(family = 'signal' AND label = 'champion') AS is_champion
    FROM label_counts
    WHERE speaker = 'customer' AND n_mentions > 0
    GROUP BY feedback_id
),
versions AS (
    SELECT
        lines.feedback_id,
        string_agg(DISTINCT coalesce(model_version, '?'), ', ' ORDER BY coalesce(model_version, '?')) AS model_versions
    FROM tags_again
    JOIN lines USING (mention_id)
    WHERE voter <> 'person' AND speaker = 'customer'
    GROUP BY lines.feedback_id
),
joined AS (
    SELECT
        pieces.* EXCLUDE (occurred_at),
        coalesce(n_mentions, 0) AS n_mentions,
        coalesce(n_positive, 0) AS n_positive,
        coalesce(n_negative, 0) AS n_negative,
        coalesce(n_strong_negative, 0) AS n_strong_negative,
        coalesce(n_mentions_agent, 0) AS n_mentions_agent,
        moments,
        negative_moments,
        coalesce(n_strong_negative, 0) > 0 OR coalesce(is_defused OR is_escalated, false) AS is_conflict,
        coalesce(is_defused, false) AS is_defused,
        coalesce(is_escalated, false) AS is_escalated,
        coalesce(is_churn, false) AS is_churn,
        coalesce(is_champion, false) AS is_champion,
        model_versions,
        row_number() OVER (PARTITION BY person_key ORDER BY occurred_at, feedback_id) AS step
    FROM pieces
    LEFT JOIN spoken USING (feedback_id)
    LEFT JOIN labelled USING (feedback_id)
    LEFT JOIN versions USING (feedback_id)
)
SELECT
    *,
    count(*) OVER (PARTITION BY person_key) AS n_steps,
    occurred_on - lag(occurred_on) OVER (PARTITION BY person_key ORDER BY step) AS days_since_previous,
    min(occurred_on) FILTER (is_churn) OVER (
        PARTITION BY person_key ORDER BY step ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) - occurred_on AS days_to_churn
FROM joined;

CREATE OR REPLACE TEMP TABLE labels_again AS
SELECT
    label_counts.*,
    person_key, occurred_on, week, month, channel, product, location, segment, days_to_churn, n_steps
FROM label_counts
JOIN feedback_again USING (feedback_id);

INSERT INTO counted_pairs BY NAME
WITH
moments AS (
    SELECT mention_id, label AS moment, is_settled, is_reported FROM said WHERE family = 'moment'
),
softness AS (
    SELECT mention_id, label AS unmeasurable, polarity, is_settled, is_reported FROM said WHERE family = 'unmeasurable'
)
SELECT
    feedback_id,
    any_value(person_key) AS person_key,
    any_value(month) AS month,
    moment,
    unmeasurable,
    count(*) FILTER (polarity = '+' AND moments.is_settled AND softness.is_settled) AS n_shown,
    count(*) FILTER (polarity = '-' AND moments.is_settled AND softness.is_settled) AS n_missing,
    bool_or(polarity = '+' AND moments.is_reported AND softness.is_reported) AS is_shown,
    bool_or(polarity = '-' AND moments.is_reported AND softness.is_reported) AS is_missing
FROM moments
JOIN softness USING (mention_id)
JOIN lines USING (mention_id)
JOIN pieces USING (feedback_id)
WHERE speaker = 'customer'
GROUP BY feedback_id, moment, unmeasurable
ORDER BY moment, unmeasurable, month, feedback_id;

-- A customer's words are about an employee where they hold the placeholder of the name; where the name stands in a column
-- of the source only, all of the piece is.

INSERT INTO counted_employees BY NAME
WITH
about AS (
    SELECT
        employees.employee_key,
        any_value(employees.role ORDER BY employees.role) AS role,
        felt_lines.feedback_id,
        felt_lines.mention_id,
        felt_lines.sentiment
    FROM employees
    JOIN felt_lines USING (feedback_id)
    WHERE speaker = 'customer' AND (
        employees."start" IS NULL OR (employees."start" >= felt_lines."start" AND employees."end" <= felt_lines."end")
    )
    GROUP BY ALL
),
words AS (
    SELECT *, NULL AS unmeasurable, false AS is_shown, false AS is_missing FROM about
    UNION ALL BY NAME
    SELECT about.*, label AS unmeasurable, polarity = '+' AS is_shown, polarity = '-' AS is_missing
    FROM about
    JOIN said USING (mention_id)
    WHERE said.family = 'unmeasurable' AND said.is_reported
)
SELECT
    employee_key,
    feedback_id,
    any_value(role ORDER BY role) AS role,
    unmeasurable,
    any_value(person_key) AS person_key,
    any_value(location) AS location,
    any_value(month) AS month,
    count(DISTINCT mention_id) AS n_mentions,
    count(DISTINCT mention_id) FILTER (sentiment > 0) AS n_positive,
    count(DISTINCT mention_id) FILTER (sentiment < 0) AS n_negative,
    bool_or(is_shown) AS is_shown,
    bool_or(is_missing) AS is_missing
FROM words
JOIN pieces USING (feedback_id)
GROUP BY employee_key, feedback_id, unmeasurable
ORDER BY employee_key, unmeasurable, feedback_id;
