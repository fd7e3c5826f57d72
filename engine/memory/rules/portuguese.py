"""The rules of Portuguese, of Brazil and Portugal ("Moro em Curitiba faz 3 anos"); `abroad.py` lists them. What they make of it is in the readers."""

from __future__ import annotations

from engine.memory.found import rule
from engine.memory.rules import kin_readers as kin
from engine.memory.rules import readers as self
from engine.memory.rules import taste_readers as taste
from engine.memory.rules import work_readers as work
from engine.memory.rules.numbers import NUMBER
from engine.memory.rules.runs import ends
from engine.memory.rules.tongue import NAME, PLACE, WHAT, WORD, Tongue, fillers, kin_of, short, words

KIN = kin_of("pt")
MY = r"(?:(?:o |a |os |as )?(?:meu|minha|meus|minhas|nosso|nossa))"
A = r"(?:um|uma)"
AGE = rf"(?P<age>{NUMBER})"
YEARS = rf"{AGE} (?P<unit>anos|aninhos|ano|aninho|meses|mês|semanas)"
DATE = r"(?P<date>\d.*)"
ME = r"(?:eu |nós |a gente )?"
IN = r"(?:em|no|na|nos|nas|num|numa|perto de|perto do)"
TO = r"(?:para|pra|pro|para o|para a|a|ao|à|em)"
CALLED = r"(?:se chama|chama-se|que se chama|chamad[oa]|que chama|chama)"
THEY = rf"(?:{MY} {KIN}|ele|ela)"

