"""Where on the clock a person is: IANA names, and the machine's own zone for who said none; `/timezone` and prompts ask."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

# Names of the database that are no places: old ones, and ones of programs.
_NO_PLACE = re.compile(r"^(?:posix|right|Etc|SystemV|US)/|^(?!UTC$)[^/]+$")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?00)?")
# Hours east and west of Greenwich that a whole-hour zone can be.
_MOST_EAST, _MOST_WEST = 14, 12
# A year whose rules are known to every edition of the database.
_SAMPLE_YEAR = 2024
# Where summer begins in December: zones in whose countries people live south of the equator and speak of seasons.
_SOUTH = re.compile(
    r"^(?:Australia/|Antarctica/|Pacific/(?:Auckland|Chatham|Easter|Fiji|Tongatapu|Noumea)$|"
    r"America/(?:Argentina/|Buenos_Aires$|Sao_Paulo$|Campo_Grande$|Cuiaba$|Santiago$|Punta_Arenas$|Montevideo$|Asuncion$|La_Paz$|Lima$)|"
    r"Africa/(?:Johannesburg|Harare|Maputo|Windhoek|Gaborone|Lusaka|Luanda|Maseru|Mbabane)$|Indian/(?:Mauritius|Reunion|Antananarivo)$)"
)


class MachineZone(tzinfo):
    """The zone of this machine, with its summer time whenever a date has it."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """How far the machine's clock was, or will be, from UTC."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Not known apart from the offset."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """The zone's short name at a moment."""
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """A moment of UTC on the machine's clock; the second of two equal hours in autumn has its fold."""
        there = moment.replace(tzinfo=UTC).astimezone()
        local = there.replace(tzinfo=self)
        return local if local.utcoffset() == there.utcoffset() else local.replace(fold=1)


MACHINE = MachineZone()


def zone_of(name: str) -> tzinfo:
    """A person's zone by its name; the machine's for "" and for a name that this machine does not know."""
    try:
        return ZoneInfo(name) if name else MACHINE
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return MACHINE


def find_zone(words: str) -> str:
    """The zone that somebody means by "Europe/Berlin", "berlin" or "UTC+2"; "" where that is none, or several."""
    if offset := _OFFSET.fullmatch(words.strip().casefold()):
        return _by_offset(offset[1], int(offset[2]))
    plain = _folded(words)
    named = [name for name in _places() if _folded(name) == plain]
    named = named or [name for name in _places() if _folded(name.rpartition("/")[2]) == plain]
    # "Buenos Aires" has an old name and a new one, which mean the same.
    return max(named, key=len) if named and len({_clock(name) for name in named}) == 1 else ""


def like_zones(words: str, most: int = 3) -> list[str]:
    """Zones whose names begin with, or hold, what somebody typed: to offer where none was meant exactly."""
    plain = _folded(words)
    held = [name for name in _places() if plain and plain in _folded(name)]
    return sorted(held, key=lambda name: (not _folded(name.rpartition("/")[2]).startswith(plain), name))[
        :most
    ]


def southern(zone: tzinfo) -> bool:
    """Whether the seasons are those of the south."""
    return isinstance(zone, ZoneInfo) and _SOUTH.match(zone.key or "") is not None


def _by_offset(sign: str, hours: int) -> str:
    if hours == 0:
        return "UTC"
    if hours > (_MOST_EAST if sign == "+" else _MOST_WEST):
        return ""
    # The database counts them the other way round.
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"


def _clock(name: str) -> tuple[timedelta | None, ...]:
    """What tells one zone from another: its offsets in winter and in summer."""
    zone = ZoneInfo(name)
    return tuple(zone.utcoffset(datetime(_SAMPLE_YEAR, month, 1)) for month in (1, 7))  # noqa: DTZ001 - on that zone's own clock


def _folded(words: str) -> str:
    return "_".join(words.strip().casefold().replace("-", "_").split())


@cache
def _places() -> tuple[str, ...]:
    """The zones that have a place's name; reads the machine's database once."""
    return tuple(sorted(name for name in available_timezones() if not _NO_PLACE.match(name)))
