-- Question: which organisational causes do customers name, in whose moments, and who can mend them?
-- Grain:    one row per role, department and warning with at least one sure mention by a customer.
-- Reader:   management; the head of a department, back offices included.
--
-- In the role moment a department owns the moments that the mention is about: there the customer feels it. In the role
-- cause it owns the warning itself (the taxonomy's owner of knowledge is training, of policy process and policy …): it can
-- mend it, wherever it is felt. A mention about no moment has a row of the role cause only. The share is that of the
-- people who were heard about the department's moments; its interval is Wilson's, not corrected for the model's errors.

CREATE OR REPLACE VIEW warning_signs AS
WITH
said AS (
    SELECT mention_id, person_key, occurred_on, family, label, sentiment, probability, quote
    FROM evidence
    WHERE family IN ('moment', 'warning') AND decision = 'yes' AND speaker IS DISTINCT FROM 'agent'
),
owners AS (
    SELECT family, id AS label, owner AS department, office, name FROM taxonomy
),
felt AS (
    SELECT mention_id, person_key, label AS moment, department, office
    FROM said JOIN owners USING (family, label)
    WHERE family = 'moment'
),
causes AS (
    SELECT mention_id, person_key, occurred_on, label AS warning, name, department, office, probability, quote
    FROM said JOIN owners USING (family, label)
    WHERE family = 'warning'
),
signs AS (
    SELECT DISTINCT
        'moment' AS role, felt.department, felt.office, warning, name, causes.department AS mended_by,
        mention_id, causes.person_key, occurred_on, probability, quote
    FROM causes JOIN felt USING (mention_id)
    UNION ALL
    SELECT
        'cause' AS role, department, office, warning, name, department AS mended_by,
        mention_id, person_key, occurred_on, probability, quote
    FROM causes
),
audience AS (
    SELECT department, count(DISTINCT person_key) AS n_customers_all FROM felt GROUP BY department
),
moments_of AS (
    SELECT role, signs.department, warning, moment, count(DISTINCT mention_id) AS n
    FROM signs JOIN felt USING (mention_id)
    WHERE role = 'cause' OR felt.department = signs.department
    GROUP BY role, signs.department, warning, moment
),
most_felt AS (
    SELECT role, department, warning, string_agg(moment, ', ' ORDER BY n DESC, moment) AS moments
    FROM (
        FROM moments_of
        QUALIFY row_number() OVER (PARTITION BY role, department, warning ORDER BY n DESC, moment) <= 3
    )
    GROUP BY role, department, warning
),
counts AS (
    SELECT
        role, department, warning,
        any_value(office) AS office,
        any_value(name) AS name,
        any_value(mended_by) AS mended_by,
        count(*) AS n_mentions,
        count(DISTINCT person_key) AS n_customers,
        min(occurred_on) AS first_on,
        max(occurred_on) AS last_on,
        first(quote ORDER BY length(quote) >= 40 DESC, probability DESC, mention_id) AS best_quote
    FROM signs
    GROUP BY role, department, warning
)
SELECT
    role,
    department,
    office,
    warning,
    name,
    mended_by,
    n_mentions,
    n_customers,
    CASE role WHEN 'moment' THEN n_customers_all END AS n_customers_all,
    CASE role WHEN 'moment' THEN n_customers / n_customers_all END AS share,
    CASE role WHEN 'moment' THEN wilson_low(n_customers, n_customers_all) END AS share_low,
    CASE role WHEN 'moment' THEN wilson_high(n_customers, n_customers_all) END AS share_high,
    moments,
    first_on,
    last_on,
    best_quote
FROM counts
LEFT JOIN audience USING (department)
LEFT JOIN most_felt USING (role, department, warning)
ORDER BY role DESC, n_customers DESC, department, warning;

COMMENT ON VIEW warning_signs IS 'One row per role, department and warning: organisational causes by whose moments they are felt in, and by who can mend them. Sure tags, customers'' lines, no duplicates.';
COMMENT ON COLUMN warning_signs.role IS 'moment: the department owns the moments in which it is felt; cause: it owns the cause, wherever it is felt.';
COMMENT ON COLUMN warning_signs.department IS 'The department, as the taxonomy names it.';
COMMENT ON COLUMN warning_signs.warning IS 'knowledge, policy, pressure, handoff or resourcing.';
COMMENT ON COLUMN warning_signs.name IS 'The warning in plain English.';
COMMENT ON COLUMN warning_signs.mended_by IS 'Department that owns the cause.';
COMMENT ON COLUMN warning_signs.n_mentions IS 'Mentions that name it.';
COMMENT ON COLUMN warning_signs.n_customers_all IS 'Role moment: different people heard about the department''s moments.';
COMMENT ON COLUMN warning_signs.share IS 'n_customers / n_customers_all, 0 to 1, as the model counts; null for the role cause.';
COMMENT ON COLUMN warning_signs.moments IS 'Up to three moments in which it is felt most.';
COMMENT ON COLUMN warning_signs.first_on IS 'Day of the first mention.';
COMMENT ON COLUMN warning_signs.last_on IS 'Day of the latest mention.';
COMMENT ON COLUMN warning_signs.best_quote IS 'The surest of at least 40 characters, where there is one; masked.';
