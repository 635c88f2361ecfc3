-- Question: which of these sayings are about a theme that is an item of its own?
-- Grain: as heard.sql, whose temporary table it changes. Reader: cxnlp/backlog/items.py. Bound: $least_customers,
-- $least_people.
-- Complaints about a moment, and wishes, are items by theme. Those of no theme, or of one in which fewer than
-- $least_people people complain or wish in the period, stay together in the label's item without theme. A theme that has
-- been an item is one with $least_customers, so that it does not come and go with one person.
WITH
members AS (
    SELECT mention_id, family, label, theme_id
    FROM theme_mentions
    JOIN themes USING (theme_id)
    WHERE family IS NOT NULL AND mention_id IN (SELECT mention_id FROM heard)
),
shared AS (
    SELECT members.theme_id
    FROM heard
    JOIN members USING (mention_id, family, label)
    WHERE side IS NOT NULL AND is_in_period
    GROUP BY members.theme_id
    HAVING count(DISTINCT person_key) >= CASE
        WHEN members.theme_id IN (SELECT theme_id FROM backlog) THEN $least_customers::INTEGER
        ELSE $least_people::INTEGER
    END
)
UPDATE heard SET
    theme_id = own.theme_id,
    item_id = CASE WHEN side IS NOT NULL
        THEN 'cx-' || substr(md5(concat_ws('|', heard.family, heard.label, side, own.theme_id)), 1, 10) END
FROM (SELECT * FROM members SEMI JOIN shared USING (theme_id)) AS own
WHERE own.mention_id = heard.mention_id AND own.family = heard.family AND own.label = heard.label
