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
    "son daughter grandmother grandma granny nana grandfather grandpa aunt uncle cousin niece nephew grandson granddaughter twin stepmother stepfather "
    "stepmom stepdad stepsister stepbrother stepson stepdaughter godmother godfather godson goddaughter mother-in-law father-in-law "
    "sister-in-law brother-in-law baby kid child ex ex-wife ex-husband spouse"
).split()
OTHERS = "friend roommate flatmate housemate boss manager colleague coworker neighbour neighbor teacher therapist".split()

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
    "social worker",
    "au pair",
    "police officer",
    "flight attendant",
    "civil servant",
    "truck driver",
]

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

# English for the relations of the other languages.
FOREIGN = {
    "hund": "dog", "hündin": "dog", "katze": "cat", "kater": "cat", "hase": "rabbit", "kaninchen": "rabbit", "pferd": "horse", "vogel": "bird",
    "schwester": "sister", "bruder": "brother", "mutter": "mother", "mama": "mother", "vater": "father", "papa": "father", "frau": "wife",
    "mann": "husband", "freundin": "girlfriend", "freund": "boyfriend", "sohn": "son", "tochter": "daughter", "oma": "grandmother", "opa": "grandfather",
    "tante": "aunt", "onkel": "uncle",
    "perro": "dog", "perra": "dog", "gato": "cat", "gata": "cat", "conejo": "rabbit", "caballo": "horse", "pájaro": "bird",
    "hermana": "sister", "hermano": "brother", "madre": "mother", "mamá": "mother", "padre": "father", "papá": "father", "esposa": "wife",
    "mujer": "wife", "esposo": "husband", "marido": "husband", "novia": "girlfriend", "novio": "boyfriend", "hijo": "son", "hija": "daughter",
    "abuela": "grandmother", "abuelo": "grandfather", "tía": "aunt", "tío": "uncle",
    "chien": "dog", "chienne": "dog", "chat": "cat", "chatte": "cat", "lapin": "rabbit", "cheval": "horse", "oiseau": "bird",
    "sœur": "sister", "soeur": "sister", "frère": "brother", "mère": "mother", "maman": "mother", "père": "father", "femme": "wife",
    "mari": "husband", "copine": "girlfriend", "copain": "boyfriend", "fils": "son", "fille": "daughter", "grand-mère": "grandmother",
    "grand-père": "grandfather",
    "cachorro": "dog", "cachorra": "dog", "cão": "dog", "gatinho": "cat", "coelho": "rabbit", "cavalo": "horse", "pássaro": "bird",
    "irmã": "sister", "irmão": "brother", "mãe": "mother", "pai": "father", "namorada": "girlfriend", "namorado": "boyfriend",
    "filho": "son", "filha": "daughter", "avó": "grandmother", "avô": "grandfather", "tia": "aunt", "tio": "uncle",
}  # fmt: skip

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
