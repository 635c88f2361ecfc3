-- Question: how many colleagues were praised by name, and by how many people each?
-- Grain: one row per number of people. Reader: the page's champions.
SELECT n_customers, count(*) AS n_employees
FROM champions
GROUP BY n_customers
ORDER BY n_customers
