-- The feedback of the frame `erased` (feedback_id) leaves, with all that belongs to it and every quote from it.
-- Reads `erased`; makes `leaning_feedback`, the duplicates that stay, for duplicates.py to decide anew.

CREATE OR REPLACE TEMP TABLE fresh_feedback AS SELECT feedback_id FROM feedback LIMIT 0;

CREATE OR REPLACE TEMP TABLE leaning_feedback AS
SELECT feedback_id FROM feedback
WHERE duplicate_of IN (SELECT feedback_id FROM erased) AND feedback_id NOT IN (SELECT feedback_id FROM erased);

INSERT INTO uncounted SELECT feedback_id FROM erased;

DELETE FROM tags WHERE mention_id IN (SELECT mention_id FROM mentions SEMI JOIN erased USING (feedback_id));
DELETE FROM theme_mentions
WHERE mention_id IN (SELECT mention_id FROM mentions SEMI JOIN erased USING (feedback_id));
DELETE FROM mention_vectors
WHERE mention_id IN (SELECT mention_id FROM mentions SEMI JOIN erased USING (feedback_id));
DELETE FROM mentions WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM employees WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM signature_bands WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM places WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM reviews WHERE feedback_id IN (SELECT feedback_id FROM erased);
DELETE FROM feedback WHERE feedback_id IN (SELECT feedback_id FROM erased);
UPDATE feedback SET repost_of = NULL WHERE repost_of IN (SELECT feedback_id FROM erased);

-- An item that is not built again has no more people than are left of it: of few nothing is shared (docs/privacy.md).

CREATE OR REPLACE TEMP TABLE shrunk_items AS
SELECT
    item_id,
    count(DISTINCT coalesce(customer_key, author_key, left_mentions.feedback_id)) AS n_customers,
    count(left_mentions.mention_id) AS n_mentions
FROM backlog_evidence
LEFT JOIN mentions AS left_mentions USING (mention_id)
LEFT JOIN feedback ON feedback.feedback_id = left_mentions.feedback_id
WHERE item_id IN (
    SELECT item_id FROM backlog_evidence WHERE split_part(mention_id, '.', 1) IN (SELECT feedback_id FROM erased)
)
GROUP BY item_id;

UPDATE backlog SET
    n_customers = shrunk_items.n_customers,
    n_customers_since = least(n_customers_since, shrunk_items.n_customers),
    n_mentions = least(backlog.n_mentions, shrunk_items.n_mentions),
    n_mentions_recent = least(n_mentions_recent, shrunk_items.n_mentions),
    n_contacts = least(n_contacts, shrunk_items.n_mentions),
    n_customers_corrected = NULL,
    n_customers_corrected_low = NULL,
    n_customers_corrected_high = NULL,
    service_effect_low = NULL,
    service_effect_high = NULL,
    moment_effect_low = NULL,
    moment_effect_high = NULL,
    revenue_at_risk_low = NULL,
    revenue_at_risk_high = NULL,
    contact_cost_low = NULL,
    contact_cost_high = NULL
FROM shrunk_items
WHERE shrunk_items.item_id = backlog.item_id
    AND (backlog.n_customers IS NULL OR shrunk_items.n_customers < backlog.n_customers);

DROP TABLE shrunk_items;
DELETE FROM backlog_evidence WHERE split_part(mention_id, '.', 1) IN (SELECT feedback_id FROM erased);

-- An alert stays, as a number; what it quotes goes, and a crisis of which nothing is left.

UPDATE alerts SET
    quote_1_mention_id = CASE WHEN split_part(quote_1_mention_id, '.', 1) NOT IN (SELECT feedback_id FROM erased)
        THEN quote_1_mention_id END,
    quote_2_mention_id = CASE WHEN split_part(quote_2_mention_id, '.', 1) NOT IN (SELECT feedback_id FROM erased)
        THEN quote_2_mention_id END,
    quote_3_mention_id = CASE WHEN split_part(quote_3_mention_id, '.', 1) NOT IN (SELECT feedback_id FROM erased)
        THEN quote_3_mention_id END;
DELETE FROM alerts
WHERE kind = 'crisis' AND n_reports <= 3 -- quoted, all of them
    AND coalesce(quote_1_mention_id, quote_2_mention_id, quote_3_mention_id) IS NULL;
