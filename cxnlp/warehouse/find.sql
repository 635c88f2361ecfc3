-- Question: which mentions speak of this, in these words or in others?
-- Grain:    one row per mention, the best first; duplicates of other feedback are left out.
-- Reader:   an analyst who looks for quotes (`cxnlp find`, Warehouse.find).
--
-- Words (BM25) and meaning (cosine) are ranked apart and joined by their ranks, as their scores cannot be compared:
-- reciprocal rank fusion, score = Σ 1 / (60 + rank) (Cormack, Clarke & Büttcher 2009). Of each ranking the first $depth
-- count. Limits hold for what is nearest, the first $reach: fewer than $depth of those may be left (n_near), then ask with
-- a longer reach.

WITH
in_reach AS (
    SELECT
        mention_id,
        array_inner_product(CAST(vector AS FLOAT[384]), CAST($vector AS FLOAT[384])) / 202500 AS nearness
    FROM mention_vectors
    WHERE encoder_version = $encoder_version
    ORDER BY nearness DESC, mention_id
    LIMIT $reach
),
matching AS MATERIALIZED (
    SELECT mention_id, score FROM find_words($words)
),
allowed AS (
    SELECT mentions.mention_id
    FROM mentions
    SEMI JOIN (SELECT mention_id FROM in_reach UNION SELECT mention_id FROM matching) AS candidates USING (mention_id)
    JOIN feedback USING (feedback_id)
    WHERE feedback.duplicate_of IS NULL
        AND ($is_agents OR mentions.speaker IS DISTINCT FROM 'agent')
        AND ($channel IS NULL OR feedback.channel = $channel)
        AND ($source IS NULL OR feedback.source = $source)
        AND ($since IS NULL OR feedback.occurred_at >= $since)
        AND ($until IS NULL OR feedback.occurred_at < $until)
        AND (
            $moment IS NULL
            OR mentions.mention_id IN (
                SELECT mention_id FROM evidence WHERE family = 'moment' AND label = $moment AND decision = 'yes'
            )
        )
),
in_words AS (
    SELECT mention_id, row_number() OVER (ORDER BY score DESC, mention_id) AS words_rank
    FROM matching SEMI JOIN allowed USING (mention_id)
    QUALIFY words_rank <= $depth
),
near AS (
    SELECT mention_id, nearness, row_number() OVER (ORDER BY nearness DESC, mention_id) AS meaning_rank
    FROM in_reach SEMI JOIN allowed USING (mention_id)
    QUALIFY meaning_rank <= $depth
),
ranked AS (
    SELECT
        mention_id, words_rank, meaning_rank, nearness,
        coalesce(1 / (60 + words_rank), 0) + coalesce(1 / (60 + meaning_rank), 0) AS score
    FROM in_words FULL JOIN near USING (mention_id)
    ORDER BY score DESC, mention_id
    LIMIT $n
)
SELECT
    ranked.mention_id,
    ranked.score,
    ranked.words_rank,
    ranked.meaning_rank,
    ranked.nearness,
    evidence.occurred_on,
    evidence.channel,
    evidence.source,
    string_agg(DISTINCT evidence.label, ', ' ORDER BY evidence.label)
        FILTER (evidence.family = 'moment' AND evidence.decision = 'yes') AS moments,
    evidence.sentiment,
    evidence.quote,
    evidence.context,
    (SELECT count(*) FROM near) AS n_near
FROM ranked
JOIN evidence USING (mention_id)
GROUP BY ALL
ORDER BY ranked.score DESC, ranked.mention_id;
