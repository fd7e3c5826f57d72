"""Word lists of the fact rules and of recall: who is family, what is a pet, what people work as."""

from __future__ import annotations

import re
from functools import cache

PETS = (
    (
        "dog puppy cat kitten rabbit bunny hamster guinea-pig parrot budgie bird canary cockatiel horse pony fish goldfish snake lizard gecko "
        "turtle tortoise ferret rat mouse gerbil chinchilla hen chicken goat donkey sheep pig cow axolotl tarantula"
    )
    .replace("guinea-pig", "guinea pig")
    .split(" ")
)
BREEDS = (
    "beagle labrador poodle terrier collie corgi dachshund pug husky greyhound whippet spaniel dalmatian bulldog rottweiler schnauzer retriever "
    "chihuahua labradoodle cockapoo"
).split()
PETS = [*[word for word in PETS if word not in ("guinea", "pig")], *BREEDS, "guinea pig", "pig"]

FAMILY = (
    "mother mom mum mommy mama father dad daddy papa sister brother wife husband partner girlfriend boyfriend fiancé fiance fiancée fiancee "
    "son daughter grandmother grandma granny nana grandfather grandpa aunt uncle cousin niece nephew nan gran grandad granddad hubby mam bestie grandparents parents grandson granddaughter twin stepmother stepfather "
    "stepmom stepdad stepsister stepbrother stepson stepdaughter godmother godfather godson goddaughter mother-in-law father-in-law "
    "sister-in-law brother-in-law baby kid child ex ex-wife ex-husband spouse"
).split()
OTHERS = "friend mate pal buddy roommate flatmate housemate boss manager colleague coworker neighbour neighbor teacher therapist".split()

OCCUPATIONS = (
    (
        "nurse doctor teacher engineer developer programmer designer architect lawyer accountant baker chef cook waiter waitress barista bartender "
        "carpenter plumber electrician mechanic driver pilot firefighter paramedic journalist writer author editor translator librarian scientist researcher "
        "biologist chemist physicist mathematician historian archaeologist geologist psychologist therapist physiotherapist psychiatrist dentist pharmacist vet "
        "veterinarian surgeon midwife farmer gardener florist fisherman sailor soldier musician singer composer painter artist sculptor photographer actor "
        "actress dancer director producer student professor lecturer tutor consultant analyst manager salesperson cashier clerk secretary assistant receptionist "
        "hairdresser barber tailor seamstress butcher postman cleaner caretaker janitor welder machinist bricklayer roofer surveyor economist banker broker "
        "auditor judge paralegal diplomat politician priest pastor rabbi imam monk nun policeman policewoman detective guard lifeguard trainer coach athlete "
        "footballer zookeeper beekeeper brewer winemaker sommelier potter jeweller watchmaker luthier blacksmith locksmith optician radiographer sysadmin "
        "administrator technician operator dispatcher cartographer meteorologist astronomer statistician freelancer entrepreneur founder ceo cto intern "
        "apprentice trainee stay-at-home-parent caregiver carer nanny babysitter childminder au-pair social-worker tattooist illustrator animator game-designer"
    )
    .replace("-", " ")
    .split()
)
OCCUPATIONS = [
    *{
        word
        for word in OCCUPATIONS
        if word not in {"stay", "at", "home", "parent", "au", "pair", "social", "game"}
    },
    *(
        "archivist paralegal instructor agent officer planner strategist recruiter copywriter producer stylist model streamer youtuber blogger ranger curator conservator tiler plasterer decorator "
        "scaffolder courier grocer fishmonger upholsterer goldsmith silversmith glassblower bookbinder bookseller bookkeeper landscaper arborist joiner glazier fitter rigger miner docker stevedore "
        "sonographer phlebotomist anaesthetist anesthesiologist cardiologist dermatologist paediatrician pediatrician oncologist neurologist radiologist gp physician orderly chiropractor osteopath podiatrist dietitian nutritionist "
        "acupuncturist masseuse masseur beautician cosmetologist makeup-artist hairstylist nail-technician dog-walker dog-groomer groomer jockey farrier shepherd vintner roaster brewer distiller "
        "conductor organist pianist violinist cellist drummer guitarist bassist dj sound-engineer cameraman animator cartoonist puppeteer comedian magician poet novelist playwright screenwriter columnist "
        "reporter editor proofreader publicist marketer salesman saleswoman realtor estate-agent underwriter actuary trader treasurer controller bailiff solicitor barrister notary "
        "inspector conductor ticket-inspector bus-driver train-driver tram-driver taxi-driver delivery-driver forklift-driver crane-operator warehouse-worker factory-worker care-worker youth-worker support-worker shop-assistant "
        "teaching-assistant personal-trainer pilates-instructor yoga-teacher swimming-teacher driving-instructor headteacher principal childcare-worker lab-technician dental-nurse dental-hygienist hygienist optometrist "
        "web-developer data-scientist data-analyst project-manager product-manager ux-designer graphic-designer fashion-designer interior-designer civil-engineer postie postwoman bin-man binman handyman seaman fireman firewoman "
        "volunteer housewife househusband homemaker waitstaff server host hostess bouncer croupier dealer tour-guide steward stewardess air-traffic-controller scientist"
    )
    .replace("-", "_")
    .split(),
    "social worker",
    "au pair",
    "police officer",
    "flight attendant",
    "civil servant",
    "truck driver",
]
OCCUPATIONS = [word.replace("_", " ") for word in OCCUPATIONS]

