"""The rules of French ("J'habite à Lyon depuis la fac"); `abroad.py` lists them. What they make of it is in the readers."""

from __future__ import annotations

from engine.memory.found import rule
from engine.memory.rules import kin_readers as kin
from engine.memory.rules import readers as self
from engine.memory.rules import taste_readers as taste
from engine.memory.rules import work_readers as work
from engine.memory.rules.numbers import NUMBER
from engine.memory.rules.runs import ends
from engine.memory.rules.tongue import NAME, PLACE, WHAT, Tongue, fillers, kin_of, short, words

KIN = kin_of("fr")
MY = r"(?:mon|ma|mes|notre|nos)"
A = r"(?:un|une)"
AGE = rf"(?P<age>{NUMBER})"
YEARS = rf"{AGE} (?P<unit>ans|an|mois|semaines|piges|balais)"
DATE = r"(?P<date>\d.*)"
ME = r"(?:moi,? )?"
IN = r"(?:à|en|au|aux|dans|sur|près de|vers|à côté de)"
FOR = r"(?:chez|dans|à|au|aux|pour|en)"
CALLED = r"(?:s'appelle|qui s'appelle|appelée?|nommée?|s'appelait)"
THEY = rf"(?:{MY} {KIN}(?: il| elle)?|il|elle)"
IVE = r"(?:j'ai|on a|nous avons)"

