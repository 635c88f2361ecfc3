-- How many mentions each ground has when its night is over. One that lost some and was not looked at, because too little is
-- left of it, keeps nothing: its middle and its words were those of people who are gone.

DELETE FROM theme_grounds WHERE n_held IS NULL;

UPDATE theme_grounds SET n_held = counted.n
FROM (SELECT ground, count(*) AS n FROM theme_mentions GROUP BY ground) AS counted
WHERE counted.ground = theme_grounds.ground;
