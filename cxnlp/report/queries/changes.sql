-- Question: how much was read last night, and how does the last full week compare with the one before it?
-- Grain: one row. A week is full when all its seven days are past. `counted_to` is the last day that the night before
-- counted, `first_heard_on` the first day that it knew feedback of. Reader: the page's headline.
WITH sayings AS (
    SELECT DISTINCT mention_id, week, occurred_on, person_key, sentiment
    FROM period
    WHERE speaker IS DISTINCT FROM 'agent'
),
last_run AS (
    SELECT night FROM runs ORDER BY night DESC, started_at DESC, run_id DESC LIMIT 1
),
night_before AS (
    SELECT max(night) AS night FROM runs WHERE night < (SELECT night FROM last_run)
),
known_before AS (
    SELECT night_before.night, utc_day(occurred_at) AS occurred_on
    FROM night_before
    JOIN runs ON runs.night <= night_before.night
    JOIN feedback USING (run_id)
    WHERE duplicate_of IS NULL
),
full_weeks AS (
    SELECT DISTINCT week FROM sayings WHERE week + 6 < (SELECT night FROM last_run) ORDER BY week DESC LIMIT 2
),
weeks AS (
    SELECT
        week,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        count(*) FILTER (sentiment < 0) AS n_negative,
        row_number() OVER (ORDER BY week DESC) AS place
    FROM sayings
    SEMI JOIN full_weeks USING (week)
    GROUP BY week
),
pair AS (
    SELECT
        later.week, later.n_customers, later.n_negative / later.n_mentions AS share,
        earlier.n_customers AS n_customers_before, earlier.n_negative / earlier.n_mentions AS share_before,
        wilson_low(later.n_negative, later.n_mentions) AS low, wilson_high(later.n_negative, later.n_mentions) AS high,
        wilson_low(earlier.n_negative, earlier.n_mentions) AS low_before,
        wilson_high(earlier.n_negative, earlier.n_mentions) AS high_before
    FROM weeks AS later
    JOIN weeks AS earlier ON later.place = 1 AND earlier.place = 2 AND earlier.week = later.week - 7
)
SELECT
    (SELECT count(DISTINCT night) FROM runs) AS n_nights,
    (SELECT coalesce(sum(n_stored), 0)::BIGINT FROM runs JOIN last_run USING (night)) AS n_stored,
    (SELECT coalesce(max(occurred_on) FILTER (occurred_on = night), any_value(night) - 1) FROM known_before)::DATE AS counted_to,
    (SELECT min(occurred_on) FROM known_before) AS first_heard_on,
    pair.week,
    least(pair.n_customers, pair.n_customers_before) AS n_customers,
    pair.share,
    pair.share_before,
    difference_low(share, low, share_before, high_before) AS change_low,
    difference_high(share, high, share_before, low_before) AS change_high
FROM (SELECT 1) LEFT JOIN pair ON true
