"""The rules of German ("Ich wohne seit März in Köln"); `abroad.py` lists them. What they make of it is in the readers."""

from __future__ import annotations

from engine.memory.found import rule
from engine.memory.rules import kin_readers as kin
from engine.memory.rules import readers as self
from engine.memory.rules import taste_readers as taste
from engine.memory.rules import work_readers as work
from engine.memory.rules.numbers import NUMBER
from engine.memory.rules.runs import ends
from engine.memory.rules.tongue import NAME, PLACE, WHAT, Tongue, fillers, kin_of, short, words

KIN = kin_of("de")
MY = r"(?:mein|meine|meinen|meinem|meiner|unser|unsere|unseren|unserem|unserer)"
A = r"(?:ein|eine|einen|einem|einer)"
HEISST = r"hei(?:ß|ss)t"
AGE = rf"(?P<age>{NUMBER})"
UNIT = r"(?: (?P<unit>jahre?|monate?|wochen?))?(?: alt)?"
DATE = r"(?P<date>\d.*)"


def i(verb: str) -> str:
    """ "Ich wohne", "wohne ich", "wohne", "wohnen wir": as chat has it."""
    return rf"(?:(?:ich|wir) )?(?:{verb})(?: (?:ich|wir))?"


RULES = (
    # what has ended
    rule(rf"{i('wohne|wohnen|lebe|leben')} nicht mehr in {PLACE}", self.no_home),
    rule(rf"{i('arbeite|arbeiten|bin|jobbe')} nicht mehr (?:bei|beim|in|im|an|für|auf)(?: der| dem| den)? {WHAT}", work.no_employer),
    rule(rf"{i('arbeite|bin')} nicht mehr (?:als )?(?:ein |eine )?{WHAT}", work.no_job),
    rule(rf"{i('bin')} keine? {WHAT} mehr", work.no_job),
    rule(rf"{i('habe')} (?:.* )?gekündigt|{i('habe')} (?:meinen|den) (?:job|stelle) (?:verloren|aufgegeben|hingeschmissen)|{i('wurde')} (?:gefeuert|gekündigt|entlassen)|(?:mir|uns) wurde gekündigt", work.quit_job),
    rule(rf"{i('studiere')} (?:nicht mehr|kein(?:e)?) ?{WHAT}?(?: mehr)?|{i('habe')} (?:das|mein) studium (?:abgebrochen|geschmissen)", work.no_study),
    rule(rf"{i('mag|liebe')} kein(?:e|en)? {WHAT} mehr", taste.no_taste),
    rule(rf"{i('mag')} {WHAT} nicht mehr", taste.no_taste),
    rule(rf"{i('spiele')} kein(?:e|en)? {WHAT} mehr", taste.no_play),
    rule(rf"{i('spiele')} nicht mehr {WHAT}", taste.no_play),
    rule(rf"{i('bin')} nicht mehr (?:vegan|vegetarisch|veganer\w*|vegetarier\w*)|{i('bin')} keine? (?:veganer\w*|vegetarier\w*) mehr|{i('esse')} wieder fleisch", taste.no_diet),
    rule(rf"{i('habe|haben')} kein(?:e|en)? {KIN} mehr", kin.has_not),
    rule(rf"{i('bin')} nicht mehr (?:mit {MY} {KIN} )?(?:zusammen|verheiratet|verlobt)", kin.parted),
    rule(rf"{i('habe|haben')} (?:mich|uns)(?: von {MY} {KIN})? getrennt", kin.parted),
    rule(rf"{MY} {KIN} (?:und ich )?(?:hat|haben) (?:sich|uns|mit mir) (?:getrennt|scheiden lassen)", kin.parted),
    rule(rf"{MY} {KIN} hat (?:mich verlassen|schluss gemacht|mit mir schluss gemacht)", kin.parted),
    rule(rf"{i('habe|haben')} (?:mich|uns) von {NAME} getrennt", kin.parted_from),
    rule(rf"mit {NAME} ist (?:es )?(?:schluss|aus|vorbei)", kin.parted_from),
    rule(rf"{i('bin')} nicht mehr mit {NAME} zusammen", kin.parted_from),
    rule(rf"{i('habe|haben')} (?:uns )?(?:das |den |die |mein |meine |meinen |unser |unsere |unseren )(?:\w+e[nrs]? )?{WHAT} (?:verkauft|verschenkt|abgegeben|verschrottet)", self.gone),
    rule(rf"{i('habe|haben')} mit (?:dem |der )?{WHAT} aufgehört|{i('habe')} aufgehört (?:mit|zu) (?:dem |der )?(?P<quit>.+)", lambda match, hearing: taste.stopped(match, hearing) if match["what"] else ()),
    rule(rf"{i('bin|sind')} (?:aus|von) {PLACE} (?:weg|aus|fort)gezogen", self.left_place),
    rule(r"(?:die|der|das|unsere?|mein)? ?(?P<what>.+?) (?:hat|ist|wurde|macht) (?:\w+ )?(?:für immer geschlossen|dichtgemacht|dicht|pleite|insolvent|für immer zu)", work.closed),
    rule(rf"{i('bin')} (?:meinen|den) job los|mein job ist weg|{i('bin')} (?:rausgeflogen|gefeuert worden)", work.quit_job),
    rule(rf"(?:mit )?{NAME} (?:und ich )?(?:ist|sind) (?:auch )?(?:geschichte|passé|vorbei)", kin.parted_from),
    rule(rf"(?:mit )?{MY} {KIN} (?:ist|bin ich) (?:es )?(?:schluss|aus|vorbei|geschichte)", kin.parted),
    rule(rf"{NAME} hat (?:mich verlassen|mit mir schluss gemacht)|{i('habe')} mit (?P<other>\w+) schluss gemacht", lambda match, hearing: kin.parted_from(match, hearing) if match["name"] else ()),
    # names
    rule(rf"{i('heiße|heisse')} {NAME}", self.name),
    rule(rf"mein(?: vor| richtiger )?name (?:ist|lautet) {NAME}", self.name),
    rule(rf"(?:nenn|nennt|nennen sie) mich(?: bitte)? {NAME}", self.name),
    rule(rf"(?:alle|meine freunde|freunde|die meisten|man) nenn(?:en|t) mich {NAME}", self.nickname),
    rule(rf"(?:{i('bin')}|hier ist) (?:die|der|da) {NAME}", self.written_name),
    rule(rf"{MY} {KIN} {HEISST} {NAME}", kin.name),
    rule(rf"(?:der )?name (?:von {MY}|meine[sr]|unsere[sr]) {KIN} ist {NAME}", kin.name),
    rule(rf"{i('haben|habe')} (?:{MY} {KIN}|ihn|sie|es) {NAME} (?:genannt|getauft)", kin.name),
    rule(rf"{i('nennen|nenne')} (?:{MY} {KIN}|ihn|sie) {NAME}", kin.name),
    rule(rf"{i('haben|habe')} (?:{MY} {KIN}|ihn|sie) umbenannt(?:,| in) {NAME}", kin.name),
    rule(rf"(?:(?:er|sie|es|der|die|das) )?{HEISST} {NAME}", kin.name),
    rule(rf"{HEISST} (?:er|sie|es) {NAME}", kin.name),
    rule(rf"(?:der|die|das) {KIN} {HEISST} {NAME}", kin.name),
    rule(rf"{NAME} hier", self.perhaps_name),
    rule(rf"{i('bin')} mit {NAME} zusammen", kin.partner),
    # home and origin
    rule(rf"{i('wohne|wohnen|lebe|leben')} (?:mit .+? )?(?:in|bei|nahe) {PLACE}", self.home),
    rule(rf"{i('bin|sind')} (?:(?:von|aus) .+? )?nach {PLACE} (?:um)?gezogen", self.home),
    rule(rf"{i('bin|komme|stamme')} (?:gebürtig |mit \d+ )?aus {PLACE}", self.origin),
    rule(rf"{i('bin')} (?:mit \d+ )?aus {PLACE} (?:gekommen|hergezogen|nach deutschland gekommen)", self.origin),
    rule(rf"{i('bin')} in {PLACE} (?:geboren|zur welt gekommen)(?: und aufgewachsen)?", self.born),
    rule(rf"{i('bin')} in {PLACE} aufgewachsen", self.grew),
    # age and birthday
    rule(rf"{i('bin|werde')} {AGE}(?: jahre?)?(?: alt)?(?: geworden)?", self.age),
    rule(rf"{AGE} (?:bin|werde) ich", self.age),
    rule(rf"{i('habe')} am {DATE} geburtstag", self.birthday),
    rule(rf"mein geburtstag ist (?:am |der )?{DATE}", self.birthday),
    rule(rf"geburtstag(?: habe ich)? am {DATE}", self.birthday),
    rule(rf"{i('bin')} am {DATE} geboren", self.birthday),
    # work and study
    rule(rf"{i('arbeite|jobbe')} als {WHAT}", work.job),
    rule(rf"{i('bin')} (?:{A} )?(?:gelernte[rn]? |ausgebildete[rn]? |angehende[rn]? |freie[rn]? |freiberufliche[rn]? )?{WHAT}", work.known_job),
    rule(rf"{i('mache')} {A} (?:ausbildung|umschulung|lehre) (?:zum|zur|als) {WHAT}", work.job),
    rule(rf"{i('habe')} (?:{A} )?(?:neuen? )?(?:job|stelle|arbeit) (?:gefunden |bekommen )?als {WHAT}", work.job),
    rule(rf"{i('fange|starte|habe')} (?:\w+ ){{0,3}}?als {WHAT} (?:an|angefangen)", work.job),
    rule(rf"{i('arbeite|arbeiten|jobbe')} (?:bei|beim|in|im|an|für|auf)(?: der| dem| den)? {WHAT}", work.employer),
    rule(rf"{i('studiere')} {WHAT}", work.study),
    rule(rf"{i('habe')} (?:zu |auf |nach )?{WHAT} gewechselt", work.study),
    rule(rf"{i('mache')} meinen? (?:master|bachelor|doktor|studium) in {WHAT}", work.study),
    # tastes
    rule(rf"{i('hasse|verabscheue')} {WHAT}", taste.dislikes),
    rule(rf"{i('mag')} kein(?:e|en)? {WHAT}", taste.dislikes),
    rule(rf"{i('mag|kann')} {WHAT} (?:nicht|nicht leiden|nicht ausstehen|nicht ab)", taste.dislikes),
    rule(rf"{WHAT} (?:mag ich|kann ich|gehen|geht|gehn) (?:dafür )?(?:gar |überhaupt )?(?:nicht|nicht leiden|nicht ausstehen|nicht ab)", taste.dislikes),
    rule(rf"{WHAT} (?:finde ich|sind|ist) (?:eklig|ekelhaft|furchtbar|widerlich)", taste.dislikes),
    rule(rf"{i('mag|liebe|vergöttere')} {WHAT}", taste.likes),
    rule(rf"{WHAT} (?:liebe|mag) ich", taste.likes),
    rule(rf"{i('esse|trinke|höre|schaue|lese|gucke|mache')} (?:am liebsten|gerne?|lieber) {WHAT}", taste.likes),
    rule(rf"{i('gehe')} (?:gerne? )?(?P<verb>klettern|bouldern|wandern|schwimmen|tanzen|angeln|reiten|surfen|tauchen|segeln)", taste.hobby_verb),
    rule(rf"{i('gehe')} gerne? (?P<verb>\w+)", taste.hobby_verb),
    rule(rf"{i('(?P<verb>klettere|bouldere|tanze|reite|segle|surfe|stricke|töpfere|male|fotografiere|häkle|nähe|angle|wandere)')}", taste.hobby_verb),
    rule(rf"{i('mache')} {WHAT}", taste.sport),
    rule(rf"{i('(?P<verb>[^ ]+)')} gerne?", taste.hobby_verb),
    rule(rf"{i('stehe')} auf {WHAT}", taste.likes),
    rule(rf"{i('bin')} (?:{A} )?(?:großer |riesen ?)?fan von {WHAT}", taste.likes),
    rule(rf"meine? lieblings-?(?P<kind>\w+) (?:ist|sind) {WHAT}", taste.favourite),
    rule(rf"meine? (?:hobby|hobbys|hobbies|leidenschaft) (?:ist|sind) {WHAT}", taste.likes),
    rule(rf"{i('sammle|sammel')} {WHAT}", taste.likes),
    rule(rf"{i('spiele')} (?!mit|in\b|gerne? mit|auf |gegen|kein|nicht){WHAT}", taste.plays),
    rule(rf"{i('lerne')} {WHAT}", taste.learns),
    rule(rf"{i('spreche|kann')} {WHAT}", taste.speaks),
    rule(rf"am liebsten {i('esse|trinke|höre|lese|schaue|mache|mag')} {WHAT}", taste.likes),
    rule(rf"{i('kann')} kein(?:e|en)? {WHAT} (?:leiden|ausstehen|ab)", taste.dislikes),
    rule(rf"{i('bin')} laktoseintolerant", taste.illness("lactose intolerance")),
    # health and diet
    rule(rf"{i('bin|reagiere')} (?:\w+ )?allergisch (?:gegen|auf) {WHAT}", taste.allergy),
    rule(rf"{i('bin')} gegen {WHAT} allergisch", taste.allergy),
    rule(rf"{i('habe')} (?:{A} )?(?:starke |schlimme )?(?P<what>\w+?)n?-?allergie", taste.allergy),
    rule(rf"{i('habe')} {A} (?:\w+ )?allergie gegen {WHAT}", taste.allergy),
    rule(rf"{i('bin|lebe|ernähre')}(?: mich)? (?:vegan|{A} ?veganer(?:in)?|veganer(?:in)?)", taste.eats("vegan")),
    rule(rf"{i('bin|lebe|ernähre')}(?: mich)? (?:vegetarisch|(?:{A} )?vegetarier(?:in)?)|{i('esse')} kein fleisch(?: mehr)?", taste.eats("vegetarian")),
    rule(rf"{i('habe|leide unter|leide an')} (?:{A} )?(?:schwere[sr]? |starke |chronische )?{WHAT}", taste.condition),
    rule(rf"{i('habe')} (?:\w+ )?angst vor {WHAT}", taste.afraid),
    rule(rf"vor {WHAT} habe ich (?:trotzdem |große |panische )?angst", taste.afraid),
    rule(rf"{WHAT} finde ich (?:super|toll|geil|klasse|lecker|großartig|mega|wunderbar)", taste.likes),
    rule(rf"{i('habe')} höhenangst", taste.fears("heights")),
    rule(rf"{i('habe')} flugangst", taste.fears("flying")),
    rule(rf"{i('trinke')} kein(?:en)? alkohol(?: mehr)?", taste.eats("no alcohol")),
    rule(rf"{i('bin')} (?:linkshänder(?:in)?)", self.state("is", "left-handed", "health")),
    # family, friends, pets
    rule(rf"{i('bin')} (?:glücklich |frisch )?(?P<what>verheiratet)", self.state("relationship", "married")),
    rule(rf"{i('habe|haben')} (?:gestern |heute )?geheiratet", self.state("relationship", "married")),
    rule(rf"{i('bin|sind')} verlobt|{i('habe|haben')} (?:mich|uns) verlobt", self.state("relationship", "engaged")),
    rule(rf"{i('bin')} (?:single|solo)", self.state("relationship", "single")),
    rule(rf"{i('bin')} geschieden|{i('habe|haben')} (?:mich|uns) scheiden lassen", self.state("relationship", "divorced")),
    rule(rf"{i('bin')} verwitwet", self.state("relationship", "widowed")),
    rule(rf"{i('bin')} schwanger", self.state("is", "pregnant", "health")),
    rule(rf"{i('habe|haben')} (?P<many>zwillinge)(?: bekommen)?", kin.has_twins),
    rule(rf"{i('habe|haben')} (?P<count>{NUMBER}) (?:\w+e )?(?P<many>\w+)", kin.has_many),
    rule(rf"{i('habe|haben')} (?P<count>{NUMBER}) (?:\w+e )?(?P<many>\w+)(?:,|:| namens) (?P<names>[\w-]+(?:, [\w-]+)* und [\w-]+)", kin.has_many),
    rule(rf"{i('bin')} (?:mama|mutter|papa|vater) von (?P<count>{NUMBER}) (?P<many>\w+?)n?", kin.has_many),
    rule(rf"{i('habe|haben')} (?:{A} )(?:\w+e[nrms]? )?{KIN}(?:(?: namens|,? (?:der|die|das)(?: {HEISST})?|,) {NAME}(?: {HEISST})?)?", kin.has),
    rule(rf"{i('haben|habe')} (?:{A} )(?:\w+e[nrms]? )?{KIN} (?:adoptiert|bekommen|gekauft|geholt)", kin.has),
    rule(rf"{MY} {KIN} (?:ist|wird) (?:morgen |bald |übermorgen |am \w+ |nächste woche )?{AGE}{UNIT}(?: geworden)?", kin.age),
    rule(rf"{MY} {KIN} wird am (?P<date>\d{{1,2}} \w+)(?: (?P<age>{NUMBER}))?(?: jahre?)?(?: alt)?", kin.born),
    rule(rf"{MY} {KIN} hat am {DATE} geburtstag", kin.born),
    rule(rf"wird am (?P<date>\d{{1,2}} \w+)(?: (?P<age>{NUMBER}))?(?: jahre?)?(?: alt)?", kin.born),
    rule(rf"(?:{MY} {KIN}|er|sie|der|die) (?:wohnt|lebt|wohnen|leben) in {PLACE}", kin.home),
    rule(rf"{MY} {KIN} ist {WHAT}", kin.nation),
    rule(rf"{MY} {KIN} ist (?:\w+ )?nach {PLACE} gezogen", kin.home),
    rule(rf"(?:{MY} {KIN}|er|sie|der|die) (?:kommt|ist|stammt) aus {PLACE}", kin.origin),
    rule(rf"(?:{MY} {KIN}|er|sie|der|die) (?:ist|arbeitet als|macht {A} ausbildung (?:zum|zur)|wird) (?:{A} )?{WHAT}", kin.job),
    rule(rf"{MY} {KIN} {WHAT}", kin.job),
    rule(r"sie heißen (?P<names>.+)", kin.names),
    rule(rf"(?:er|sie|es|der|die) (?:ist|wird) {AGE}{UNIT}", kin.age),
    rule(rf"(?:ist|wird) (?:er|sie|es) {AGE}{UNIT}", kin.age),
    rule(rf"{MY} {KIN} (?:ist|wird) (?:morgen |bald |übermorgen |am \w+ |nächste woche )?{AGE}{UNIT}(?: geworden)?", kin.age),
    rule(rf"{MY} {KIN} ist (?:gestorben|verstorben|tot|eingeschlafen|nicht mehr da|von uns gegangen|überfahren worden)(?: .*)?", kin.death),
    rule(rf"{i('haben|habe|mussten|musste')} (?:{MY} |die |den |das ){KIN} (?:verloren|einschläfern lassen|einschläfern|beerdigt|begraben)(?: .*)?", kin.death),
    rule(rf"{MY} (?P<many>söhne|töchter|kinder|schwestern|brüder|geschwister|hunde|katzen|kater|hühner|kaninchen|enkel|zwillinge|jungs|mädels) (?P<names>[A-ZÄÖÜ][\w-]+(?:, [A-ZÄÖÜ][\w-]+)* und [A-ZÄÖÜ][\w-]+)(?: .+)?", kin.many_names),
    rule(rf"{NAME} hei(?:ß|ss)t (?:er|sie|es)(?: .*)?", kin.name),
    rule(rf"(?:der|die|das|dem|den) {KIN} {NAME}(?: .*)?", kin.pet),
    rule(rf"{i('haben|habe')} (?:uns |mir )?(?:jetzt |endlich )?{A} (?:\w+e[nrms]? )?{KIN} (?:zugelegt|angeschafft|geholt|gekauft|gerettet|aufgenommen)", kin.has),
    rule(rf"{i('habe')} {A} (?:\w+e[nrms]? )?{KIN} (?!.*\bge\w+(?:t|en)$).+", kin.has),
    rule(rf"{MY} {KIN} (?:studiert|macht|lernt) {WHAT}", kin.study),
    rule(rf"{MY} {KIN} {AGE}(?: jahre?)?(?: alt)?", kin.age),
    rule(rf"{MY} {KIN} ist (?P<what>\w+)", kin.wed),
    rule(rf"(?:{MY} {KIN}|er|sie|der|die) ist (?:gegen {WHAT} allergisch|allergisch gegen .+)", kin.allergy),
    rule(rf"(?:wohnt|lebt) in {PLACE}", kin.home),
    rule(rf"{i('habe|haben')} (?:{A} )(?:\w+e[nrms]? )?{KIN}, {NAME}, (?P<age>\d+)(?: jahre?)?(?: alt)?", kin.has),
    rule(rf"(?:{MY} {KIN}|er|sie|der|die) arbeitet (?:bei|beim|in|im|für)(?: der| dem| den)? {WHAT}", kin.employer),
    rule(rf"{i('esse|vertrage')} kein(?:e|en)? {WHAT}(?: mehr)?", taste.no_eat),
    rule(rf"{i('vertrage')} (?:kein(?:e|en)? )?{WHAT}(?: nicht| schlecht)?", taste.intolerance),
    rule(rf"{i('habe')} (?:{A} )?(?P<what>\w+?)-?(?:intoleranz|unverträglichkeit)|{i('bin')} (?P<other>\w+?)-?intolerant", lambda match, hearing: taste.intolerance(match, hearing) if match["what"] else ()),
    rule(rf"bei mir wurde {WHAT} (?:festgestellt|diagnostiziert|gefunden)|{i('habe')} die diagnose (?P<found>.+)", lambda match, hearing: taste.condition(match, hearing) if match["what"] else ()),
    rule(rf"{i('habe')} (?:\w+ )?(?P<fear>\w+?)angst", taste.dreads),
    rule(rf"{i('habe')} (?:zur|zum|zu) {WHAT} gewechselt|{i('bin')} (?:zur|zum|zu|auf) (?P<where>.+) gewechselt", lambda match, hearing: work.switched(match, hearing) if match["what"] else ()),
    rule(rf"{i('kriege|bekomme|kann')} {WHAT} (?:nicht|nie) (?:runter|riechen|sehen|ab|ertragen)", taste.dislikes),
    rule(rf"{i('kann')} mit {WHAT} nichts anfangen", taste.dislikes),
    rule(rf"{i('bin')} (?:verrückt|süchtig) nach {WHAT}|{i('feiere|feier')} (?P<party>.+)", lambda match, hearing: taste.likes(match, hearing) if match["what"] else ()),
    rule(rf"{WHAT} (?:ist|sind) (?:meine?) (?:lieblings\w+|leidenschaft|hobby|ein und alles|laster)", taste.likes),
    rule(rf"{i('gehe|fahre')} (?:gerne? |oft |viel |jeden \w+ )?(?P<verb>wandern|schwimmen|tanzen|angeln|reiten|joggen|laufen|klettern|bouldern|surfen|tauchen|segeln|campen|zelten|wandern)(?: .*)?", taste.hobby_verb),
    rule(rf"(?:jetzt )?{i('wohne|wohnen|lebe|leben')} (?:\w+ )?(?:in|bei) {PLACE}", self.home),
    rule(rf"{i('bin|sind')} (?:\w+ )?in {PLACE} (?:gelandet|angekommen|zuhause|daheim|gemeldet)", self.home),
    rule(rf"{i('ziehe|ziehen')} (?:um )?nach {PLACE}(?: um)?", self.home_coming),
    rule(rf"{PLACE} ist (?:\w+ )?(?:unser |mein )?(?:neues )?(?:zuhause|zuhaus|daheim|heimat)", self.home),
    rule(rf"{i('(?P<verb>nähe|stricke|braue|züchte|restauriere|töpfere|häkle)')} {WHAT}", taste.made),
    rule(rf"{i('unterrichte')} {WHAT}", work.teaches),
    rule(rf"{WHAT} (?:macht|machen|jagt|jagen) mir (?:\w+ )?angst(?: ein)?", taste.afraid),
    rule(rf"{WHAT} vertrage ich nicht", taste.intolerance),
    rule(rf"{i('sind')} wieder zusammen(?: .*)?", self.state("relationship", "back together")),
    rule(rf"{i('werde')} (?:bald )?{WHAT}", work.becomes),
    rule(rf"{i('bevorzuge')} {WHAT}", taste.likes),
    rule(rf"{i('bin')} (?:{A} )?(?:vegan|vegetarisch|veganer(?:in)?|vegetarier(?:in)?) geworden(?: .*)?", taste.became_diet),
    rule(rf"{i('bin')} (?:eigentlich |halbe[r]? |{A} )?{WHAT}", self.nation),
    rule(rf"{i('habe|haben')} (?:endlich )?(?:einen |eine )?(?:neuen? )(?:job|stelle|arbeit)(?: .*)?|{i('fange')} (?:\w+ ){{0,3}}(?:neuen job|neue stelle) an", work.quit_job),
    rule(rf"(?:endlich )?kein(?:e|en)? {WHAT} mehr", taste.well_again),
    rule(rf"{i('bin|sind')} (?:von dort |da |dort )?weggezogen", self.moved_away),
    rule(rf"mit (?:der |dem )?{NAME} ist (?:schluss|aus|vorbei)(?: .*)?", kin.parted_from),
    rule(rf"{MY} {KIN},? {NAME}", kin.apposition),
    rule(rf"(?:{i('bin')}|hier ist|hier) {NAME}", self.perhaps_name),
)  # fmt: skip

