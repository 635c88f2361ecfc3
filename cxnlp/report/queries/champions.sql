-- Question: which colleagues do customers praise by name? (Names are pseudonyms.)
-- Grain: one row per employee whom two people praise or more, at most eight. Reader: the page's champions.
SELECT employee_key, role, n_mentions, n_customers, first_on, last_on, best_quote
FROM champions
WHERE n_customers >= 2
ORDER BY n_customers DESC, n_mentions DESC, employee_key
LIMIT 8
