-- Question: how many colleagues were praised by name by one person so far?
-- Grain: one row. Reader: the page's champions.
SELECT count(*) AS n_employees
FROM champions
WHERE n_customers = 1
