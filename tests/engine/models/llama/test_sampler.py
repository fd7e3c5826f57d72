"""How a token is chosen: by llama.cpp's own samplers, in forms that the answer has to follow."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.models.llama.sampler import BAD_FORM, Sampler
from engine.models.port import Ending, Sampling
from tests.engine.models.llama.rig import Alone, Rig

MOOD = json.dumps(
    {
        "type": "object",
        "properties": {"mood": {"enum": ["happy", "sad"]}, "sure": {"type": "boolean"}},
        "required": ["mood", "sure"],
        "additionalProperties": False,
    }
)
# As free as can be, so that what is right is right by the form and not by chance.
FREE = Sampling(temperature=3.0, top_k=0, min_p=0.0, repeat_penalty=1.0)


def words(seed: int, count: int) -> list[int]:
    return random.Random(seed).choices(range(10, 250), k=count)


@pytest.fixture(scope="module")
def rig(tiny: Path) -> Iterator[Rig]:
    made = Rig(tiny)
    yield made
    made.close()


def sampling(base: Sampling = FREE, **changes: object) -> Sampling:
    from dataclasses import replace

    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(8))
def test_a_schema_is_followed(rig: Rig, seed: int) -> None:
    asked = rig.say(words(seed, 20), most=60, sampling=sampling(schema=MOOD, seed=seed))
    answer = json.loads(asked.text)
    assert answer["mood"] in {"happy", "sad"}
    assert isinstance(answer["sure"], bool)
    # The form was complete, and then the model could end.
    assert asked.finish.ending is Ending.STOP


@pytest.mark.parametrize("seed", range(4))
def test_a_grammar_is_followed(rig: Rig, seed: int) -> None:
    grammar = 'root ::= ("ja" | "nein" | "größer") "."'
    asked = rig.say(words(seed, 20), most=60, sampling=sampling(grammar=grammar, seed=seed))
    assert asked.text in {"ja.", "nein.", "größer."}


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_a_form_also_goes_with_few_choices(rig: Rig, temperature: float) -> None:
    """The likeliest tokens are not in the form: it is asked for others."""
    how = Sampling(temperature=temperature, top_k=2, schema=MOOD, seed=3)
    assert json.loads(rig.say(words(1, 20), most=60, sampling=how).text)["mood"] in {"happy", "sad"}


def test_what_the_form_takes_anyway_is_not_changed(rig: Rig, tiny: Path) -> None:
    """A grammar of anything gives what the model says without one."""
    alone = Alone(tiny)
    how = Sampling(temperature=0, repeat_penalty=1, grammar="root ::= [^\\x00]*")
    reply = rig.say(words(1, 20), most=20, sampling=how).reply
    assert reply == alone.reply(words(1, 20), 20)
    alone.close()


@pytest.mark.parametrize(
    "bad",
    [
        {"grammar": "root ::= ("},
        {"grammar": 'leaf ::= "a"'},
        {"grammar": 'root ::= "\ud800"'},
        {"schema": "{"},
        {"schema": '{"type": "nonsense"}'},
        {"schema": '{"$ref": "#/nowhere"}'},
    ],
)
def test_a_form_that_is_none_is_said(rig: Rig, bad: dict[str, str]) -> None:
    other = rig.ask(words(2, 20), most=20)
    assert rig.say(words(1, 20), sampling=sampling(**bad)).error.sentence == BAD_FORM
    rig.run(other)
    assert other.finish.written == 20
    assert rig.say(words(1, 20)).finish.written == 6


def test_the_same_seed_says_the_same(rig: Rig) -> None:
    said = [rig.say(words(1, 20), most=20, sampling=sampling(seed=7)).reply for _ in range(2)]
    assert said[0] == said[1] != rig.say(words(1, 20), most=20, sampling=sampling(seed=8)).reply


def test_without_a_seed_it_differs(rig: Rig) -> None:
    said = {tuple(rig.say(words(1, 20), most=20, sampling=FREE).reply) for _ in range(4)}
    assert len(said) == 4


def test_one_choice_is_the_likeliest(rig: Rig) -> None:
    greedy = rig.say(words(1, 20), most=12).reply
    assert rig.say(words(1, 20), most=12, sampling=sampling(top_k=1)).reply == greedy
    assert rig.say(words(1, 20), most=12, sampling=sampling(min_p=1.0)).reply == greedy
    assert rig.say(words(1, 20), most=12, sampling=sampling(top_p=1e-9)).reply == greedy


def test_a_bias_forbids_and_forces(rig: Rig) -> None:
    likeliest = rig.say(words(1, 20), most=1).reply[0]
    greedy = Sampling(temperature=0, repeat_penalty=1)
    without = sampling(greedy, logit_bias=((likeliest, -1000.0),))
    assert likeliest not in rig.say(words(1, 20), most=10, sampling=without).reply
    always = sampling(greedy, logit_bias=((77, 1000.0), (10**6, 5.0), (-1, 5.0)))
    assert rig.say(words(1, 20), most=5, sampling=always).reply == [77] * 5


def test_repeating_costs(rig: Rig) -> None:
    """Over a short list of choices: what came a moment ago comes less often."""
    only = tuple((token, 200.0) for token in (70, 71, 72, 73))
    free = Sampling(temperature=0.01, repeat_penalty=1.0, logit_bias=only, seed=1)
    often = Counter(rig.say(words(1, 20), most=60, sampling=free).reply).most_common(1)[0][1]
    strict = sampling(free, repeat_penalty=2.0, repeat_last=2)
    seldom = rig.say(words(1, 20), most=60, sampling=strict).reply
    assert Counter(seldom).most_common(1)[0][1] < often
    assert all(a != b for a, b in pairwise(seldom))


def test_the_prompts_words_count_as_said(rig: Rig) -> None:
    likeliest = rig.say(words(1, 20), most=1).reply[0]
    strict = Sampling(temperature=0, repeat_penalty=1.9, repeat_last=64)
    prompt = [likeliest] * 3 + words(1, 20)
    plain = rig.say(prompt, most=1).reply
    assert rig.say(prompt, most=1, sampling=strict).reply != plain or plain[0] not in prompt


def test_dry_breaks_a_phrase_that_goes_round(rig: Rig) -> None:
    phrase = [70, 71, 72, 73]
    only = tuple((token, 300.0) for token in phrase)
    # What follows each word of the phrase is known, so only DRY can leave it.
    free = Sampling(temperature=0, repeat_penalty=1, logit_bias=only)
    dry = sampling(free, dry=500.0)
    prompt = phrase * 6
    assert rig.say(prompt, most=12, sampling=dry).reply != rig.say(prompt, most=12, sampling=free).reply


def test_xtc_leaves_out_the_likeliest(rig: Rig) -> None:
    only = tuple((token, 300.0) for token in (70, 71, 72, 73))
    flat = Sampling(temperature=0.01, top_k=0, min_p=0.0, repeat_penalty=1.0, logit_bias=only, seed=5)
    without = rig.say(words(1, 20), most=30, sampling=flat).reply
    hot = sampling(flat, temperature=50.0)
    assert rig.say(words(1, 20), most=30, sampling=sampling(hot, xtc=1.0)).reply != without


def test_a_sampler_can_be_closed_twice_over_many(rig: Rig) -> None:
    for _ in range(200):
        Sampler(rig.model, sampling(grammar='root ::= "a"')).close()
    with pytest.raises(ModelError):
        Sampler(rig.model, sampling(grammar="root ::= ("))
