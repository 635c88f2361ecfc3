-- Question: how many people reported each item that was fixed, and how many what the fix did not touch, day by day?
-- Grain:    one row per item, control (null: the item itself) and day on which anyone was heard.
-- Reader:   cxnlp/insight/verdicts_counts.py. Bound: $history, $longest (days before and after a fix), $least (days before it
--           in which something must have been heard), $most (controls of each kind).
--           Reads the frame `shipped_items` and the temporary table `comparable`.
--
-- An item's reports are found by what it is about, not in backlog_evidence, which holds the backlog's last weeks only and
-- rests while few people report it. Counted are people once a day and channel, in the channels in which the item was
-- reported before the fix. Controls are complaints about other moments. Left out are moments of whose complaints a tenth
-- or more are reports of this item, or of one that was fixed in the four weeks before: such fixes would move them, too.
--
-- Where a fix is in some places only (shipped_where), item and moments are counted there, and the item itself in each other
-- place is a control of a second kind. What names no place is in neither.
--
-- A theme is grouped from a sample of what was said before its birth; only what is said later has to be near enough to join.
-- Its rate falls at its birth, and that of what its label leaves may change. So days from its birth on count, and an item
-- without theme is without those themes only that are old enough at the fix: a later one was part of what was mended.
WITH
fixed AS MATERIALIZED (
    SELECT * EXCLUDE (shipped_where), coalesce(shipped_where, '') AS scope FROM shipped_items
),
sayings AS MATERIALIZED (
    SELECT
        mention_id, person_key, occurred_on, channel, product, location, segment, family, label,
        coalesce(decision = 'yes' AND CASE family
            WHEN 'moment' THEN sentiment < 0
            WHEN 'unmeasurable' THEN polarity = '-'
            ELSE true
        END, false) AS is_report
    FROM evidence SEMI JOIN comparable USING (feedback_id)
    WHERE speaker IS DISTINCT FROM 'agent'
),
scopes AS (
    SELECT scope, terms, list_distinct(list_transform(terms, lambda term: split_part(term, '=', 1))) AS columns
    FROM (
        SELECT DISTINCT scope, CASE WHEN scope = '' THEN []::VARCHAR[] ELSE string_split(scope, '; ') END AS terms FROM fixed
    )
),
spots AS (
    SELECT
        *,
        list_filter(
            ['channel=' || channel, 'product=' || product, 'location=' || location, 'segment=' || segment],
            lambda term: list_contains(columns, split_part(term, '=', 1))
        ) AS own
    FROM scopes
    CROSS JOIN (SELECT DISTINCT channel, product, location, segment FROM sayings)
),
places AS (  -- place: null where the fix is
    SELECT
        scope, channel, product, location, segment,
        CASE WHEN NOT list_has_all(terms, own) THEN array_to_string(own, '; ') END AS place
    FROM spots
    WHERE len(own) = len(columns)
),
placed AS MATERIALIZED (
    SELECT scope, place, sayings.* EXCLUDE (product, location, segment)
    FROM sayings
    JOIN places
        ON places.channel = sayings.channel
        AND places.product IS NOT DISTINCT FROM sayings.product
        AND places.location IS NOT DISTINCT FROM sayings.location
        AND places.segment IS NOT DISTINCT FROM sayings.segment
),
heard_by_channel AS (
    SELECT scope, place, channel, occurred_on, count(DISTINCT person_key) AS n_heard FROM placed GROUP BY ALL
),
complaints AS MATERIALIZED (
    SELECT scope, label AS control, channel, occurred_on, count(*) AS n_mentions, count(DISTINCT person_key) AS n
    FROM placed
    WHERE family = 'moment' AND is_report AND place IS NULL
    GROUP BY ALL
),
of_theme AS (
    SELECT mention_id, family, label, theme_id, born_on
    FROM theme_mentions JOIN themes USING (theme_id)
    WHERE family IS NOT NULL
),
reports AS MATERIALIZED (
    SELECT item_id, shipped_on, placed.mention_id, person_key, occurred_on, channel, place
    FROM fixed
    JOIN placed ON placed.scope = fixed.scope AND placed.family = kind AND placed.label = fixed.label AND is_report
    LEFT JOIN of_theme
        ON of_theme.mention_id = placed.mention_id AND of_theme.family = kind AND of_theme.label = fixed.label
    WHERE CASE
        WHEN fixed.theme_id IS NOT NULL THEN of_theme.theme_id IS NOT DISTINCT FROM fixed.theme_id
        ELSE of_theme.theme_id IS NULL
            OR NOT list_contains(coalesce(other_theme_ids, []), of_theme.theme_id)
            OR of_theme.born_on > shipped_on - $least::INTEGER
    END
),
known AS (
    SELECT item_id, max(born_on) AS known_on
    FROM fixed
    JOIN themes
        ON themes.theme_id = fixed.theme_id
        OR fixed.theme_id IS NULL AND list_contains(other_theme_ids, themes.theme_id)
        AND born_on <= shipped_on - $least::INTEGER
    GROUP BY item_id
),
reported_in AS (
    SELECT DISTINCT item_id, kind, label, shipped_on, scope, place, channel
    FROM fixed
    JOIN reports USING (item_id, shipped_on)
    WHERE occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
),
channels AS (
    SELECT * EXCLUDE (place) FROM reported_in WHERE place IS NULL
),
areas AS (  -- elsewhere in the same channels, unless the fix is in some channels only
    SELECT item_id, shipped_on, scope, place, channel
    FROM reported_in
    LEFT JOIN (SELECT item_id, channel, true AS is_here FROM channels) AS here USING (item_id, channel)
    WHERE is_here OR regexp_matches(scope, '(^|; )channel=')
),
touched_mentions AS (  -- by this fix, or by one that came shortly before it
    SELECT DISTINCT fixed.item_id, fixed.shipped_on, mention_id
    FROM fixed
    JOIN reports ON reports.shipped_on BETWEEN fixed.shipped_on - 28 AND fixed.shipped_on
    WHERE place IS NULL
),
touched AS (
    SELECT item_id, placed.label AS control, count(*) AS n_touched
    FROM touched_mentions
    JOIN channels USING (item_id, shipped_on)
    JOIN placed USING (mention_id, channel, scope)
    WHERE family = 'moment' AND is_report AND place IS NULL
        AND occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
    GROUP BY ALL
),
other_moments AS (
    SELECT item_id, control
    FROM channels
    JOIN complaints USING (scope, channel)
    LEFT JOIN touched USING (item_id, control)
    WHERE occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
        AND NOT (kind = 'moment' AND label = control)
    GROUP BY item_id, control
    HAVING coalesce(any_value(n_touched), 0) < 0.1 * sum(n_mentions)
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY sum(n) DESC, control) <= $most::INTEGER
),
other_places AS (
    SELECT item_id, place
    FROM reports
    SEMI JOIN areas USING (item_id, place, channel)
    WHERE occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
    GROUP BY item_id, place
    QUALIFY row_number() OVER (PARTITION BY item_id ORDER BY count(*) DESC, place) <= $most::INTEGER
),
heard AS (
    SELECT item_id, areas.place, occurred_on, sum(n_heard) AS n_heard
    FROM areas
    JOIN heard_by_channel USING (scope, channel)
    LEFT JOIN known USING (item_id)
    WHERE areas.place IS NOT DISTINCT FROM heard_by_channel.place
        AND occurred_on BETWEEN greatest(shipped_on - $history::INTEGER, known_on) AND shipped_on + $longest::INTEGER
    GROUP BY ALL
),
counted AS (
    SELECT item_id, place, CAST(NULL AS VARCHAR) AS control, occurred_on, count(DISTINCT (person_key, channel)) AS n
    FROM reports
    SEMI JOIN areas
        ON areas.item_id = reports.item_id AND areas.channel = reports.channel
        AND areas.place IS NOT DISTINCT FROM reports.place
    GROUP BY ALL
    UNION ALL
    SELECT item_id, CAST(NULL AS VARCHAR), control, occurred_on, sum(n)
    FROM other_moments
    JOIN channels USING (item_id)
    JOIN complaints USING (scope, control, channel)
    GROUP BY ALL
),
series AS (
    SELECT DISTINCT item_id, CAST(NULL AS VARCHAR) AS place, CAST(NULL AS VARCHAR) AS control FROM channels
    UNION ALL
    SELECT item_id, place, NULL FROM other_places
    UNION ALL
    SELECT item_id, NULL, control FROM other_moments
)
SELECT
    series.item_id, coalesce(series.place, series.control) AS control, series.place IS NOT NULL AS is_elsewhere,
    heard.occurred_on, coalesce(n, 0) AS n, n_heard
FROM series
JOIN heard ON heard.item_id = series.item_id AND heard.place IS NOT DISTINCT FROM series.place
LEFT JOIN counted
    ON counted.item_id = series.item_id AND counted.place IS NOT DISTINCT FROM series.place
    AND counted.control IS NOT DISTINCT FROM series.control AND counted.occurred_on = heard.occurred_on
ORDER BY ALL