NATIONALITIES = (
    (
        "german french spanish portuguese italian english british scottish irish welsh american canadian mexican brazilian argentinian chilean colombian "
        "peruvian dutch belgian swiss austrian danish swedish norwegian finnish icelandic polish czech slovak hungarian romanian bulgarian greek turkish "
        "russian ukrainian croatian serbian bosnian slovenian albanian lithuanian latvian estonian chinese japanese korean vietnamese thai indian pakistani "
        "bangladeshi nepali filipino indonesian malaysian singaporean australian egyptian moroccan tunisian algerian nigerian ghanaian kenyan ethiopian "
        "south-african israeli palestinian lebanese syrian iraqi iranian persian afghan cuban jamaican european african asian"
    )
    .replace("-", " ")
    .split()
)

# Words that stand where a name could stand after "I'm", "my sister …", "call me …".
NOT_NAMES = frozenset(
    "a an the not so very really quite too just still already also always never only here there back home away fine good great ok okay okey well ill sick "
    "tired sad happy bored lonely alone angry afraid scared sorry sure ready done busy free late early lost hungry thirsty cold hot single married divorced "
    "engaged pregnant vegan vegetarian trying going doing being having getting looking thinking feeling working making coming leaving living from in on at "
    "with about and or but because now today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter god jesus catholic christian muslim jewish buddhist hindu atheist aries taurus "
    "gemini cancer leo virgo libra scorpio sagittarius capricorn aquarius pisces gay straight bi lesbian trans queer male female nonbinary human old young "
    "new big little older younger best is was are were has had have does did will can said says told thinks who which that this these those my your his her "
    "our their its it he she they we you i me him them us one two three later tonight maybe yes no please thanks crazy weird dead gone everything nothing "
    "something someone anyone everyone me back stupid dumb baby honey dear darling mister sir miss daddy master".split()
) | frozenset(NATIONALITIES)

# Signs and months that are first names as well: names where the sentence says that a name comes.
ALSO_NAMES = frozenset("leo april may june august jesus".split())

HEALTH = (
    (
        "asthma diabetes epilepsy migraines migraine adhd add autism depression anxiety ptsd ocd insomnia tinnitus arthritis celiac coeliac endometriosis "
        "hypertension hay-fever eczema psoriasis crohn's ibs pcos lupus fibromyalgia anaemia anemia vertigo dyslexia dyscalculia scoliosis"
    )
    .replace("hay-fever", "hay fever")
    .split(" ")
)

