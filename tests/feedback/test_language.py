import pytest

from cxnlp.feedback.language import detect, is_readable

OTHERS = """
fr	Le livreur a jeté le carton par-dessus la clôture et tout était cassé.
fr	Très déçu, je ne commanderai plus jamais chez vous
fr	colis pas arrivé, personne répond
de	Der Fahrer war sehr freundlich und pünktlich.
de	lampe kaputt, kein ersatz, schlechter service
de	Vielen Dank an die Hotline, super geholfen
es	La lámpara llegó rota y nadie contesta el teléfono.
es	el pedido no ha llegado todavia
pl	Paczka przyszła uszkodzona i nikt nie odbiera telefonu.
pl	fatalna obsluga nigdy wiecej
cy	Mae'r gwasanaeth wedi bod yn wych, diolch yn fawr.
cy	Diolch yn fawr iawn
it	pessima esperienza, mai più
nl	De bezorger was erg vriendelijk maar de doos was veel te groot.
pt	A encomenda chegou partida e ninguém responde aos meus e-mails.
sv	Paketet kom aldrig fram och ingen svarar i telefon.
fi	Paketti ei koskaan saapunut eikä kukaan vastaa puhelimeen.
ro	Coletul nu a ajuns niciodată și nimeni nu răspunde la telefon.
cs	Balík nikdy nedorazil a nikdo nebere telefon.
hu	A csomag soha nem érkezett meg, és senki sem veszi fel a telefont.
tr	Paket hiç gelmedi ve kimse telefona cevap vermiyor.
uk	Посилка так і не прийшла, ніхто не відповідає.
el	Το δέμα δεν έφτασε ποτέ και κανείς δεν απαντά.
ar	لم يصل الطرد ولا أحد يرد على الهاتف
zh	包裹一直没有到，客服电话也没人接。
""".strip().split("\n")

ENGLISH = """
Delivery late agian, box was hugh and full of plasic
cudnt get thru on fone 4 an hr
RUDE STAFF AT SALTWELL NEVER AGAIN
teh mangaer was horibble to me and my dauhgter
cust adv bill wrg, wants ref, esc to mgr
worst app ever smh
@LarkfieldHelp thx priya ur a star 😍 https://t.co/x1
Kettlewick depot again with the big boxes smh #larkfail
Handling fee of £4.99 on an order of £6.50, la la la, très chic
""".strip().split("\n")


@pytest.mark.parametrize("line", OTHERS)
def test_other_languages_are_told_and_not_read(line: str) -> None:
    language, text = line.split("\t")
    assert detect(text) == language
    assert not is_readable(language, text)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_with_slips_is_read(text: str) -> None:
    assert detect(text) == "en"
    assert is_readable("en", text)


@pytest.mark.parametrize(
    ("text", "readable"), [("meh", True), ("ok", True), ("Fab", True), ("😡😡😡", False), ("5/5", False), ("好", False)]
)
def test_what_cannot_be_told_is_read_when_it_has_latin_words(text: str, readable: bool) -> None:
    language = detect(text)
    assert language in ("und", "zh")
    assert is_readable(language, text) is readable
