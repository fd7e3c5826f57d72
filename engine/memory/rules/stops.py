"""Where a name, a place or a thing ends in German, Spanish, French and Portuguese, and what is none; `values.py` asks."""

from __future__ import annotations

import re

from engine.memory.rules.glossary import NATIONS, TONGUES, english, folded
from engine.memory.rules.tongue import words

# Conjunctions, prepositions and adverbs: a value is over when one comes.
STOPS = {
    "de": words(
        "und aber weil seit mit bei für auf in im am an vom von aus oder denn obwohl die der das dass wie als wenn zum zur nur über sehr auch jetzt gerade "
        "halt nicht nie ist bin war hab habe haben sind wird werde nach vor um zu ohne trotzdem deshalb also außer statt gegen ich du er sie es wir ihr man "
        "mehr am_liebsten irgendwie leider gern gerne gar überhaupt total wirklich echt mega voll immer oft manchmal meistens morgens abends jeden jede jedes"
    ),
    "es": words(
        "y e o u pero porque pq desde con en por para que q cuando aunque como muchísimo mucho ahora hoy también tampoco sobre ni sin hasta a al se me te "
        "nos es soy son está estoy tengo vivo mientras donde si no más muy tan ya aquí allí bastante todo todos toda todas cada nunca siempre pues y/o desde_que así"
    ),
    "fr": words(
        "et ou mais car parce donc depuis avec dans chez pour sur que qui quand comme aussi maintenant même mon ma mes à au aux en par sans si pas plus très "
        "trop beaucoup bien c'est ça je j'ai il elle on nous vous tu y ni puis alors où surtout pendant est sont ici là là-bas toujours souvent jamais lui tous toutes chaque ça cela entre vers"
    ),
    "pt": words(
        "e ou mas porque pq pois desde com em no na nos nas num numa por pra para pro que q quando como também nem sem até a ao à se me te eu ele ela é sou são "
        "estou tenho moro muito demais hoje agora ainda já aqui lá ali só mais bem não sempre nunca faz há então quanto embora onde todo toda todos todas cada sobre"
    ),
}
# What may follow a thing that is known, beside these.
AFTER = {
    "de": words("gerne dafür"),
    "es": words("de del desde"),
    "fr": words("de du des d'"),
    "pt": words("de do da dos das"),
}
JOINING = frozenset("de del du des d' of la le les el los las do da dos das von".split())
# What stands before a thing and is no part of it.
LEADS = {
    "de": re.compile(r"^(?:(?:sehr|total|so|richtig|echt|auch|alle|alles|jede|viel|vor allem|zum beispiel|wirklich|mega|meine?n?|so ein(?:e|en)?) )+", re.IGNORECASE),
    "es": re.compile(r"^(?:(?:mucho|muchísimo|muy|tanto|bastante|también|sobre todo|todo|toda|todos|todas|comer|tomar|beber|escuchar|ver|jugar al?|tocar|leer) (?=\w))+", re.IGNORECASE),
    "fr": re.compile(r"^(?:(?:bien|beaucoup|trop|vraiment|tellement|aussi|surtout|tout|toute|tous|toutes|manger|boire|écouter|regarder|jouer (?:au|aux|du|de la)) (?=\w))+", re.IGNORECASE),
    "pt": re.compile(r"^(?:(?:muito|demais|tanto|bastante|também|tudo|todo|toda|todos|todas|comer|tomar|beber|ouvir|assistir|ver|jogar|tocar|de) (?=\w))+", re.IGNORECASE),
}  # fmt: skip
# Words that stand where a name may stand.
NO_NAMES = {
    "de": STOPS["de"] | words(
        "müde krank traurig froh hier da ein eine einen so sehr fertig bereit wach weg dabei neu alt jung groß klein gut okay ok allein alleine zuhause daheim single schwanger "
        "glücklich verliebt verheiratet gespannt mama papa mutter vater fan gestresst betrunken nervös genervt deine dein euer euch dir dich mich uns sich immer noch schon"
    ),
    "es": STOPS["es"] | words(
        "cansado cansada triste feliz aquí un una el la los las lo mi tu su de del yo tú él nueva nuevo así alguien nadie gay hetero madre padre tía tío fan español española "
        "mexicano mexicana argentino argentina colombiano colombiana chileno chilena peruano peruana alérgica alérgico vegetariana vegetariano vegana vegano zurda zurdo mala malo"
    ),
    "fr": STOPS["fr"] | words(
        "fatigué fatiguée une un le la les content contente triste malade prêt prête seul seule célibataire marié mariée enceinte désolé désolée moi toi lui de du des né née "
        "français française belge suisse québécois québécoise allergique végétarien végétarienne végane vegan nul nulle fan super toute tout tellement ton"
    ),
    "pt": STOPS["pt"] | words(
        "cansado cansada triste feliz um uma o os as meu minha teu tua seu sua de do da novo nova assim alguém ninguém mãe pai fã brasileiro brasileira português portuguesa "
        "alérgica alérgico vegetariana vegetariano vegana vegano casado casada solteiro solteira eu você vc doida doido péssima péssimo"
    ),
}  # fmt: skip
# "In einer kleinen Wohnung in Köln": the place is Köln.
DWELLING = {
    "de": re.compile(r"^(?:(?:einer|einem|der|dem|nem|ner|ner|meiner) (?:\w+ ){0,3}(?:in|bei|nahe|von) (?=[A-ZÄÖÜa-z])|der nähe von |(?:der|dem) (?=[A-ZÄÖÜ]))", re.IGNORECASE),
    "es": re.compile(r"^(?:un|una|el|la) (?:\w+ ){1,4}?(?:en|de) (?=[A-ZÁÉÍÓÚÑ])|^cerca de "),
    "fr": re.compile(r"^(?:un|une|le|la) (?:[\w']+ ){1,4}?(?:à|en|de) (?=[A-ZÀ-Þ])|^(?:près de |côté de |la banlieue de )"),
    "pt": re.compile(r"^(?:[\w]+ ){0,3}?(?:em|no|na|de) (?=[A-ZÁÉÍÓÚÃÕÂÊÔ])|^perto d[eoa] "),
}  # fmt: skip
PLACE_LINKS = frozenset("de del la las los da do dos das di en sur am an der im a le les el y".split())
NO_PLACES = {
    "de": words("einem einer der die das dem den mein meine meiner meinem deiner deinem so hier da dort zu zuhause gedanken ruhe frieden angst nähe ordnung urlaub wohnung haus wg bett wald traum stadt dorf"),
    "es": words("un una el la los las mi mis tu su casa piso aquí allí otro otra paz pareja familia nada donde acuerdo broma verdad pie letras ciencias buenas buena vuelta viaje fiesta esos los las quien día noche"),
    "fr": words("un une le la les mon ma mes ton ta son sa chez maison campagne ville paix deux couple coloc retour là ici la_campagne moi toi temps bonne mauvaise"),
    "pt": words("um uma o a os as meu minha casa apartamento paz aqui lá boa mal bem todos família melhor pior frente volta cama verdade humanas exatas acordo"),
}  # fmt: skip
# German writes all nouns like names; these stand where a place may stand.
GERMAN_NOUNS = words(
    "Frieden Angst Ruhe Ordnung Urlaub Gedanken Rente Panik Not Bad Wald Wohnung Haus Traum Stadt Dorf Nähe Arbeit Schule Uni Bett Zimmer Garten Land WG Büro Zug Auto Ausbildung Quarantäne Behandlung Therapie Holz Plastik Mitleid Spaß Versehen Liebe".lower()
)
NO_THINGS = {
    "de": STOPS["de"] | words("dich dir dein deine euch mich mir etwas alles nichts niemanden jemanden keiner kein keine keinen mal eher lieber quatsch was wer wo warum"),
    "es": STOPS["es"] | words("ti tu tus eso esto ella él ellos nada algo alguien nadie todo lo le les mi mis quién qué vos usted cuándo cómo eres estar ser"),
    "fr": STOPS["fr"] | words("toi ton ta tes cela ce cette ces rien quelqu'un personne tout lui leur moi quoi comment être avoir faire que l'"),
    "pt": STOPS["pt"] | words("você vc ti teu tua isso isto aquilo nada algo alguém ninguém tudo ele ela meu minha seu sua quem ser estar ter"),
}  # fmt: skip
# Words that are formed like a kind of work.
JOBS = {
    "de": re.compile(r"(?i:(?!berlin|wien|einzel|anfäng|vegetari|vegan|frühaufsteh|langschläf|spätzünd|optim|pessim|real|pazif|ego|rass|perfektion|chr|atheist|ideal|femin|minimal|komm|sozial|fasch|tour|nation)(?:[\wäöü-]{3,}(?:ist|eurin|istin|entin|ologin)|[\wäöü-]{4,}(?<!ehe)(?<!haus)(?:frau|mann)(?<!kaufmann)(?<!hausfrau))|(?!vegetar|anfäng)[\wäöü-]+(?:beamte[rn]?|beamtin|schützer|prüfer|bearbeiter|planer|vermittler|bieger|leger|setzer|hauer|binder|giesser|gießer|schmied|stecher|dreher|fräser|zusteller|träger|betreuer|erzieher|gärtner|arbeiter|verkäufer|techniker|meister|leiter|lehrer|pfleger|fahrer|ingenieur|entwickler|berater|therapeut|assistent|mechaniker|monteur|bauer|macher|trainer|ologe|künstler|wirt|wart|führer|helfer|händler|schneider|koordinator|redakteur|referent|angestellte[r]?|kauf(?:mann|frau)|ologin)(?:in)?)"),
    "es": re.compile(r"(?i:(?!solter|primer|tercer|enter|verdader|sincer|liger|extranjer|trabajad|hablad|soñad|madrugad|perded|ganad|jugad|luchad|pecad|foraster|callejer|casero|hogareñ|fiester|cuarent|grosero|mañaner|nocher)\w{3,}(?:[nldt]or|[nld]ora|(?<!l)lero|[rntdbj]ero|[rntdbj]era|icultor[a]?|triz)|\w{3,}(?:(?<!soc)(?<!rac)(?<!femin)ista|ólog[oa]|cultor[a]?|grafista))"),
    "fr": re.compile(r"(?i:(?!prem|dern|ent|famil|régul|particul|gross|singul|hosp|fier|fière|heur|malheur|amour|joy|peur|meill|maj|min|extér|intér|supér|infér|flatt|rêv|menteu|gaffeu|droit|gauch|cas|just|prison|hérit|paresseu|curieu|sérieu|furieu|nerveu|courageu|chanceu|silencieu|jumeau)[\wéèêîôûçïœ-]{3,}(?:ier|ière|iculteur|icultrice|ateur|atrice|eur|teuse|geuse|leuse|neuse|deuse|cheuse)|\w{3,}(?:(?<!rac)(?<!tr)(?<!fémin)iste|ologue|icien(?:ne)?|thécaire|graphe))"),
    "pt": re.compile(r"(?i:(?!solteir|bagunceir|primeir|terceir|zueir|arteir|matreir|traiçoeir|inteir|verdadeir|maneir|faceir|brasileir|mineir|sonhad|trabalhad|fofoqueir|encrenqueir|caseir|estrangeir|certeir|ligeir|sorteir|baladeir|festeir|pioneir|herdeir|companheir|parceir|lutad|sofred|perded|ganhad|vencedo|forasteir|barraqueir|canhoteir)\w{3,}(?:eiro|eira|ador|adora|[ei]dor|[ei]dora|icultor|icultora)|\w{3,}(?:(?<!rac)(?<!femin)(?<!soc)ista|ólog[oa]|cultor[a]?))"),
}  # fmt: skip
# What people only say that they are allergic to.
NO_ALLERGENS = frozenset(
    "mondays dumme dummheit idioten menschen leute arbeit frühaufsteher trabajo tontería tonterías idiotas gente tontos travail cons idiots bêtise gens réunions matins trabalho idiotice burrice pessoas reuniões compromisso".split()
)
NO_EMPLOYERS = frozenset(
    "a casa|home|zuhause|hause|casa|maison|domicile|moi|mim|mi|mí|team|schichten|schicht|nachts|noche|noite|nuit|equipe|équipe|turnos|horaires|escalas|mucho|viel|trop|muito|demais|vollzeit|teilzeit|homeoffice|remoto|télétravail|paz|temps|projekt|something|algo|etwas".split(
        "|"
    )
)
# Said to the character or about the talk, and no taste.
TO_YOU = {
    "de": re.compile(r"\b(?:dich|dir|dein\w*|euch|es|das|nicht|mir|wenn|wie|dass|ihn|sie|ihm|hier|gerade|heute|was|mein\w*|unser\w*|diese[nrsm]?)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:te|ti|tú|tu|tus|eso|esto|esta|este|contigo|cuando|cómo|lo que|así|mi|mis|me|hoy|aquí)\b|^que\b|^como\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:toi|ton|ta|tes|ça|cela|ce|cette|quand|comment|parler avec|mon|ma|mes|l'idée|ici|que|lui)\b|^(?:te|t'|le|la|l') ?$", re.IGNORECASE),
    "pt": re.compile(r"\b(?:você|vc|te|ti|teu|tua|contigo|isso|isto|quando|conversar|meu|minha|meus|minhas|disso|dele|dela|aqui|o que|do que|fazer o que)\b", re.IGNORECASE),
}  # fmt: skip
FLUENCY = {
    "de": re.compile(
        r"^(?:fließend|gut|etwas|ein bisschen|ein wenig|perfekt|nur|kaum|auch|schlecht) ", re.IGNORECASE
    ),
    "es": re.compile(r"^(?:un poco de|algo de|bien|perfectamente|también|solo) ", re.IGNORECASE),
    "fr": re.compile(r"^(?:un peu|couramment|bien|aussi|le|l'|un peu le|l’) ?", re.IGNORECASE),
    "pt": re.compile(r"^(?:um pouco de|bem|também|fluente|só) ", re.IGNORECASE),
}
_KINDS = {
    "film": "film filme pelicula peli", "book": "buch libro livre livro", "colour": "farbe color couleur cor", "food": "essen gericht comida plato plat prato",
    "animal": "tier animal", "band": "band banda grupo groupe", "song": "lied song cancion chanson musica", "series": "serie", "sport": "sport deporte esporte",
    "city": "stadt ciudad ville cidade", "season": "jahreszeit estacion saison estacao", "drink": "getrank bebida boisson", "game": "spiel juego jeu jogo",
    "author": "autor autorin autora auteur", "subject": "fach asignatura matiere materia", "team": "verein mannschaft equipo equipe time", "flower": "blume flor fleur",
}  # fmt: skip
KINDS = {word: kind for kind, forms in _KINDS.items() for word in forms.split()}
_VERBS = {
    "cooking": "koche cocinar", "building": "baue construyo construis", "reading": "lese", "hiking": "wandere wandern", "dancing": "tanze tanzen bailo danco", "swimming": "schwimme schwimmen nado", "painting": "male pinto peins", "baking": "backe",
    "knitting": "stricke tejo", "singing": "singe canto chante", "climbing": "klettere klettern escalo", "photography": "fotografiere", "travelling": "reise verreise", "running": "jogge joggen laufe laufen",
    "drawing": "zeichne", "writing": "schreibe", "fishing": "angle angeln", "riding": "reite reiten", "sewing": "nahe coso costuro couds", "brewing": "braue", "restoring": "restauriere restauro retape", "breeding": "zuchte crio eleve", "growing": "cultivo cultive", "crochet": "hakle", "video games": "zocke",
    "gardening": "gartnere", "bouldering": "bouldere bouldern", "cycling": "radle pedalo", "pottery": "topfere", "sailing": "segle segeln", "surfing": "surfe surfen surfo surfeo", "diving": "tauche tauchen",
    "camping": "campe campen zelten",
}  # fmt: skip
VERBS = {word: thing for thing, forms in _VERBS.items() for word in forms.split()}
_SEVERAL = {
    "dogs": "hunde perros chiens cachorros caes", "cats": "katzen kater gatos gatas chats gatinhos", "rabbits": "kaninchen hasen conejos lapins coelhos", "hens": "huhner gallinas poules galinhas",
    "horses": "pferde caballos chevaux cavalos", "birds": "vogel pajaros oiseaux passarinhos", "children": "kinder hijos enfants filhos ninos criancas gosses", "sons": "sohne garcons fils meninos",
    "daughters": "tochter hijas filles filhas meninas", "sisters": "schwestern hermanas soeurs sœurs irmas", "brothers": "bruder freres hermanos_varones", "siblings": "geschwister hermanos irmaos",
    "grandchildren": "enkel enkelkinder nietos petits-enfants netos", "guinea pigs": "meerschweinchen", "twins": "zwillinge mellizos gemelos mellizas gemelas jumeaux jumelles gemeos gemeas",
    "fish": "fische peces poissons peixes", "tortoises": "schildkroten tortugas tortues tartarugas",
}  # fmt: skip
SEVERAL = {word: kind for kind, forms in _SEVERAL.items() for word in forms.split()}
COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
_STATES = {
    "pregnant": "schwanger embarazada enceinte gravida", "married": "verheiratet casado casada marie mariee", "divorced": "geschieden divorciado divorciada divorce divorcee divorciados geschiedene",
    "retired": "jubilado jubilada retraite retraitee aposentado aposentada", "vegan": "vegan vegano vegana vegane", "vegetarian": "vegetarisch vegetarier vegetarierin vegetariano vegetariana vegetarien vegetarienne",
}  # fmt: skip


