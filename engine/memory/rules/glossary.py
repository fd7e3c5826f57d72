"""English for the things that people tell of in German, Spanish, French and Portuguese; `readers.py` looks values up here.

One memory reads as one, whatever language it was told in: "Krankenschwester" and "enfermera" are a nurse. What is not
in the table stays as it was said. A line is English, German, Spanish, French, Portuguese; `/` parts the forms of a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

WORK = """
nurse|krankenschwester/krankenpfleger/krankenpflegerin/pflegefachkraft/pflegefachfrau|enfermera/enfermero|infirmier/infirmière|enfermeira/enfermeiro
geriatric nurse|altenpfleger/altenpflegerin|||
doctor|arzt/ärztin/doktor|médico/médica/doctora|médecin/docteur|médica/médico/doutora
teacher|lehrer/lehrerin|profesor/profesora/maestra/maestro/profe|professeur/professeure/prof/enseignant/enseignante/instituteur/institutrice/maîtresse|professora/professor
primary school teacher|grundschullehrer/grundschullehrerin|maestra de primaria/maestro de primaria/profesora de primaria/profesor de primaria|professeur des écoles/professeure des écoles/prof des écoles|professora primária/professor primário/professora do ensino fundamental
kindergarten teacher|erzieher/erzieherin/kindergärtnerin|educadora infantil/maestra de infantil/educador infantil|éducatrice de jeunes enfants|professora de educação infantil/educadora de infância
maths teacher|mathelehrer/mathelehrerin|profesor de matemáticas/profesora de matemáticas/profe de mates|prof de maths|professora de matemática/professor de matemática
engineer|ingenieur/ingenieurin|ingeniero/ingeniera|ingénieur/ingénieure|engenheira/engenheiro
civil engineer|bauingenieur/bauingenieurin|ingeniero civil/ingeniera civil|ingénieur civil|engenheiro civil/engenheira civil
developer|entwickler/entwicklerin|desarrollador/desarrolladora|développeur/développeuse|desenvolvedor/desenvolvedora/dev
software developer|softwareentwickler/softwareentwicklerin|desarrollador de software/desarrolladora de software|développeur logiciel/développeuse logiciel|desenvolvedor de software/desenvolvedora de software
programmer|programmierer/programmiererin|programador/programadora|programmeur/programmeuse|programador/programadora
computer scientist|informatiker/informatikerin|informático/informática|informaticien/informaticienne|
designer|designer/designerin|diseñador/diseñadora|designer/designeuse|designer
graphic designer|grafiker/grafikerin/grafikdesigner/grafikdesignerin|diseñador gráfico/diseñadora gráfica|graphiste|designer gráfico/designer gráfica
architect|architekt/architektin|arquitecto/arquitecta|architecte|arquiteto/arquiteta
lawyer|anwalt/anwältin/rechtsanwalt/rechtsanwältin|abogado/abogada|avocat/avocate|advogado/advogada
judge|richter/richterin|juez/jueza|juge|juiz/juíza
accountant|buchhalter/buchhalterin|contable/contador/contadora|comptable|contador/contadora/contabilista
tax adviser|steuerberater/steuerberaterin|asesor fiscal/asesora fiscal||
baker|bäcker/bäckerin|panadero/panadera|boulanger/boulangère|padeiro/padeira
pastry chef|konditor/konditorin|pastelero/pastelera/repostero/repostera|pâtissier/pâtissière|confeiteiro/confeiteira
cook|koch/köchin|cocinero/cocinera|cuisinier/cuisinière|cozinheiro/cozinheira
chef|küchenchef|chef|chef|chef
waiter|kellner/bedienung|camarero/mesero/mozo|serveur|garçom/empregado de mesa
waitress|kellnerin|camarera/mesera|serveuse|garçonete/empregada de mesa
bartender|barkeeper/barkeeperin|barman|barman/barmaid|barman
barista|barista|barista|barista|barista
carpenter|tischler/tischlerin/schreiner/schreinerin/zimmermann|carpintero/carpintera|menuisier/menuisière/charpentier/ébéniste|carpinteiro/carpinteira/marceneiro
plumber|klempner/klempnerin/installateur|fontanero/fontanera/plomero|plombier/plombière|encanador/canalizador
electrician|elektriker/elektrikerin|electricista|électricien/électricienne|eletricista
mechanic|mechaniker/mechanikerin/kfz-mechaniker/kfz-mechatroniker/mechatroniker|mecánico/mecánica|mécanicien/mécanicienne|mecânico/mecânica
painter|maler/malerin|pintor/pintora|peintre|pintor/pintora
roofer|dachdecker|techador|couvreur|
bricklayer|maurer|albañil|maçon|pedreiro
locksmith|schlosser|cerrajero|serrurier|serralheiro
driver|fahrer/fahrerin|conductor/conductora/chofer|chauffeur/conducteur/conductrice|motorista
bus driver|busfahrer/busfahrerin|conductor de autobús/conductora de autobús|chauffeur de bus/conducteur de bus/conductrice de bus|motorista de ônibus
truck driver|lkw-fahrer/lkw-fahrerin/lastwagenfahrer|camionero/camionera|routier/chauffeur routier/camionneur|caminhoneiro/caminhoneira/camionista
taxi driver|taxifahrer/taxifahrerin|taxista|chauffeur de taxi|taxista
train driver|lokführer/lokführerin|maquinista|conducteur de train|maquinista
postman|briefträger/postbote/briefträgerin|cartero/cartera|facteur/factrice|carteiro/carteira
pilot|pilot/pilotin|piloto|pilote|piloto
flight attendant|flugbegleiter/flugbegleiterin/stewardess|azafata/auxiliar de vuelo|hôtesse de l'air/steward|comissária de bordo/comissário de bordo/aeromoça
firefighter|feuerwehrmann/feuerwehrfrau|bombero/bombera|pompier/sapeur-pompier/pompière|bombeiro/bombeira
police officer|polizist/polizistin|policía|policier/policière|policial/polícia
soldier|soldat/soldatin|soldado/militar|militaire/soldat|militar/soldado
paramedic|sanitäter/sanitäterin/rettungssanitäter/notfallsanitäter/rettungssanitäterin/notfallsanitäterin|paramédico/técnico de emergencias|ambulancier/ambulancière|paramédico/socorrista
midwife|hebamme|matrona/partera|sage-femme|parteira/obstetriz
pharmacist|apotheker/apothekerin|farmacéutico/farmacéutica|pharmacien/pharmacienne|farmacêutico/farmacêutica
dentist|zahnarzt/zahnärztin|dentista|dentiste|dentista
vet|tierarzt/tierärztin|veterinario/veterinaria|vétérinaire/véto|veterinário/veterinária
physiotherapist|physiotherapeut/physiotherapeutin/physio|fisioterapeuta/fisio|kiné/kinésithérapeute|fisioterapeuta
psychologist|psychologe/psychologin|psicólogo/psicóloga|psychologue|psicólogo/psicóloga
therapist|therapeut/therapeutin|terapeuta|thérapeute|terapeuta
social worker|sozialarbeiter/sozialarbeiterin|trabajador social/trabajadora social|assistant social/assistante sociale|assistente social
caregiver|pfleger/pflegerin|cuidador/cuidadora|aide-soignant/aide-soignante/auxiliaire de vie|cuidador/cuidadora
journalist|journalist/journalistin|periodista|journaliste|jornalista
writer|schriftsteller/schriftstellerin/autor/autorin|escritor/escritora|écrivain/écrivaine|escritor/escritora
editor|redakteur/redakteurin/lektor/lektorin|editor/editora|rédacteur/rédactrice/éditrice|editor/editora
translator|übersetzer/übersetzerin|traductor/traductora|traducteur/traductrice|tradutor/tradutora
interpreter|dolmetscher/dolmetscherin|intérprete|interprète|intérprete
librarian|bibliothekar/bibliothekarin|bibliotecario/bibliotecaria|bibliothécaire|bibliotecário/bibliotecária
bookseller|buchhändler/buchhändlerin|librero/librera|libraire|livreiro/livreira
scientist|wissenschaftler/wissenschaftlerin|científico/científica|scientifique|cientista
researcher|forscher/forscherin|investigador/investigadora|chercheur/chercheuse|pesquisador/pesquisadora/investigador/investigadora
biologist|biologe/biologin|biólogo/bióloga|biologiste|biólogo/bióloga
chemist|chemiker/chemikerin|químico/química|chimiste|químico/química
physicist|physiker/physikerin|físico/física|physicien/physicienne|físico/física
farmer|bauer/bäuerin/landwirt/landwirtin|agricultor/agricultora/granjero/granjera|agriculteur/agricultrice/fermier|agricultor/agricultora/fazendeiro
gardener|gärtner/gärtnerin|jardinero/jardinera|jardinier/jardinière|jardineiro/jardineira
florist|florist/floristin|florista|fleuriste|florista
beekeeper|imker/imkerin|apicultor/apicultora|apiculteur/apicultrice|apicultor/apicultora
musician|musiker/musikerin|músico/música|musicien/musicienne|músico/musicista
singer|sänger/sängerin|cantante|chanteur/chanteuse|cantor/cantora
dancer|tänzer/tänzerin|bailarín/bailarina|danseur/danseuse|dançarino/dançarina/bailarina
actor|schauspieler|actor|acteur/comédien|ator
actress|schauspielerin|actriz|actrice/comédienne|atriz
artist|künstler/künstlerin|artista|artiste|artista
photographer|fotograf/fotografin|fotógrafo/fotógrafa|photographe|fotógrafo/fotógrafa
illustrator|illustrator/illustratorin|ilustrador/ilustradora|illustrateur/illustratrice|ilustrador/ilustradora
tattoo artist|tätowierer/tätowiererin|tatuador/tatuadora|tatoueur/tatoueuse|tatuador/tatuadora
student|student/studentin/studi|estudiante|étudiant/étudiante|estudante/universitário/universitária
pupil|schüler/schülerin|alumno/alumna|élève/lycéen/lycéenne|aluno/aluna
apprentice|azubi/auszubildender/auszubildende/lehrling|aprendiz|apprenti/apprentie/alternante|aprendiz
intern|praktikant/praktikantin|becario/becaria/pasante|stagiaire|estagiário/estagiária
consultant|berater/beraterin/unternehmensberater/unternehmensberaterin|consultor/consultora|consultant/consultante|consultor/consultora
analyst|analyst/analystin|analista|analyste|analista
manager|manager/managerin|gerente|manager/gérant/gérante|gerente
project manager|projektleiter/projektleiterin/projektmanager/projektmanagerin|jefe de proyecto/jefa de proyecto|chef de projet/cheffe de projet|gerente de projetos
shop assistant|verkäufer/verkäuferin|dependiente/dependienta/vendedor/vendedora|vendeur/vendeuse|vendedor/vendedora
cashier|kassierer/kassiererin|cajero/cajera|caissier/caissière|caixa
secretary|sekretär/sekretärin|secretario/secretaria|secrétaire|secretário/secretária
receptionist|rezeptionist/rezeptionistin|recepcionista|réceptionniste|recepcionista
administrator|verwaltungsangestellte/sachbearbeiter/sachbearbeiterin|administrativo/administrativa|agent administratif|administrador/administradora
hairdresser|friseur/friseurin/frisör/frisörin|peluquero/peluquera|coiffeur/coiffeuse|cabeleireiro/cabeleireira
barber|barbier|barbero|barbier|barbeiro
tailor|schneider/schneiderin|sastre/modista|tailleur/couturier/couturière|alfaiate/costureira
butcher|metzger/fleischer|carnicero/carnicera|boucher/bouchère|açougueiro
cleaner|reinigungskraft/putzfrau|limpiador/limpiadora|agent d'entretien/femme de ménage|faxineiro/faxineira/diarista
caretaker|hausmeister|conserje|gardien/concierge|zelador/porteiro
welder|schweißer|soldador|soudeur|soldador
economist|ökonom/ökonomin|economista|économiste|economista
banker|banker/bankkaufmann/bankkauffrau/bankangestellte|banquero/bancario|banquier/banquière|bancário/bancária
guard|wachmann|guardia/vigilante|agent de sécurité/vigile|vigilante/segurança
lifeguard|bademeister/rettungsschwimmer|socorrista|maître-nageur|salva-vidas
coach|trainer/trainerin|entrenador/entrenadora|entraîneur/coach|treinador/treinadora
personal trainer||entrenador personal/entrenadora personal|coach sportif/coach sportive|personal trainer/personal
optician|optiker/optikerin|óptico|opticien/opticienne|
technician|techniker/technikerin|técnico/técnica|technicien/technicienne|técnico/técnica
nanny|kinderfrau/nanny|niñera|nounou/assistante maternelle|babá
freelancer|freiberufler/freiberuflerin|autónomo/autónoma|indépendant/indépendante/freelance|autônomo/autônoma
self-employed|selbstständig/selbständig|por cuenta propia|à mon compte|por conta própria
retired|rentner/rentnerin/pensioniert/in rente/pensionär|jubilado/jubilada|retraité/retraitée/à la retraite|aposentado/aposentada/reformado/reformada
unemployed|arbeitslos/arbeitssuchend|desempleado/desempleada/en paro/en el paro|au chômage/chômeur/chômeuse|desempregado/desempregada
surveyor||topógrafo/topógrafa|géomètre|
lecturer|dozent/dozentin|||
surgeon|chirurg/chirurgin|cirujano/cirujana|chirurgien/chirurgienne|cirurgião/cirurgiã
marketing|marketing|marketing|marketing|marketing
speech therapist|logopäde/logopädin|logopeda|orthophoniste|fonoaudiólogo/fonoaudióloga
tour guide|reiseführer/reiseführerin|guía turístico/guía turística/guía|guide touristique/guide|guia turístico/guia turística/guia
warehouse worker|lagerist/lagerarbeiter|mozo de almacén|magasinier|
delivery driver|lieferfahrer/kurier|repartidor/repartidora|livreur/livreuse|entregador/entregadora
"""

PLACES_OF_WORK = """
a hospital|einem krankenhaus/im krankenhaus/der klinik/einer klinik/klinik/krankenhaus|un hospital/hospital|un hôpital/hôpital|um hospital/hospital
a school|einer schule/der schule/schule|un colegio/una escuela/colegio/escuela/un instituto|une école/école/un lycée/un collège|uma escola/escola/um colégio
a kindergarten|einem kindergarten/kindergarten/einer kita/kita|una guardería/guardería|une crèche/crèche|uma creche/creche
a bank|einer bank/bank|un banco/banco|une banque/banque|um banco/banco
a bakery|einer bäckerei/bäckerei|una panadería/panadería|une boulangerie/boulangerie|uma padaria/padaria
a restaurant|einem restaurant/restaurant|un restaurante/restaurante|un restaurant/restaurant|um restaurante/restaurante
a café|einem café/café|una cafetería/cafetería/un café|un café/café|um café/cafeteria/uma cafeteria
a bar|einer bar/einer kneipe|un bar/bar|un bar/bar|um bar/bar
a library|einer bibliothek/bibliothek/einer bücherei|una biblioteca/biblioteca|une bibliothèque/bibliothèque|uma biblioteca/biblioteca
a bookshop|einer buchhandlung/buchhandlung/buchladen/einem buchladen|una librería/librería|une librairie/librairie|uma livraria/livraria
a pharmacy|einer apotheke/apotheke|una farmacia/farmacia|une pharmacie/pharmacie|uma farmácia/farmácia
a factory|einer fabrik/fabrik|una fábrica/fábrica|une usine/usine|uma fábrica/fábrica
a supermarket|einem supermarkt/supermarkt|un supermercado/supermercado|un supermarché/supermarché|um supermercado/supermercado
a shop|einem laden/laden/einem geschäft|una tienda/tienda|un magasin/une boutique/magasin/boutique|uma loja/loja
a hotel|einem hotel/hotel|un hotel/hotel|un hôtel/hôtel|um hotel/hotel
an office|einem büro/büro|una oficina/oficina|un bureau/bureau|um escritório/escritório
a university|einer uni/der uni/uni/universität/der universität|la universidad/universidad/una universidad|l'université/université/la fac/fac|uma universidade/universidade
a museum|einem museum/museum|un museo/museo|un musée/musée|um museu/museu
a call centre|einem callcenter/callcenter|un call center/call center|un centre d'appels/centre d'appels|um call center/call center
a start-up|einem start-up/start-up/startup/einem startup|una startup/startup|une startup/start-up/startup|uma startup/startup
a workshop|einer werkstatt/werkstatt|un taller/taller|un garage/garage/un atelier/atelier|uma oficina/oficina
a warehouse|einem lager/lager|un almacén/almacén|un entrepôt/entrepôt|um armazém/armazém
the post office|der post/post|correos|la poste|os correios/correios
a theatre|einem theater/theater|un teatro/teatro|un théâtre/théâtre|um teatro/teatro
a clinic|einer praxis/praxis|una clínica/clínica|une clinique/clinique|uma clínica/clínica
IT|it/der it/it-branche/der it-branche|informática|informatique/l'informatique|ti/informática
marketing|marketing|marketing|marketing|marketing
a law firm|einer kanzlei/kanzlei|un bufete/bufete|un cabinet d'avocats|um escritório de advocacia
a zoo|zoo/einem zoo|un zoo/un zoológico/zoo|un zoo/zoo|um zoológico/zoológico
an insurance company|einer versicherung|una aseguradora|une assurance|uma seguradora
construction|dem bau/bau|la construcción|le bâtiment|construção/construção civil
"""

STUDIES = """
medicine|medizin|medicina|médecine|medicina
law|jura|derecho|droit|direito
biology|biologie/bio|biología|biologie|biologia
marine biology|meeresbiologie|biología marina|biologie marine|biologia marinha
chemistry|chemie|química|chimie|química
physics|physik|física|physique|física
maths|mathe/mathematik|matemáticas/mates|mathématiques/maths|matemática
computer science|informatik|informática/ingeniería informática|informatique|ciência da computação/informática/computação/ciências da computação
engineering|ingenieurwesen|ingeniería|ingénierie|engenharia
mechanical engineering|maschinenbau|ingeniería mecánica|génie mécanique|engenharia mecânica
civil engineering|bauingenieurwesen|ingeniería civil|génie civil|engenharia civil
electrical engineering|elektrotechnik|ingeniería eléctrica|génie électrique|engenharia elétrica
architecture|architektur|arquitectura|architecture|arquitetura
psychology|psychologie|psicología|psychologie/psycho|psicologia
history|geschichte|historia|histoire|história
art history|kunstgeschichte|historia del arte|histoire de l'art|história da arte
art|kunst|bellas artes/arte|beaux-arts/arts plastiques|artes/artes plásticas/belas-artes
philosophy|philosophie|filosofía|philosophie|filosofia
economics|vwl/volkswirtschaft|economía|économie|economia
business administration|bwl/betriebswirtschaft|administración de empresas/ade|gestion/commerce|administração/administração de empresas/gestão
literature|literatur/literaturwissenschaft|literatura/filología|lettres/lettres modernes/littérature|letras/literatura
journalism|journalistik/journalismus|periodismo|journalisme|jornalismo
education|pädagogik/lehramt/erziehungswissenschaften|magisterio/pedagogía|sciences de l'éducation|pedagogia/educação
nursing|pflege/pflegewissenschaft|enfermería|soins infirmiers/école d'infirmière|enfermagem
pharmacy|pharmazie|farmacia|pharmacie|farmácia
veterinary medicine|tiermedizin|veterinaria|médecine vétérinaire|veterinária/medicina veterinária
sociology|soziologie|sociología|sociologie|sociologia
political science|politikwissenschaft/politik/powi|ciencias políticas|sciences politiques/sciences po|ciência política/ciências políticas
social work|soziale arbeit|trabajo social|travail social|serviço social
design|design|diseño|design|design
graphic design|grafikdesign|diseño gráfico|graphisme|design gráfico
music|musik|música|musique|música
translation|übersetzen|traducción/traducción e interpretación|traduction|tradução
geography|geographie/geografie|geografía|géographie/géo|geografia
marketing|marketing|marketing|marketing|marketing
fashion design|modedesign|diseño de moda|stylisme|moda/design de moda
dentistry|zahnmedizin|odontología|dentaire|odontologia
environmental science|umweltwissenschaften|ciencias ambientales|sciences de l'environnement|ciências ambientais
"""

TASTES = """
coffee|kaffee|café|café|café
tea|tee|té|thé|chá
green tea|grüner tee/grünen tee|té verde|thé vert|chá verde
beer|bier|cerveza|bière|cerveja
wine|wein|vino|vin|vinho
red wine|rotwein|vino tinto|vin rouge|vinho tinto
milk|milch|leche|lait|leite
water|wasser|agua|eau|água
chocolate|schokolade/schoki|chocolate|chocolat|chocolate
dark chocolate|zartbitterschokolade/dunkle schokolade|chocolate negro|chocolat noir|chocolate amargo
cheese|käse|queso|fromage|queijo
meat|fleisch|carne|viande|carne
fish|fisch|pescado|poisson|peixe
seafood|meeresfrüchte|marisco/mariscos|fruits de mer|frutos do mar/marisco
shellfish|schalentiere|mariscos|crustacés|crustáceos
prawns|garnelen/krabben|gambas/camarones|crevettes|camarão/camarões
bread|brot|pan|pain|pão
rice pudding|milchreis|arroz con leche|riz au lait|arroz doce
pepper|pfeffer|pimienta|poivre|pimenta
ginger|ingwer|jengibre|gingembre|gengibre
raisins|rosinen|pasas|raisins secs|passas
capers|kapern|alcaparras|câpres|alcaparras
lentils|linsen|lentejas|lentilles|lentilhas
crisps|chips|patatas fritas|chips|batata frita
cinnamon|zimt|canela|cannelle|canela
vanilla|vanille|vainilla|vanille|baunilha
watercolours|aquarelle|acuarela/acuarelas|aquarelle|aquarela
pasta|nudeln/pasta|pasta|pâtes|massa/macarrão
pizza|pizza|pizza|pizza|pizza
sushi|sushi|sushi|sushi|sushi
rice|reis|arroz|riz|arroz
soup|suppe|sopa|soupe|sopa
salad|salat|ensalada|salade|salada
cake|kuchen|pastel/tarta|gâteau|bolo
ice cream|eis|helado/helados|glace|sorvete/gelado
eggs|eier/ei|huevos/huevo|œufs/oeufs/œuf|ovos/ovo
onions|zwiebeln|cebolla/cebollas|oignons/oignon|cebola/cebolas
garlic|knoblauch|ajo|ail|alho
tomatoes|tomaten|tomates/tomate|tomates/tomate|tomate/tomates
mushrooms|pilze|champiñones/setas/hongos|champignons|cogumelos/cogumelo
olives|oliven|aceitunas|olives|azeitonas/azeitona
coriander|koriander|cilantro|coriandre|coentro
broccoli|brokkoli|brócoli|brocoli/brocolis|brócolis
spinach|spinat|espinacas|épinards|espinafre
cucumber|gurken|pepino|concombre|pepino
pineapple|ananas|piña|ananas|abacaxi
pineapple on pizza|ananas auf pizza/ananas auf der pizza|piña en la pizza|ananas sur la pizza|abacaxi na pizza
apples|äpfel|manzanas|pommes|maçãs/maçã
strawberries|erdbeeren|fresas|fraises|morangos/morango
bananas|bananen|plátanos|bananes|bananas/banana
cherries|kirschen|cerezas|cerises|cerejas
kiwi|kiwi/kiwis|kiwi/kiwis|kiwi/kiwis|kiwi/kiwis
nuts|nüsse/nuss|nueces/frutos secos|noix/fruits à coque|nozes/castanhas
peanuts|erdnüsse/erdnuss|cacahuetes/cacahuates/maní/cacahuete|cacahuètes/cacahuète/arachides/arachide|amendoim/amendoins
walnuts|walnüsse|nueces de nogal|noix de grenoble|
hazelnuts|haselnüsse/haselnuss|avellanas|noisettes/noisette|avelãs/avelã
almonds|mandeln|almendras|amandes|amêndoas
gluten|gluten|gluten|gluten|glúten
lactose|laktose|lactosa|lactose|lactose
soy|soja|soja|soja|soja
wheat|weizen|trigo|blé|trigo
pollen|pollen|polen|pollen/pollens|pólen
grass pollen|gräserpollen/gräser|gramíneas|graminées|gramíneas
birch pollen|birkenpollen/birken|||
dust|staub|polvo|poussière|poeira/pó
dust mites|hausstaub/hausstaubmilben/milben|ácaros/los ácaros|acariens|ácaros
bee stings|bienenstiche|picaduras de abeja|piqûres d'abeille|picada de abelha
bees|bienen|abejas|abeilles|abelhas
wasps|wespen|avispas|guêpes|vespas
cat hair|katzenhaare|pelo de gato|poils de chat|pelo de gato
dog hair|hundehaare|pelo de perro|poils de chien|pelo de cachorro
penicillin|penicillin|penicilina|pénicilline|penicilina
latex|latex|látex|latex|látex
ibuprofen|ibuprofen|ibuprofeno|ibuprofène|ibuprofeno
aspirin|aspirin|aspirina|aspirine|aspirina
nickel|nickel|níquel|nickel|níquel
cats|katzen/katze|gatos/gato|chats/chat|gatos/gato
dogs|hunde|perros|chiens|cachorros/cães
animals|tiere|animales|animaux|animais
horses|pferde|caballos|chevaux|cavalos
birds|vögel|pájaros/aves|oiseaux|pássaros
music|musik|música|musique|música
classical music|klassische musik/klassik|música clásica|musique classique|música clássica
jazz|jazz|jazz|jazz|jazz
rock|rock/rockmusik|rock/el rock|rock|rock
metal|metal|metal|métal|metal
techno|techno|tecno|techno|techno
reggaeton|reggaeton|reguetón/reggaetón|reggaeton|reggaeton
samba|samba|samba|samba|samba
fado|fado|fado|fado|fado
flamenco|flamenco|flamenco|flamenco|flamenco
books|bücher|libros|livres|livros
reading|lesen|leer|lire/lecture|ler/leitura
crime novels|krimis|novelas policíacas/novela negra/novelas negras|romans policiers/polars|romances policiais
comics|comics|cómics|bd/bandes dessinées|quadrinhos
poetry|gedichte/lyrik|poesía|poésie|poesia
films|filme|películas/cine|films|filmes
horror films|horrorfilme|películas de terror|films d'horreur|filmes de terror
cinema|kino|cine|cinéma|cinema
series|serien|series|séries|séries
theatre|theater|teatro|théâtre|teatro
opera|oper|ópera|opéra|ópera
museums|museen|museos|musées|museus
writing|schreiben|escribir|écrire/écriture|escrever
drawing|zeichnen|dibujar/dibujo|dessiner/dessin|desenhar/desenho
painting|malen|pintar/pintura|peindre/peinture|pintar/pintura
photography|fotografieren/fotografie|fotografía/hacer fotos|photographie/photo|fotografia/fotografar
cooking|kochen|cocinar/cocina|cuisiner/cuisine|cozinhar/culinária
baking|backen|hornear/repostería|pâtisserie/faire des gâteaux|fazer bolos/confeitaria
gardening|gärtnern/gartenarbeit|jardinería|jardinage/jardiner|jardinagem
knitting|stricken|tejer|tricoter/tricot|tricotar/tricô/fazer tricô
crochet|häkeln|ganchillo/hacer ganchillo|crochet|crochê/fazer crochê
sewing|nähen|coser/costura|coudre/couture|costurar/costura
pottery|töpfern|cerámica|poterie/céramique|cerâmica
dancing|tanzen|bailar/baile/danza|danser/danse|dançar/dança
salsa|salsa|salsa|salsa|salsa
singing|singen|cantar/canto|chanter/chant|cantar/canto
singing in a choir|im chor singen/in einem chor singen|cantar en un coro|chanter dans une chorale|cantar num coro/cantar em um coral
running|joggen/laufen|correr|courir/course à pied|correr/corrida
swimming|schwimmen|nadar/natación|nager/natation|nadar/natação
cycling|radfahren/fahrradfahren/rad fahren/fahrrad fahren|ciclismo/montar en bici/bici|vélo/faire du vélo|ciclismo/andar de bicicleta/pedalar
hiking|wandern|senderismo/hacer senderismo|randonnée/randonnées/faire de la randonnée/rando|trilhas/fazer trilha/caminhadas/trilha/fazer trilhas
climbing|klettern|escalar/escalada|escalade/grimper|escalar/escalada
bouldering|bouldern|búlder|bloc|
skiing|ski fahren/skifahren/ski|esquiar/esquí|ski/skier/faire du ski|esquiar/esqui
surfing|surfen|surf/surfear/hacer surf|surf/surfer|surfar/surf/surfe
sailing|segeln|navegar/vela|voile/faire de la voile|velejar/vela
diving|tauchen|bucear/buceo|plongée|mergulhar/mergulho
rowing|rudern|remo|aviron|remo
riding|reiten|montar a caballo/equitación|équitation/faire du cheval|andar a cavalo/equitação
fishing|angeln|pescar/pesca|pêche/pêcher|pescar/pesca
yoga|yoga|yoga|yoga|ioga/yoga
pilates|pilates|pilates|pilates|pilates
meditation|meditieren/meditation|meditar/meditación|méditation/méditer|meditar/meditação
football|fußball|fútbol/futbol|foot/football|futebol
basketball|basketball|baloncesto/básquet|basket|basquete
handball|handball|balonmano|handball/hand|handebol
volleyball|volleyball|voleibol/vóley|volley|vôlei
tennis|tennis|tenis|tennis|tênis/ténis
table tennis|tischtennis|ping pong/tenis de mesa|ping-pong|pingue-pongue/tênis de mesa
badminton|badminton|bádminton|badminton|badminton
padel|padel|pádel|padel|padel
rugby|rugby|rugby|rugby|rúgbi
chess|schach|ajedrez|échecs|xadrez
cards|karten|cartas|cartes|cartas/baralho
video games|videospiele/computerspiele/zocken|videojuegos|jeux vidéo/jeux vidéos|videogame/videogames/jogos eletrônicos
board games|brettspiele|juegos de mesa|jeux de société|jogos de tabuleiro
travelling|reisen|viajar|voyager/voyages|viajar/viagens
the sea|das meer/meer|mar/el mar|mer/la mer|mar/o mar
the beach|strand/den strand/der strand|playa/la playa|plage/la plage|praia/a praia
the mountains|berge/die berge|montaña/la montaña/montañas|montagne/la montagne|montanha/a montanha
nature|natur|naturaleza|nature|natureza
summer|sommer/den sommer|verano/el verano|été/l'été|verão
winter|winter/den winter|invierno/el invierno|hiver/l'hiver|inverno
autumn|herbst/den herbst|otoño|automne|outono
rain|regen|lluvia|pluie|chuva
snow|schnee|nieve|neige|neve
cold|kälte|frío|froid|frio
heat|hitze|calor|chaleur|calor
mondays|montage|lunes|lundi/lundis|segundas-feiras/segunda-feira
spicy food|scharfes essen/scharf essen|comida picante/picante|cuisine épicée/plats épicés|comida apimentada
indian food|indisches essen|comida india|cuisine indienne|comida indiana
italian food|italienisches essen|comida italiana|cuisine italienne|comida italiana
japanese food|japanisches essen|comida japonesa|cuisine japonaise|comida japonesa
thai food|thailändisches essen|comida tailandesa|cuisine thaï|comida tailandesa
mexican food|mexikanisches essen|comida mexicana|cuisine mexicaine|comida mexicana
spiders|spinnen|arañas|araignées|aranhas
snakes|schlangen|serpientes/culebras|serpents|cobras
mice|mäuse|ratones|souris|ratos
cockroaches|kakerlaken|cucarachas|cafards|baratas
clowns|clowns|payasos|clowns|palhaços
heights|höhe/höhen|alturas|hauteur/vide|altura
flying|fliegen/flugzeuge|volar|avion/prendre l'avion|avião/voar/andar de avião
the dark|dunkelheit/dunkeln|oscuridad|noir/le noir|escuro
storms|gewitter|tormentas|orages|trovão/trovões/tempestades
thunder|donner|truenos|tonnerre|trovões
needles|spritzen/nadeln|agujas|aiguilles/piqûres|agulhas
dentists|zahnarzt|dentista|dentiste|dentista
moths|motten|polillas|papillons de nuit|mariposas
fireworks|feuerwerk/böller|fuegos artificiales/petardos|feux d'artifice/pétards|fogos/fogos de artifício
hoovers|staubsauger|aspiradora|aspirateur|aspirador
public transport||transporte público||
guitar|gitarre|guitarra|guitare|guitarra/violão
bass|bass|bajo|basse|baixo
piano|klavier|piano|piano|piano
violin|geige/violine|violín|violon|violino
viola|bratsche|viola|alto|
cello|cello|chelo/violonchelo|violoncelle|violoncelo
drums|schlagzeug|batería|batterie|bateria
flute|flöte/querflöte|flauta|flûte|flauta
recorder|blockflöte|||
trumpet|trompete|trompeta|trompette|trompete
saxophone|saxophon/saxofon|saxofón/saxo|saxophone/saxo|saxofone
clarinet|klarinette|clarinete|clarinette|clarinete
accordion|akkordeon|acordeón|accordéon|acordeão/sanfona
harp|harfe|arpa|harpe|harpa
ukulele|ukulele|ukelele|ukulélé|ukulele
stamps|briefmarken|sellos/estampillas|timbres|selos
coins|münzen|monedas|pièces|moedas
records|schallplatten/platten|vinilos/discos|vinyles/disques|vinil/discos/vinis
plants|pflanzen|plantas|plantes|plantas
houseplants|zimmerpflanzen|plantas de interior|plantes vertes/plantes d'intérieur|plantas de casa
flowers|blumen|flores|fleurs|flores
stars|sterne|estrellas|étoiles|estrelas
camping|zelten/campen/camping|acampar/camping|camping|acampar/camping
walking|spazieren/spazieren gehen|pasear/caminar|marcher/se promener|caminhar/andar
shopping|einkaufen/shoppen|ir de compras|shopping/faire du shopping|fazer compras
bikes|fahrräder|bicis|vélos|bicicletas
motorbikes|motorräder|motos|motos|motos
cars|autos|coches|voitures|carros
languages|sprachen|idiomas|langues|línguas/idiomas
anime|anime/animes|anime|anime/animés|anime/animes
crosswords|kreuzworträtsel|crucigramas|mots croisés|palavras cruzadas
puzzles|puzzles|puzles/rompecabezas|puzzles|quebra-cabeças
liquorice|lakritz|regaliz|réglisse|alcaçuz
marzipan|marzipan|mazapán|massepain|marzipã
avocado|avocado|aguacate|avocat|abacate
asparagus|spargel|espárragos|asperges|aspargos
brussels sprouts|rosenkohl|coles de bruselas|choux de bruxelles|couve-de-bruxelas
liver|leber|hígado|foie|fígado
oysters|austern|ostras|huîtres|ostras
fruit|obst|fruta|fruits|frutas/fruta
vegetables|gemüse|verduras|légumes|verduras/legumes
potatoes|kartoffeln|patatas/papas|pommes de terre|batatas/batata
aubergines|auberginen|berenjena/berenjenas|aubergines/aubergine|berinjela
beans|bohnen|frijoles/judías|haricots|feijão
beetroot|rote bete|remolacha|betterave/betteraves|beterraba
honey|honig|miel|miel|mel
lemons|zitronen|limones|citrons|limões
mangoes|mangos|mangos|mangues|mangas/manga
public speaking|vor leuten reden|hablar en público|parler en public|falar em público
jellyfish|quallen|medusas|méduses|águas-vivas
roses|rosen|rosas|roses|rosas
camomile tea|kamillentee/kamille|manzanilla|camomille|chá de camomila
lentil soup|linsensuppe|sopa de lentejas|soupe de lentilles|sopa de lentilha
barbecue|grillen|asado/barbacoa|barbecue|churrasco
salted butter|gesalzene butter|mantequilla salada|beurre salé|manteiga com sal
crowds|menschenmengen|multitudes|foule/foules|multidões
noise|lärm|ruido|bruit|barulho
football matches||partidos de fútbol||
karaoke|karaoke|karaoke|karaoké|karaokê
boxing|boxen|boxeo|boxe|boxe
judo|judo|judo|judo|judô
karate|karate|kárate|karaté|caratê
martial arts|kampfsport|artes marciales|arts martiaux|artes marciais
capoeira|capoeira|capoeira|capoeira|capoeira
skateboarding|skaten|patinar|skate|skate/andar de skate
gym|fitnessstudio|gimnasio|salle de sport|academia
sport|sport|deporte|sport|esporte/desporto
astronomy|astronomie|astronomía|astronomie|astronomia
history|geschichte|historia|histoire|história
"""

TONGUES = """
German|deutsch|alemán|allemand|alemão
English|englisch|inglés|anglais|inglês
Spanish|spanisch|español/castellano|espagnol|espanhol
French|französisch|francés|français|francês
Portuguese|portugiesisch|portugués|portugais|português
Italian|italienisch|italiano|italien|italiano
Dutch|niederländisch/holländisch|neerlandés/holandés|néerlandais|holandês
Polish|polnisch|polaco|polonais|polonês
Russian|russisch|ruso|russe|russo
Ukrainian|ukrainisch|ucraniano|ukrainien|ucraniano
Turkish|türkisch|turco|turc|turco
Arabic|arabisch|árabe|arabe|árabe
Chinese|chinesisch|chino|chinois|chinês
Mandarin|mandarin|mandarín|mandarin|mandarim
Japanese|japanisch|japonés|japonais|japonês
Korean|koreanisch|coreano|coréen|coreano
Swedish|schwedisch|sueco|suédois|sueco
Norwegian|norwegisch|noruego|norvégien|norueguês
Danish|dänisch|danés|danois|dinamarquês
Finnish|finnisch|finés/finlandés|finnois|finlandês
Greek|griechisch|griego|grec|grego
Hebrew|hebräisch|hebreo|hébreu|hebraico
Persian|persisch/farsi|persa|persan|persa
Hungarian|ungarisch|húngaro|hongrois|húngaro
Czech|tschechisch|checo|tchèque|tcheco
Romanian|rumänisch|rumano|roumain|romeno
Croatian|kroatisch|croata|croate|croata
Serbian|serbisch|serbio|serbe|sérvio
Latin|latein|latín|latin|latim
Catalan|katalanisch|catalán|catalan|catalão
Basque|baskisch|euskera/vasco|basque|basco
Galician|galicisch|gallego|galicien|galego
Breton|bretonisch|bretón|breton|bretão
Welsh|walisisch|galés|gallois|galês
Irish|irisch|irlandés|irlandais|irlandês
Vietnamese|vietnamesisch|vietnamita|vietnamien|vietnamita
Thai|thai/thailändisch|tailandés|thaï|tailandês
Hindi|hindi|hindi|hindi|hindi
Kurdish|kurdisch|kurdo|kurde|curdo
Wolof|wolof|wolof|wolof|wolof
Yoruba|yoruba|yoruba|yoruba|iorubá
Swahili|suaheli|suajili|swahili|suaíli
Tagalog|tagalog|tagalo|tagalog|tagalo
Bengali|bengalisch|bengalí|bengali|bengali
Urdu|urdu|urdu|ourdou|urdu
Tamil|tamilisch|tamil|tamoul|tâmil
Armenian|armenisch|armenio|arménien|armênio
Georgian|georgisch|georgiano|géorgien|georgiano
Albanian|albanisch|albanés|albanais|albanês
Bosnian|bosnisch|bosnio|bosniaque|bósnio
Bulgarian|bulgarisch|búlgaro|bulgare|búlgaro
Slovak|slowakisch|eslovaco|slovaque|eslovaco
Quechua|quechua|quechua|quechua|quéchua
Guarani|guaraní|guaraní|guarani|guarani
Creole|kreolisch|criollo|créole|crioulo
Lingala|lingala|lingala|lingala|lingala
Berber|berberisch|bereber|berbère/kabyle|berbere
Esperanto|esperanto|esperanto|espéranto|esperanto
sign language|gebärdensprache|lengua de signos/lengua de señas|langue des signes|libras/língua de sinais/língua gestual
"""

HEALTH = """
asthma|asthma|asma|asthme|asma
diabetes|diabetes|diabetes|diabète|diabetes
type 1 diabetes|diabetes typ 1/typ-1-diabetes/diabetes typ eins|diabetes tipo 1|diabète de type 1|diabetes tipo 1
migraines|migräne|migrañas/migraña|migraines/migraine|enxaqueca/enxaquecas
epilepsy|epilepsie|epilepsia|épilepsie|epilepsia
ADHD|adhs/ads|tdah|tdah|tdah
autism|autismus|autismo|autisme|autismo
depression|depressionen/depression|depresión|dépression|depressão
anxiety|angststörung|ansiedad|anxiété|ansiedade
insomnia|schlafstörungen|insomnio|insomnies/insomnie|insônia
celiac|zöliakie|celiaquía|maladie cœliaque|doença celíaca
hay fever|heuschnupfen|fiebre del heno|rhume des foins|rinite
arthritis|arthritis/rheuma|artritis|arthrite|artrite
high blood pressure|bluthochdruck|hipertensión/tensión alta|hypertension/tension|hipertensão/pressão alta
endometriosis|endometriose|endometriosis|endométriose|endometriose
tinnitus|tinnitus|acúfenos/tinnitus|acouphènes|zumbido
neurodermatitis|neurodermitis|dermatitis atópica|eczéma|dermatite
lactose intolerance|laktoseintoleranz|intolerancia a la lactosa|intolérance au lactose|intolerância à lactose
hypothyroidism|schilddrüsenunterfunktion|hipotiroidismo|hypothyroïdie|hipotireoidismo
scoliosis|skoliose|escoliosis|scoliose|escoliose
dyslexia|legasthenie/lrs|dislexia|dyslexie|dislexia
"""

LANGUAGES = ("de", "es", "fr", "pt")
ARTICLE = {
    "de": re.compile(r"^(?:der|die|das|den|dem|ein|eine|einen|einem|einer|eines) ", re.IGNORECASE),
    "es": re.compile(r"^(?:el|la|los|las|lo|un|una|unos|unas) ", re.IGNORECASE),
    "fr": re.compile(r"^(?:le |la |les |l'|un |une |des |du |de la |de l'|d'|de )", re.IGNORECASE),
    "pt": re.compile(r"^(?:o|a|os|as|um|uma|uns|umas) ", re.IGNORECASE),
}
ENDINGS = {"de": ("", "n", "en", "e"), "es": ("", "s", "es"), "fr": ("", "s", "x"), "pt": ("", "s", "es")}
# "Profesora de yoga" is a yoga teacher.
OF = {
    "de": re.compile(r"^(?P<head>\w+) für (?P<of>.+)$"),
    "es": re.compile(r"^(?P<head>\w+) de (?P<of>.+)$"),
    "fr": re.compile(r"^(?P<head>[\w-]+) (?:de la |de l'|du |de |d'|en )(?P<of>.+)$"),
    "pt": re.compile(r"^(?P<head>\w+) d[eoa] (?P<of>.+)$"),
}


def english(words: str, tongue: str, *tables: str) -> str:
    """The words in English, from the first table that has them; "" if none does."""
    form = bare(words, tongue)
    for table in tables:
        known = _table(table, tongue)
        # The table mostly has the plural; "medo de aranha" is of all of them.
        found = next((known[form + end] for end in ENDINGS[tongue] if form + end in known), "")
        if found:
            return found
    return ""


def translated(words: str, tongue: str, *tables: str) -> str:
    """The words in English, as far as the tables know them; the rest as it was said."""
    whole = english(words, tongue, *tables)
    if whole:
        return whole
    match = OF[tongue].match(words.lower())
    head = english(match["head"], tongue, *tables) if match else ""
    of = english(match["of"], tongue, *ALL) if match else ""
    return f"{of} {head}" if head and of else ""


def bare(words: str, tongue: str) -> str:
    """Words without article and accents, in lower case, as the tables' keys are."""
    return folded(ARTICLE[tongue].sub("", words.strip()))


def folded(words: str) -> str:
    """Lower case without accents."""
    flat = unicodedata.normalize("NFKD", words.lower().replace("ß", "ss"))
    return "".join(sign for sign in flat if not unicodedata.combining(sign))


@cache
def _table(table: str, tongue: str) -> dict[str, str]:
    column = LANGUAGES.index(tongue) + 1
    known: dict[str, str] = {}
    for line in table.strip().splitlines():
        cells = line.split("|")
        for form in cells[column].split("/"):
            if form:
                known.setdefault(bare(form, tongue), cells[0])
    return known


ALL = (TASTES, STUDIES, WORK, PLACES_OF_WORK, TONGUES, HEALTH)
