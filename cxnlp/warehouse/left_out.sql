-- Words that the search for words leaves out, read as its index is made. The extension's own list has "ignored", "help",
-- "sorry", "welcome" and "thanks": what feedback is about. This one has what joins words and no more.

CREATE OR REPLACE TABLE left_out AS
SELECT unnest(string_split(
    'a about after all also am an and any are as at be because been before being but by can could did do does doing'
    || ' down during each for from had has have having he her hers him his how i if in into is it its itself just me more'
    || ' most my myself of off on once only or other our ours out over own same she should so some such than that the'
    || ' their theirs them then there these they this those through to too under until up us very was we were what when'
    || ' where which while who whom why will with would you your yours yourself s t d ll m re ve',
    ' '
)) AS sw;
