"""What the rules find in German, Spanish, French and Portuguese, and what they leave alone there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.memory.facts import find_facts

# A Monday.
SAID_AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)

FOUND = [
    # names
    ("Hallo, ich bin die Steffi aus Kassel", "Your name is Steffi."),
    ("moin, Jonas hier, 41, aus Flensburg", "You are 41 years old."),
    ("nenn mich Lou", "Your name is Lou."),
    ("hola soy Lucía", "Your name is Lucía."),
    ("me llamo ana", "Your name is Ana."),
    ("coucou moi c'est Élodie", "Your name is Élodie."),
    ("tout le monde m'appelle Manu", "Your name is Manu."),
    ("oi, aqui é o Diego", "Your name is Diego."),
    ("pode me chamar de Duda", "Your name is Duda."),
    # homes and origins
    ("Seit März wohne ich in Köln", "You live in Köln."),
    ("bin letzte Woche nach Hamburg gezogen", "You live in Hamburg."),
    ("bin aus hannover", "You come from Hannover."),
    ("vivo en madrid", "You live in Madrid."),
    ("nos hemos mudado a Valencia", "You live in Valencia."),
    ("nací en Puebla pero llevo media vida en Madrid", "You live in Madrid."),
    ("j'habite à Lyon depuis la fac", "You live in Lyon."),
    ("on a déménagé à Grenoble finalement", "You live in Grenoble."),
    ("j'ai grandi à Marseille", "You grew up in Marseille."),
    ("sou de Recife mas moro em Curitiba faz 3 anos", "You live in Curitiba."),
    ("me mudei pra São Luís", "You live in São Luís."),
    # work and study
    ("bin krankenschwester auf der intensiv", "You work as a nurse."),
    ("ich bin landschaftsgärtner, viel dreck", "You work as landschaftsgärtner."),
    ("ich studiere chemie im 5. semester", "You study chemistry."),
    ("soy ingeniera", "You work as an engineer."),
    ("curro en una tienda", "You work at a shop."),
    ("je suis prof de maths dans un collège", "You work as a maths teacher."),
    ("je bosse dans une assurance", "You work at an insurance company."),
    ("sou professor de história em BH", "You work as a history teacher."),
    # tastes, tongues, instruments
    ("ich hasse Oliven und Kapern", "You don't like capers."),
    ("tee find ich super", "You like tea."),
    ("me encantan las berenjenas", "You like aubergines."),
    ("odio los lunes", "You don't like mondays."),
    ("j'adore la randonnée", "You like hiking."),
    ("amo pimenta", "You like pepper."),
    ("toco violão", "You play guitar."),
    ("ich spreche arabisch, kurdisch und deutsch", "You speak Kurdish."),
    ("tou a aprender alemão", "You are learning German."),
    ("meine Lieblingsfarbe ist Grün", "Your favourite colour is Grün."),
    # health, fears, relationships
    ("ich hab ne pferdeallergie", "You are allergic to horses."),
    ("j'suis allergique aux poils de chat", "You are allergic to cat hair."),
    ("tenho enxaqueca e ansiedade", "You have anxiety."),
    ("no como carne desde los 15", "You are vegetarian."),
    ("morro de medo de aranha", "You are afraid of spiders."),
    ("ich hab höhenangst", "You are afraid of heights."),
    ("je suis célibataire", "You are single."),
    ("nos hemos divorciado", "You are divorced."),
    # family, friends, pets
    ("unser kater heißt Mogli und der ist dumm", "Your cat is called Mogli."),
    ("wir haben zwei brüder, nein quatsch. Ich hab zwei Brüder, Lars und Nils", "Your brothers are called Lars and Nils."),
    ("mein sohn Ben (7) will alle behalten", "Your son is 7."),
    ("mein vater ist 80 und raucht pfeife", "Your father is 80."),
    ("mi primo Javi vive en Cádiz", "Your cousin lives in Cádiz."),
    ("Tengo dos hijos, Hugo de 8 y Vera de 5", "Your daughter is called Vera."),
    ("on a adopté un chat !! il s'appelle Biscotte", "Your cat is called Biscotte."),
    ("ma mère est polonaise et mon père breton", "Your father is Breton."),
    ("tenho uma filha de 7 anos, a Júlia, e um menino de 2, o Davi", "Your son is called Davi."),
    ("je suis en couple avec Hugo depuis un an", "Your partner is called Hugo."),
    # days
    ("mein geburtstag ist am 3. Mai", "Your birthday is on 3 May."),
    ("el viernes es mi cumple", "Your birthday is on 6 March."),
    ("am Freitag hab ich ne Prüfung", "You have an exam on Friday, 6 March 2026."),
    ("nos casamos en octubre", "You have a wedding in October 2026."),
    ("he dejado de fumar!!", "You quit smoking."),
]  # fmt: skip

NOTHING = [
    "würdest du lieber in Wien wohnen?",
    "ich wünschte wir hätten einen hund",
    "wenn ich nochmal anfangen könnte würd ich jura machen",
    "stell dir vor ich bin ein ritter und heiße Kunibert. ich wohne in Camelot",
    "früher war ich lehrer",
    "mein vater meint ich bin vegan",
    '"ich bin jetzt veganerin"',
    "ich bin die jüngste",
    "ich bin müde und ich mag dich",
    "ich bin in Gedanken",
    "ich mag das nicht",
    "si pudiera me iba a vivir a Oaxaca",
    "quiero un perro",
    "mi amiga dice que vivo en las nubes",
    "jugamos a que soy detective. me llamo Morales y vivo en un faro",
    "soy de letras",
    "estoy en casa",
    "me gustas tú",
    "si je gagnais au loto je vivrais à Tahiti",
    "j'aurais aimé faire de la harpe",
    "mon fils a dit que j'habite sur le toit",
    "je suis fatiguée",
    "je suis de retour",
    "j'aime quand tu ris",
    "faz de conta que sou um rei e moro num castelo em Sintra",
    "você moraria na Austrália?",
    "queria ter um gato",
    "gosto disso",
    "sou da paz",
    "toco madera",
    "jogo conversa fora",
    "je fais de la soupe",
    "ich bin im Zug nach Berlin",
    "je suis de bonne humeur",
    "não tenho cachorro",
]

OVER = [
    ("ich wohne nicht mehr in Köln", "lives in", "Köln"),
    ("ich arbeite nicht mehr bei Bosch", "works at", "Bosch"),
    ("ich spiele kein Klavier mehr", "plays", "piano"),
    ("ya no trabajo en la tienda", "works at", "a shop"),
    ("ya no vivo en Madrid", "lives in", "Madrid"),
    ("adieu la banque", "works at", "a bank"),
    ("je n'habite plus à Lyon", "lives in", "Lyon"),
    ("não moro mais em Natal", "lives in", "Natal"),
    ("não trabalho mais no banco", "works at", "a bank"),
    ("terminei com a Bia", "name", "Bia"),
    ("I don't live in Bonn any more", "lives in", "Bonn"),
    ("i dont work at Siemens anymore", "works at", "Siemens"),
    ("I no longer work as a nurse", "works as", "nurse"),
    ("I quit my job at the bank", "works at", "the bank"),
    ("I stopped playing the piano", "plays", "piano"),
    ("me and Tom broke up", "name", "Tom"),
]


@pytest.mark.parametrize(("said", "fact"), FOUND, ids=[said[:40] for said, _ in FOUND])
def test_finds_what_is_told(said: str, fact: str) -> None:
    assert fact in [found.text for found in find_facts(said, said_at=SAID_AT) if not found.ends]


@pytest.mark.parametrize("said", NOTHING, ids=[said[:40] for said in NOTHING])
def test_leaves_alone_what_is_not_told(said: str) -> None:
    assert [found.text for found in find_facts(said, said_at=SAID_AT)] == []


@pytest.mark.parametrize(("said", "relation", "value"), OVER, ids=[said[:40] for said, _, _ in OVER])
def test_what_holds_no_longer_only_ends(said: str, relation: str, value: str) -> None:
    found = find_facts(said, said_at=SAID_AT)
    assert (relation, value) in [(fact.relation, fact.value) for fact in found if fact.ends]
    assert [fact for fact in found if not fact.ends] == []


SINCE = [
    ("I've been living in Oslo since 2019", datetime(2019, 1, 1, tzinfo=UTC)),
    ("I moved to Dublin two years ago", datetime(2024, 3, 2, tzinfo=UTC)),
    ("Ich wohne seit Januar in Köln", datetime(2026, 1, 1, tzinfo=UTC)),
    ("vivo en Sevilla desde hace 3 años", datetime(2023, 3, 2, tzinfo=UTC)),
    ("j'habite à Lyon depuis septembre", datetime(2025, 9, 1, tzinfo=UTC)),
    ("moro em Braga há seis meses", datetime(2025, 8, 31, tzinfo=UTC)),
]


@pytest.mark.parametrize(("said", "since"), SINCE, ids=[said for said, _ in SINCE])
def test_since_when_it_holds(said: str, since: datetime) -> None:
    (home,) = [fact for fact in find_facts(said, said_at=SAID_AT) if fact.relation == "lives in"]
    assert home.valid_from is not None
    assert abs((home.valid_from - since).days) <= 1


ANSWERS = [
    ("What's your son called?", "Max. hes 3", "Your son is called Max."),
    ("Wie alt ist Mogli?", "fünf. wir haben ihn aus dem tierheim", "Your cat is 5."),
    ("¿De dónde eres?", "de Sevilla pero vivo en Bilbao", "You come from Sevilla."),
    ("¿Cómo se llama ella?", "Marta. llevamos siete años", "Your girlfriend is called Marta."),
    ("Tu parles wolof ?", "oui avec ma grand-mère surtout", "You speak Wolof."),
    ("Was studierst du denn?", "chemie, 5. semester", "You study chemistry."),
    ("Il a quel âge ?", "4 ans", "Your son is 4."),
]
EARLIER = {
    "Wie alt ist Mogli?": "unser kater heißt Mogli",
    "¿Cómo se llama ella?": "mi novia y yo nos casamos en octubre",
    "Il a quel âge ?": "j'adore mon fils",
}


@pytest.mark.parametrize(("asked", "said", "fact"), ANSWERS, ids=[asked for asked, _, _ in ANSWERS])
def test_an_answer_is_read_with_its_question(asked: str, said: str, fact: str) -> None:
    before = [(True, EARLIER.get(asked, "")), (False, asked)]
    assert fact in [found.text for found in find_facts(said, said_at=SAID_AT, before=before)]
    assert fact not in [found.text for found in find_facts(said, said_at=SAID_AT)]


def test_a_pronoun_means_somebody_of_its_gender() -> None:
    before = [(True, "avec mon mari on attend un bébé"), (False, "Félicitations !")]
    assert find_facts("elle s'appelle Jeanne", said_at=SAID_AT, before=before) == []
    (fact,) = [
        fact for fact in find_facts("il s'appelle Jean", said_at=SAID_AT, before=before) if not fact.ends
    ]
    assert fact.text == "Your husband is called Jean."


# ---------------------------------------------------------------- inside longer clauses, and over

INSIDE = (
    ("ich arbeite bei der post als zusteller", "You work as a postman."),
    ("meine söhne Till und Ole streiten schon wieder", "Your sons are called Till and Ole."),
    ("mein bruder ist gemeindeschützer", "Your brother is a gemeindeschützer."),
    ("oma wohnt in Bottrop", "Your grandmother lives in Bottrop."),
    ("mi marido es pediatra pero en casa no sirve de nada", "Your husband is a paediatrician."),
    ("soy peruana", "You are Peruvian."),
    ("mis hijos Hugo y Vera ya duermen", "Your children are called Hugo and Vera."),
    ("acá nací y acá vivo con mi tía tengo 33 años", "You are 33 years old."),
    ("jsuis brancardière", "You work as a stretcher bearer."),
    ("je mange pas de porc", "You don't eat pork."),
    ("papa a 70 piges", "Your father is 70."),
    ("maman habite à Pau", "Your mother lives in Pau."),
    ("os meus filhos Davi e Lis brigam", "Your children are called Davi and Lis."),
    ("sou angolana", "You are Angolan."),
    ("mudei pra pedagogia", "You study education."),
)
NOT_TOLD = (
    "no soy médico pero tómate algo",
    "hoy soy el cocinero",
    "mi amiga cree que soy enfermera",
    "minha amiga acha que sou enfermeira",
    "sou fofoqueira",
    "je suis fière de toi",
    "ich bin echt kein morgenmensch",
    "soy alérgico a los lunes",
    "der Hund vom Nachbarn bellt",
)
NO_MORE = (
    ("Vendí el coche.", "drives", "cars"),
    ("On a quitté Nancy pour Metz.", "lives in", "Nancy"),
    ("Ich sammle keine Briefmarken mehr.", "likes", "stamps"),
    ("Ya no hay boda.", "plan", "wedding"),
    ("Comecei um emprego novo.", "works at", ""),
)


@pytest.mark.parametrize(("said", "fact"), INSIDE, ids=[said[:40] for said, _ in INSIDE])
def test_a_statement_is_heard_inside_a_longer_one(said: str, fact: str) -> None:
    assert fact in [found.text for found in find_facts(said, said_at=SAID_AT) if not found.ends]


@pytest.mark.parametrize("said", NOT_TOLD)
def test_what_only_looks_like_work_or_an_allergy_is_none(said: str) -> None:
    assert [found.text for found in find_facts(said, said_at=SAID_AT)] == []


@pytest.mark.parametrize(("said", "relation", "value"), NO_MORE, ids=[said for said, _, _ in NO_MORE])
def test_what_is_over_ends(said: str, relation: str, value: str) -> None:
    ends = [(one.relation, one.value.lower()) for one in find_facts(said, said_at=SAID_AT) if one.ends]
    assert (relation, value.lower()) in ends
