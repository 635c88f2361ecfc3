-- Question: which colleagues do customers praise by name? (Names are pseudonyms.)
-- Grain: one row per employee, at most eight. Reader: the page's champions.
SELECT employee_key, role, n_praises, n_customers, first_on, last_on, best_quote
FROM champions
ORDER BY n_customers DESC, n_praises DESC, employee_key
LIMIT 8