RULES = (
    # what has ended
    rule(rf"{ME}(?:je n'habite|j'habite|je ne vis|je vis|on n'habite|on habite|nous n'habitons) plus {IN} {PLACE}", self.no_home),
    rule(rf"{ME}(?:je ne travaille|je travaille|je ne bosse|je bosse|je ne suis|je suis) plus (?:chez|dans|pour|à|au|aux) {WHAT}", work.no_employer),
    rule(rf"{ME}(?:je ne suis|je suis|je ne travaille plus comme|je travaille) plus (?:comme )?(?:{A} )?{WHAT}", work.no_job),
    rule(r"j'ai (?:démissionné|quitté mon (?:boulot|travail|job|poste|taf|emploi)|perdu mon (?:boulot|travail|job|taf|emploi)|posé ma dém\w*|été (?:virée?|licenciée?))|je me suis fait (?:virer|licencier)|on m'a (?:virée?|licenciée?)", work.quit_job),
    rule(rf"j'ai (?:démissionné de|quitté|arrêté de travailler {FOR}) (?:mon (?:boulot|travail|job|poste|taf|emploi) {FOR} )?(?=(?:la|le|l'|mon)){WHAT}", work.no_employer),
    rule(r"(?:adieu|j'ai quitté) (?P<what>(?:la |le |l'|chez ).+)", work.left_work),
    rule(r"j'ai (?:arrêté|abandonné|lâché|plaqué|quitté) (?:la fac|mes études|l'université|les études)(?: de .+)?", work.no_study),
    rule(rf"j(?:e n)?'(?:aime|adore) plus {WHAT}", taste.no_taste),
    rule(rf"je (?:ne )?joue plus (?:du |de la |de l'|de |au |aux ){WHAT}", taste.no_play),
    rule(rf"j'ai arrêté (?:le |la |l'|de jouer du |de jouer de la ){WHAT}", taste.no_play),
    rule(r"je (?:ne )?suis plus (?:végane?|végétarien(?:ne)?|vegan|végé)|je (?:remange|mange de nouveau) de la viande", taste.no_diet),
    rule(rf"(?:je n'ai|j'ai|on n'a|on a|nous n'avons) plus (?:de |d'){KIN}", kin.has_not),
    rule(rf"{MY} {KIN} et moi(?:,)? (?:on (?:a rompu|s'est séparée?s?|n'est plus ensemble)|nous sommes séparée?s|c'est fini)", kin.parted),
    rule(rf"j'ai rompu avec {MY} {KIN}", kin.parted),
    rule(rf"{MY} {KIN} m'a (?:quittée?|larguée?)", kin.parted),
    rule(r"on (?:a rompu|s'est séparée?s?)", kin.parted),
    rule(rf"je ne suis plus avec {MY} {KIN}", kin.parted),
    rule(rf"avec {NAME},? c'est (?:fini|terminé)", kin.parted_from),
    rule(rf"(?:j'ai rompu avec|j'ai quitté|je ne suis plus avec|je suis plus avec) {NAME}", kin.parted_from),
    rule(rf"{NAME} et moi,? (?:on a rompu|c'est fini|on s'est séparée?s)", kin.parted_from),
    rule(rf"on s'est séparée?s avec {MY} {KIN}", kin.parted),
    rule(rf"{MY} {KIN},? (?:on a rompu|on s'est séparée?s?|c'est fini)", kin.parted),
    rule(rf"(?:j'ai|on a|nous avons) (?:revendu|vendu|bazardé|donné) (?:mon |ma |mes |notre |le |la |l')(?!mèche){WHAT}", self.gone),
    rule(rf"j'ai (?:arrêté|laissé tomber|lâché|abandonné) (?:de (?:jouer (?:du|de la|au|aux)|faire (?:du|de la|de l')|apprendre) |le |la |l'|les ){WHAT}", taste.stopped),
    rule(rf"(?:j'ai|on a|nous avons) quitté {PLACE}(?: pour (?P<to>[A-ZÀ-Þ].+))?", self.left_place),
    rule(rf"(?:j'ai|on a) (?:déménagé|bougé) de {PLACE}(?: (?:à|pour) (?P<to>[A-ZÀ-Þ].+))?", self.left_place),
    rule(r"(?:la |le |l'|ma |mon )(?P<what>.+?) (?:a|vient de|va) (?:fermé|fermer|coulé|fait faillite)(?! (?:à|plus|tôt|tard|la porte))(?: .*)?", work.closed),
    rule(r"(?:j'ai (?:plaqué|lâché|claqué la porte de) mon (?:boulot|job|taf|travail|poste)|je me suis fait (?:virer|lourder|licencier)|ils m'ont (?:virée?|licenciée?)|j'ai plus de (?:boulot|taf|travail|job))(?: .*)?", work.quit_job),
    rule(rf"(?:{NAME} m'a (?:quittée?|larguée?|plaquée?)|j'ai (?:largué|plaqué) (?P<other>[A-ZÀ-Þ]\w+))(?: .*)?", lambda match, hearing: kin.parted_from(match, hearing) if match["name"] else ()),
    rule(rf"{NAME} et moi,? (?:c'est terminé|on n'est plus ensemble|on est séparés|on s'est quittés)(?: .*)?", kin.parted_from),
    rule(r"(?:le )?mariage (?:est )?(?:annulé|tombé à l'eau)(?: .*)?|(?:il n'y a|y'a|il y a) plus de mariage(?: .*)?|on a annulé le mariage(?: .*)?", kin.wedding_off),
    # names
    rule(rf"{ME}(?:je m'appelle|mon (?:nom|prénom) (?:est|c'est)) {NAME}", self.name),
    rule(rf"(?:appelle-moi|appelez-moi|tu peux m'appeler) {NAME}", self.name),
    rule(rf"(?:tout le monde m'appelle|mes (?:amis|potes) m'appellent|on m'appelle) {NAME}", self.nickname),
    rule(rf"(?:moi,? c'est|c'est|ici) {NAME}", self.perhaps_name),
    rule(rf"(?:le nom de )?{MY} {KIN}(?:,)? (?:il |elle )?(?:est|c'est|{CALLED}) {NAME}", kin.apposition),
    rule(rf"{MY} {KIN}(?:,)? (?:il |elle )?{CALLED} {NAME}", kin.name),
    rule(rf"(?:il|elle|lui|elle,? elle) {CALLED} {NAME}", kin.name),
    rule(rf"(?:on|je|nous) (?:l'(?:a|ai|avons) (?:appelée?|rebaptisée?|nommée?)|(?:l')?appelle) (?:{MY} {KIN} )?{NAME}", kin.name),
    rule(rf"(?:on a|j'ai|nous avons) (?:rebaptisé|renommé|appelé|nommé) {MY} {KIN} {NAME}", kin.name),
    # home and origin
    rule(rf"{ME}(?:j'habite|je vis|on habite|on vit|nous habitons|nous vivons|je suis installée?|je loge) (?:avec .+? )?{IN} {PLACE}", self.home),
    rule(rf"{ME}(?:j'habite|on habite) {PLACE}", self.home_named),
    rule(rf"{ME}(?:j'ai (?:déménagé|emménagé)|on a (?:déménagé|emménagé)|nous avons (?:déménagé|emménagé)|je viens (?:d'emménager|de déménager|de m'installer)|on vient (?:d'emménager|de déménager)|je me suis installée?|on s'est installés?) (?:de .+? )?{IN} {PLACE}", self.home),
    rule(rf"{ME}je (?:viens|suis originaire|suis) (?:de |d'|du |des ){PLACE}", self.origin),
    rule(rf"{ME}je suis née? (?:et j'ai grandi )?(?:à|en|au|aux) {PLACE}", self.born),
    rule(rf"{ME}j'ai grandi (?:à|en|au|aux) {PLACE}", self.grew),
    # age and birthday
    rule(rf"{ME}(?:j'ai|je fais|j'ai eu|je viens d'avoir|je vais avoir|j'aurai|je fête mes|j'ai fêté mes) {AGE} (?:ans|balais|piges)(?: .*)?", self.age),
    rule(rf"mon (?:anniversaire|anniv) (?:est|c'est|tombe) le {DATE}", self.birthday),
    rule(rf"je suis née? le {DATE}", self.birthday),
    # work and study
    rule(rf"{ME}(?:je travaille|je bosse) (?:comme|en tant que) {WHAT}", work.job),
    rule(rf"{ME}je suis (?:{A} )?(?:devenue? |jeune )?{WHAT}", work.known_job),
    rule(rf"(?:j'ai (?:trouvé|décroché|commencé|eu)|je commence|je viens de (?:trouver|commencer)) (?:{A} )?(?:nouveau |nouvel )?(?:boulot|travail|job|poste|taf|emploi)? ?(?:de |d'|comme |en tant que ){WHAT}", work.known_job),
    rule(rf"{ME}(?:je travaille|je bosse|on bosse) {FOR} {WHAT}", work.employer),
    rule(rf"(?:j'ai (?:trouvé|décroché|commencé)|je commence) {A} (?:nouveau |nouvel )?(?:boulot|travail|job|poste|taf|emploi) {FOR} {WHAT}", work.employer),
    rule(rf"{ME}(?:j'étudie|je fais des études (?:de |d'|en )|je fais (?:une licence |un master |un doctorat |une thèse )(?:de |d'|en )|je suis en (?:fac|licence|master|école|l1|l2|l3|m1|m2|première année|deuxième année|troisième année) (?:de |d')|je me suis inscrite? en ) ?(?:le |la |l')?{WHAT}", work.study),
    rule(rf"{ME}je suis étudiante? en {WHAT}", work.study),
    # tastes
    rule(rf"{ME}(?:je n'aime|j'aime) (?:vraiment )?pas (?:du tout |trop |beaucoup )?{WHAT}", taste.dislikes),
    rule(rf"{ME}(?:je déteste|je hais|je (?:ne )?supporte pas|j'ai horreur (?:de |d'|du |des )|j'aime pas) ?{WHAT}", taste.dislikes),
    rule(rf"{ME}j'(?:aime|adore|kiffe) (?!pas|plus|bien que){WHAT}", taste.likes),
    rule(rf"{ME}je (?:kiffe|raffole (?:de|d'|du|des)|suis fan (?:de|d'|du|des)|suis (?:dingue|passionnée?|fou|folle|accro) (?:de|d'|du|des|par|au|aux|à)|me passionne pour) ?{WHAT}", taste.likes),
    rule(rf"mon (?P<kind>\w+) préféré(?:e)?,? (?:est|c'est) {WHAT}", taste.favourite),
    rule(rf"ma (?P<kind>\w+) préférée,? (?:est|c'est) {WHAT}", taste.favourite),
    rule(rf"(?:mon (?:hobby|passe-temps|loisir)|ma passion),? (?:est|c'est) {WHAT}", taste.likes),
    rule(rf"je collectionne {WHAT}", taste.likes),
    rule(rf"{ME}je fais (?:du |de la |de l'|des ){WHAT}", taste.condition),
    rule(rf"{ME}je (?:fais|pratique) (?:beaucoup |souvent |un peu )?(?:du |de la |de l'|des |de |d'){WHAT}", taste.sport),
    rule(rf"{ME}(?:je suis|on est) en couple avec {NAME}", kin.partner),
    rule(rf"{ME}je sors avec {NAME}", kin.partner),

    rule(rf"{ME}je joue (?:du |de la |de l'|au |aux |à la |des ){WHAT}", taste.plays),
    rule(rf"{ME}(?:j'apprends|je suis en train d'apprendre|je me suis mise? (?:à|au)) (?:à (?:jouer|parler) )?(?:le |la |l'|du |de la |de l'|au )?{WHAT}", taste.learns),
    rule(rf"{ME}(?:je parle) (?:couramment |un peu )?(?:le |l')?{WHAT}", taste.speaks),
    # health and diet
    rule(rf"{ME}je suis (?:très |super |hyper )?allergique (?:aux |au |à la |à l'|à ){WHAT}", taste.allergy),
    rule(rf"{ME}j'ai une allergie (?:aux |au |à la |à l'|à ){WHAT}", taste.allergy),
    rule(rf"{ME}je suis (?:devenue? )?(?:végane?|vegan|végétalien(?:ne)?)", taste.eats("vegan")),
    rule(rf"{ME}(?:je suis (?:devenue? )?(?:végétarien(?:ne)?|végé)|je (?:ne )?mange (?:pas|plus) de viande)", taste.eats("vegetarian")),
    rule(rf"{ME}je suis (?:c(?:œ|oe)liaque|intolérante? au gluten)", self.state("has condition", "celiac (gluten intolerant)", "health")),
    rule(rf"{ME}je suis diabétique", self.state("has condition", "diabetic (diabetes)", "health")),
    rule(rf"{ME}(?:j'ai|je souffre|on m'a diagnostiqué)(?: souvent| de| d'| du| des| un| une)*[ ']{WHAT}", taste.condition),
    rule(rf"{ME}(?:j'ai (?:très |super |trop |hyper )?(?:peur|la phobie|la trouille)|je suis terrifiée? par|je flippe) (?:de la |de l'|des |du |de |d'|les |le |la )?{WHAT}", taste.afraid),
    rule(rf"{ME}(?:j'ai le vertige)", taste.fears("heights")),
    rule(rf"{ME}je suis intolérante? au lactose", taste.illness("lactose intolerance")),
    rule(rf"{ME}je (?:ne )?bois (?:pas|plus)(?: d'alcool)?", taste.eats("no alcohol")),
    rule(rf"{ME}je suis (?:gauch(?:er|ère))", self.state("is", "left-handed", "health")),
    # family, friends, pets
    rule(rf"{ME}je suis mariée?|je me suis mariée?|on s'est mariée?s", self.state("relationship", "married")),
    rule(rf"{ME}(?:je suis fiancée?|on s'est fiancée?s|on est fiancée?s|je me suis fiancée?)", self.state("relationship", "engaged")),
    rule(rf"{ME}je suis célib(?:ataire)?", self.state("relationship", "single")),
    rule(rf"{ME}je suis divorcée?|j'ai divorcé|je divorce", self.state("relationship", "divorced")),
    rule(rf"{ME}je suis (?:veuf|veuve)", self.state("relationship", "widowed")),
    rule(rf"{ME}je suis enceinte", self.state("is", "pregnant", "health")),
    rule(rf"{IVE} (?P<count>{NUMBER}) (?P<many>[\w-]+)(?:,| :) (?P<names>[\w-]+(?:, [\w-]+)* et [\w-]+)", kin.has_many),
    rule(rf"(?:{ME}je suis )?(?:papa|maman|père|mère) de (?P<count>{NUMBER}) (?P<many>[\w-]+)", kin.has_many),
    rule(r"(?:ils|elles) s'appellent (?P<names>.+)", kin.names),
    rule(rf"{MY} {KIN} {WHAT}", kin.job),
    rule(rf"{MY} {KIN} {WHAT}", kin.nation),
    rule(rf"{IVE} (?P<count>{NUMBER}) (?P<many>[\w-]+)(?:,? .+)?", kin.has_many),
    rule(rf"{ME}(?:{IVE}|{IVE} (?:adopté|recueilli|pris)) {A} (?:petite? |jeune |vieux |vieille )?{KIN} de (?P<age>{NUMBER}) (?P<unit>ans|mois),? (?:{CALLED} )?{NAME}", kin.has),
    rule(rf"{ME}(?:{IVE}|{IVE} (?:adopté|recueilli|pris)) {A} (?:petite? |jeune |vieux |vieille )?{KIN}(?: \w+)?(?:(?:,|,? {CALLED}) {NAME})?", kin.has),
    rule(rf"{THEY} (?:a|va avoir|aura|vient d'avoir|a eu|fête ses) {YEARS}", kin.age),
    rule(rf"{MY} {KIN} (?:fête ses|aura|va avoir) {YEARS} le {DATE}", kin.born),
    rule(rf"{THEY} (?:habite|vit|habitent|vivent) (?:à|en|au|aux) {PLACE}", kin.home),
    rule(rf"{MY} {KIN} est {WHAT}", kin.nation),
    rule(rf"(?:le|la|l') ?{KIN} {CALLED} {NAME}", kin.name),
    rule(rf"{MY} {KIN} (?:a déménagé|s'est installée?) (?:à|en|au) {PLACE}", kin.home),
    rule(rf"{THEY} (?:vient|est originaire|est) (?:de |d'|du ){PLACE}", kin.origin),
    rule(rf"{THEY} (?:est|bosse comme|travaille comme) (?:{A} )?{WHAT}", kin.job),
    rule(rf"{MY} {KIN} (?:est (?:morte?|décédée?|partie? (?:ce matin|cette nuit|au ciel|pour toujours|dans son sommeil))|nous a quittés|s'est éteinte?|a été piquée?|a été euthanasiée?)(?: .*)?", kin.death),
    rule(rf"(?:on a|j'ai|nous avons) (?:perdu|enterré|fait piquer|dû faire piquer) {MY} {KIN}(?: .*)?", kin.death),
    rule(r"(?:mes|nos|les) (?P<many>fils|filles|enfants|frères|sœurs|soeurs|chiens|chats|jumeaux|jumelles|poules|lapins|gosses|garçons|petits-enfants),? (?P<names>[A-ZÀ-Þ][\w-]+(?:, [A-ZÀ-Þ][\w-]+)* et [A-ZÀ-Þ][\w-]+)(?: .+)?", kin.many_names),
    rule(rf"(?:le|la) {KIN},? {NAME}(?: .*)?", kin.pet),
    rule(rf"{MY} {KIN} (?:fait des études (?:de |d'|en )|étudie (?:le |la |l')?|est en fac (?:de |d')|est étudiante? en ){WHAT}", kin.study),
    rule(rf"{MY} {KIN},? {NAME} (?:à|de) {PLACE}", kin.home),
    rule(rf"{MY} {KIN} est (?P<what>\w+)", kin.wed),
    rule(rf"{THEY} est allergique (?:aux |au |à la |à l'|à ){WHAT}", kin.allergy),
    rule(rf"{THEY} (?:travaille|bosse) (?:chez|dans|à la|à l'|au|pour) ?{WHAT}", kin.employer),
    rule(rf"{ME}je (?:ne )?(?:mange|digère|supporte) (?:pas|plus|jamais) (?:de |d'|le |la |les |du ){WHAT}", taste.no_eat),
    rule(rf"{ME}je suis intolérante? (?:au |à la |à l'|aux ){WHAT}", taste.intolerance),
    rule(rf"{ME}je (?:ne )?(?:peux|supporte) pas (?:blairer|saquer|sentir|encadrer|voir|avaler) (?:le |la |les |l')?{WHAT}", taste.dislikes),
    rule(rf"{WHAT},? (?:c'est|ça) (?:dégueu\w*|dégoûtant|me dégoûte|infect|immonde|l'horreur)", taste.dislikes),
    rule(rf"{WHAT},? c'est (?:mon péché mignon|ma passion|mon plat préféré|mon truc|toute ma vie|ma drogue|mon dada)", taste.likes),
    rule(rf"{ME}je (?:me régale de|suis mordue? de|vis pour|suis gaga de|craque pour|peux pas vivre sans) (?:le |la |les |l')?{WHAT}", taste.likes),
    rule(rf"{ME}je (?:me suis mise? (?:à|au|aux)|prends des cours de|suis des cours de|prends des leçons de) (?:la |l')?{WHAT}", taste.sport),
    rule(rf"à {AGE} ans,? (?:je|j').+", self.age),
    rule(rf"{ME}j'apprends (?:à )?{WHAT} et (?:le |la |l'|à )(?P<more>.+)", taste.learns),
    rule(rf"{ME}(?:je|on) (?:vit|vis|habite|crèche|loge|squatte) {IN} {PLACE}", self.home),
    rule(rf"{ME}je (?P<verb>couds|retape|cultive|élève) {WHAT}", taste.made),
    rule(rf"{ME}j'enseigne (?:le |la |l'|les )?{WHAT}", work.teaches),
    rule(rf"{WHAT},? (?:ça )?me (?:font|fait|foutent|fout) (?:trop |super )?(?:peur|flipper|les jetons)(?: .*)?|{ME}je flippe (?:des |de la |du )(?P<other>.+)", lambda match, hearing: taste.afraid(match, hearing) if match["what"] else ()),
    rule(r"on (?:s'est remis(?:es)? ensemble|est de nouveau ensemble|se remet ensemble)(?: .*)?", self.state("relationship", "back together")),
    rule(rf"{ME}je (?:commence|démarre|reprends) (?:des études de |la fac de |une licence de |en )?{WHAT}", work.starts_study),
    rule(rf"{ME}j'ai (?:repris|commencé|recommencé|débuté) (?:le |la |l'|les ){WHAT}", taste.sport),
    rule(rf"{ME}je (?:deviens|vais devenir|serai) {WHAT}", work.becomes),
    rule(rf"{ME}je préfère {WHAT}", taste.likes_known),
    rule(rf"{ME}je suis (?:passée?|devenue?) (?:végane?|vegan|végétarien(?:ne)?|végé)(?: .*)?", taste.became_diet),
    rule(rf"{ME}(?:on s'est mariée?s|je suis mariée?|je me suis mariée?)(?: .*)?", self.state("relationship", "married")),
    rule(rf"avec {NAME},? on (?:se sépare|s'est séparée?s|a rompu|divorce)(?: .*)?", kin.parted_from),
    rule(rf"{ME}je suis (?:à moitié |d'origine |une vraie |un vrai )?{WHAT}", self.nation),
    rule(rf"{ME}je suis (?:au chômage|chômeu(?:r|se))(?: .*)?", work.unemployed),
    rule(r"(?:j'ai (?:commencé|trouvé|décroché)|je commence) (?:un |mon )?(?:nouveau (?:boulot|taf|job|travail|poste)|nouvel emploi)(?: .*)?", work.quit_job),
    rule(rf"(?:j'ai |y'a |il n'y a |enfin )?plus (?:de |d'){WHAT}", taste.well_again),
    rule(rf"{MY} {KIN},? {NAME}", kin.apposition),
    rule(rf"{ME}je suis {NAME}", self.perhaps_name),
)  # fmt: skip

