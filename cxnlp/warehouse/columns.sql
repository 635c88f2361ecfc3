-- Question: what does a column of this name mean, in every table and view that does not say otherwise?
-- Grain:    one row per column of a table or view whose comment is not that meaning.
-- Reader:   comments.py, which writes it there unless a COMMENT ON COLUMN beside the table or view says another.

WITH
meanings(column_name, meaning) AS (
    VALUES
    ('balance', '(n_shown - n_missing) / (n_shown + n_missing), -1 to 1; null without mentions.'),
    ('born_on', 'Night on which it was first found.'),
    ('cannot_tell', 'Why feedback cannot answer it and what could; null where it can.'),
    ('channel', 'letter, call or social.'),
    ('corrected_missing_share', 'Share in which it was missing, corrected, 0 to 1.'),
    ('corrected_no_opportunity_share', 'Share in which it was neither: no opportunity to show it, or none reported.'),
    ('corrected_share', 'The share corrected for the model''s errors, 0 to 1.'),
    ('corrected_shown_share', 'Share of n_feedback in which it was shown, corrected for the model''s errors, 0 to 1.'),
    ('days_since_previous', 'Days since the person''s piece before; null for the first.'),
    ('direction', 'at least or at most.'),
    ('effect', 'Points of outcome from silence to a good word (and, downwards, to a bad one), all other causes being equal.'),
    ('evidence_end', 'One past the last character of those words.'),
    ('evidence_start', 'First character in feedback.text of the words that carry the decision.'),
    ('expected_reports', 'How many there would be if nothing had changed; null for a crisis.'),
    ('explained_share', 'Its share of the outcome''s variance, 0 to 1, correlated causes sharing fairly (Shapley).'),
    ('family', 'moment, unmeasurable, warning or signal.'),
    ('impact', 'Points by which the mean outcome would change if it were felt as its family is on average.'),
    ('is_champion', 'Whether the customer gives the signal champion.'),
    ('is_churn', 'Whether the customer gives the signal churn.'),
    ('is_driver', 'Whether the effect is surely not 0; of all that are so called, one in twenty is not.'),
    ('is_missing', 'Whether model or rules are sure that it was missing.'),
    ('is_named', 'Whether a person gave the name.'),
    ('label', 'Id in the table taxonomy.'),
    ('location', 'Branch or place as the source gave it.'),
    ('method', 'adjusted count, or raw (not corrected: no errors are known); docs/counts.md.'),
    ('moment', 'Id of the moment.'),
    ('month', 'The first of its month.'),
    ('n_customers', 'Different people behind the mentions; do not add them up over rows.'),
    ('n_customers_all', 'Different people behind n_feedback.'),
    ('n_customers_labelled', 'People drawn at random of whom reviewers judged everything they said in the period.'),
    ('n_customers_problem', 'Known customers who complained of the moment two weeks or more before the last day.'),
    ('n_customers_resolved', 'Of those, customers whose latest word on it afterwards is positive, or who said no more and do not leave.'),
    ('n_feedback', 'Pieces of feedback with a customer''s words: the denominator of the shares.'),
    ('n_feedback_handoff', 'Pieces in which the customer was passed on.'),
    ('n_feedback_missing', 'Pieces in which they are sure that it was missing (-).'),
    ('n_feedback_neither', 'Pieces in which it is neither.'),
    ('n_feedback_reporting', 'Of those, pieces in which model or rules are sure of it: the numerator. What persons judged is left out.'),
    ('n_feedback_shown', 'Of those, pieces in which model or rules are sure that it was shown (+).'),
    ('n_mentions', 'Mentions that carry it once votes are settled.'),
    ('n_missing', 'Mentions in which it was missing or violated (-).'),
    ('n_negative', 'Mentions of strength -1 or -2.'),
    ('n_positive', 'Mentions of strength 1 or 2.'),
    ('n_reports', 'Reports in these days: who says so on two of them makes two (crisis: people).'),
    ('n_shown', 'Mentions in which it was shown (+).'),
    ('n_steps', 'How many pieces the person has.'),
    ('n_strong_negative', 'Mentions of strength -2.'),
    ('name', 'The label in plain English.'),
    ('negative_moments', 'Of those, moments with a negative mention.'),
    ('negative_share', 'Share of negative mentions (-2 and -1), 0 to 1; null without mentions.'),
    ('net_sentiment', 'Share of positive minus share of negative mentions, -1 to 1; null without mentions.'),
    ('office', 'front: customers meet this department; back: they do not.'),
    ('outcome', 'rating (0 to 100 between the lowest and the highest of its source), champion or churn (100 for a text that carries the signal, else 0).'),
    ('owner', 'Department that answers for it.'),
    ('p_value', 'Chance of at least so many if nothing had changed; null for a crisis.'),
    ('period', 'week or month.'),
    ('person_key', 'Pseudonym of the customer, else of the author, else the feedback''s own id.'),
    ('polarity', '+ (shown) or - (missing) for unmeasurables, else null.'),
    ('product', 'Product as the source gave it.'),
    ('question', 'The question that the statement helps to answer.'),
    ('quote', 'The mention''s words, masked.'),
    ('rating', 'Rating as given, on the scale of its source.'),
    ('ratio', 'n_reports / expected_reports.'),
    ('raw_share', 'n_feedback_reporting / n_feedback, 0 to 1: what the model counts, errors and all.'),
    ('segment', 'Kind of customer as the source gave it.'),
    ('sentiment', 'How the mention feels: -2 (anger, harm) to 2 (delight).'),
    ('source', 'Name of the source in cxnlp.toml.'),
    ('statement', 'Id of the statement.'),
    ('target', 'The value wanted, in the unit of the metric.'),
    ('unmeasurable', 'Id of the soft quality: friendliness, helpfulness, understanding, listening, comfort, trust, defusing, affinity.'),
    ('week', 'The Monday of the week.'),
    ('words', 'The statement.')
),
said AS (
    SELECT
        table_name,
        column_name,
        CASE
            WHEN column_name LIKE '%\_low' ESCAPE '\' THEN 'Lower end of its 95 % interval.'
            WHEN column_name LIKE '%\_high' ESCAPE '\' THEN 'Upper end of its 95 % interval.'
            ELSE meaning
        END AS common_meaning,
        comment
    FROM duckdb_columns()
    LEFT JOIN meanings USING (column_name)
    WHERE database_name = current_database() AND NOT internal
)
SELECT table_name, column_name, common_meaning
FROM said
WHERE common_meaning IS NOT NULL AND comment IS DISTINCT FROM common_meaning;