# English for the relations of the other languages, language by language; `_` stands for a blank.
KIN_ABROAD = {
    "de": (
        "hund/hündin/hundi/köter dog|welpe/welpen puppy|katze/kater/mieze cat|kätzchen kitten|hase/häschen/kaninchen rabbit|pferd/stute/wallach horse|vogel bird|wellensittich budgie|"
        "papagei parrot|hamster hamster|meerschweinchen guinea_pig|schildkröte tortoise|fisch fish|huhn hen|ratte rat|maus mouse|schlange snake|"
        "schwester sister|bruder brother|mutter/mama/mami/mutti mother|vater/papa/papi/vati father|frau/ehefrau wife|mann/ehemann husband|"
        "freundin girlfriend|freund boyfriend|partner/partnerin/lebensgefährte/lebensgefährtin partner|verlobte/verlobter fiancé|sohn son|tochter daughter|"
        "oma/großmutter/omi grandmother|opa/großvater/opi grandfather|tante aunt|onkel uncle|großeltern grandparents|eltern parents|cousin/cousine/vetter cousin|neffe nephew|nichte niece|"
        "enkel/enkelsohn grandson|enkelin/enkeltochter granddaughter|schwiegermutter mother-in-law|schwiegervater father-in-law|schwägerin sister-in-law|"
        "schwager brother-in-law|mitbewohner/mitbewohnerin flatmate|nachbar/nachbarin neighbour|kollege/kollegin/arbeitskollege/arbeitskollegin colleague|"
        "chef/chefin boss|beste_freundin/bester_freund/besten_freund/besten_freundin best_friend|zwillingsschwester twin_sister|zwillingsbruder twin_brother|"
        "kleine_schwester/kleiner_schwester little_sister|kleiner_bruder/kleinen_bruder little_brother|große_schwester big_sister|großer_bruder big_brother|"
        "ältere_schwester older_sister|älterer_bruder older_brother|jüngere_schwester younger_sister|jüngerer_bruder younger_brother|stiefvater stepfather|stiefmutter stepmother|patenkind godchild"
    ),
    "es": (
        "perro/perra/perrito/perrita dog|cachorro/cachorra puppy|gato/gata/gatito/gatita cat|conejo/coneja rabbit|caballo/yegua horse|pájaro bird|periquito budgie|loro parrot|"
        "hámster hamster|tortuga tortoise|pez fish|gallina hen|serpiente snake|"
        "hermana/hermanita sister|hermano/hermanito brother|madre/mamá/mama mother|padre/papá/papa father|esposa/mujer wife|esposo/marido husband|"
        "novia/chica girlfriend|novio/chico boyfriend|pareja partner|prometida/prometido fiancé|hijo son|hija daughter|abuela/abuelita grandmother|abuelo/abuelito grandfather|"
        "tía aunt|tío uncle|abuelos grandparents|padres parents|niña daughter|niño son|nene son|nena daughter|primo/prima cousin|sobrino nephew|sobrina niece|nieto grandson|nieta granddaughter|suegra mother-in-law|suegro father-in-law|"
        "cuñada sister-in-law|cuñado brother-in-law|compañera_de_piso/compañero_de_piso/roomie flatmate|vecina/vecino neighbour|compañera_de_trabajo/compañero_de_trabajo/colega colleague|"
        "jefe/jefa boss|mejor_amiga/mejor_amigo best_friend|amiga/amigo friend|hermana_pequeña/hermana_menor little_sister|hermano_pequeño/hermano_menor little_brother|"
        "hermana_mayor older_sister|hermano_mayor older_brother|hermana_gemela twin_sister|hermano_gemelo twin_brother|bebé baby"
    ),
    "fr": (
        "chien/chienne dog|chiot puppy|chat/chatte cat|chaton kitten|lapin/lapine rabbit|cheval/jument horse|oiseau bird|perruche budgie|perroquet parrot|hamster hamster|"
        "cochon_d'inde guinea_pig|tortue tortoise|poisson fish|poule hen|serpent snake|"
        "sœur/soeur sister|frère/frangin brother|frangine sister|mère/maman mother|père/papa father|femme/épouse wife|mari/époux husband|"
        "copine/petite_amie/meuf girlfriend|copain/petit_ami/mec boyfriend|conjoint/conjointe/compagnon/compagne partner|fiancé/fiancée fiancé|fils son|fille daughter|"
        "grand-mère/mamie/mémé grandmother|grand-père/papi/papy/pépé grandfather|tante aunt|oncle/tonton uncle|grands-parents grandparents|parents parents|cousin/cousine cousin|neveu nephew|nièce niece|petit-fils grandson|"
        "petite-fille granddaughter|belle-mère mother-in-law|beau-père father-in-law|belle-sœur/belle-soeur sister-in-law|beau-frère brother-in-law|coloc/colocataire flatmate|"
        "voisin/voisine neighbour|collègue colleague|patron/patronne/chef/cheffe boss|meilleure_amie/meilleur_ami/meilleure_pote/meilleur_pote best_friend|ami/amie/pote friend|"
        "petite_sœur/petite_soeur little_sister|petit_frère little_brother|grande_sœur/grande_soeur big_sister|grand_frère big_brother|jumelle twin_sister|jumeau twin_brother|bébé baby"
    ),
    "pt": (
        "cachorro/cachorra/cachorrinho/cachorrinha/cão/cadela/doguinho dog|filhote puppy|gato/gata/gatinho/gatinha cat|coelho/coelha rabbit|cavalo/égua horse|pássaro/passarinho bird|"
        "periquito budgie|papagaio parrot|hamster hamster|tartaruga/jabuti tortoise|peixe fish|galinha hen|cobra snake|"
        "irmã/irmãzinha sister|irmão/irmãozinho brother|mãe/mamãe mother|pai/papai father|esposa/mulher wife|esposo/marido husband|namorada girlfriend|namorado boyfriend|"
        "companheiro/companheira/parceiro/parceira partner|noiva/noivo fiancé|filho son|filha daughter|avó/vó/vovó grandmother|avô/vô/vovô grandfather|tia aunt|tio uncle|avós grandparents|pais parents|"
        "primo/prima cousin|sobrinho nephew|sobrinha niece|neto grandson|neta granddaughter|sogra mother-in-law|sogro father-in-law|cunhada sister-in-law|cunhado brother-in-law|"
        "colega_de_quarto/colega_de_casa/colega_de_apartamento flatmate|vizinho/vizinha neighbour|colega/colega_de_trabalho colleague|chefe/patrão/patroa boss|"
        "melhor_amiga/melhor_amigo best_friend|amiga/amigo friend|irmã_mais_nova/irmã_caçula little_sister|irmão_mais_novo/irmão_caçula little_brother|irmã_mais_velha older_sister|"
        "irmão_mais_velho older_brother|irmã_gêmea/irmã_gémea twin_sister|irmão_gêmeo/irmão_gémeo twin_brother|menino son|menina daughter|bebê/bebé baby"
    ),
}
KIN_OF = {
    tongue: {
        form.replace("_", " "): english.replace("_", " ")
        for entry in table.split("|")
        for forms, english in [entry.rsplit(" ", 1)]
        for form in forms.split("/")
    }
    for tongue, table in KIN_ABROAD.items()
}
FOREIGN = {form: english for forms in KIN_OF.values() for form, english in forms.items()}

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar januari enero janvier janeiro",
            "february feb februar febrero février fevereiro",
            "march mar märz marzo mars março",
            "april apr abril avril",
            "may mai mayo maio",
            "june jun juni junio juin junho",
            "july jul juli julio juillet julho",
            "august aug agosto août",
            "september sep sept septiembre septembre setembro",
            "october oct oktober octubre octobre outubro",
            "november nov noviembre novembre novembro",
            "december dec dezember diciembre décembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = {
    name: number
    for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}

