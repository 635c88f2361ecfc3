-- Every item that arrived in a run is stored, unchanged, a duplicate, in quarantine or erased.

SELECT run_id, n_arrived, n_stored, n_unchanged, n_duplicates, n_quarantined, n_erased
FROM runs
WHERE n_arrived <> n_stored + n_unchanged + n_duplicates + n_quarantined + coalesce(n_erased, 0);
