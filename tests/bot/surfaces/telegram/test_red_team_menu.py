"""The menu of commands comes although Telegram stumbles while it is published."""

from __future__ import annotations

import pytest

from tests.bot.surfaces.telegram.conftest import Rig


@pytest.mark.parametrize("fault", ["drop", "lost", 502])
async def test_a_fault_leaves_nobody_without_a_menu(rig: Rig, fault: str | int) -> None:
    rig.server.faults.next("setMyCommands", fault)
    rig.server.faults.next("getMyCommands", fault)
    async with rig.running():
        await rig.server.until(lambda: len(rig.server.bot.commands) == 14, 20)
    assert all(commands for commands in rig.server.bot.commands.values())
