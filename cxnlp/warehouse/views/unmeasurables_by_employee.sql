-- Question: which soft qualities do customers see in each employee, and which do they miss?
-- Grain:    one row per employee (pseudonym) and unmeasurable, of employees whom enough people speak of.
-- Reader:   a coach who may resolve pseudonyms.
--
-- There are employees only where a workspace keeps pseudonyms of them (privacy.employees in cxnlp.toml), and rows only of
-- those whom at least privacy.least_group different people speak of. Counted is feedback with a customer's words about
-- the employee: mentions that name them, or all of a piece whose employee stands in a column of the source. Shares as in
-- unmeasurables.sql.

CREATE OR REPLACE VIEW unmeasurables_by_employee AS
SELECT * EXCLUDE (location)
FROM unmeasurables_about('employee')
ORDER BY employee_key, role, unmeasurable;

COMMENT ON VIEW unmeasurables_by_employee IS 'One row per employee and unmeasurable: shown, missing and no opportunity, as corrected shares of the feedback about them. Only of those whom enough people speak of.';
COMMENT ON COLUMN unmeasurables_by_employee.employee_key IS 'Keyed hash of the employee''s name.';
COMMENT ON COLUMN unmeasurables_by_employee.role IS 'The first by name of the roles given.';
COMMENT ON COLUMN unmeasurables_by_employee.n_feedback IS 'Pieces of feedback with a customer''s words about them: the denominator of the shares.';
COMMENT ON COLUMN unmeasurables_by_employee.n_customers IS 'Different people behind n_feedback.';