# What belongs together when somebody asks; each line is one circle of words.
CIRCLES = (
    ("pet", "animal", *PETS),
    ("family", "relative", "parent", "sibling", *FAMILY),
    ("friend", "roommate", "flatmate", "neighbour", "colleague"),
    ("job", "work", "profession", "career", "boss", "office", "company", "employer", "living", "colleague"),
    ("study", "studies", "university", "college", "school", "major", "degree", "exam", "student"),
    ("home", "live", "lives", "city", "town", "country", "place", "address", "house", "flat", "apartment"),
    ("origin", "from", "born", "grew", "hometown", "native"),
    ("birthday", "born", "age", "old", "birth"),
    (
        "food",
        "eat",
        "diet",
        "cook",
        "dinner",
        "lunch",
        "breakfast",
        "meal",
        "recipe",
        "restaurant",
        "allergic",
        "allergy",
        "vegan",
        "vegetarian",
        "hungry",
    ),
    ("music", "song", "band", "album", "play", "instrument", "guitar", "piano", "sing", "concert", "listen"),
    ("hobby", "hobbies", "free", "weekend", "fun", "sport", "game", "interest"),
    ("plan", "plans", "tomorrow", "tonight", "week", "weekend", "appointment", "exam", "interview", "trip"),
    ("health", "sick", "ill", "doctor", "allergic", "allergy", "pain", "medicine"),
    ("name", "called", "call"),
    ("like", "love", "enjoy", "favourite", "favorite", "prefer"),
    ("hate", "dislike", "stand"),
)

