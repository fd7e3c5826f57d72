"""Times in English, as data for `vocabulary.py`."""

from __future__ import annotations

import re

from engine.memory.times.almanac import Season
from engine.memory.times.vocabulary import Part, Reading, Unit, Vocabulary, forms, meaning, numbered

_LAST, _NEXT = "(?:last|past|previous)", "(?:next|coming|following)"
_AT = "(?:on|at|over|for|during|around|since|before|after|by|until|till|in)"
_EARLY = "(?:(?:the )?(?:beginning|start|middle|end) of|early|mid|late)"
_IN_PART = "(?:,? (?:in the |at )?{part})?"

ENGLISH = Vocabulary(
    name="english",
    common=frozenset(
        "the i you and is are did do does have had my your what when where who how with this that it for "
        "of to on we our they she at been will would about from not him her tell told remember".split()
    ),
    past=re.compile(
        r"\b(?:did|was|were|had|went|said|told|got|came|saw|made|took|ate|bought|met|ago|last|yesterday|"
        # "I am invited on Friday", "I need to go": what ends like the past and is none.
        r"(?!(?:need|indeed|speed|feed|bed|red|tired|excited|invited|scheduled|supposed|married|engaged|booked|planned)\b)[a-z]{2,}ed)\b"
    ),
    future=re.compile(
        r"\b(?:will|won't|going to|gonna|shall|upcoming|coming up|plans?|planning|about to|soon|forward to|tomorrow|next)\b|'ll\b"
    ),
    months=numbered(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
        "october oct|november nov|december dec"
    ),
    weekdays=numbered("monday|tuesday tues|wednesday|thursday thurs|friday|saturday|sunday", first=0),
    units=meaning(
        {
            Unit.MINUTE: "minute|minutes",
            Unit.HOUR: "hour|hours",
            Unit.DAY: "day|days",
            Unit.WEEKEND: "weekend|weekends",
            Unit.WEEK: "week|weeks",
            Unit.MONTH: "month|months",
            Unit.YEAR: "year|years",
        }
    ),
    numbers=numbered(
        "a an one|two a_couple_of a_couple couple_of|three a_few few some|four several|five|six|seven|eight|nine|ten|eleven|twelve"
    ),
    vague=frozenset(("a couple of", "a couple", "couple of", "a few", "few", "some", "several")),
    parts=meaning(
        {
            Part.MORNING: "morning",
            Part.NOON: "noon|lunchtime",
            Part.AFTERNOON: "afternoon",
            Part.EVENING: "evening",
            Part.NIGHT: "night",
        }
    ),
    days={
        "the day before yesterday": (-2, None),
        "yesterday": (-1, None),
        "last night": (-1, Part.NIGHT),
        "today": (0, None),
        "tonight": (0, Part.EVENING),
        "this morning": (0, Part.MORNING),
        "this afternoon": (0, Part.AFTERNOON),
        "this evening": (0, Part.EVENING),
        "tomorrow": (1, None),
        "the day after tomorrow": (2, None),
    },
    seasons=meaning(
        {
            Season.SPRING: "spring",
            Season.SUMMER: "summer",
            Season.AUTUMN: "autumn|fall",
            Season.WINTER: "winter",
        }
    ),
    feasts=meaning(
        {
            "christmas": "christmas|christmas day|xmas|the holidays",
            "christmas eve": "christmas eve",
            "new year's eve": "new year's eve|new years eve",
            "new year": "new year|new year's|new year's day",
            "valentine's day": "valentine's day|valentine's|valentines",
            "carnival": "carnival",
            "easter": "easter",
            "halloween": "halloween",
            "all saints": "all saints",
            "thanksgiving": "thanksgiving",
        }
    ),
    occasions=meaning(
        {
            "my birthday": "my birthday",
            "our anniversary": "our anniversary|my anniversary|our wedding anniversary|my wedding anniversary",
        }
    ),
    clock=re.compile(
        r"\b(?:at|by|around) (?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))? ?(?P<half>[ap])?\.?m?\b"
    ),
    forms=(
        *forms(
            Reading.DATE,
            r"(?:the )?{dom}(?:st|nd|rd|th)?(?: of)? {month}\.?(?:,? (?:of )?{year})?",
            r"{month}\.? (?:the )?{dom}(?:st|nd|rd|th)?(?:,? {year})?",
        ),
        *forms(
            Reading.NUMERIC,
            r"(?P<first>0?[1-9]|[12]\d|3[01])[/.](?P<second>0?[1-9]|[12]\d|3[01])[/.](?P<year>(?:20)?\d\d)",
        ),
        *forms(Reading.MONTH, rf"(?:{_EARLY} )?{{month}},? (?:of )?{{year}}"),
        *forms(Reading.MONTH, rf"{_LAST} {{month}}", turn=-1),
        *forms(Reading.MONTH, rf"{_NEXT} {{month}}", turn=1),
        *forms(Reading.MONTH, r"this (?:past )?{month}", turn=0),
        *forms(
            Reading.MONTH,
            rf"(?:in|during|since|until|till|by|over) (?:{_EARLY} )?{{month}}",
            rf"{_EARLY} {{month}}",
        ),
        *forms(Reading.SEASON, r"{season},? (?:of )?{year}"),
        *forms(Reading.SEASON, rf"{_LAST} {{season}}", turn=-1),
        *forms(Reading.SEASON, rf"{_NEXT} {{season}}", turn=1),
        *forms(Reading.SEASON, r"this (?:past )?{season}", turn=0),
        *forms(
            Reading.SEASON,
            r"(?:in|during|over|since|until|by|for|all) (?:the )?(?:early |late |whole )?{season}",
        ),
        *forms(Reading.DAY, "{day}" + _IN_PART),
        *forms(Reading.FEAST, r"{feast},? (?:in |of )?{year}"),
        *forms(Reading.FEAST, rf"{_LAST} {{feast}}", turn=-1),
        *forms(Reading.FEAST, rf"{_NEXT} {{feast}}", turn=1),
        *forms(Reading.FEAST, r"this (?:past )?{feast}", turn=0),
        *forms(Reading.FEAST, rf"{_AT} (?:the )?{{feast}}"),
        *forms(Reading.OCCASION, rf"{_AT} {{occasion}}(?: (?:in |of )?{{year}})?"),
        *forms(Reading.WEEKDAY, rf"{_LAST} {{weekday}}{_IN_PART}", turn=-1),
        *forms(Reading.WEEKDAY, rf"next {{weekday}}{_IN_PART}", turn=2),
        *forms(Reading.WEEKDAY, rf"(?:this )?coming {{weekday}}{_IN_PART}", turn=1),
        *forms(Reading.WEEKDAY, rf"this {{weekday}}{_IN_PART}", turn=0),
        *forms(Reading.WEEKDAY, rf"(?:(?:on|since|until|till|by|for) )?{{weekday}}{_IN_PART}"),
        *forms(Reading.COUNTED, r"{number} {unit} (?:ago|back|earlier)", turn=-1),
        *forms(
            Reading.COUNTED, r"in {number} {unit}(?:'s? time)?", r"{number} {unit} from (?:now|today)", turn=1
        ),
        *forms(
            Reading.WITHIN,
            rf"(?:in|over|during|within|for) the {_LAST} (?:{{number}} )?{{unit}}",
            rf"the {_LAST} {{number}} {{unit}}",
            rf"{_LAST} {{number}} {{unit}}",
            turn=-1,
        ),
        *forms(Reading.WITHIN, rf"(?:the )?{_NEXT} {{number}} {{unit}}", turn=1),
        *forms(Reading.WHOLE, r"the {whole} before last", turn=-2),
        *forms(Reading.WHOLE, r"the {whole} after next", turn=2),
        *forms(Reading.WHOLE, rf"{_LAST} {{whole}}", turn=-1),
        *forms(Reading.WHOLE, rf"{_NEXT} {{whole}}", turn=1),
        *forms(Reading.WHOLE, r"(?:this|the current) {whole}", turn=0),
        *forms(Reading.WHOLE, r"(?:on|at|over|during) the (?P<whole>weekend)"),
        *forms(Reading.YEAR, r"(?:in|since|during|until|till|by|of|from|for) (?:the year )?{year}"),
        *forms(Reading.ORDINAL, r"(?:on|since|until|by) the {dom}(?:st|nd|rd|th)"),
    ),
    month_first=True,
)
