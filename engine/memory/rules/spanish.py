"""The rules of Spanish ("Vivo en Bilbao por el curro"); `abroad.py` lists them. What they make of it is in the readers."""

from __future__ import annotations

from engine.memory.found import rule
from engine.memory.rules import kin_readers as kin
from engine.memory.rules import readers as self
from engine.memory.rules import taste_readers as taste
from engine.memory.rules import work_readers as work
from engine.memory.rules.numbers import NUMBER
from engine.memory.rules.runs import ends
from engine.memory.rules.tongue import NAME, PLACE, WHAT, WORD, Tongue, fillers, kin_of, short, words

KIN = kin_of("es")
MY = r"(?:mi|mis|nuestro|nuestra)"
A = r"(?:un|una)"
AGE = rf"(?P<age>{NUMBER})"
YEARS = rf"{AGE} (?P<unit>años|tacos|añitos|año|añito|mes|meses|semanas)"
DATE = r"(?P<date>\d.*)"
ME = r"(?:yo |nosotros |nosotras )?"
THEY = rf"(?:{MY} {KIN}|él|ella|este|esta)?,? ?"
CALLED = r"(?:se llama|que se llama|llamad[oa]|de nombre|se llamaba)"

RULES = (
    # what has ended
    rule(rf"{ME}(?:ya no (?:vivo|vivimos)|no (?:vivo|vivimos) (?:ya|más)) en {PLACE}", self.no_home),
    rule(rf"{ME}(?:ya no (?:trabajo|curro|trabajamos)|no (?:trabajo|curro|trabajamos) (?:ya|más)) (?:en|para|con) {WHAT}", work.no_employer),
    rule(rf"{ME}(?:ya no (?:soy|trabajo (?:como|de))|no soy más) (?:{A} )?{WHAT}", work.no_job),
    rule(r"(?:he )?(?:dejado|dejé|renuncié|renunciado|perdí|perdido)(?: a)? (?:mi |el |al )(?:trabajo|curro|empleo|puesto)|me (?:han|he) (?:echado|despedido|ido) del (?:trabajo|curro)|me (?:despidieron|echaron)|me han (?:echado|despedido)|he dimitido|renuncié", work.quit_job),
    rule(rf"(?:he dejado|dejé) (?:mi |el |al )(?:trabajo|curro|empleo|puesto) (?:en|de) {WHAT}", work.no_employer),
    rule(rf"{ME}(?:ya no estudio|no estudio más) {WHAT}|(?:he )?(?:dejado|dejé) (?:la carrera|la uni|la universidad|los estudios)(?: de .+)?", work.no_study),
    rule(rf"ya no me gustan? {WHAT}", taste.no_taste),
    rule(rf"ya no toco (?:el |la )?{WHAT}|(?:he dejado|dejé) de tocar (?:el |la )?(?P<instrument>.+)", taste.no_play),
    rule(r"ya no soy (?:vegan[oa]|vegetarian[oa])|(?:he vuelto|volví) a comer carne", taste.no_diet),
    rule(rf"ya no (?:tengo|tenemos) (?:{A} |al? )?{KIN}", kin.has_not),
    rule(rf"{MY} {KIN}(?: y yo)? (?:lo hemos dejado|hemos roto|rompimos|terminamos|lo dejamos|nos separamos|nos hemos separado|me ha dejado|me dejó)", kin.parted),
    rule(rf"(?:he roto|rompí|he cortado|corté|lo he dejado|lo dejé|terminé) con {MY} {KIN}", kin.parted),
    rule(rf"ya no estoy con {MY} {KIN}", kin.parted),
    rule(r"nos (?:hemos separado|separamos)", kin.parted),
    rule(r"(?:lo dejamos|lo hemos dejado|rompimos|hemos roto|terminamos|cortamos|hemos cortado)", kin.parted),
    rule(rf"(?:he roto|rompí|he cortado|corté|lo he dejado|lo dejé|terminé|lo hemos dejado|ya no estoy|ya no vivo) con {NAME}", kin.parted_from),
    rule(rf"(?:tengo|tenemos) (?P<count>{NUMBER}) (?P<many>hijos|niños|peques|hijas),? (?P<name>{WORD}) de (?P<age>\d+)(?: años| meses)? y (?P<second>{WORD}) de (?P<years>\d+)(?: años| meses)?", kin.two_children),
    rule(rf"me (?:he separado|separé|he divorciado|divorcié) de {MY} {KIN}", kin.parted),
    rule(rf"(?:he vendido|hemos vendido|vendí|vendimos|me deshice de|regalé) (?:mi |el |la |nuestr[oa] )(?!alma){WHAT}", self.gone),
    rule(rf"(?:he dejado|dejé|abandoné|me quité de|me cansé de) (?:de (?:jugar al?|tocar|hacer|practicar|estudiar|aprender) )?(?:el |la |los |las )?{WHAT}", taste.stopped),
    rule(rf"(?:me fui|nos fuimos|me mudé|nos mudamos|me he ido|nos hemos ido|me marché) de {PLACE}(?: (?:a|para) (?P<to>[A-ZÁÉÍÓÚÑ]\w+))?|dejé (?P<left>[A-ZÁÉÍÓÚÑ]\w+)", lambda match, hearing: self.left_place(match, hearing) if match["place"] else ()),
    rule(r"(?:la |el |mi )?(?P<what>.+?) (?:cerró|ha cerrado|quebró|ha quebrado)(?! (?:a |por |tarde|temprano|la puerta))(?: .*)?", work.closed),
    rule(r"me (?:he quedado|quedé) (?:sin (?:trabajo|curro|empleo|chamba|laburo)|en (?:el )?paro)|perdí (?:la )?(?:chamba|el laburo)|dejé (?:la chamba|el laburo)|me corrieron(?: .*)?", work.quit_job),
    rule(rf"(?:{NAME} y yo|yo y (?P<other>\w+)) (?:lo dejamos|lo hemos dejado|terminamos|cortamos|rompimos|hemos roto|nos separamos|nos hemos separado)(?: .*)?", lambda match, hearing: kin.parted_from(match, hearing) if match["name"] else ()),
    rule(rf"{NAME} (?:me dejó|me ha dejado|me cortó|cortó conmigo|terminó conmigo)(?: .*)?", kin.parted_from),
    rule(r"(?:ya )?no hay boda(?: .*)?|(?:se canceló|cancelamos|hemos cancelado) la boda(?: .*)?", kin.wedding_off),
    # names
    rule(rf"(?:{ME}me llamo|{MY} nombre (?:real |completo )?es) {NAME}", self.name),
    rule(rf"(?:puedes llamarme|llámame|llamame|dime|me dicen|me llaman) {NAME}", self.name),
    rule(rf"(?:todos me llaman|todo el mundo me llama|mis amigos me (?:llaman|dicen)) {NAME}", self.nickname),
    rule(rf"el nombre de {MY} {KIN} es {NAME}", kin.name),
    rule(rf"{MY} {KIN}(?: (?:la|el|de) \w+)? {CALLED} {NAME},? (?:y )?(?:tiene |de )?{YEARS}(?: .*)?", kin.has),
    rule(rf"{MY} {KIN}(?: (?:la|el) \w+)? {CALLED} {NAME}", kin.name),
    rule(rf"{MY} {KIN} es {NAME}", kin.apposition),
    rule(rf"(?:a )?{MY} {KIN} (?:le|lo|la) (?:llamamos|hemos llamado|pusimos|hemos puesto|puse|he puesto) {NAME}", kin.name),
    rule(rf"(?:él |ella )?se llama {NAME}", kin.name),
    rule(rf"(?:le|lo|la) (?:llamamos|hemos llamado|pusimos|hemos puesto|puse|he puesto|cambiamos el nombre a|hemos cambiado el nombre a) {NAME}", kin.name),
    # home and origin
    rule(rf"{ME}(?:vivo|vivimos|resido|estoy viviendo|estamos viviendo) (?:con .+? )?(?:cerca de|en) {PLACE}", self.home),
    rule(rf"{ME}(?:me (?:he mudado|mudé|acabo de mudar)|nos (?:hemos mudado|mudamos)|me (?:he venido|vine|fui) a vivir|nos (?:hemos ido|fuimos|vinimos) a vivir|acabo de mudarme|acabamos de mudarnos|me he trasladado|me trasladé) (?:de .+? )?a {PLACE}", self.home),
    rule(rf"{ME}(?:llevo|llevamos) (?:media vida|toda la vida|{NUMBER} (?:años|meses))(?: viviendo)?(?: aquí)? en {PLACE}", self.home),
    rule(rf"{ME}(?:soy|vengo|somos)(?: originaria| originario)? (?:de|del) {PLACE}", self.origin),
    rule(rf"{ME}nací(?: y (?:crecí|me crié))? en {PLACE}", self.born),
    rule(rf"{ME}(?:crecí|me crié) en {PLACE}", self.grew),
    # age and birthday
    rule(rf"{ME}(?:tengo|cumplo|cumplí|he cumplido|acabo de cumplir|voy a cumplir) {AGE}(?: años| añitos| tacos)?", self.age),
    rule(rf"{MY} cumple(?:años)? (?:es|cae) (?:el )?{DATE}", self.birthday),
    rule(rf"cumplo (?:los )?(?:años|\d+) el {DATE}", self.birthday),
    rule(rf"nací el {DATE}", self.birthday),
    # work and study
    rule(rf"{ME}(?:trabajo|curro) (?:como|de) {WHAT}", work.job),
    rule(rf"{ME}soy (?:{A} )?{WHAT}", work.known_job),
    rule(rf"(?:tengo|he encontrado|encontré|conseguí|he conseguido|empecé|he empezado|empiezo)(?: {A})?(?: nuevo)? (?:trabajo|curro|empleo|puesto|a trabajar|acabo de empezar(?: a trabajar)?)(?: nuevo)? (?:de|como) {WHAT}", work.job),
    rule(rf"de {WHAT}", work.known_job),
    rule(rf"{ME}(?:trabajo|curro|trabajamos) (?:en|para|con) {WHAT}", work.employer),
    rule(rf"(?:tengo|he encontrado|encontré|conseguí|he conseguido|empecé|he empezado|empiezo)(?: {A})?(?: nuevo)? (?:trabajo|curro|empleo|puesto|a trabajar)(?: nuevo)? en {WHAT}", work.employer),
    rule(rf"{ME}(?:estudio|estoy estudiando|estudiando|me he matriculado en|me cambié a|me he cambiado a|empecé|he empezado) (?:el |la |{A} )?(?:carrera de |grado de |grado en |máster en |máster de |doctorado en )?{WHAT}", work.study),
    # tastes
    rule(rf"(?:a mí )?no me gustan? (?:mucho |nada |demasiado )?{WHAT}", taste.dislikes),
    rule(rf"{ME}(?:odio|detesto|no soporto|no aguanto|aborrezco) (?:a )?{WHAT}", taste.dislikes),
    rule(rf"{WHAT} (?:no me gustan?|me dan? asco|los odio|las odio|lo odio|la odio)(?: nada)?", taste.dislikes),
    rule(rf"(?:a mí )?me (?:gustan?|encantan?|apasionan?|flipan?|chiflan?|vuelven? loc[oa]) (?:mucho |muchísimo )?{WHAT}", taste.likes),
    rule(rf"{ME}(?:amo|adoro|soy (?:muy )?(?:fan|aficionad[oa]|amante|adict[oa]) (?:de|del|a|al)) {WHAT}", taste.likes),
    rule(rf"{MY} (?P<kind>\w+) favorit[oa] es {WHAT}", taste.favourite),
    rule(rf"{MY} (?:hobby|hobbies|pasión|afición|pasatiempo) (?:es|son|favorito es) {WHAT}", taste.likes),
    rule(rf"{ME}colecciono {WHAT}", taste.likes),
    rule(rf"{ME}(?:hago|practico) {WHAT}", taste.sport),
    rule(rf"{ME}(?P<verb>bailo|pinto|canto|nado|escalo|surfeo|coso|tejo|corro maratones)", taste.hobby_verb),
    rule(rf"{ME}(?:salgo|estoy saliendo|estoy) con {NAME}", kin.partner),
    rule(rf"{ME}(?:toco|juego al?|juego a la|juego a los) (?:el |la |las |los )?{WHAT}", taste.plays),
    rule(rf"{ME}(?:estoy aprendiendo|aprendo|he empezado a aprender|empecé a aprender) (?:a tocar )?(?:a )?(?:el |la )?{WHAT}", taste.learns),
    rule(rf"{ME}hablo {WHAT}", taste.speaks),
    # health and diet
    rule(rf"{ME}soy (?:muy )?alérgic[oa] (?:al?|a las?|a los?) ?(?:la |las |los |el )?{WHAT}", taste.allergy),
    rule(rf"{ME}(?:tengo|tengo una) alergia (?:al?|a las?|a los?) ?{WHAT}", taste.allergy),
    rule(rf"{ME}(?:soy|me he hecho|me hice) vegan[oa]", taste.eats("vegan")),
    rule(rf"{ME}(?:soy|me he hecho|me hice) vegetarian[oa]|{ME}no como carne(?: desde .+)?", taste.eats("vegetarian")),
    rule(rf"{ME}soy cel[ií]ac[oa]", self.state("has condition", "celiac", "health")),
    rule(rf"{ME}soy diabétic[oa]", self.state("has condition", "diabetic (diabetes)", "health")),
    rule(rf"{ME}(?:tengo|sufro de|padezco|padezco de|me han diagnosticado|me diagnosticaron) {WHAT}", taste.condition),
    rule(rf"le tengo (?:mucho |muchísimo )?(?:miedo|pánico|terror|fobia|pavor) (?:al? ){WHAT}", taste.afraid),
    rule(rf"{ME}(?:me dan? (?:mucho |muchísimo |pánico |terror )?(?:miedo|pánico|terror|pavor)|tengo (?:mucho |pánico |fobia )?(?:miedo a|miedo de|pánico a|fobia a|terror a)) (?:al? )?{WHAT}", taste.afraid),
    rule(rf"{ME}soy intolerante a la lactosa", taste.illness("lactose intolerance")),
    rule(rf"{ME}no bebo(?: nada de)?(?: alcohol)?", taste.eats("no alcohol")),
    rule(rf"{ME}soy zurd[oa]", self.state("is", "left-handed", "health")),
    # family, friends, pets
    rule(rf"{ME}(?:estoy|soy) casad[oa]|nos (?:hemos casado|casamos ayer)|me (?:he casado|casé)", self.state("relationship", "married")),
    rule(rf"{ME}(?:estoy|estamos) prometid[oa]s?|nos hemos prometido", self.state("relationship", "engaged")),
    rule(rf"{ME}(?:estoy|soy|sigo) solter[oa]", self.state("relationship", "single")),
    rule(rf"{ME}(?:estoy|soy) divorciad[oa]|me (?:he divorciado|divorcié)|nos (?:hemos divorciado|divorciamos)", self.state("relationship", "divorced")),
    rule(rf"{ME}(?:estoy|soy) (?:viud[oa])", self.state("relationship", "widowed")),
    rule(rf"{ME}estoy embarazada(?: .*)?", self.state("is", "pregnant", "health")),
    rule(rf"{ME}(?:tengo|tenemos) (?P<count>{NUMBER}) (?P<many>\w+)", kin.has_many),
    rule(rf"{ME}(?:tengo|tenemos) (?P<count>{NUMBER}) (?P<many>\w+)(?:,|:) (?P<names>[\w-]+(?:, [\w-]+)* y [\w-]+)", kin.has_many),
    rule(rf"{ME}soy (?:mamá|madre|papá|padre) de (?P<count>{NUMBER}) (?P<many>\w+)", kin.has_many),
    rule(r"se llaman (?P<names>.+)", kin.names),
    rule(rf"{MY} {KIN} {WHAT}", kin.job),
    rule(rf"{MY} {KIN} {WHAT}", kin.nation),
    rule(rf"{ME}(?:tengo|tenemos) (?P<count>{NUMBER}) (?P<many>\w+),? .+", kin.has_many),
    rule(rf"{ME}(?:tengo|tenemos|hemos adoptado|he adoptado|adoptamos|adopté) {A} {KIN} de (?P<age>{NUMBER}) (?P<unit>años|meses|añitos),? (?:{CALLED}|el|la)? ?{NAME}", kin.has),
    rule(rf"{ME}(?:tengo|tenemos|hemos adoptado|he adoptado|adoptamos|adopté) {A} {KIN}(?: \w+)?(?:(?:,|,? {CALLED}) {NAME}| de .+| muy .+)?", kin.has),
    rule(rf"{THEY}(?:tiene|cumple|cumplió|ha cumplido|va a cumplir) {YEARS}", kin.age),
    rule(rf"(?:{MY} {KIN}|él|ella) (?:cumple|cumplió|ha cumplido|va a cumplir) {AGE}(?: mañana| hoy| pronto| el \w+)?", kin.age),
    rule(rf"(?:él|ella) tiene {AGE}", kin.age),
    rule(rf"{MY} {KIN} (?:cumple|cumplió|ha cumplido) {AGE}", kin.age),
    rule(rf"{MY} {KIN} cumple (?:años |{AGE} )?el {DATE}", kin.born),
    rule(rf"{THEY}viven?(?: sol[oa])? en {PLACE}", kin.home),
    rule(rf"{MY} {KIN} es {WHAT}", kin.nation),
    rule(rf"(?:el|la) {KIN} {CALLED} {NAME}", kin.name),
    rule(rf"{MY} {KIN} se (?:ha mudado|mudó) a {PLACE}", kin.home),
    rule(rf"(?:{MY} {KIN}|él|ella) (?:es|viene) de {PLACE}", kin.origin),
    rule(rf"(?:{MY} {KIN}|él|ella) (?:(?:sí que )?es|trabaja (?:de|como)) (?:{A} )?{WHAT}", kin.job),
    rule(rf"trabaja (?:de|como) {WHAT}", kin.job),
    rule(rf"(?:se (?:me |nos )?(?:murió|ha muerto) |(?:murió|falleció|ha muerto|ha fallecido) )?{MY} {KIN}(?: (?:ya )?(?:ha muerto|murió|falleció|ha fallecido|se murió|se ha muerto|se nos fue|nos dejó|se fue al cielo))(?: .*)?", kin.death),
    rule(rf"(?:se (?:me |nos )?(?:murió|ha muerto)|murió|falleció|ha muerto|ha fallecido) {MY} {KIN}(?: .*)?", kin.death),
    rule(rf"(?:perdimos|perdí|hemos perdido|he perdido|enterramos|hemos enterrado|tuvimos que dormir) a {MY} {KIN}(?: .*)?", kin.death),
    rule(r"mis (?P<many>hijos|hijas|niños|niñas|hermanos|hermanas|perros|gatos|gatas|nietos|gallinas|conejos|mellizos|mellizas|gemelos|gemelas),? (?P<names>[A-ZÁÉÍÓÚÑ][\w-]+(?:, [A-ZÁÉÍÓÚÑ][\w-]+)* [ye] [A-ZÁÉÍÓÚÑ][\w-]+)(?: .+)?", kin.many_names),
    rule(rf"(?:el|la|al) {KIN},? {NAME}(?: .*)?", kin.pet),
    rule(rf"(?:(?:{MY} {KIN}|él|ella) )?tiene (?:ya )?(?P<age>\d{{1,2}})(?: (?P<unit>años|añitos|tacos|meses))?(?: recién cumplidos)?", kin.age),
    rule(rf"{MY} {KIN} (?:estudia|está estudiando) {WHAT}", kin.study),
    rule(rf"{MY} {KIN} (?:es|está) (?P<what>\w+)", kin.wed),
    rule(rf"(?:{MY} {KIN}|él|ella) es alérgic[oa] (?:al?|a las?|a los?) ?{WHAT}", kin.allergy),
    rule(rf"(?:{MY} {KIN}|él|ella) (?:trabaja|curra) (?:en|para) {WHAT}", kin.employer),
    rule(rf"{ME}no (?:como|puedo comer|pruebo)(?: nada de)? {WHAT}", taste.no_eat),
    rule(rf"{ME}soy intolerante (?:a la|al|a los|a las|a) {WHAT}", taste.intolerance),
    rule(rf"{ME}(?:me pirran?|me molan?|me privan?|me rechiflan?|me fascinan?|me requeteencantan?|disfruto|soy de) {WHAT}", taste.likes_known),
    rule(rf"{WHAT} (?:es|son) mis? (?:\w+ favorit[oa]s?|pasión|vicio|debilidad|perdición|hobby)", taste.likes),
    rule(rf"(?:no hay nada (?:como|mejor que)|no puedo vivir sin|no vivo sin|estoy enganchad[oa] al?|estoy viciad[oa] al?) {WHAT}", taste.likes_known),
    rule(rf"{ME}(?:no puedo con|no trago|me da asco|me dan asco|me repugnan?|me revientan?|me chocan?) {WHAT}", taste.dislikes_known),
    rule(rf"{WHAT} me (?:gustan?|encantan?|flipan?|chiflan?|fascinan?)(?: .*)?", taste.likes),
    rule(rf"{ME}(?:estoy|ando) con el {WHAT}", taste.learns_known),
    rule(rf"{ME}(?:me apunté a|me he apuntado a|voy a clases? de|doy clases? de|tomo clases? de|empecé|he empezado|estoy yendo a) (?:clases de )?{WHAT}", taste.sport),
    rule(rf"(?:acá|aquí) (?:vivo|nací)|(?:acá|aquí) en {PLACE}(?: vivo)?", lambda match, hearing: self.home(match, hearing) if match["place"] else ()),
    rule(rf"{ME}(?:me instalé|me he instalado|nos instalamos|aterricé|acabé|acabamos|estoy|estamos) (?:a )?(?:viviendo )?en {PLACE} (?:a vivir|viviendo|instalad[oa]s?)", self.home),
    rule(rf"{ME}(?:cumpliré|cumplo ya|acabo de cumplir|cumplí|he cumplido) (?:los )?{AGE}", self.age),
    rule(rf"{ME}(?P<verb>coso|tejo|restauro|cultivo|crío) {WHAT}", taste.made),
    rule(rf"{ME}(?:enseño|doy clases? de|imparto) {WHAT}", work.teaches),
    rule(rf"(?:es que )?(?:a mí )?{WHAT} me dan? (?:mucho |un )?(?:miedo|pavor|pánico|terror|cosa)(?: .*)?", taste.afraid),
    rule(rf"{ME}(?:hemos vuelto|volvimos|estamos juntos otra vez)(?: juntos)?(?: con .*)?", self.state("relationship", "back together")),
    rule(rf"{ME}(?:empiezo|comienzo|empecé|arranco|arranqué) (?:a estudiar |la carrera de |con )?{WHAT}", work.starts_study),
    rule(rf"{ME}(?:voy a ser|seré|me voy a hacer) {WHAT}", work.becomes),
    rule(rf"{ME}prefiero {WHAT}", taste.likes_known),
    rule(rf"{ME}me (?:volví|he vuelto|hice|pasé a ser) (?:vegan[oa]|vegetarian[oa])(?: .*)?", taste.became_diet),
    rule(rf"{ME}soy (?:medio |media |más )?{WHAT}", self.nation),
    rule(rf"(?:{MY} {KIN}|él|ella),? (?:que )?(?:es|era) (?:el |la )?{WHAT}", kin.job),
    rule(rf"{ME}(?:empecé|he empezado|tengo|encontré|he encontrado|conseguí|he conseguido) (?:un |el )?(?:nuevo (?:trabajo|curro|empleo)|(?:trabajo|curro|empleo) nuevo)(?: .*)?", work.quit_job),
    rule(rf"(?:adiós|ya sin|se acabó|se acabaron|ni rastro de)(?: a)?(?: el| la| los| las| mi)? {WHAT}", taste.well_again),
    rule(rf"ya no hay {NAME}", kin.parted_from),
    rule(rf"{MY} {KIN},? {NAME}", kin.apposition),
    rule(rf"(?:{ME}soy|aquí|por aquí) {NAME}", self.perhaps_name),
)  # fmt: skip