def nation(word: str, tongue: str) -> str:
    """The nationality in English: "polonaise" is Polish."""
    plain = folded(word)
    forms = {plain, plain.removesuffix("e"), plain.removesuffix("ne"), plain.removesuffix("er")}
    if tongue in ("es", "pt"):
        forms |= {plain.removesuffix("a") + "o", plain.removesuffix("a"), plain.removesuffix("esa") + "es"}
    known = (english(form, tongue, NATIONS, TONGUES) for form in sorted(forms))
    return next((value for value in known if value), "")


# What stands before "-angst".
FEARS = {
    "platz": "confined spaces (claustrophobia)", "hohen": "heights", "flug": "flying", "spinnen": "spiders", "zahnarzt": "dentists",
    "spritzen": "needles", "prufungs": "exams", "hunde": "dogs", "schlangen": "snakes", "gewitter": "storms", "auftritts": "public speaking",
}  # fmt: skip
STATES = {word: state for state, forms in _STATES.items() for word in forms.split()}
# Cities and countries that people write in lower case.
CITIES = frozenset(
    folded(name)
    for name in (
        "berlin hamburg münchen köln frankfurt stuttgart düsseldorf leipzig dortmund essen bremen dresden hannover nürnberg duisburg bochum wuppertal bielefeld bonn münster karlsruhe "
        "mannheim augsburg wiesbaden kiel kassel halle magdeburg freiburg mainz erfurt rostock potsdam jena trier regensburg würzburg heidelberg göttingen wien graz linz salzburg innsbruck "
        "zürich basel bern genf luzern madrid barcelona valencia sevilla zaragoza málaga murcia palma bilbao alicante córdoba valladolid vigo gijón granada oviedo santander salamanca cádiz "
        "toledo burgos méxico puebla guadalajara monterrey oaxaca bogotá medellín cali lima quito caracas santiago rosario montevideo habana argentina colombia chile perú venezuela españa "
        "paris lyon marseille toulouse nice nantes strasbourg montpellier bordeaux lille rennes reims toulon grenoble dijon angers nîmes brest tours limoges amiens metz besançon orléans rouen "
        "caen nancy roubaix bruxelles liège namur genève lausanne montréal québec france belgique suisse dakar lisboa porto braga coimbra setúbal faro aveiro évora funchal recife salvador "
        "fortaleza manaus curitiba goiânia belém natal maceió florianópolis vitória campinas santos brasília portugal brasil angola deutschland österreich schweiz london manchester "
        "birmingham leeds liverpool bristol sheffield glasgow edinburgh cardiff belfast dublin leicester nottingham newcastle york oxford cambridge brighton rome roma milan milano oslo "
        "stockholm copenhagen helsinki amsterdam rotterdam brussels vienna prague warsaw budapest athens istanbul moscow tokyo seoul beijing delhi mumbai sydney melbourne toronto vancouver "
        "chicago boston seattle portland austin denver houston dallas miami atlanta philadelphia detroit phoenix"
    ).split()
) | {"buenos aires", "porto alegre", "belo horizonte", "sao paulo", "rio de janeiro", "new york", "los angeles", "san francisco", "a coruna", "las palmas"}  # fmt: skip
