-- Every item that arrived in a run is stored, unchanged, a duplicate or in quarantine.

SELECT run_id, n_arrived, n_stored, n_unchanged, n_duplicates, n_quarantined
FROM runs
WHERE n_arrived <> n_stored + n_unchanged + n_duplicates + n_quarantined;
