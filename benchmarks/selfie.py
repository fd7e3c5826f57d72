"""`selfsame bench selfie`: request → picture on the page at 1024², and how smooth the event loop stays meanwhile.

The product itself, in this process, with its spawned worker: a surface that does what the page does stands at the
port and notes when the finished picture reaches it.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from bot.app import open_house, run_house
from bot.config import Settings
from bot.messages import Call, Chat, Inbound, Origin, Outbound, Replied

PICTURES = 24
QUICK_PICTURES = 6
# Seconds between two looks at the clock; the loop's lag is how late they come.
TICK = 0.005

SCENES = (
    "at a jazz bar",
    "on a hiking trail at sunrise, wide shot",
    "in the library, reading, close-up",
    "on a rooftop at night, laughing",
    "at the beach in the rain",
    "in the kitchen with a mug of tea",
)


class Watching:
    """A surface that notes when a picture arrives."""

    name = "bench"

    def __init__(self) -> None:
        self.arrived: dict[str, asyncio.Future[float]] = {}

    async def deliver(self, origin: Origin, outbound: Outbound) -> str:
        """Progress messages: remembered by the message's id."""
        return outbound.message.id if isinstance(outbound, Replied) else ""

    async def edit(self, origin: Origin, ref: str, outbound: Outbound) -> None:
        """The picture takes the place of its progress."""
        if isinstance(outbound, Replied) and outbound.message.picture is not None:
            future = self.arrived.setdefault(ref, asyncio.get_running_loop().create_future())
            if not future.done():
                future.set_result(time.perf_counter())


async def run(*, quick: bool = False) -> dict[str, Any]:
    """Measure. Keys: median_s, p90_s, lag_p99_ms, first_s."""
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        async with open_house(Settings(), Path(folder)) as (house, delivery, surfaces):
            surface = Watching()
            surfaces[surface.name] = surface
            result: dict[str, Any] = {}

            async def main() -> None:
                await house.engine.workers.each[0].ready.wait()
                origin = Origin(surface.name, house.owner.id)
                (chat,) = await house.router.ask(
                    Inbound(origin, "talk", call=Call("talk", {"character": "noor"}))
                )
                assert isinstance(chat, Chat), chat
                origin = Origin(surface.name, house.owner.id, conversation_id=chat.conversation_id)
                result.update(
                    await _measure(house.router, surface, origin, QUICK_PICTURES if quick else PICTURES)
                )

            await run_house(house, delivery, surfaces, main)
    return result


def table(result: dict[str, Any]) -> str:
    """The result for people."""
    return (
        f"Request → picture on the page, 1024², {result['pictures']} pictures one after another\n"
        f"  median {result['median_s']:.2f} s (aim: 1), p90 {result['p90_s']:.2f} s, "
        f"the first one {result['first_s']:.2f} s\n"
        f"  event loop's lag meanwhile: p50 {result['lag_p50_ms']:.2f} ms, p99 {result['lag_p99_ms']:.2f} ms (aim: 20)"
    )


async def _measure(router: Any, surface: Watching, origin: Origin, pictures: int) -> dict[str, Any]:
    lags: list[float] = []
    ticking = asyncio.create_task(_tick(lags))
    times = [await _picture(router, surface, origin, number) for number in range(pictures)]
    ticking.cancel()
    lags.sort()
    ordered = sorted(times)
    return {
        "pictures": pictures,
        "first_s": round(times[0], 3),
        "median_s": round(statistics.median(times), 3),
        "p90_s": round(ordered[int(len(ordered) * 0.9)], 3),
        "lag_p50_ms": round(lags[len(lags) // 2] * 1000, 3),
        "lag_p99_ms": round(lags[int(len(lags) * 0.99)] * 1000, 3),
    }


async def _picture(router: Any, surface: Watching, origin: Origin, number: int) -> float:
    started = time.perf_counter()
    call = Call("selfie", {"scene": SCENES[number % len(SCENES)]})
    shown = await router.ask(Inbound(origin, uuid.uuid4().hex, call=call))
    messages = [one.message.id for one in shown if isinstance(one, Replied)]
    assert messages, shown
    future = surface.arrived.setdefault(messages[0], asyncio.get_running_loop().create_future())
    async with asyncio.timeout(60):
        return await future - started


async def _tick(lags: list[float]) -> None:
    while True:
        wanted = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        lags.append(max(0.0, time.perf_counter() - wanted))


if __name__ == "__main__":
    print(table(asyncio.run(run())))
