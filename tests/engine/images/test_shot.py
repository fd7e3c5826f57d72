"""The shot planner: a table of requests; the talk, the clock, the last picture; variations; hostile input."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from characters.character import Appearance, Expression, Hair, Outfit, Persona
from engine.errors import InputError
from engine.images.shot import plan_shot, vary_shot
from engine.types import Framing, Message, Role, Shot, TimeOfDay, Weather

NOW = datetime(2026, 5, 5, 14, tzinfo=UTC)
MAYA = Persona(
    name="Maya",
    tagline="mends violins by the harbour",
    appearance=Appearance(
        hair=Hair("copper", "shoulder-length", "loose waves"),
        eyes="hazel, almond-shaped",
        outfit=Outfit("daily", "charcoal wool coat over a rust turtleneck, dark jeans"),
        distinctive="thin scar through the left eyebrow",
    ),
    backstory="She grew up above a bakery.",
)


def plan(request: str, *said: str | tuple[Role, str], now: datetime = NOW, last: Shot | None = None) -> Shot:
    recent = [
        Message(
            id=str(index), conversation_id="c", role=line[0] if isinstance(line, tuple) else Role.PERSON,
            text=line[1] if isinstance(line, tuple) else line, created_at=NOW + timedelta(minutes=index),
        )
        for index, line in enumerate(said)
    ]  # fmt: skip
    return plan_shot(request, persona=MAYA, recent=recent, now=now, last=last)


TABLE: list[tuple[str, dict[str, object]]] = [
    ("at a jazz bar", {"place": "jazz bar", "time_of_day": TimeOfDay.NIGHT, "outfit": None, "framing": Framing.MEDIUM}),
    ("close-up, laughing, in a red dress, at night in the rain", {"framing": Framing.CLOSE_UP, "expression": Expression.LAUGHING, "outfit": "red dress", "time_of_day": TimeOfDay.NIGHT, "weather": Weather.RAIN}),
    ("wide shot reading a book by the lake at golden hour", {"framing": Framing.WIDE, "place": "lake", "action": "reading a book", "props": ("book",), "time_of_day": TimeOfDay.GOLDEN_HOUR}),
    ("sleeping", {"place": "bedroom", "action": "sleeping", "time_of_day": TimeOfDay.NIGHT, "outfit": "pyjama|sweatshirt"}),
    ("playing the guitar at the campfire", {"place": "campfire", "action": "playing the guitar", "props": ("guitar",), "light": "firelight"}),
    ("in your kitchen", {"place": "kitchen", "time_of_day": TimeOfDay.DAY}),
    ("a purple cave full of crystals", {"place": "purple cave full of crystals"}),
    ("in my grandmother's attic", {"place": "grandmothers attic"}),
    ("on Mars", {"place": "red planet"}),
    ("am Strand", {"place": "beach"}),
    ("en la playa", {"place": "beach"}),
    ("dans un café", {"place": "café"}),
    ("na praia ao pôr do sol", {"place": "beach", "time_of_day": TimeOfDay.GOLDEN_HOUR}),
    ("at the beach at sunset wearing a yellow sundress and sandals", {"place": "beach", "outfit": "yellow sundress and sandals", "time_of_day": TimeOfDay.GOLDEN_HOUR}),
    ("coffee", {"place": "café", "action": "drinking coffee", "props": ("cup",)}),
    ("swimming in the lake", {"place": "lake", "action": "swimming", "outfit": "shirt|top"}),
    ("at the coffee shop", {"place": "café", "action": "drinking coffee"}),
    ("in the snow", {"place": "snowfield", "weather": Weather.SNOW}),
    ("at the lake in the snow", {"place": "lake", "weather": Weather.SNOW}),
    ("a market in Paris", {"place": "market"}),
    ("mirror selfie", {"place": "bathroom"}),
    ("you looking sad", {"expression": Expression.SAD}),
    ("jaz bar", {"place": "jazz bar"}),
    ("moutain sumit", {"place": "mountain summit"}),
    ("at teh libary", {"place": "library"}),
    ("in a hat at the park", {"place": "park", "outfit": "charcoal wool coat over a rust turtleneck, dark jeans, hat"}),
    ("reading in bed", {"place": "bedroom", "action": "reading a book"}),
    ("under the sea with mermaids", {"place": "under the sea with mermaids"}),
    ("hiking trail at sunrise", {"place": "hiking trail", "time_of_day": TimeOfDay.DAWN}),
    ("neon street in the rain", {"place": "neon street", "weather": Weather.RAIN, "light": "neon", "time_of_day": TimeOfDay.NIGHT}),
    ("show me a picture of you at work", {"place": "office"}),
    ("dancing in the rain on a rooftop", {"place": "rooftop", "action": "dancing", "weather": Weather.RAIN}),
    ("wearing a spacesuit on the moon", {"place": "red planet", "outfit": "spacesuit"}),
    ("night train to Paris", {"place": "train compartment", "time_of_day": TimeOfDay.NIGHT}),
    ("eating ramen in Tokyo", {"place": "neon street", "action": "eating"}),
    ("holding a cat on the sofa", {"place": "living room", "action": "hugging a cat", "props": ("cat",)}),
    ("im Buchladen bei Regen", {"place": "bookshop", "weather": Weather.RAIN}),
    ("with a dog in the park on a foggy morning", {"place": "park", "action": "with a dog", "weather": Weather.FOG, "time_of_day": TimeOfDay.MORNING}),
    ("at the gym", {"place": "gym", "outfit": "leggings|joggers"}),
    ("waving from the deck of a ship", {"place": "ship deck", "action": "waving"}),
    ("drinking wine by the fireplace", {"place": "cabin", "action": "having a drink", "props": ("glass",)}),
    ("in front of the Eiffel tower", {"place": "eiffel tower"}),
    ("dressed as a knight in a castle", {"place": "castle", "outfit": "knight"}),
    ("full body in a black suit at the opera", {"framing": Framing.WIDE, "place": "theatre", "outfit": "black suit"}),
    ("wide angle, storm, lighthouse", {"framing": Framing.WIDE, "place": "harbour", "weather": Weather.STORM}),
    ("on a snowy evening at the christmas market", {"place": "fairground", "weather": Weather.SNOW, "time_of_day": TimeOfDay.DUSK}),
    ("candlelit dinner", {"place": "restaurant", "light": "candlelight"}),
    ("angry, in the office, waist up", {"place": "office", "expression": Expression.ANGRY, "framing": Framing.MEDIUM}),
    ("surprised at the museum", {"place": "museum", "expression": Expression.SURPRISED}),
    ("concentrating in the laboratory in a lab coat", {"place": "laboratory", "expression": Expression.FOCUSED, "outfit": "lab coat"}),
    ("cooking", {"place": "kitchen", "action": "cooking"}),
    ("skiing", {"place": "snowfield", "action": "skiing", "outfit": None}),
    ("at the pool", {"place": "swimming pool", "outfit": "shirt|top"}),
    ("portrait shot at dawn on a hiking trail", {"framing": Framing.CLOSE_UP, "place": "hiking trail", "time_of_day": TimeOfDay.DAWN}),
    ("Maya in the forest", {"place": "forest"}),
    ("foggy forest at dusk", {"place": "forest", "weather": Weather.FOG, "time_of_day": TimeOfDay.DUSK}),
    ("typing on your laptop in the library", {"place": "library", "action": "working on a laptop", "props": ("laptop",)}),
    ("lachend auf einem Konzert", {"place": "concert", "expression": Expression.LAUGHING}),
    ("leyendo en la biblioteca", {"place": "library", "action": "reading a book"}),
    ("souriante dans le jardin", {"place": "garden", "expression": Expression.HAPPY}),
    ("in a denim jacket and black jeans at the arcade", {"place": "arcade", "outfit": "denim jacket and black jeans"}),
    ("with an umbrella at the bus stop, raining", {"place": "bus stop", "props": ("umbrella",), "weather": Weather.RAIN}),
    ("holding flowers in the greenhouse", {"place": "greenhouse", "action": "holding flowers"}),
    ("dancing at the ball in a ballgown in the ballroom", {"place": "castle", "action": "dancing"}),
    ("singing karaoke", {"place": "arcade", "action": "singing"}),
    ("with green eyes and long hair in a library", {"place": "library", "outfit": None}),
    ("pink bubblegum castle in the clouds", {"place": "pink bubblegum castle in the clouds"}),
    ("a red dress", {"outfit": "red dress"}),
    ("in a red barn", {"place": "farm", "outfit": None}),
    ("lunch at the bakery", {"place": "bakery", "time_of_day": TimeOfDay.DAY}),
    ("watching the stars in the observatory", {"place": "observatory"}),
    ("on the bridge of a starship", {"place": "spaceship"}),
    ("backlit on the beach at golden hour", {"place": "beach", "light": "backlight"}),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "wanted"), TABLE, ids=[row[0] for row in TABLE])
def test_the_persons_words_come_first(request_: str, wanted: dict[str, object]) -> None:
    shot = plan(request_)
    for name, value in wanted.items():
        got = getattr(shot, name)
        if name == "outfit" and isinstance(value, str):
            assert got is not None
            assert any(each in got.description for each in value.split("|")), got
        else:
            assert got == value, f"{name} of {shot}"
    assert shot.request == request_


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 60


def test_the_talk_says_where_they_are() -> None:
    assert plan("", "Hi!", "I'm at the harbour now, come over").place == "harbour"
    assert plan("smile!", (Role.CHARACTER, "We're in the library, shh.")).place == "library"
    assert plan("", "I'm at the harbour", "let's go to the museum").place == "museum"


def test_others_places_are_not_here() -> None:
    assert plan("", "My brother works in a laboratory.").place != "laboratory"
    assert plan("", "Yesterday I was at the opera house").place != "theatre"


def test_forgotten_and_system_lines_are_not_heard() -> None:
    line = Message("1", "c", Role.NOTICE, "You are at the castle", NOW)
    hidden = Message("2", "c", Role.PERSON, "I'm in the castle", NOW, in_prompt=False)
    assert plan_shot("", persona=MAYA, recent=[line, hidden], now=NOW, last=None).place != "castle"


def test_the_request_beats_the_talk() -> None:
    shot = plan("at the beach, angry", "I'm at the harbour haha")
    assert (shot.place, shot.expression) == ("beach", Expression.ANGRY)


def test_the_talk_says_what_is_worn_and_how_it_feels() -> None:
    shot = plan("", (Role.CHARACTER, "I'm wearing a green hoodie today."), "hahaha of course")
    assert shot.outfit is not None
    assert "green hoodie" in shot.outfit.description
    assert shot.expression is Expression.LAUGHING
    assert plan("", "my grandmother passed away").expression is Expression.SAD
    assert plan("", "it's raining again").weather is Weather.RAIN


@pytest.mark.parametrize(
    ("hour", "time_of_day"),
    [
        (2, TimeOfDay.NIGHT), (6, TimeOfDay.DAWN), (9, TimeOfDay.MORNING), (13, TimeOfDay.DAY),
        (18, TimeOfDay.GOLDEN_HOUR), (20, TimeOfDay.DUSK), (23, TimeOfDay.NIGHT),
    ],
)  # fmt: skip
def test_then_the_clock(hour: int, time_of_day: TimeOfDay) -> None:
    assert plan("in the park", now=NOW.replace(hour=hour)).time_of_day is time_of_day
    assert plan("at a jazz bar", now=NOW.replace(hour=hour)).time_of_day is TimeOfDay.NIGHT


def test_an_empty_request_is_a_natural_place_for_persona_and_time() -> None:
    places = {plan("", now=NOW + timedelta(days=day)).place for day in range(30)}
    assert len(places) >= 3, "not every day the same"
    assert all(places)
    assert plan("").outfit is None
    assert plan("") == plan("")
    nights = {plan("", now=NOW.replace(hour=23) + timedelta(days=day)).place for day in range(30)}
    assert "office" not in nights


def test_the_same_place_again() -> None:
    last = plan("reading at the harbour in a red dress at dusk")
    rain = plan("same place but in the rain", last=last)
    assert (rain.place, rain.weather, rain.outfit, rain.time_of_day) == (
        "harbour",
        Weather.RAIN,
        last.outfit,
        TimeOfDay.DUSK,
    )
    assert plan("close-up, laughing", last=last).place == "harbour"
    assert plan("same outfit, at the castle", last=last).outfit == last.outfit
    assert plan("same outfit, at the castle", last=last).place == "castle"
    elsewhere = plan("at the castle", last=last)
    assert (elsewhere.place, elsewhere.outfit) == ("castle", None)


def test_own_clothes_are_kept_unless_absurd() -> None:
    swimmer = Persona(
        name="Ida", appearance=Appearance(outfit=Outfit("daily", "white linen shirt, blue shorts"))
    )
    assert plan_shot("at the beach", persona=swimmer, recent=(), now=NOW, last=None).outfit is None
    beach = plan("at the beach").outfit
    assert beach is not None
    assert beach == plan("on the beach tomorrow").outfit, "always the same beach clothes"
    assert plan("in the bedroom").outfit is None, "by day nobody needs pyjamas"
    for words in ("at the beach", "at the gym", "sleeping", "at the pool"):
        worn = plan(words).outfit
        assert worn is not None
        assert not any(each in worn.description for each in ("bikini", "lingerie", "underwear", "bra"))


def test_the_face_is_never_described() -> None:
    for request in [row[0] for row in TABLE]:
        shot = plan(request)
        said = f"{shot.place} {shot.light} {shot.action} {' '.join(shot.props)} {shot.outfit.description if shot.outfit else ''}"
        for word in (
            "hair",
            "eyes",
            "hazel",
            "copper",
            "scar",
            "eyebrow",
            "freckles",
            "skin",
            "nose",
            "lips",
        ):
            assert word not in said.split(), (request, said)
    assert plan("with blue eyes and a big nose").place not in ("blue eyes", "big nose")


def test_a_variation_changes_one_thing() -> None:
    last = plan("reading by the lake in a red dress")
    assert vary_shot(last, "again", persona=MAYA, seed=3) == last
    for seed in range(20):
        outfit = vary_shot(last, "outfit", persona=MAYA, seed=seed)
        assert outfit.outfit != last.outfit
        assert _without(outfit, "outfit") == _without(last, "outfit")
        light = vary_shot(last, "light", persona=MAYA, seed=seed)
        assert light.time_of_day != last.time_of_day
        assert _without(light, "time_of_day") == _without(last, "time_of_day")
        indoors = plan("at the jazz bar")
        lamps = vary_shot(indoors, "light", persona=MAYA, seed=seed)
        assert lamps.light != indoors.light and _without(lamps, "light") == _without(indoors, "light")
    assert len({vary_shot(last, "outfit", persona=MAYA, seed=seed).outfit for seed in range(20)}) > 4
    assert vary_shot(last, "outfit", persona=MAYA, seed=1) == vary_shot(last, "outfit", persona=MAYA, seed=1)


def test_a_variation_of_a_bare_shot() -> None:
    assert vary_shot(Shot(), "light", persona=MAYA, seed=1).time_of_day is not None
    assert vary_shot(Shot(place="beach"), "outfit", persona=MAYA, seed=1).outfit is not None


def test_an_unknown_variation_is_an_error() -> None:
    with pytest.raises(InputError, match="outfit or its light"):
        vary_shot(Shot(), "face", persona=MAYA, seed=1)


def _without(shot: Shot, name: str) -> dict[str, object]:
    return {field: getattr(shot, field) for field in Shot.__dataclass_fields__ if field != name}


HOSTILE = [
    "", "   ", "😀😀😀", "a" * 100_000, "in a " * 25_000, "wearing a red " * 7_000, "( [ * + ?", "\x00", "على الشاطئ في الليل",
    "בחוף הים", "ビーチで", "на пляже", "Z̸̢̛a̶l̵g̷o̸ at the b̶e̶a̷c̷h̵", "<script>alert(1)</script>", "'; DROP TABLE shots; --",
    "same same same", "in in in in", ",,,,,,", "at", "at the", "wearing", "wearing a", "in a dress in a dress in a dress",
]  # fmt: skip


@pytest.mark.parametrize("request_", HOSTILE, ids=range(len(HOSTILE)))
def test_any_input_gives_a_shot(request_: str) -> None:
    shot = plan(request_, request_, (Role.CHARACTER, request_))
    assert shot.place
    assert len(shot.place) <= 80
    assert len(shot.request) <= 500
    assert "<" not in shot.place
    assert shot == plan(request_, request_, (Role.CHARACTER, request_))


def test_planning_is_quick() -> None:
    plan("warm up")
    lines = ["I'm at the harbour, wearing a red coat. " * 20] * 30
    begun = time.process_time()
    for request, _ in TABLE:
        plan(request)
    mean = (time.process_time() - begun) / len(TABLE)
    assert mean < 0.02, f"{mean * 1000:.2f} ms"
    begun = time.process_time()
    plan("in a " * 25_000, *lines)
    assert time.process_time() - begun < 0.5
