-- Question: which soft qualities do customers see in each kind of employee, and which do they miss?
-- Grain:    one row per team (role and place of employees) and unmeasurable, of teams that enough people speak of.
-- Reader:   a team lead; an area manager.
--
-- There are employees only where a workspace keeps pseudonyms of them (privacy.employees in cxnlp.toml), and rows only of
-- those whom at least privacy.least_group different people speak of. Counted is feedback with a customer's words about
-- the employee: mentions that name them, or all of a piece whose employee stands in a column of the source. Shares as in
-- unmeasurables.sql.

CREATE OR REPLACE VIEW unmeasurables_by_team AS
SELECT * EXCLUDE (employee_key)
FROM unmeasurables_about('team')
ORDER BY role, location, unmeasurable;

COMMENT ON VIEW unmeasurables_by_team IS 'One row per team and unmeasurable: shown, missing and no opportunity, as corrected shares of the feedback about them. Only of those whom enough people speak of.';
COMMENT ON COLUMN unmeasurables_by_team.role IS 'agent, driver, counter, manager, engineer or staff.';
COMMENT ON COLUMN unmeasurables_by_team.location IS 'Branch or place as the source gave it; null where none was given.';
COMMENT ON COLUMN unmeasurables_by_team.n_feedback IS 'Pieces of feedback with a customer''s words about them: the denominator of the shares.';
COMMENT ON COLUMN unmeasurables_by_team.n_customers IS 'Different people behind n_feedback.';
