-- Question: what can feedback say about the statements of the service experience scorecard?
-- Grain: one row per statement, in its order. Reader: the page's scorecard.
SELECT question, statement, words, answer, cannot_tell, n_customers, n_customers_for, n_customers_against, balance, balance_low, balance_high, trend_word
FROM scorecard
