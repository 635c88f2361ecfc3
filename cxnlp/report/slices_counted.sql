-- Question: how many mentions and people speak of each activity in each slice, and how do they feel?
-- Grain: one row per activity, span of time and slice; null as channel, product or place means any. Of fewer people than
-- $least_group there is no row. Reader: cxnlp/report/slices.py, for the page's filters.
-- Bound: $by_channel, $by_product, $by_place (whether slices are cut by it), $least_group. Reads the temporary table `said`.
-- People are grouped before they are counted: counting distinct people of all cuts at once needs eight times the memory.
WITH people AS (
    SELECT
        activity, span, person,
        CASE WHEN $by_channel THEN channel END AS channel,
        CASE WHEN $by_product THEN product END AS product,
        CASE WHEN $by_place THEN location END AS place,
        count(*) AS n,
        count(*) FILTER (feeling > 0) AS n_positive,
        count(*) FILTER (feeling < 0) AS n_negative
    FROM temp.said
    GROUP BY ALL
)
SELECT
    activity, span, channel, product, place,
    CAST(sum(n) AS BIGINT) AS n_mentions,
    count(*) AS n_customers,
    count(*) FILTER (n_positive > 0) AS n_customers_positive,
    count(*) FILTER (n_negative > 0) AS n_customers_negative,
    CAST(sum(people.n_positive) AS BIGINT) AS n_positive,
    CAST(sum(people.n_negative) AS BIGINT) AS n_negative
FROM people
GROUP BY ALL
HAVING count(*) >= $least_group
ORDER BY ALL
