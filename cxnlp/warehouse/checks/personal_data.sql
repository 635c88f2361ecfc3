-- No stored text holds what looks like an e-mail address or a card number (13 to 19 digits that pass the Luhn test, in one
-- piece or as cards are printed: 4-4-4-4 or 4-6-5; dates and times in a row are none).

WITH
texts AS (
    SELECT feedback_id, text FROM feedback
    UNION ALL
    SELECT feedback_id, written FROM feedback WHERE written IS NOT NULL
),
addresses AS (
    SELECT feedback_id, 'e-mail address' AS what
    FROM texts
    WHERE regexp_matches(text, '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}')
),
numbers AS (
    SELECT feedback_id, unnest(regexp_extract_all(text, '\b(?:[2-6][0-9]{12,18}|[2-6][0-9]{3}(?:[ -][0-9]{4}){3}|3[0-9]{3}[ -][0-9]{6}[ -][0-9]{5})\b')) AS found
    FROM texts
    WHERE regexp_matches(text, '[2-6][0-9]{3}[ -]?[0-9]{4}')
),
digits AS (
    SELECT feedback_id, list_reverse([CAST(d AS INTEGER) FOR d IN regexp_extract_all(found, '[0-9]')]) AS reversed
    FROM numbers
),
cards AS (
    SELECT feedback_id, 'card number' AS what
    FROM digits
    WHERE list_sum(list_transform(
        reversed,
        lambda digit, place: CASE
            WHEN place % 2 = 1 THEN digit
            WHEN digit * 2 > 9 THEN digit * 2 - 9
            ELSE digit * 2
        END
    )) % 10 = 0
)
FROM addresses
UNION ALL
FROM cards;
