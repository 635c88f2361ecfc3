-- Names and pins that people gave. Reads the frame theme_wishes (theme_id, name, is_pinned); a theme whose name was given
-- back has none until the night finds one.

UPDATE themes SET
    name = CASE WHEN theme_wishes.name IS NOT NULL THEN theme_wishes.name WHEN NOT is_named THEN themes.name END,
    is_named = theme_wishes.name IS NOT NULL,
    is_pinned = theme_wishes.is_pinned
FROM theme_wishes
WHERE theme_wishes.theme_id = themes.theme_id AND state = 'alive';