GERMAN = Tongue(
    code="de",
    marks=words(
        "du was wie wo wer denn dein deine bist hast wann gar find finde kann will uns vor dem den ich wir mein meine meinen meinem meiner unser unsere und der die das ist bin nicht aber habe hab ein eine einen heißt heisst heiße mir mich uns er auch jetzt seit wohne wohnen "
        "arbeite mag liebe hasse schon noch mal ja nein sind haben komme aus im wird bei mit auf für von zu ne nen immer gerade alt jahre geburtstag kein keine spiele lerne heute morgen gestern"
    ),
    short=short(
        (r"\bhab'?(?= |$)", "habe"), (r"\bheisse\b", "heiße"), (r"\bheisst\b", "heißt"), (r"(?<!\w)'?ne(?= )", "eine"), (r"(?<!\w)'?nen(?= )", "einen"), (r"(?<!\w)'?n(?= )", "ein"),
        (r"(?<!\w)'?nem(?= )", "einem"), (r"(?<!\w)'?ner(?= )", "einer"), (r"\bis(?= |$)", "ist"), (r"\bbins\b|\bbin's\b", "bin"), (r"\bnich\b|\bnet\b", "nicht"), (r"\bjetz\b", "jetzt"), (r"\bheut\b", "heute"), (r"\bvertrag(?= )", "vertrage"), (r"\bkrieg(?= )", "kriege"), (r"\bgehn\b", "gehen"), (r"\bunserm\b", "unserem"),
        (r"\b(wohn|arbeit|jobb|spiel|lern|studier|lieb|hass|mach|ess|trink|komm|sprech|geh|steh|les|hör|schau|guck|koch|back|tanz|zock|sing|wander|sammel|find|heiß|flieg|zieh|fahr|leb|mal|kletter)(?= |$)(?! ?\bmal\b)", r"\1e"),
    ),
    fillers=fillers(
        r"im \w+ semester|\d+\.? semester|jetzt|gerade|grade|grad|aktuell|derzeit|momentan|zurzeit|zur zeit|im moment|nun|auch|inzwischen|mittlerweile|übrigens|eigentlich|ursprünglich|noch|immer|schon|ja|halt|eben|echt|wirklich|richtig|mega|voll|total|"
        r"so|ganz|einfach|sehr|besonders|wahnsinnig|endlich|zusammen|alleine?|selber|selbst|heute|gestern|letzte[nrms]? \w+|diese[nrms]? \w+|seit (?:\w+ )?(?:jahr(?:en)?|monat(?:en)?|wochen?|tagen)|"
        r"seit (?:der |dem |meiner |anfang |ende |letzte[mnr] )?[\w-]+(?: \d{4})?|vor (?:\w+ )?(?:jahr(?:en)?|monat(?:en)?|wochen?|tagen)|beruflich|von beruf|hauptberuflich|nebenbei|nebenher|leidenschaftlich|wohl|doch|denn|"
        r"ehrlich gesagt|leider|zum glück|tatsächlich|wieder|erst|sogar|offiziell|seitdem|ab [\w.]+|vorher|damals|sowieso|sowas von|extrem|unfassbar|wahrscheinlich nicht|btw|omg|lol|tja|hey|naja|irgendwie|"
        r"in meiner freizeit|am wochenende|am wochenenden|jeden \w+|nach der arbeit|in echt|im echten leben|in wirklichkeit|über alles|abgöttisch|ziemlich|natürlich|seit kurzem|seit neuestem|neuerdings|nämlich|aber|selber|da|glaub(?:e)? ich|btw"
    ),
    starts=r"vertrage|kriege|ich|wir|mein\w*|unser\w*|er|sie|es|bin|habe|haben|wohne|wohnen|arbeite|heiße|spiele|mag|liebe|hasse|komme|esse|studiere|lerne|spreche|(?:der|die|das) (?:hund|hündin|katze|kater|kleine)|seine?|ihre?|heißt|wohnt in|lebt in|wird am|lebe|leben|trinke|(?:der|die|das) (?:ist|hat|heißt|wohnt|lebt|kommt|arbeitet|wird)|\d+ bin ich|heißt (?:er|sie)|wird (?:er|sie)|ist (?:er|sie)",
    joints="und|aber|denn|weil|sondern|doch|dafür|obwohl|also|oder",
    mine=r"mein|meine|meinen|meinem|meiner|unser|unsere|unseren|unserem|unserer",
    am="ich bin",
    aged=("ich bin {}", "ist {}"),
    rules=(*RULES, *ends("de", RULES)),
)  # fmt: skip