FRENCH = Tongue(
    code="fr",
    marks=words(
        "ton quel où quelle qui suis sont leur leurs chez tes ans notre cette ce je j'ai j'habite j'aime j'adore moi mon ma mes nous on il elle le la les un une des et est suis c'est pas mais avec dans chez pour que qui du au aux en ai ans fait tu ça s'appelle "
        "m'appelle aussi très trop bien j'étudie j'suis déteste travaille bosse depuis oui non j'apprends notre sa d'un d'une hier demain aujourd'hui adore joue parle qu'on"
    ),
    short=short(
        (r"\bj'?(?=(?:suis|suit)\b)", "je "), (r"\bchu\b(?= )(?<!au chu)(?<!le chu)(?<!un chu)", "je suis"), (r"\bj(?=(?:apprends|étudie|etudie|avais|arrête|écoute|attends|habitais|enseigne)\b)", "j'"),
        (r"\bj'?(?=(?:dors|vais|vends|vis|vois|viens|veux|peux|prends|pars|mange|bois|fais|fume|garde|cherche|collectionne|chante|danse|peins|lis|cours|nage|sors|dois|mets|reste|rentre|sais|connais|déménage|gère|tiens|vous|t[' ])\b)", "je "), (r"\b(?:auj|ajd)\b", "aujourd'hui"), (r"\bdaronne\b|\breum\b", "mère"), (r"\bdaron\b|\breup\b", "père"), (r"\breuf\b|\bfrérot\b", "frère"),
        (r"\bj'?suis\b|\bchuis\b|\bchui\b|\bj suis\b", "je suis"), (r"\bjhabite\b|\bj habite\b", "j'habite"), (r"\bjai\b|\bj ai\b", "j'ai"), (r"\bjadore\b", "j'adore"), (r"\bjaime\b", "j'aime"),
        (r"\bj'?bosse\b", "je bosse"), (r"\bj'?travaille\b", "je travaille"), (r"\bj'?joue\b", "je joue"), (r"\bj'?parle\b", "je parle"), (r"\bj'?déteste\b", "je déteste"), (r"\bmapelle\b|\bm'apelle\b|\bmappelle\b", "m'appelle"),
        (r"\bsapelle\b|\bs'apelle\b|\bsappelle\b", "s'appelle"), (r"\bjme\b|\bj'me\b", "je me"), (r"\by'?a\b", "il y a"), (r"\bpck\b|\bpcq\b", "parce que"), (r"\btjrs\b", "toujours"), (r"\bbcp\b", "beaucoup"), (r"\bc(?= (?:moi|mon|ma|le|la)\b)", "c'est"),
        (r"\bj'?fais\b", "je fais"), (r"\bj'viens\b", "je viens"), (r"\bj'peux\b", "je peux"), (r"\banniv\b", "anniversaire"),
    ),
    fillers=fillers(
        r"maintenant|actuellement|aujourd'hui|hier|aussi|encore|toujours|vraiment|en vrai|en fait|au fait|du coup|finalement|enfin|quand même|franchement|honnêtement|genre|surtout|la semaine dernière|le mois dernier|l'année dernière|l'an dernier|"
        r"seule?|tout seul|toute seule|ensemble|depuis (?:\w+ )?(?:ans|mois|semaines|longtemps|peu|toujours)|depuis (?:la |le |les |l'|mes |que )?[\w-]+(?: (?:\d{4}|ans|dernier|dernière))?|il y a (?:\w+ )?(?:ans?|mois|semaines?)|de base|à la base|par contre|en plus|bah|ben|bon|voilà|"
        r"mdr|lol|dans la vie|dans la vraie vie|officiellement|justement|récemment|seulement|juste|ce (?:matin|soir|mois|week-end)|cette (?:semaine|année)|d'ailleurs|là|tout à l'heure|pendant mon temps libre|le week-end|tous les (?:jours|week-ends|dimanches|samedis)|"
        r"à la folie|tu sais|hein|quoi|oui|ouais|nan|désormais|pour l'instant|en ce moment|par ailleurs|sinon"
    ),
    starts=r"(?:la|le) (?:chienne?|chatte?|lapine?)|je|j'\w+|moi|mon|ma|mes|nous|on|il|elle|son|sa|ses|notre|c'est moi|adieu|sa petite|lui",
    joints="et|mais|car|parce que|donc|alors|puis|sauf que|par contre|même si|du coup",
    runs=r"\s+(?<!que )(?<!qui )(?<!où )(?<!moi )(?<!quand )(?<!comme )(?<!dont )(?<!si )(?<!et )(?<!mais )(?<!toi )(?<!demain )(?<!hier )(?<!maintenant )(?<!samedi )(?<!lundi )(?<!mardi )(?<!jeudi )(?<!vendredi )(?<!mercredi )(?<!dimanche )(?<!semaine )(?<!juin )(?<!matin )(?<!soir )(?=(?:je |j'))",
    mine=r"mon|ma|notre",
    am="je suis",
    aged=("j'ai {} ans", "a {} ans"),
    rules=(*RULES, *ends("fr", RULES)),
)  # fmt: skip
