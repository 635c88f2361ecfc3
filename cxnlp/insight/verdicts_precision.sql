-- Question: what share of an item's reports before its fix are no false alarms of the model?
-- Grain:    one row per item that was fixed. Reader: cxnlp/insight/verdicts_counts.py. Bound: $history (days).
--           Reads the frame `shipped_items`.
--
-- Of n pieces of feedback the model gives the label to k; corrected for its errors (Rogan & Gladen 1978; shares.sql) a
-- share p is of it, and of those it finds the share s, its sensitivity: precision = p s / (k / n). Null where its errors
-- are not known. An item that is one theme of a label, or only its complaints, is taken to have the label's precision.
WITH
heard AS (
    SELECT
        item_id,
        count(*) AS n,
        bool_and(list_has_all(
            (SELECT string_split(any_value(label_errors.model_versions), ', ') FROM label_errors),
            string_split(counted_feedback.model_versions, ', ')
        )) AS is_measured
    FROM shipped_items
    JOIN counted_feedback
        ON occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1 AND n_mentions > 0
    GROUP BY item_id
),
said AS (
    SELECT item_id, count(DISTINCT feedback_id) AS k
    FROM shipped_items
    JOIN counted_labels
        ON counted_labels.family = kind AND counted_labels.label = shipped_items.label AND speaker = 'customer' AND is_reported
        AND (counted_labels.polarity IS NOT DISTINCT FROM shipped_items.polarity OR kind = 'moment')
        AND occurred_on BETWEEN shipped_on - $history::INTEGER AND shipped_on - 1
    GROUP BY item_id
)
SELECT
    shipped_items.item_id, shipped_on,
    CASE WHEN is_measured
        THEN least(1, corrected_share(k, n, sensitivity, specificity) * sensitivity / (k / n))
    END AS precision
FROM shipped_items
LEFT JOIN heard USING (item_id)
LEFT JOIN said USING (item_id)
LEFT JOIN label_errors
    ON label_errors.family = kind AND label_errors.label = shipped_items.label
    AND (label_errors.polarity IS NOT DISTINCT FROM shipped_items.polarity OR kind = 'moment')
ORDER BY shipped_items.item_id
