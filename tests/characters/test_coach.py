"""The coach on real-looking inputs: weak ones get a proposal that it accepts itself, strong ones pass."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from characters.archetypes import dress, load_archetypes, start_from
from characters.cast import load_cast
from characters.character import Appearance, Persona, Personality, StyleRegister
from characters.coach import RULES, advise, review
from characters.coach.tip import Tip
from characters.coach.wording import wording
from characters.fields import FIELDS

MAYA = (
    "Maya grew up in Lisbon, moved to Berlin five years ago, works as a junior architect, lives in a small "
    "apartment full of plants she keeps mostly alive. She is the youngest of three sisters and the only one "
    "who left home. Her favorite weeknight is Tuesday, when she goes to a small jazz bar near her apartment "
    "and sketches the musicians. She likes you because you ask actual questions instead of treating her like "
    "a stage prop."
)
NOVEL = "\n\n".join(
    f"In chapter {n} she travelled from Porto to Oslo with {n} suitcases. The sea was very wide and the night "
    "was long, and there was a great deal of weather about which one could say many things. She worked as a "
    "cook. It was a feeling like no other feeling that anyone has ever felt in the world of feelings. "
    "She loves her brother Rui."
    for n in range(2, 12)
)

# (field, what was typed, words of it that the proposal keeps)
WEAK = (
    ("hair_colour", "red", "red"),
    ("hair_colour", "Red hair", "red"),
    ("hair_colour", "brown", "brown"),
    ("hair_colour", "beautiful blonde hair", "blonde"),
    ("hair_colour", "pink", "pink"),
    ("hair_colour", "blue hair", "blue"),
    ("hair_length", "medium", ""),
    ("hair_style", "curly", "curly"),
    ("hair_style", "straight", "straight"),
    ("hair_style", "ponytail", "ponytail"),
    ("hair_style", "nice hair", ""),
    ("eyes", "blue", "blue"),
    ("eyes", "big brown eyes", "brown"),
    ("eyes", "pretty green eyes", "green"),
    ("eyes", "violet", "violet"),
    ("skin_tone", "white", ""),
    ("skin_tone", "brown", "brown"),
    ("skin_tone", "dark skin", "dark"),
    ("skin_tone", "pale", "pale"),
    ("build", "athletic", "athletic"),
    ("build", "Athletic build", "athletic"),
    ("build", "slim", "slim"),
    ("build", "hot body", ""),
    ("build", "curvy", "curvy"),
    ("build", "tall", "tall"),
    ("build", "average", "average"),
    ("face_shape", "pretty", ""),
    ("face_shape", "normal", ""),
    ("features", "beautiful face", ""),
    ("features", "cute nose", "nose"),
    ("features", "nice lips", "lips"),
    ("distinctive", "", ""),
    ("distinctive", "none", ""),
    ("distinctive", "a scar", "scar"),
    ("distinctive", "freckles", "freckles"),
    ("distinctive", "glasses", "glasses"),
    ("distinctive", "tattoo", "tattoo"),
    ("distinctive", "beautiful smile", "smile"),
    ("distinctive", "monocle", "monocle"),
    ("outfit", "white t-shirt", "white t-shirt"),
    ("outfit", "a plain white T-shirt and blue jeans", "white t-shirt"),
    ("outfit", "simple white tee, jeans", "jeans"),
    ("outfit", "casual clothes", "casual"),
    ("outfit", "a dress", "dress"),
    ("outfit", "jeans and a t-shirt", "jeans"),
    ("outfit", "something sexy", ""),
    ("outfit", "goth", "goth"),
    ("hair_style", "anime hair", ""),
    ("eyes", "big sparkling blue anime eyes", "blue"),
    ("features", "photorealistic, 8k, masterpiece", ""),
    ("outfit", "realistic leather jacket, hdr", "leather jacket"),
    ("traits", "kind, smart, funny, beautiful, caring", "kind"),
    ("traits", "nice\nsweet\nfriendly", ""),
    ("traits", "kind", "kind"),
    ("traits", "very kind, stubborn, late for everything", "stubborn"),
    ("traits", "warm, shy", "warm"),
    ("traits", "warm, shy, blunt, dry, curious, restless, loud", "warm"),
    ("tension", "nice", ""),
    ("tension", "calm", "calm"),
    ("quirk", "quirky", ""),
    ("quirk", "clumsy", ""),
    ("quirk", "mysterious", "mysterious"),
    ("quirk", "very funny and kind", ""),
    ("quirk", "loves music", "loves music"),
    ("speech", "formal", "formal"),
    ("speech", "friendly\nshort sentences", "short sentences"),
    ("backstory", "She has a mysterious past.", "She has a mysterious past."),
    ("backstory", "He is just a nice guy who loves life and having fun with his friends.", "nice guy"),
    ("relationship", "girlfriend", "girlfriend"),
    ("relationship", "best friend", "best friend"),
    ("greeting", "Hi!", "Hi!"),
    ("greeting", "Hello! How can I help you today?", "Hello!"),
    ("tagline", "A kind and beautiful soul", ""),
    ("name", "My Girlfriend", ""),
    ("name", "AI Assistant", ""),
)

# Answers that are refused until they change.
BLOCKED = (
    ("traits", "kind, smart, funny, beautiful, caring"),
    ("traits", "very sweet, really nice"),
    ("backstory", NOVEL),
    ("age", "17"),
    ("age", "sixteen"),
    ("age", "0"),
    ("age", "340"),
    ("presentation", "teenage girl"),
)

# What the guide calls strong, and what people write who have understood it.
STRONG = (
    ("name", "Ines Okafor"),
    ("name", "林小雨"),
    ("age", "18"),
    ("age", "73"),
    ("presentation", "woman"),
    ("tagline", "Repairs neon signs, mostly at two in the morning"),
    ("hair_colour", "copper"),
    ("hair_colour", "copper hair with shoulder-length waves and a slight side parting"),
    ("hair_colour", "dark brown"),
    ("hair_colour", "salt-and-pepper"),
    ("hair_length", "shoulder-length"),
    ("hair_length", "long"),
    ("hair_style", "loose waves, slight side parting"),
    ("hair_style", "box braids tied back"),
    ("hair_style", "messy bun"),
    ("eyes", "hazel, almond-shaped"),
    ("eyes", "one grey eye and one brown eye"),
    ("skin_tone", "light olive"),
    ("skin_tone", "deep brown"),
    ("skin_tone", "ebony"),
    ("build", "tall, lean, runner's build with broad shoulders"),
    ("build", "short and round"),
    ("build", "slight, narrow-shouldered, uses a wheelchair"),
    ("face_shape", "square jaw"),
    ("features", "aquiline nose, full lips"),
    ("distinctive", "thin scar through the left eyebrow"),
    ("distinctive", "round glasses"),
    ("outfit", "charcoal wool coat over a rust turtleneck, dark jeans"),
    ("outfit", "white T-shirt under a rust corduroy jacket, jeans"),
    ("outfit", "turquoise kaftan with orange embroidery"),
    ("traits", "warm, observant, slightly sarcastic, terrible at small talk"),
    ("traits", "Direct, intellectually curious, easily distracted by side topics"),
    ("traits", "reserved, deeply loyal, dry-witted"),
    ("tension", "secretly insecure about her drawing skills"),
    ("tension", "slightly sarcastic"),
    ("quirk", "hums when concentrating"),
    ("quirk", "always carries a sketchbook"),
    ("quirk", "takes notes mid-conversation"),
    ("speech", "short sentences, begins with “So.”\nnever says please"),
    ("sample_lines", "Bar six. Always bar six. Don't laugh. Laugh a little."),
    ("backstory", MAYA),
    ("relationship", "old friend from the night shift"),
    ("greeting", "Oh good, you're up. Does this blue look sad to you, or only tired?"),
    ("greeting", "你终于来了，外面还在下雨吗？"),
    ("hair_colour", "красные волосы"),
)


def somebody(**changes: str) -> Persona:
    """A persona without answers, except those given."""
    persona = Persona(name="Ines", pronouns="she/her", archetype="artist")
    for name, words in changes.items():
        persona = FIELDS[name].write(persona, words)
    return persona


def only_tip(field: str, value: str, persona: Persona) -> Tip:
    tips = advise(field, value, persona=persona)
    assert len(tips) == 1, (field, value, tips)
    return tips[0]


def test_the_tables_are_large_enough() -> None:
    assert len(WEAK) + len(BLOCKED) >= 60
    assert len(STRONG) >= 40


@pytest.mark.parametrize(("field", "value", "kept"), WEAK)
def test_a_weak_answer_gets_a_stronger_wording_that_the_coach_accepts(
    field: str, value: str, kept: str
) -> None:
    tip = only_tip(field, value, somebody())
    assert tip.field == field
    assert tip.sentence.endswith((".", "?", "”."))
    assert tip.proposal
    assert tip.proposal != value
    assert kept.casefold() in tip.proposal.casefold()
    assert advise(field, tip.proposal, persona=somebody()) == ()
    # One click stores exactly what was proposed.
    assert FIELDS[field].read(FIELDS[field].write(somebody(), tip.proposal)) == tip.proposal


@pytest.mark.parametrize(("field", "value"), STRONG)
def test_a_strong_answer_passes(field: str, value: str) -> None:
    assert advise(field, value, persona=somebody()) == ()


@pytest.mark.parametrize(("field", "value"), BLOCKED)
def test_what_is_refused_is_refused(field: str, value: str) -> None:
    assert only_tip(field, value, somebody()).blocking


def test_compliments_are_refused_with_a_better_example() -> None:
    tip = only_tip("traits", "kind, smart, funny, beautiful, caring", somebody())
    assert "slightly sarcastic" in tip.sentence
    assert len(tip.proposal.splitlines()) == 5


def test_an_age_is_never_proposed() -> None:
    assert only_tip("age", "17", somebody()).proposal == ""


def test_a_novel_is_cut_to_its_own_sentences() -> None:
    tip = only_tip("backstory", NOVEL, somebody())
    assert "10 paragraphs" in tip.sentence
    own = {sentence.strip() for sentence in NOVEL.replace("\n\n", " ").split(". ")}
    kept = tip.proposal.replace("\n\n", " ").split(". ")
    assert kept
    assert all(sentence.rstrip(".") in {one.rstrip(".") for one in own} for sentence in kept)
    assert "Porto" in tip.proposal
    assert "feeling like no other" not in tip.proposal
    assert advise("backstory", tip.proposal, persona=somebody()) == ()


def test_a_long_answer_is_quoted_shortly() -> None:
    assert len(only_tip("hair_style", "very " * 50 + "curly", somebody()).sentence) < 250


def test_a_novel_without_sentences_gets_no_proposal_but_is_refused() -> None:
    tip = only_tip("backstory", "and then she went on " * 60, somebody())
    assert tip.blocking
    assert tip.proposal == ""


def test_a_cut_backstory_always_fits() -> None:
    long_words = " ".join(f"Donaudampfschifffahrtsgesellschaft {n}." for n in range(400))
    tip = only_tip("backstory", long_words, somebody())
    assert FIELDS["backstory"].write(somebody(), tip.proposal).backstory == tip.proposal


def test_a_vague_backstory_is_told_what_is_missing() -> None:
    tip = only_tip("backstory", "She has a mysterious past.", somebody())
    for aspect in ("where they are from", "what they do", "what they care about", "what they are to you"):
        assert aspect in tip.sentence
    assert not tip.blocking


def test_proposals_vary_with_the_words_and_never_flicker() -> None:
    proposals = {
        only_tip("eyes", colour, somebody()).proposal.split(", ")[-1]
        for colour in ("blue", "brown", "green", "grey", "hazel", "violet")
    }
    assert len(proposals) >= 3
    assert only_tip("eyes", "blue", somebody()) == only_tip("eyes", "blue", somebody())


def test_a_word_about_drawing_names_the_two_styles_it_would_mix() -> None:
    photoreal = replace(somebody(), style=StyleRegister.PHOTOREAL)
    assert "Two styles" in only_tip("hair_style", "spiky anime hair, long fringe", photoreal).sentence
    anime = replace(somebody(), style=StyleRegister.ANIME)
    assert "Two styles" not in only_tip("hair_style", "spiky anime hair, long fringe", anime).sentence


@pytest.mark.parametrize(
    ("field", "words", "style", "better"),
    [
        ("outfit", "navy sailor uniform, kawaii bag", "photoreal", "anime"),
        ("distinctive", "fluffy grey cat ears", "photoreal", "anime"),
        ("features", "visible skin pores, film grain", "anime", "photoreal"),
        ("distinctive", "pointed ears and small horns", "photoreal", "painterly"),
        ("quirk", "acts tsundere when thanked by somebody", "photoreal", "anime"),
    ],
)
def test_a_style_that_does_not_fit_is_pointed_out(field: str, words: str, style: str, better: str) -> None:
    persona = somebody(**{field: words})
    assert only_tip("style", style, persona).proposal == better
    assert advise("style", better, persona=persona) == ()
    assert advise("style", "hybrid", persona=persona) == ()


def test_traits_without_tension_get_one() -> None:
    flat = replace(somebody(), personality=Personality(traits=("warm", "observant", "patient")))
    tip = only_tip("tension", "", flat)
    assert tip.proposal.startswith("warm, but ")
    assert advise("tension", tip.proposal, persona=flat) == ()
    edged = replace(flat, personality=Personality(traits=("warm", "observant", "secretly jealous")))
    assert advise("tension", "", persona=edged) == ()


def test_the_trait_with_tension_counts_among_the_five() -> None:
    four = replace(somebody(), personality=Personality(tension="calm, but late"))
    tip = only_tip("traits", "warm\ndry\nblunt\nloud\nshy", four)
    assert tip.proposal == "warm\ndry\nblunt\nloud"
    assert advise("traits", "warm\ndry", persona=four) == ()


def test_an_assistants_lines_are_pointed_out() -> None:
    lines = "How can I help you today?\nBar six. Always bar six."
    assert only_tip("sample_lines", lines, somebody()).proposal == "Bar six. Always bar six."


@pytest.mark.parametrize("field", sorted(wording().looks))
def test_every_weak_word_of_the_looks_leads_to_an_accepted_proposal(field: str) -> None:
    lexicon = wording().looks[field]
    for word in (
        *lexicon.stronger,
        *(f"very {one}" for one in lexicon.stronger),
        *wording().generic,
        *lexicon.filler,
    ):
        for tip in advise(field, word, persona=somebody()):
            assert advise(field, tip.proposal, persona=somebody()) == (), (word, tip.proposal)


def test_every_generic_adjective_leads_to_accepted_traits() -> None:
    for word in wording().generic:
        tip = only_tip("traits", f"{word}\nvery {word}\nstubborn", somebody())
        assert tip.blocking
        assert advise("traits", tip.proposal, persona=somebody()) == (), (word, tip.proposal)


@pytest.mark.parametrize("field", sorted(set(RULES) - {"age"}))
def test_whatever_is_thrown_together_one_click_settles_it(field: str) -> None:
    known, chance = wording(), Random(5)  # the seed only makes a failure repeatable
    words = [
        *known.generic,
        *known.connecting,
        *known.drawing,
        *known.wardrobe.garments,
        *known.wardrobe.colours,
    ]
    words += [*known.wardrobe.moods, *known.manners.quirks, *known.manners.turning]
    words += 4 * [*known.looks[field].stronger, *known.looks[field].filler] if field in known.looks else []
    for _ in range(300):
        value = ", ".join(" ".join(chance.choices(words, k=2)) for _ in range(chance.randint(1, 4)))
        for tip in advise(field, value, persona=somebody()):
            assert advise(field, tip.proposal, persona=somebody()) == () or not tip.proposal, (value, tip)


@pytest.mark.parametrize("field", sorted(FIELDS))
@pytest.mark.parametrize(
    "value", ["", "?", "…", "\U0001f642", "%s {0} {words} \\1", "<b>", "a" * 300, "שלום עולם", ", , ,"]
)
def test_odd_answers_are_survived(field: str, value: str) -> None:
    for tip in advise(field, value, persona=somebody()):
        assert tip.sentence
        assert advise(field, tip.proposal or value, persona=somebody()) == () or not tip.proposal


@pytest.mark.parametrize(("slug", "persona"), load_cast())
def test_the_cast_needs_no_coaching(slug: str, persona: Persona) -> None:
    assert review(persona) == ()


def test_the_archetypes_need_no_coaching_beyond_what_they_leave_open() -> None:
    for archetype in load_archetypes():
        for look in archetype.looks:
            tips = review(dress(archetype, look, face_seed=1))
            open_fields = {"quirk", "speech", "greeting"} if archetype.id == "custom" else set()
            assert {tip.field for tip in tips} <= open_fields, (archetype.id, tips)


def test_a_review_goes_through_all_fields() -> None:
    persona = replace(
        somebody(), appearance=Appearance(age=17), personality=Personality(traits=("kind", "nice"))
    )
    assert [tip.field for tip in review(persona) if tip.blocking] == ["age", "traits"]


@pytest.mark.parametrize(
    ("field", "value"), [("tension", "none"), ("speech", "normal"), ("features", "nothing special")]
)
def test_nothing_is_not_built_upon(field: str, value: str) -> None:
    tips = advise(field, value, persona=start_from("artist", 1))
    assert tips
    assert not [tip for tip in tips if value.split()[0] in tip.proposal.casefold()]
