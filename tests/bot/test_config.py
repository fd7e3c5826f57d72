"""bot/config.py: the file that people write, and the example that is generated for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config
from engine.errors import ConfigError

ROOT = Path(__file__).parents[2]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_embedded_default_holds() -> None:
    settings = config.load(None, environ={})
    assert (settings.web.host, settings.web.port) == ("127.0.0.1", 8420)
    assert settings.chat.model == "storyteller"
    assert settings.images.pipeline == "illustrator"


def test_the_example_is_current() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == config.example(), (
        "run: selfsame config example > config.example.toml"
    )


def test_the_example_says_what_the_defaults_are(tmp_path: Path) -> None:
    """Uncommenting every key changes nothing."""
    lines = []
    for line in config.example().splitlines():
        bare = line.removeprefix("# ")
        is_key = line.startswith("# ") and " = " in bare and bare.split(" = ")[0].isidentifier()
        lines.append(bare if is_key else line)
    assert config.load(write(tmp_path, "\n".join(lines)), environ={}) == config.load(None, environ={})


def test_every_key_is_explained() -> None:
    for name, table in config.Settings.model_fields.items():
        assert table.description, name
        for key, field in table.annotation.model_fields.items():  # type: ignore[union-attr]
            assert field.description, f"{name}.{key}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nprot = 1", "Did you mean 'web.port'?"),
        ("[imagse]\nsize = 512", "Did you mean 'images'?"),
        ("[chat]\nmodell = 'x'", "Did you mean 'chat.model'?"),
        ("[web]\nport = 'many'", "web.port: Input should be a valid integer"),
        ("[web]\nport = 70000", "web.port: Input should be less than or equal to 65535"),
        ("[web\nport = 1", "is not valid TOML"),
        ("[store]\nsynchronous = 'MAYBE'", "store.synchronous: Input should be 'FULL' or 'NORMAL'"),
        ("web = 3", "web"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        config.load(write(tmp_path, text), environ={})
    assert said in error.value.sentence


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no configuration file at"):
        config.load(tmp_path / "nothing.toml", environ={})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(ConfigError, match="UTF-8"):
        config.load(path, environ={})


def test_the_token_comes_from_the_environment_and_is_never_shown() -> None:
    settings = config.load(None, environ={"SELFSAME_ACCESS_TOKEN": "a-long-secret-token"})
    assert settings.web.access_token.get_secret_value() == "a-long-secret-token"
    assert "a-long-secret-token" not in repr(settings)


def test_a_mistake_beside_the_token_does_not_print_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        config.load(write(tmp_path, "[web]\naccess_token = ['a-long-secret-token']"), environ={})
    assert "a-long-secret-token" not in error.value.sentence


def test_a_key_outside_of_a_table_is_told_where_it_belongs(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('token = "x"\n')
    with pytest.raises(ConfigError, match=r"below \[discord\] or \[telegram\]"):
        config.load(path, {})


def test_blanks_around_what_was_pasted_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[discord]\ntoken = " abc "\napi_url = "http://127.0.0.1:1/api/v10 "\n')
    settings = config.load(path, {"SELFSAME_TELEGRAM_TOKEN": " 1:x\n"})
    assert settings.discord.token.get_secret_value() == "abc"
    assert settings.discord.api_url == "http://127.0.0.1:1/api/v10"
    assert settings.telegram.token.get_secret_value() == "1:x"
