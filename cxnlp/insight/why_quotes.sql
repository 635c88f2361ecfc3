-- Question: which mentions show what a cell says of the label in the later period?
-- Grain:    one row per cell and rank, at most three, each of another person.
-- Reader:   cxnlp/insight/why.py, with the cells registered as `cells` and their pieces as `pieces`.
--           Bound: $family, $label, $polarity, $number.
WITH
candidates AS (
    SELECT pieces.cell, evidence.mention_id, evidence.person_key, evidence.probability, evidence.sentiment_score
    FROM pieces
    JOIN evidence USING (feedback_id)
    WHERE
        family = $family AND label = $label AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
        AND ($polarity::VARCHAR IS NULL OR polarity = $polarity::VARCHAR)
        AND ($number = 'share' OR sentiment < 0)
),
own_best AS (
    SELECT *
    FROM candidates
    QUALIFY row_number() OVER (PARTITION BY cell, person_key ORDER BY probability DESC, mention_id) = 1
)
SELECT cell, mention_id
FROM own_best
QUALIFY row_number() OVER (PARTITION BY cell ORDER BY probability DESC, abs(sentiment_score) DESC, mention_id) <= 3
ORDER BY cell, probability DESC, abs(sentiment_score) DESC, mention_id