STOP_WORDS = frozenset(
    "a an the and or but so if then than that this these those there here is are was were be been being am do does did done have has had having will would "
    "can could should shall may might must i me my mine myself you your yours yourself he him his she her hers it its we us our ours they them their what "
    "which who whom whose when where why how all any both each few more most other some such no nor not only own same too very just also now about above "
    "after again at before below between by down during for from in into of off on once out over under up with to as because until while don't doesn't "
    "didn't isn't aren't wasn't i'm i've i'll you're it's that's what's let's yes yeah oh well okay ok hey hi hello please thanks thank really much many "
    "know think say said tell told remember forget something anything everything thing things lot bit get got go going went come came make made like "
    "want still ever never always maybe even back one two ich du er sie es wir ihr und oder aber der die das ein eine ist bin bist war mein meine dein "
    "deine nicht mit von zu im am auf für was wie wo wann yo tú él ella el la los las un una y o pero es soy eres mi tu su de en con por para que qué "
    "je tu il elle le les un une et ou mais est suis mon ma ton ta de du des en avec pour que qui eu você ele ela o a os as um uma e é sou meu minha "
    "em com por para que".split()
)


def stem(word: str) -> str:
    """A word without its commonest endings, so that "dogs" finds "dog" and "lives" finds "live"."""
    for ending, instead, least in (
        ("ies", "y", 5),
        ("ing", "", 6),
        ("ed", "", 5),
        ("es", "e", 5),
        ("s", "", 4),
    ):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + instead
            break
    return word.rstrip("e") if len(word) > 4 else word


def content_words(text: str) -> list[str]:
    """The words of a text that carry meaning, in lower case, each once and in order."""
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.lower().replace("’", "'"))
    bare = (word.removesuffix("'s") for word in words)
    return list(dict.fromkeys(word for word in bare if word not in STOP_WORDS and len(word) > 1))


def related(words: list[str]) -> frozenset[str]:
    """The stems of the words and of what belongs to them: "dog" brings "pet"."""
    wanted = {stem(word) for word in words}
    return frozenset(wanted.union(*(_stems(circle) for circle in CIRCLES if wanted & _stems(circle))))


@cache
def _stems(circle: tuple[str, ...]) -> frozenset[str]:
    return frozenset(stem(word) for word in circle)
