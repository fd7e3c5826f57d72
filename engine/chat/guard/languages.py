"""The commonest words of a few languages and the scripts of many: what `language.py` tells languages by.

A word may belong to several languages; only what belongs to none that is spoken here counts as foreign. So the lists
also hold words that are common in one language and look like the commonest of another ("die", "war", "also").
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "sv": "Swedish",
    "pl": "Polish",
    "tr": "Turkish",
}
# A word before an apostrophe keeps it: "j'" of "j'ai", "don'" of "don't".
_LISTS: Mapping[str, str] = {
    "en": (
        "the be to of and a in that have i it for not on with he as you do at this but his by from they we say her she or an will my "
        "one all would there their what so up out if about who get which go me when make can like time no just him know take people "
        "into year your good some could them see other than then now look only come its over think also back after use two how our work "
        "first well way even new want because any these give day most us is are was were been has had did does am being don' didn' "
        "doesn' isn' it' i' you' we' they' he' she' that' what' there' let' can' won' wouldn' couldn' wasn' aren' haven' here very much "
        "more too still yes oh hello hi hey please thanks thank sorry never always really little maybe again where why every "
        "die dies hat bin man wie war gift fast rot rat bald hell tag wild son plus comment tout sage pour sur an are come per case "
        "pie red sin tan van mine dame sole fine rose pains chat pays once pan come real total final hotel animal original error "
        "ve re ll under door dog bare met till ha ya deg ale ton men ham dig far min din kan op sig var ma by co tam mu en bu ki "
        "mar solo sale ten die den dem was in so am art hut band hand land arm gold ball mild warm blind wind finger winter "
        "note done more mare care fare dove cane time late bore costa casa via se est et la le de du al el en un una"
    ),
    "de": (
        "der die das und ich du ist nicht ein eine einen einem einer zu mit auf für von dem den des im in an am es sie er wir ihr uns "
        "dich dir mich mir sich aber auch als wie was wenn dann so noch nur schon sehr war hat habe hast haben bin bist sind sein "
        "mein meine meinen dein deine deinen kein keine aus bei nach über oder weil dass ja nein doch mal hier jetzt heute gut ganz "
        "immer wieder vielleicht kann kannst muss will würde wird werde werden hätte wäre wo wer warum hallo danke bitte "
        "guten gute tag morgen abend nacht schön alles etwas mehr zum zur vom beim gern geht heißt weiß glaube liebe tschüss servus moin grüß"
    ),
    "es": (
        "el la los las de que y a en un una ser se no por con para su lo como más pero sus le ya o este sí porque esta entre cuando "
        "muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto "
        "mí antes algunos qué yo otro él tanto esa estos mucho nada muchos cual poco ella estar estas algo nosotros mi mis tú te ti "
        "tu tus es soy eres está estoy estás tengo tienes tiene puedo quiero hola gracias buenos buenas días noches bien ahora aquí "
        "siempre nunca cómo dónde fue era del al si adiós amigo amor hoy"
    ),
    "fr": (
        "le la les de des du un une et à est en que qui dans pour pas sur ce il elle je tu nous vous ils elles au aux avec se ne plus "
        "par son sa ses mon ma mes ton ta tes mais ou où comme tout tous bien être fait ai as a avons avez ont suis es sommes êtes sont "
        "était c' j' l' d' qu' n' s' m' t' y moi toi lui leur notre votre si même aussi très non oui ça cette ces quand rien "
        "bonjour bonsoir salut merci toujours jamais peut peux veux fais faire encore ici alors parce peu beaucoup quoi pourquoi comment "
        "aujourd' coucou"
    ),
    "pt": (
        "o a os as de que e do da em um uma para é com não no na por mais dos como mas foi ao ele das tem à seu sua ou ser quando muito "
        "há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você "
        "tinha foram essa num nem suas meu às minha têm numa pelos elas qual lhe deles estas te tu teu tua meus minhas dele dela sou "
        "estou tenho olá oi obrigado obrigada bom boa dia noite tudo bem aqui agora sempre nunca sim porque onde hoje coisa "
        "gosto quero posso vou vai sei"
    ),
    "it": (
        "il lo la i gli le di a da in con su per tra fra un uno una e è che non si come ma se o anche più al del della dei delle alla "
        "nel nella sono sei siamo ho hai ha abbiamo hanno mio mia miei tuo tua suo sua questo questa quello quella mi ti ci vi ne io tu "
        "lui lei noi voi loro dove quando perché cosa chi così molto bene sempre mai ancora adesso oggi qui sì no ciao grazie buongiorno "
        "buonasera stai sto fare fatto era stato essere c' l' d' dell' nell' all' dall' sull' un' po' solo tutto tutti niente qualcosa"
    ),
    "nl": (
        "de het een en van ik te dat die in is niet je zijn op aan met als voor hij er maar om hem dan zou of wat mijn men dit zo door "
        "over ze zich bij ook tot mij uit der daar haar naar heb hoe heeft hebben deze u want nog zal me zij nu ge geen omdat iets "
        "worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles onder ja eens hier wie werd altijd doch wordt "
        "wezen kunnen ons zelf tegen na reeds wil kon niets uw iemand geweest andere hallo dank goed gaat jij jouw vandaag heel leuk"
    ),
    "sv": (
        "och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan man när år säger hon under "
        "också efter eller nu där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara in blir "
        "upp även vad få två vill ha många hur mer går sin mig dig du min din mitt ditt hej tack idag igår bra väldigt ingen något"
    ),
    # Danish and Norwegian.
    "da": (
        "og det at en den til er som på de med han af av for ikke der var mig seg sig men et har om vi min havde hadde ham hun nu nå over "
        "da fra du ud ut sin dem os oss op opp man hans hvor eller hvad hva skal selv her alle vil blev ble kunne ind inn når være dog noget "
        "noe ville jo deres efter etter ned skulle denne dette mit ditt også under have dig deg anden hende mine alt meget mye jeg hvis "
        "bare ingen hej hei tak takk idag kan blir god"
    ),
    "pl": (
        "i w nie na się z do to że jest a o jak za po od ale co tak by był był była być dla czy już tylko mnie ma przez jego jej ich może "
        "ten ta te tego tej są mam masz mi ci cię jestem jesteś bardzo gdy kiedy gdzie kto dlaczego też sobie teraz tam tu cześć dziękuję "
        "proszę dzień dobry dzisiaj dziś chcę wiem jeszcze wszystko coś nic moja mój moje twoja twój ze pod przed bo więc"
    ),
    "tr": (
        "ve bir bu da de için ile çok ne ben sen o biz siz onlar var yok mi mı mu mü gibi ama daha kadar olan olarak her sonra ki en şey "
        "değil iyi evet hayır nasıl neden nerede kim bana sana onu beni seni benim senin bugün dün yarın merhaba selam teşekkürler lütfen "
        "şimdi zaman olur oldu değilim değilsin hiç bence"
    ),
}


def _by_word() -> Mapping[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for language, listed in _LISTS.items():
        for word in listed.split():
            words.setdefault(word, set()).add(language)
    return {word: frozenset(languages) for word, languages in words.items()}


LANGUAGES_OF: Mapping[str, frozenset[str]] = _by_word()

# Letters by script. Scripts that are written together are one: Han and kana, Han and hangul.
LATIN = "A-Za-zÀ-ɏ"
_SCRIPTS: Mapping[str, str] = {
    "latin": LATIN,
    "greek": "\u0370-\u03ff",
    "cyrillic": "\u0400-\u052f",
    "hebrew": "\u0590-\u05ff",
    "arabic": "\u0600-\u06ff",
    "devanagari": "\u0900-\u097f",
    "thai": "\u0e00-\u0e7f",
    "kana": "\u3040-\u30ff",
    "han": "\u3400-\u9fff",
    "hangul": "\uac00-\ud7af",
}
SCRIPTS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()
}
# What may be written by whoever writes a script.
WRITTEN_WITH: Mapping[str, frozenset[str]] = {
    "kana": frozenset({"kana", "han"}),
    "hangul": frozenset({"hangul", "han"}),
}
# Foreign letters in a row that are no name or word any more; the denser a script, the fewer. Titles in Latin letters are long.
TOO_MANY: Mapping[str, int] = {"latin": 45, "han": 15, "kana": 15, "hangul": 15}
TOO_MANY_ELSE = 30
# Whoever speaks of languages may well change to one.
SPOKEN_OF = re.compile(
    r"\b(?:english|german|deutsch\w*|spanish|español\w*|espanol|castellano|french|français\w*|francais|portugu[eê]s\w*|italian\w*|"
    r"japan(?:ese|isch)|nihongo|chinese|chinesisch|mandarin|korean|russian|russisch|arabic|arabisch|dutch|nederlands|polish|turkish|hindi|"
    r"latin|greek|hebrew|swedish|norwegian|danish|finnish|anglais|allemand|inglés|ingles|inglês|inglese|alemán|alemão|tedesco|englisch|"
    r"spanisch|französisch|italienisch|languages?|translat\w+|sprache\w*|übersetz\w*|idiomas?|tradu\w+|langues?|lingua|accent|lyrics)\b|"
    r"日本語|中文|汉语|漢語|英語|英语|翻译|翻訳|한국어|영어|русск|английск|перев[её]д|عربي",
    re.IGNORECASE,
)
