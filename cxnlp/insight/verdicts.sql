-- Question: how many people reported each item that was fixed, and how many what the fix did not touch, day by day?
-- Grain:    one row per item, control (null: the item itself) and day on which anyone was heard.
-- Reader:   cxnlp/insight/verdicts_counts.py. Bound: $history, $longest (days before and after a fix), $least (days before it
--           in which something must have been heard), $most (controls).
--           Reads the frame `shipped_items` and the temporary table `comparable`.
--
-- An item's reports are found by what it is about, not in backlog_evidence, which holds the backlog's last weeks only and
-- rests while few people report it. Counted are people once a day and channel, in the channels in which the item was
-- reported before the fix. Controls are complaints about other moments. Left out are moments of whose complaints a tenth
-- or more are reports of this item, or of one that was fixed in the four weeks before: such fixes would move them, too.
--
-- A theme is grouped from a sample of what was said before its birth; only what is said later has to be near enough to join.
-- Its rate falls at its birth, and that of what its label leaves may change. So days from its birth on count, and an item
-- without theme is without those themes only that are old enough at the fix: a later one was part of what was mended.
WITH
sayings AS MATERIALIZED (
    SELECT
        mention_id, person_key, occurred_on, channel, family, label,
        coalesce(decision = 'yes' AND CASE family
            WHEN 'moment' THEN sentiment < 0
            WHEN 'unmeasurable' THEN polarity = '-'
            ELSE true
        END, false) AS is_report
    FROM evidence SEMI JOIN comparable USING (feedback_id)
    WHERE speaker IS DISTINCT FROM 'agent'
),
heard_by_channel AS (
    SELECT channel, occurred_on, count(DISTINCT person_key) AS n_heard FROM sayings GROUP BY ALL
),
complaints AS MATERIALIZED (
    SELECT label AS control, channel, occurred_on, count(*) AS n_mentions, count(DISTINCT person_key) AS n
    FROM sayings
    WHERE family = 'moment' AND is_report
    GROUP BY ALL
),
of_theme AS (
    SELECT mention_id, family, label, theme_id, born_on
    FROM theme_mentions JOIN themes USING (theme_id)
    WHERE family IS NOT NULL
),
reports AS MATERIALIZED (
    SELECT item_id, shipped_on, sayings.mention_id, person_key, occurred_on, channel
    FROM shipped_items
    JOIN sayings ON sayings.family = kind AND sayings.label = shipped_items.label AND is_report
    LEFT JOIN of_theme
        ON of_theme.mention_id = sayings.mention_id AND of_theme.family = kind AND of_theme.label = shipped_items.label
    WHERE CASE
        WHEN shipped_items.theme_id IS NOT NULL THEN of_theme.theme_id IS NOT DISTINCT FROM shipped_items.theme_id
        ELSE of_theme.theme_id IS NULL
            OR NOT list_contains(coalesce(other_theme_ids, []), of_theme.theme_id)
            OR of_theme.born_on > shipped_on - $least::INTEGER
    END
),
known AS (
    SELECT item_id, max(born_on) AS known_on
    FROM shipped_items
    JOIN themes
        ON themes.theme_id = shipped_items.theme_id
        OR shipped_items.theme_id IS NULL AND list_contains(other_theme_ids, themes.theme_id)
        AND born_on <= shipped_on - $least::INTEGER
    GROUP BY item_id
),
places AS (
    SELECT DISTINCT item_id, kind, label, shipped_on, channel
    FROM shipped_items
    JOIN reports USING (item_id, shipped_on)
    WHERE occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
),
touched_mentions AS (  -- by this fix, or by one that came shortly before it
    SELECT DISTINCT shipped_items.item_id, shipped_items.shipped_on, mention_id
    FROM shipped_items
    JOIN reports ON reports.shipped_on BETWEEN shipped_items.shipped_on - 28 AND shipped_items.shipped_on
),
touched AS (
    SELECT item_id, sayings.label AS control, count(*) AS n_touched
    FROM touched_mentions
    JOIN places USING (item_id, shipped_on)
    JOIN sayings USING (mention_id, channel)
    WHERE family = 'moment' AND is_report
        AND occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
    GROUP BY ALL
),
controls AS (
    SELECT item_id, control
    FROM places
    JOIN complaints USING (channel)
    LEFT JOIN touched USING (item_id, control)
    WHERE occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
        AND NOT (kind = 'moment' AND label = control)
    GROUP BY item_id, control
    HAVING coalesce(any_value(n_touched), 0) < 0.1 * sum(n_mentions)
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY sum(n) DESC, control) <= $most::INTEGER
),
heard AS (
    SELECT item_id, occurred_on, sum(n_heard) AS n_heard
    FROM places
    JOIN heard_by_channel USING (channel)
    LEFT JOIN known USING (item_id)
    WHERE occurred_on BETWEEN greatest(shipped_on - $history::INTEGER, known_on) AND shipped_on + $longest::INTEGER
    GROUP BY ALL
),
counted AS (
    SELECT item_id, CAST(NULL AS VARCHAR) AS control, occurred_on, count(DISTINCT (person_key, channel)) AS n
    FROM reports
    SEMI JOIN places USING (item_id, channel)
    GROUP BY ALL
    UNION ALL
    SELECT item_id, control, occurred_on, sum(n)
    FROM controls
    JOIN places USING (item_id)
    JOIN complaints USING (control, channel)
    GROUP BY ALL
),
series AS (
    SELECT DISTINCT item_id, CAST(NULL AS VARCHAR) AS control FROM places
    UNION ALL
    SELECT item_id, control FROM controls
)
SELECT series.item_id, series.control, heard.occurred_on, coalesce(n, 0) AS n, n_heard
FROM series
JOIN heard USING (item_id)
LEFT JOIN counted
    ON counted.item_id = series.item_id AND counted.control IS NOT DISTINCT FROM series.control
    AND counted.occurred_on = heard.occurred_on
ORDER BY ALL