RULES = (
    # what has ended
    rule(rf"{ME}(?:já )?não (?:moro|vivo|moramos|mora|vivemos) mais {IN} {PLACE}", self.no_home),
    rule(rf"{ME}já não (?:moro|vivo|moramos|vivemos) {IN} {PLACE}", self.no_home),
    rule(rf"{ME}(?:(?:já )?não (?:trabalho|trampo) mais|já não trabalho) (?:em|no|na|para|pra|com|n[oa]s) {WHAT}", work.no_employer),
    rule(rf"{ME}(?:(?:já )?não sou mais|já não sou|(?:já )?não trabalho mais como|já não trabalho como) (?:{A} )?{WHAT}", work.no_job),
    rule(r"(?:eu )?(?:pedi demissão|me demiti|demiti-me|fui demitid[oa]|fui despedid[oa]|despedi-me|larguei (?:o|meu) (?:emprego|trabalho|trampo)|perdi (?:o|meu|o meu) (?:emprego|trabalho)|deixei (?:o|meu|o meu) (?:emprego|trabalho)|saí do (?:emprego|trabalho))", work.quit_job),
    rule(rf"(?:eu )?(?:pedi demissão|me demiti|demiti-me|fui demitid[oa]|saí) (?:do|da|de) {WHAT}", work.left_work),
    rule(r"(?:eu )?(?:larguei|tranquei|abandonei|desisti da|deixei) (?:a )?(?:faculdade|facul|universidade|o curso|curso)(?: de .+)?", work.no_study),
    rule(rf"{ME}(?:(?:já )?não gosto mais|já não gosto) d[eoa]s? {WHAT}", taste.no_taste),
    rule(rf"{ME}(?:não toco mais|já não toco|parei de tocar) {WHAT}", taste.no_play),
    rule(rf"{ME}(?:não sou mais|já não sou) (?:vegan[oa]|vegetarian[oa])|voltei a comer carne", taste.no_diet),
    rule(rf"{ME}(?:não tenho mais|já não tenho|não temos mais) (?:{A} |o |a |meu |minha )?{KIN}", kin.has_not),
    rule(rf"(?:eu e )?{MY} {KIN}(?: e eu)? (?:terminamos|nos separamos|acabamos|acabámos)", kin.parted),
    rule(rf"(?:eu )?(?:terminei|acabei|rompi) com {MY} {KIN}", kin.parted),
    rule(rf"{MY} {KIN} (?:terminou comigo|me deixou|me largou|acabou comigo)", kin.parted),
    rule(r"(?:a gente|nós) (?:terminou|terminamos|se separou|nos separamos)", kin.parted),
    rule(rf"(?:eu )?(?:terminei|acabei|rompi|não estou mais|não namoro mais|já não estou|já não namoro) com (?:o |a )?{NAME}", kin.parted_from),
    rule(rf"(?:eu e )?(?:[oa] )?{NAME}(?: e eu)? (?:terminamos|nos separamos|acabamos)", kin.parted_from),
    rule(rf"eu e (?P<article>o|a) {NAME} (?:casamos|nos casamos|casámos)", kin.married_to),
    rule(rf"(?:tenho|temos) (?P<count>{NUMBER}) (?P<many>filhos|filhas|crianças),? (?:[oa] )?(?P<name>{WORD}) de (?P<age>\d+)(?: anos| meses)? e (?:[oa] )?(?P<second>{WORD}) de (?P<years>\d+)(?: anos| meses)?", kin.two_children),
    rule(rf"{ME}(?:vendi|vendemos|doei|me desfiz d[oa]) (?:o |a |o meu |a minha |meu |minha |nosso |nossa ){WHAT}", self.gone),
    rule(rf"{ME}(?:parei|larguei|desisti|deixei|abandonei)(?: (?:de (?:jogar|tocar|fazer|praticar|estudar|aprender)|com|d[oa]))? (?:o |a |os |as )?{WHAT}", taste.stopped),
    rule(rf"{ME}(?:saí|saímos|me mudei|mudei-me|fui embora|fomos embora|deixei|deixamos) d[eo] {PLACE}(?: (?:para|pra) (?P<to>[A-ZÁÉÍÓÚÂÊÔÃÕ].+))?", self.left_place),
    rule(r"(?:a |o |minha |meu )(?P<what>.+?) (?:fechou|faliu|encerrou|foi à falência)(?! (?:às|ao|à|a |mais|cedo|tarde))(?: .*)?", work.closed),
    rule(r"(?:eu )?(?:fui (?:mandad[oa] embora|demitid[oa]|despedid[oa])|me mandaram embora|perdi o (?:trampo|serviço)|larguei o (?:trampo|serviço)|saí do (?:trampo|serviço)|fiquei sem (?:emprego|trabalho))(?: .*)?", work.quit_job),
    rule(rf"(?:[oa] )?{NAME} (?:terminou comigo|me largou|me deixou|acabou comigo)(?: .*)?", kin.parted_from),
    rule(r"(?:não (?:há|tem|vai ter)(?: mais)?|acabou(?:-se)? o|cancelamos o|cancelámos o|foi cancelado o) casamento(?: .*)?", kin.wedding_off),
    # names
    rule(rf"{ME}(?:me chamo|chamo-me|{MY} nome é|o nome é) {NAME}", self.name),
    rule(rf"(?:pode me chamar|podes chamar-me|me chama|me chame|podem me chamar|podem me tratar por) (?:de )?{NAME}", self.name),
    rule(rf"(?:o nome d[oae] {MY}|{MY}) {KIN} (?:é|{CALLED}) (?:[oa] )?{NAME}", kin.apposition),
    rule(rf"(?:{MY} {KIN}|o nome d[oae] {MY} (?P<whose>\w+)) {CALLED} {NAME}", kin.name),
    rule(rf"(?:(?:ele|ela) )?(?:agora )?{CALLED} {NAME}", kin.name),
    rule(rf"(?:o )?nome (?:dele|dela) é {NAME}", kin.name),
    rule(rf"{ME}(?:chamamos|chamei|batizamos|demos o nome de|trocamos o nome (?:dele|dela) (?:para|pra)|mudamos o nome (?:dele|dela) (?:para|pra)) (?:{MY} {KIN} |ele |ela )?(?:de |para |pra )?{NAME}", kin.name),
    # home and origin
    rule(rf"{ME}(?:moro|vivo|moramos|vivemos|(?<=gente )mora|estou morando|estou a viver|estamos morando|resido) (?:com .+? )?{IN} {PLACE}", self.home),
    rule(rf"{ME}mudei (?:de curso )?(?:pra|para|pro) {WHAT}", work.switched),
    rule(rf"{ME}(?:me mudei|mudei|mudei-me|nos mudamos|mudámo-nos|se mudou|acabei de (?:me )?mudar|fui morar|fomos morar|vim morar) (?:de .+? )?{TO} {PLACE}", self.home),
    rule(rf"{ME}(?:sou|venho|somos) (?:natural )?(?:de|do|da|dos|das) {PLACE}", self.origin),
    rule(rf"{ME}nasci (?:e cresci |e fui criad[oa] )?{IN} {PLACE}", self.born),
    rule(rf"{ME}(?:cresci|fui criad[oa]) {IN} {PLACE}", self.grew),
    # age and birthday
    rule(rf"{ME}(?:tenho|faço|fiz|acabei de fazer|vou fazer|completei) {AGE} (?:anos|aninhos)", self.age),
    rule(rf"{MY} (?:aniversário|niver|aniv|anos) é (?:dia |em |no dia |a )?{DATE}", self.birthday),
    rule(rf"{ME}(?:faço anos|faço aniversário|nasci) (?:no dia |dia |em |a )?{DATE}", self.birthday),
    # work and study
    rule(rf"{ME}(?:trabalho|trampo) (?:como|de) {WHAT}", work.job),
    rule(rf"{ME}(?:sou|virei) (?:{A} )?{WHAT}", work.known_job),
    rule(rf"{ME}(?:consegui|arrumei|arranjei|comecei|tenho)(?: {A}| a)? (?:novo |nova )?(?:emprego|trabalho|trampo|vaga|trabalhar)(?: nov[oa])? (?:de|como) {WHAT}", work.job),
    rule(rf"{ME}(?:trabalho|trampo) (?:em|no|na|para|pra|com|num|numa|n[oa]s) {WHAT}", work.employer),
    rule(rf"{ME}(?:consegui|arrumei|arranjei|comecei)(?: {A}| a)? (?:novo |nova )?(?:emprego|trabalho|trampo|vaga|trabalhar)(?: nov[oa])? (?:em|no|na|num|numa) {WHAT}", work.employer),
    rule(rf"{ME}(?:estudo|curso|estou estudando|estou a estudar|faço (?:faculdade|facul|curso|graduação|mestrado|doutorado|licenciatura) (?:de|em)|mudei (?:de curso )?para|troquei para|passei para) {WHAT}", work.study),
    rule(rf"{ME}faço {WHAT} na (?:faculdade|facul|uni|universidade|usp|ufmg|ufrj)", work.study),
    # tastes
    rule(rf"{ME}(?:não gosto (?:nada |muito )?d[eoa]s?|odeio|detesto|não suporto|não aguento|não curto) (?:o |a |os |as )?{WHAT}", taste.dislikes),
    rule(rf"{ME}(?:gosto (?:muito |bastante |mesmo |imenso )?d[eoa]s?|adoro|amo|curto|sou (?:muito |completamente )?(?:fã|apaixonad[oa]|viciad[oa]|louc[oa]|doid[oa]) (?:de|do|da|por|em|pel[oa])) {WHAT}", taste.likes),
    rule(rf"{MY} (?P<kind>\w+) (?:favorit[oa]|preferid[oa]) é {WHAT}", taste.favourite),
    rule(rf"{MY} (?:hobby|hobbies|paixão|passatempo) (?:é|são) {WHAT}", taste.likes),
    rule(rf"{ME}coleciono {WHAT}", taste.likes),
    rule(rf"{ME}(?:faço|pratico) {WHAT}", taste.sport),
    rule(rf"{ME}(?:namoro|estou namorando|estou a namorar|namoro com|estou com) (?:com )?(?:o |a )?{NAME}", kin.partner),
    rule(rf"{ME}(?P<verb>danço|pinto|canto|nado|escalo|surfo|pedalo|costuro)(?: .+)?", taste.hobby_verb),
    rule(rf"{ME}(?:toco|jogo) (?!com|muito|às|em){WHAT}", taste.plays),
    rule(rf"{ME}(?:estou aprendendo|estou a aprender|aprendo|comecei a aprender|ando a aprender) (?:a tocar |a falar )?{WHAT}", taste.learns),
    rule(rf"{ME}falo {WHAT}", taste.speaks),
    # health and diet
    rule(rf"{ME}(?:sou|tenho) (?:muito )?(?:alérgic[oa]|alergia) (?:a|ao|à|aos|às) (?:o |a )?{WHAT}", taste.allergy),
    rule(rf"{ME}(?:sou|virei) vegan[oa]", taste.eats("vegan")),
    rule(rf"{ME}(?:(?:sou|virei) vegetarian[oa]|não como (?:mais )?carne)", taste.eats("vegetarian")),
    rule(rf"{ME}sou celíac[oa]", self.state("has condition", "celiac", "health")),
    rule(rf"{ME}sou diabétic[oa]", self.state("has condition", "diabetic (diabetes)", "health")),
    rule(rf"{ME}(?:tenho|sofro de|sofro com|fui diagnosticad[oa] com) {WHAT}", taste.condition),
    rule(rf"{ME}(?:tenho (?:muito |pavor |pânico |fobia )?(?:medo|pavor|pânico|fobia) d[eoa]s?|morro de medo d[eoa]s?|tenho horror a) {WHAT}", taste.afraid),
    rule(rf"{ME}sou intolerante (?:à|a) lactose", taste.illness("lactose intolerance")),
    rule(rf"{ME}não bebo(?: mais)?(?: álcool)?", taste.eats("no alcohol")),
    rule(rf"{ME}sou canhot[oa]", self.state("is", "left-handed", "health")),
    # family, friends, pets
    rule(rf"{ME}(?:sou casad[oa]|casei|me casei|casei-me|casamos|casámos)", self.state("relationship", "married")),
    rule(rf"{ME}(?:sou noiv[oa]|estou noiv[oa]|estamos noivos|fiquei noiv[oa]|ficamos noivos|noivei)", self.state("relationship", "engaged")),
    rule(rf"{ME}(?:sou|estou) solteir[oa]", self.state("relationship", "single")),
    rule(rf"{ME}(?:sou|estou) divorciad[oa]|{ME}(?:me divorciei|divorciei-me)", self.state("relationship", "divorced")),
    rule(rf"{ME}sou viúv[oa]", self.state("relationship", "widowed")),
    rule(rf"{ME}estou grávida(?: .*)?", self.state("is", "pregnant", "health")),
    rule(rf"{ME}(?:tenho|temos) (?P<count>{NUMBER}) (?P<many>\w+)(?:,|:) (?P<names>(?:[oa] )?[\w-]+(?:, (?:[oa] )?[\w-]+)* e (?:[oa] )?[\w-]+)", kin.has_many),
    rule(rf"{ME}sou (?:mãe|pai) de (?P<count>{NUMBER}) (?P<many>\w+)", kin.has_many),
    rule(r"(?:eles |elas )?se chamam (?P<names>.+)", kin.names),
    rule(rf"{MY} {KIN} {WHAT}", kin.job),
    rule(rf"{MY} {KIN} {WHAT}", kin.nation),
    rule(rf"{ME}(?:tenho|temos|tem) (?P<count>{NUMBER}) (?P<many>\w+)(?:,? .+)?", kin.has_many),
    rule(rf"{ME}(?:tenho|temos|adotei|adotamos) {A} {KIN} de (?P<age>{NUMBER}) (?P<unit>anos|meses|aninhos|mês)?,? ?(?:{CALLED} |o |a )?{NAME}", kin.has),
    rule(rf"{A} {KIN} de (?P<age>{NUMBER})(?: (?P<unit>anos|meses|aninhos))?, (?:{CALLED} |o |a )?{NAME}", kin.has),
    rule(rf"{ME}(?:tenho|temos|adotei|adotamos) {A} {KIN}(?: \w+)?(?:(?:,? {CALLED}|,? [oa]) {NAME})?", kin.has),
    rule(rf"(?:{THEY} )?(?:tem|fez|faz|completou|vai fazer) {YEARS}", kin.age),
    rule(rf"(?:ele|ela) tem {AGE}", kin.age),
    rule(rf"{MY} {KIN} (?:faz|completa) (?:{AGE} )?(?:anos|aniversário) (?:dia |em |no dia |a )?{DATE}", kin.born),
    rule(rf"{THEY} (?:mora|vive|moram|vivem) {IN} {PLACE}", kin.home),
    rule(rf"{MY} {KIN} é {WHAT}", kin.nation),
    rule(rf"(?:o|a) {KIN} {CALLED} {NAME}", kin.name),
    rule(rf"{MY} {KIN} (?:se mudou|mudou-se|mudou) {TO} {PLACE}", kin.home),
    rule(rf"{THEY} (?:é|veio|vem) (?:de|do|da) {PLACE}", kin.origin),
    rule(rf"{THEY} (?:é|trabalha como) (?:{A} )?{WHAT}", kin.job),
    rule(rf"{MY} {KIN} (?:morreu|faleceu|nos deixou|partiu|se foi|virou estrelinha)(?: .*)?", kin.death),
    rule(rf"(?:(?:eu )?(?:perdi|enterrei)|(?:a gente |nós )?(?:perdemos|enterramos|enterrámos)|morreu|faleceu) {MY} {KIN}(?: .*)?", kin.death),
    rule(r"(?:os |as )?(?:meus|minhas|nossos|nossas) (?P<many>filhos|filhas|irmãos|irmãs|cachorros|gatos|cães|netos|gêmeos|gêmeas|gémeos|galinhas|meninos|meninas),? (?P<names>(?:[oa] )?[A-ZÁÉÍÓÚÂÊÔÃÕ][\w-]+(?:, (?:[oa] )?[A-ZÁÉÍÓÚÂÊÔÃÕ][\w-]+)* e (?:[oa] )?[A-ZÁÉÍÓÚÂÊÔÃÕ][\w-]+)(?: .+)?", kin.many_names),
    rule(rf"(?P<count>{NUMBER}) (?P<many>filhos|filhas|cachorros|gatos|irmãos|irmãs),? (?P<names>(?:[oa] )?[A-ZÁÉÍÓÚÂÊÔÃÕ][\w-]+(?:, (?:[oa] )?[A-ZÁÉÍÓÚÂÊÔÃÕ][\w-]+)* e (?:[oa] )?[A-ZÁÉÍÓÚÂÊÔÃÕ][\w-]+)", kin.has_many),
    rule(rf"(?:o|a) {KIN},? (?:[oa] )?{NAME}(?: .*)?", kin.pet),
    rule(rf"{MY} {KIN} (?:estuda|faz faculdade de|cursa|está estudando) {WHAT}", kin.study),
    rule(rf"(?:{THEY} )?(?:tem|fez|faz) (?:já |só )?(?P<age>\d{{1,2}})(?: (?P<unit>anos|aninhos|meses))?", kin.age),
    rule(rf"{MY} {KIN} (?:é|está|tá) (?P<what>\w+)", kin.wed),
    rule(rf"{THEY} é alérgic[oa] (?:a|ao|à|aos|às) {WHAT}", kin.allergy),
    rule(rf"{THEY} trabalha (?:em|no|na|para|num|numa) {WHAT}", kin.employer),
    rule(rf"{ME}não (?:como|posso comer|encaro)(?: nada de| mais)? {WHAT}", taste.no_eat),
    rule(rf"{WHAT} (?:também )?não entra(?: aqui| em casa| na minha casa)?(?: .*)?", taste.no_eat),
    rule(rf"{ME}(?:sou intolerante|tenho intolerância) (?:à|a|ao) {WHAT}", taste.intolerance),
    rule(rf"{ME}(?:tenho (?:nojo|horror) d[eoa]s?|não engulo|não posso com|não vou com) {WHAT}", taste.dislikes_known),
    rule(rf"{WHAT} (?:é|são) (?:o )?(?:meu|minha|a minha) (?:vício|paixão|fraco|perdição|\w+ favorit[oa]|\w+ preferid[oa])", taste.likes),
    rule(rf"{ME}(?:não vivo sem|sou chegad[oa] em|me amarro em|sou vidrad[oa] em|me derreto por) {WHAT}", taste.likes),
    rule(rf"(?:nada (?:como|melhor que|melhor do que)) {WHAT}", taste.likes_known),
    rule(rf"{WHAT} eu (?:amo|adoro|curto|gosto)(?: .*)?", taste.likes),
    rule(rf"{ME}(?:comecei|entrei|me inscrevi|ando) (?:a fazer |a praticar |n[oa] |em |a (?:aula|aulas) de )(?:aulas? de )?{WHAT}", taste.sport),
    rule(rf"{ME}(?:troquei|passei) (?:pra|para|pro) {WHAT}", work.switched),
    rule(rf"{ME}(?:sou|estou) (?:reformad[oa]|aposentad[oa])(?: .*)?", work.retired),
    rule(rf"{ME}(?:sou|estou) desempregad[oa](?: .*)?", work.unemployed),
    rule(rf"{ME}(?:faço|fiz|completo|completei) (?P<age>\d{{2}})", self.age),
    rule(rf"{AGE} anos (?:feitos|completos|nas costas)", self.age),
    rule(rf"{ME}(?:estou|ando) com {AGE} anos", self.age),
    rule(rf"{ME}(?P<verb>costuro|restauro|cultivo|crio) {WHAT}", taste.made),
    rule(rf"{ME}(?:ensino|dou aulas? de|leciono) {WHAT}", work.teaches),
    rule(rf"{WHAT} me (?:dá|dão) (?:muito )?(?:medo|pavor|pânico|nervoso)(?: .*)?", taste.afraid),
    rule(rf"{ME}(?:voltamos|a gente voltou|voltou)(?: a namorar)?(?: com .*)?", self.state("relationship", "back together")),
    rule(rf"{ME}(?:começo|comecei|vou começar) (?:a estudar |a faculdade de |o curso de )?{WHAT}", work.starts_study),
    rule(rf"{ME}(?:vou ser|viro|vou virar) {WHAT}", work.becomes),
    rule(rf"{ME}prefiro {WHAT}", taste.likes_known),
    rule(rf"{ME}(?:virei|me tornei|tornei-me) (?:vegan[oa]|vegetarian[oa])(?: .*)?", taste.became_diet),
    rule(rf"{ME}sou (?:meio |meia |bem )?{WHAT}", self.nation),
    rule(rf"(?:toda a gente|todo (?:o )?mundo|todos|o pessoal|meus amigos) (?:me (?:chamam?|trata)|chama-me)(?: de| por)? {NAME}", self.nickname),
    rule(rf"{ME}(?:comecei|arranjei|consegui|arrumei) (?:num |um |o |no )?(?:novo (?:emprego|trabalho|trampo)|(?:emprego|trabalho|trampo) novo)(?: .*)?", work.quit_job),
    rule(rf"(?:acabou-se|acabou|adeus|nada de)(?: [oa])? {WHAT}", taste.well_again),
    rule(rf"já não há {NAME}", kin.parted_from),
    rule(rf"{MY} {KIN},? (?:[oa] )?{NAME}", kin.apposition),
    rule(rf"(?:{ME}sou (?:[oa] )?|aqui é (?:[oa] )?|é [oa] ){NAME}", self.perhaps_name),
)  # fmt: skip

