-- Question: which mentions speak of this, in these words or in others?
-- Grain:    one row per mention, the best first; duplicates of other feedback are left out.
-- Reader:   an analyst who looks for quotes (`cxnlp find`, Warehouse.find).
--
-- Three voices are added: words (BM25), labels that the model gives to the question and to the mention, and nearness of
-- meaning. A label counts as a word does, by how rare it is: p(question) · p(mention) · -ln(its share of all mentions), and
-- half where only the rest of the letter carries it. DuckDB's BM25 of a short text is on much the same scale. The same
-- sentiment adds up to 1, the same meaning up to 3. benchmarks/find_judged.py measures what the sum finds.
--
-- Candidates are the first $reach by words and the first $reach by nearness; a mention beyond these is taken to be as near
-- as the last of them. Limits hold for candidates: few may be left (n_allowed), then ask with a longer reach.

WITH
in_reach AS MATERIALIZED (
    SELECT
        mention_id,
        array_inner_product(CAST(vector AS FLOAT[384]), CAST($vector AS FLOAT[384])) / 202500 AS nearness
    FROM mention_vectors
    WHERE encoder_version = $encoder_version
    ORDER BY nearness DESC, mention_id
    LIMIT $reach
),
matching AS MATERIALIZED (
    SELECT mention_id, score AS words_score FROM find_words($words) ORDER BY score DESC, mention_id LIMIT $reach
),
allowed AS MATERIALIZED (
    SELECT mentions.mention_id, mentions.feedback_id
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
asked AS (
    SELECT unnest(
        CAST($labels AS STRUCT(family VARCHAR, label VARCHAR, polarity VARCHAR, probability DOUBLE)[]), recursive := true
    )
),
common AS (
    SELECT family, label, polarity, sum(probability) AS n
    FROM tags
    WHERE voter = 'model' AND label IN (SELECT label FROM asked)
    GROUP BY family, label, polarity
),
weighed AS (
    SELECT
        asked.family, asked.label, asked.polarity,
        asked.probability * -ln(0.001 + common.n / (SELECT count(*) FROM mentions)) AS weight
    FROM asked
    JOIN common ON common.label = asked.label AND common.family = asked.family
        AND common.polarity IS NOT DISTINCT FROM asked.polarity
),
letters AS (
    SELECT mentions.mention_id, mentions.feedback_id
    FROM mentions
    SEMI JOIN allowed ON allowed.feedback_id = mentions.feedback_id
    WHERE $is_agents OR mentions.speaker IS DISTINCT FROM 'agent'
),
heard AS MATERIALIZED (
    SELECT letters.mention_id, letters.feedback_id, tags.* EXCLUDE (mention_id)
    FROM tags
    JOIN letters USING (mention_id)
    WHERE tags.family = 'sentiment' OR (tags.family, tags.label) IN (SELECT (family, label) FROM asked)
),
votes AS (
    SELECT
        heard.mention_id, heard.feedback_id, weighed.family, weighed.label, weighed.polarity, weighed.weight,
        heard.voter = 'person' AS is_person,
        CASE
            WHEN heard.polarity IS DISTINCT FROM weighed.polarity OR heard.decision = 'no' THEN 0
            WHEN heard.voter = 'person' THEN CASE heard.decision WHEN 'yes' THEN 1 ELSE 0.5 END
            ELSE heard.probability
        END AS probability
    FROM heard
    JOIN weighed ON weighed.family = heard.family AND weighed.label = heard.label
),
carried AS (
    -- Where a person judged a label, of whichever polarity, only persons count.
    SELECT
        mention_id, feedback_id, family, label, polarity, weight,
        coalesce(max(probability) FILTER (is_person), max(probability)) AS probability
    FROM votes
    GROUP BY ALL
),
of_letters AS (
    SELECT feedback_id, family, label, polarity, weight, max(probability) / 2 AS probability
    FROM carried
    GROUP BY ALL
),
in_labels AS (
    SELECT
        allowed.mention_id,
        sum(of_letters.weight * greatest(of_letters.probability, coalesce(carried.probability, 0))) AS labels_score
    FROM allowed
    JOIN of_letters USING (feedback_id)
    LEFT JOIN carried ON carried.mention_id = allowed.mention_id AND carried.family = of_letters.family
        AND carried.label = of_letters.label AND carried.polarity IS NOT DISTINCT FROM of_letters.polarity
    GROUP BY allowed.mention_id
),
felt AS (
    -- A person's "no" takes the feeling away, as in the view settled.
    SELECT
        mention_id,
        1 - abs($feeling - arg_min_null(
            CASE WHEN decision <> 'no' THEN coalesce(score, CAST(label AS INTEGER) / 2) END,
            CASE voter WHEN 'person' THEN 0 ELSE 3 END + CASE decision WHEN 'yes' THEN 1 WHEN 'unsure' THEN 2 ELSE 3 END
        )) / 2 AS likeness
    FROM heard
    WHERE family = 'sentiment'
    GROUP BY mention_id
),
ranked AS (
    SELECT
        mention_id,
        coalesce(words_score, 0) AS words_score,
        coalesce(labels_score, 0) AS labels_score,
        nearness,
        coalesce(words_score, 0) + coalesce(labels_score, 0) + coalesce(likeness, 0)
            + 3 * coalesce(nearness, (SELECT min(nearness) FROM in_reach), 0) AS score
    FROM allowed
    LEFT JOIN matching USING (mention_id)
    LEFT JOIN in_labels USING (mention_id)
    LEFT JOIN felt USING (mention_id)
    LEFT JOIN in_reach USING (mention_id)
    ORDER BY score DESC, mention_id
    LIMIT $n
)
SELECT
    ranked.mention_id,
    ranked.score,
    ranked.words_score,
    ranked.labels_score,
    ranked.nearness,
    evidence.occurred_on,
    evidence.channel,
    evidence.source,
    string_agg(DISTINCT evidence.label, ', ' ORDER BY evidence.label)
        FILTER (evidence.family = 'moment' AND evidence.decision = 'yes') AS moments,
    evidence.sentiment,
    evidence.quote,
    evidence.context,
    (SELECT count(*) FROM allowed) AS n_allowed
FROM ranked
JOIN evidence USING (mention_id)
GROUP BY ALL
ORDER BY ranked.score DESC, ranked.mention_id;
