-- Question: of the feedback that speaks of a moment, how much carries each soft quality, cause and signal?
-- Grain:    one row per moment that customers spoke of in the last eight weeks and label in use, unmeasurables twice (+, -).
-- Reader:   moment_diagnostics, `cxnlp moments delivery`, an owner of a moment.
--
-- Counted are whole pieces of feedback, because the model's errors were measured on these: the label may stand in another
-- sentence than the moment. Corrected as in shares.sql, which takes the model to err about the label here as it does
-- elsewhere; raw where another model than the measured one had its say in these weeks.

CREATE OR REPLACE VIEW moment_rates AS
WITH
pieces AS (
    SELECT feedback_id, label AS moment
    FROM counted_labels
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE speaker = 'customer' AND family = 'moment' AND n_mentions > 0
),
measured AS (
    SELECT coalesce(bool_and(list_has_all(
        (SELECT string_split(any_value(label_errors.model_versions), ', ') FROM label_errors),
        string_split(model_versions, ', ')
    )), false) AS is_measured
    FROM counted_feedback
    JOIN recent_weeks ON occurred_on BETWEEN first_on AND last_on
    WHERE n_mentions > 0
),
totals AS (
    SELECT moment, count(*) AS n_feedback FROM pieces GROUP BY moment
),
labels AS (
    SELECT family, id AS label, name, unnest(CASE family WHEN 'unmeasurable' THEN ['+', '-'] ELSE [NULL] END) AS polarity
    FROM taxonomy
    WHERE family <> 'moment' AND retired IS NULL
),
said AS (
    SELECT
        moment, family, label, polarity,
        count(*) FILTER (is_reported) AS n_feedback_reporting,
        count(DISTINCT person_key) FILTER (n_mentions > 0) AS n_customers
    FROM pieces
    JOIN counted_labels USING (feedback_id)
    WHERE speaker = 'customer' AND family IN ('unmeasurable', 'warning', 'signal')
    GROUP BY moment, family, label, polarity
),
counts AS (
    SELECT
        totals.moment, labels.family, labels.label, labels.polarity, labels.name, n_feedback,
        coalesce(n_feedback_reporting, 0) AS k,
        coalesce(n_customers, 0) AS n_customers,
        sensitivity AS s, sensitivity_variance AS v, specificity AS c, specificity_variance AS w
    FROM totals
    CROSS JOIN labels
    CROSS JOIN measured
    LEFT JOIN said
        ON said.moment = totals.moment AND said.family = labels.family AND said.label = labels.label
        AND said.polarity IS NOT DISTINCT FROM labels.polarity
    LEFT JOIN label_errors
        ON is_measured AND label_errors.family = labels.family AND label_errors.label = labels.label
        AND label_errors.polarity IS NOT DISTINCT FROM labels.polarity
)
SELECT
    moment,
    family,
    label,
    polarity,
    name,
    n_feedback,
    k AS n_feedback_reporting,
    k / n_feedback AS raw_share,
    corrected_share(k, n_feedback, s, c) AS corrected_share,
    corrected_share_low(k, n_feedback, s, v, c, w) AS corrected_share_low,
    corrected_share_high(k, n_feedback, s, v, c, w) AS corrected_share_high,
    CASE WHEN s IS NULL THEN 'raw' ELSE 'adjusted count' END AS method,
    n_customers
FROM counts
ORDER BY moment, family, label, polarity;

COMMENT ON VIEW moment_rates IS 'One row per moment and label: of the feedback of the last eight weeks that speaks of the moment, the share that also carries the label, corrected for the model''s errors.';
COMMENT ON COLUMN moment_rates.family IS 'unmeasurable, warning or signal.';
COMMENT ON COLUMN moment_rates.n_feedback IS 'Pieces of feedback in which customers speak of the moment: what the shares are shares of.';
COMMENT ON COLUMN moment_rates.n_feedback_reporting IS 'Of those, pieces in which model or rules are sure of the label.';
COMMENT ON COLUMN moment_rates.method IS 'adjusted count, or raw where no errors are known: docs/counts.md.';
COMMENT ON COLUMN moment_rates.n_customers IS 'Different people behind the pieces that carry the label, once votes are settled.';