PORTUGUESE = Tongue(
    code="pt",
    marks=words(
        "qual como onde quantos seu sua morro medo curto namoro das dos ao à pelo pela quem novo nova tá sim eu meu minha meus minhas o a os as e é sou tenho moro vivo não mas um uma com em no na de do da que você vc ele ela se chama gosto adoro amo odeio trabalho hoje ontem amanhã anos muito "
        "estou tô tou nós gente dele dela já faz também nasci estudo falo aqui pra oi olá kkk num numa temos isso ainda agora mãe pai irmã irmão cachorro meus"
    ),
    short=short(
        (r"\b(?:acha|pensa|acredita|jura|garante|insiste|fala|crê|supõe)(?= que\b)", "diz"), (r"\bvc\b|\bvoce\b", "você"), (r"\bq(?= )", "que"), (r"\b(?:pq|porq)\b", "porque"), (r"\btbm?\b", "também"), (r"\bt[ôo](?= )|\btou(?= )", "estou"), (r"\bt[áa](?= )", "está"), (r"\bn(?= )|\bnao\b|\bñ\b", "não"), (r"\btrampo(?= (?:em|no|na|de|como|com)\b)", "trabalho"),
        (r"\bmto\b|\bmt\b", "muito"), (r"\boii+\b", "oi"), (r"\bhj\b", "hoje"), (r"\bniver\b", "aniversário"), (r"\bfacul\b", "faculdade"), (r"\bestou (?=\w+(?:ando|endo|indo)\b)", "estou "),
    ),
    fillers=fillers(
        r"agora(?: mesmo)?|atualmente|hoje(?: em dia)?|ontem|também|ainda|já(?! não)|sempre|na verdade|de verdade|sério|sinceramente|semana passada|(?:o |no )?(?:mês|ano|verão) passado|(?:sábado|domingo|sexta) passad[oa]|"
        r"(?:há|faz) (?:uns |umas |mais de |quase )?(?:\w+ )?(?:anos?|meses|mês|semanas?|tempo)(?: atrás)?|desde (?:o |a |os |que )?[\w]+(?: (?:de )?\d{4}| pequen[oa]| anos)?|finalmente|enfim|afinal|recentemente|acabou que|"
        r"essa semana|esta semana|este mês|esse mês|este ano|esse ano|de manhã|oficialmente|só|demais|mesmo|muito mesmo|na vida real|no momento|por enquanto|aliás|além disso|tipo|né|então|bom|bem(?= (?:eu|meu|minha)\b)|olha|gente(?=,)|"
        r"todos? os? (?:dias|domingos|sábados)|nos fins de semana|no fim de semana|nas horas vagas|no tempo livre|por causa do trabalho|sabia|viu|uai|poxa|ué|aqui|lá|ultimamente|pronto|pois"
    ),
    starts=r"\d\d anos|toda a gente|todo (?:o )?mundo me|hoje sou|eu|meu|minha|meus|minhas|(?:o|a) (?:meu|minha)|nós|a gente|ele|ela|seu|sua|moro|moramos|vivo|sou|tenho|temos|trabalho|estudo|falo|odeio|amo|adoro|gosto|nasci|estou|não (?:gosto|moro|tenho|como)|mora|trabalha|toco|jogo|faço|pinto|danço|canto|nado|(?:o|a) (?:cachorr\w+|gat[oa]|cadela|cão)|cresci|um menino|uma menina|me chamo|tem \d+|se chama|chama",
    joints="e|mas|porque|porém|então|só que|pois|que|embora",
    mine=r"meu|minha|nosso|nossa",
    am="sou",
    aged=("tenho {} anos", "tem {} anos"),
    rules=(*RULES, *ends("pt", RULES)),
)  # fmt: skip
