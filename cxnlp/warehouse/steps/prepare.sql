-- Empty temporary tables for what arrives tonight.

CREATE OR REPLACE TEMP TABLE arrived_feedback AS
SELECT * EXCLUDE (duplicate_of, vanished_on, run_id), '' AS folder FROM feedback LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_employees AS
SELECT * EXCLUDE (run_id), '' AS folder FROM employees LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_mentions AS
SELECT * EXCLUDE (run_id), '' AS folder FROM mentions LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_tags AS
SELECT * EXCLUDE (run_id), '' AS folder FROM tags LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_vectors AS
SELECT *, '' AS folder FROM mention_vectors LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_quarantine AS
SELECT quarantine_id, source, channel, file, masked_file, "row", problem FROM quarantine LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_files AS
SELECT * FROM files LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_places AS
SELECT * FROM places LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_unchanged AS
SELECT feedback_id FROM feedback LIMIT 0;

CREATE OR REPLACE TEMP TABLE arrived_erased AS
SELECT source FROM feedback LIMIT 0;