SPANISH = Tongue(
    code="es",
    marks=words(
        "eres tienes cómo dónde cuántos tu lo le mis del al he hemos nuevo nueva quién yo mi mis me el la los las y es soy tengo vivo trabajo que pero una un mucho muy no sí tú se llama llamo gusta encanta odio hoy ayer mañana años con por para en ya estoy nos somos "
        "tenemos está él ella su qué cuando porque hace desde estudio también cumple hermana hermano perro gato nací bueno jaja pues ahora"
    ),
    short=short(
        (r"\b(?:todo el mundo|toda la gente|la gente|todos|mis amigos|en casa|en mi casa) me dicen?\b", "todos me llaman"), (r"\bq(?= )", "que"), (r"\b(?:cree|piensa|jura|supone|asegura|cuenta|opina|insiste(?: en)?)(?= que\b)", "dice"), (r"\btoy\b", "estoy"), (r"\babu\b|\byaya\b", "abuela"), (r"\byayo\b", "abuelo"), (r"\b(chamba|laburo|pega)\b(?! (?:un|una|el|la))", "trabajo"), (r"\btacos(?=$|[ ,.])(?<=\d tacos)", "años"), (r"\bk(?= )", "que"), (r"\b(?:xq|pq|porq)\b", "porque"), (r"\btb\b|\btmb\b", "también"), (r"\bcurro(?= (?:en|de|como|para)\b)", "trabajo"),
        (r"\bholaa+\b", "hola"), (r"\bcumple\b(?= (?:es|el|cae)\b)", "cumpleaños"), (r"\bdel? curro\b", "del trabajo"), (r"\bme yamo\b", "me llamo"), (r"\btng\b", "tengo"), (r"\ba mi me\b", "a mí me"),
    ),
    fillers=fillers(
        r"ahora(?: mismo)?|actualmente|hoy(?: en día)?|ayer|también|todavía|aún|ya(?! no)|siempre|la verdad(?: es que)?|en realidad|de hecho|en serio|de verdad|sinceramente|muchísimo|la semana pasada|el (?:mes|año|verano|finde|fin de semana) pasado|"
        r"desde hace (?:\w+ )?(?:años?|meses|mes|semanas?|tiempo|poco)|hace (?:\w+ )?(?:años?|meses|mes|semanas?|poco)|desde (?:el |la |los |que )?[\w]+(?: (?:de )?\d{4}| pequeñ[oa]| años)?|por fin|al final|finalmente|justo|recién|"
        r"la otra tarde|el otro día|hace nada|esta (?:semana|mañana|tarde)|este (?:mes|año|finde)|omg|tía(?= )|tío(?=,)|bueno|pues|oye|mira|jo|uf+|buah|por cierto|además|en la vida real|de momento|por ahora|oficialmente|solo|sólo|casi todos los días|"
        r"todos los (?:días|años|fines de semana|domingos|sábados)|los (?:fines de semana|domingos|sábados|martes|jueves|viernes)|en mi tiempo libre|por el (?:trabajo|curro)|eso sí|la vdd|sabes|eh|uff"
    ),
    starts=r"todos me llaman|(?:acá|aquí) (?:nací|vivo)|(?:el|la) (?:perr[oa]|gat[oa]|cachorr\w+)|hago|yo|mi|mis|me|se llama|su|sus|nuestr[oa]s?|vivo|vivimos|soy|somos|tengo|tenemos|trabajo|estudio|hablo|odio|nací|estoy|llevo|llevamos|no (?:soporto|me|tengo|vivo)|él|ella|tiene|ella|se llama|a mí|toco|juego|cumplo|adoro|amo|vive|trabaja|a mi|le encantan?|le gustan?|colecciono|crecí|es (?=de )",
    joints="y|pero|porque|e|aunque|así que|pues|que|sino",
    mine=r"mi|nuestro|nuestra",
    am="soy",
    aged=("tengo {} años", "tiene {} años"),
    rules=(*RULES, *ends("es", RULES)),
)  # fmt: skip
