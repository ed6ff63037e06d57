"""Every environment variable: what it takes, and what is said of a value it does not take."""

from datetime import timedelta
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

import pytest
from yarl import URL

from calfeed import settings
from calfeed.errors import SettingsError
from calfeed.settings import PREFIX, Settings


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine's own, and no .env file."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def test_the_defaults() -> None:
    chosen = settings.load()
    assert chosen.ll2_url == URL("https://ll.thespacedevs.com/2.3.0")
    assert (chosen.ll2_token, chosen.token) == (None, None)
    assert chosen.ll2_calls_per_hour == 15
    assert urlsplit(chosen.cache_url).scheme == "sqlite"
    assert chosen.fresh_for == timedelta(minutes=15)
    assert (chosen.feeds_dir, chosen.public_url) == (None, None)


def test_the_variables_of_the_contract_are_known_and_told() -> None:
    names = """LL2_URL LL2_TOKEN LL2_CALLS_PER_HOUR CACHE_URL FRESH_FOR FEEDS_DIR
        PUBLIC_URL"""
    assert {name.upper() for name in Settings.model_fields} == set(names.split())
    for field in Settings.model_fields.values():
        assert field.description
        assert isinstance(field.json_schema_extra, dict)
        assert field.json_schema_extra["takes"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("ll2_url", "https://lldev.thespacedevs.com/2.2.0/",
         URL("https://lldev.thespacedevs.com/2.2.0")),
        ("ll2_url", "http://127.0.0.1:9000/2.3.0", URL("http://127.0.0.1:9000/2.3.0")),
        ("ll2_url", "https://proxy.example/ll/2.3.0", URL("https://proxy.example/ll/2.3.0")),
        ("ll2_calls_per_hour", "300", 300),
        ("cache_url", "memory://", "memory://"),
        ("cache_url", "sqlite:///tmp/x.sqlite3", "sqlite:///tmp/x.sqlite3"),
        ("cache_url", "redis://host:6379/1", "redis://host:6379/1"),
        ("fresh_for", "PT5M", timedelta(minutes=5)),
        ("fresh_for", "90s", timedelta(seconds=90)),
        ("feeds_dir", "my feeds", Path("my feeds")),
        ("public_url", "https://cal.example/space/", URL("https://cal.example/space")),
    ],
)  # fmt: skip
def test_a_value_is_read_from_the_environment_and_from_a_file(
    name: str, text: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = PREFIX + name.upper()
    Path(".env").write_text(f"{variable}={text}\n# a remark\nOTHER=1\n", encoding="utf-8")
    assert getattr(settings.load(), name) == value
    Path(".env").unlink()
    monkeypatch.setenv(variable, text)
    assert getattr(settings.load(), name) == value
    assert getattr(settings.load({name: text}), name) == value


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(PREFIX + name.upper(), "")
    assert settings.load().ll2_calls_per_hour == 15
    assert settings.load().public_url is None


def test_sqlite_without_a_path_is_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    default = settings.load().cache_url
    monkeypatch.setenv("CALFEED_CACHE_URL", "sqlite:")
    assert settings.load().cache_url in ("sqlite:", default)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (r"sqlite:///C:\Users\me\calfeed.sqlite3", PureWindowsPath(r"C:\Users\me\calfeed.sqlite3")),
        ("sqlite:///C:/calfeed.sqlite3", PureWindowsPath("C:/calfeed.sqlite3")),
        ("sqlite:///./x.sqlite3", PureWindowsPath("x.sqlite3")),
        ("sqlite:////home/me/x.sqlite3", PurePosixPath("/home/me/x.sqlite3")),
        ("sqlite:///home/me/x.sqlite3", PurePosixPath("/home/me/x.sqlite3")),
        ("sqlite:///./x.sqlite3", PurePosixPath("x.sqlite3")),
        ("sqlite:///C:/x", PurePosixPath("/C:/x")),
    ],
)
def test_the_file_of_a_url(url: str, path: PurePath) -> None:
    assert settings.sqlite_path(url, type(path)) == path


def test_the_default_file_is_the_one_of_its_url() -> None:
    assert settings.sqlite_path(settings.load().cache_url, Path).name == "calfeed.sqlite3"


BAD = [
    ("ll2_url", ["banana", "https://ll.thespacedevs.com", "ftp://x.example/2.3.0", "2.3.0",
                 "https://ll.thespacedevs.com/2.1.0", "https://[/2.3.0", "https:///2.3.0",
                 "https://x.example/2.3.0/events", "https://x.example/2.3.0?mode=list",
                 "https://x.example/2.3.0#x", "https://x.example:99999/2.3.0"]),
    ("ll2_calls_per_hour", ["banana", "0", "-1", "1.5", "100001", "٣", "9" * 5000]),
    ("cache_url", ["banana", "sqlite://x", "sqlite:x.db", "mysql://x", "http://x", "redis:",
                   "redis:host", "memory"]),
    ("fresh_for", ["banana", "15", "PT0S", "-PT5M", "P8D", "P1M"]),
    ("public_url", ["banana", "ftp://x.example", "cal.example", "https://", "/feeds",
                    "https://x.example/?a=b", "https://x.example/#a"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, bad in BAD for text in bad])
def test_a_bad_value_is_named_with_what_is_taken(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = PREFIX + name.upper()
    monkeypatch.setenv(variable, text)
    with pytest.raises(SettingsError) as caught:
        settings.load()
    extra = Settings.model_fields[name].json_schema_extra
    assert isinstance(extra, dict)
    shown = repr(text[:80])
    assert str(caught.value) == f"{variable}={shown} cannot be used: it takes {extra['takes']}"


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "tab\there", "kéy", " "])
def test_a_token_is_never_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALFEED_LL2_TOKEN", token)
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert str(caught.value) == (
        "CALFEED_LL2_TOKEN=(hidden) cannot be used:"
        " it takes a key of printable ASCII characters without blanks"
    )


def test_a_good_token_is_kept_out_of_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALFEED_LL2_TOKEN", "0123abcd")
    chosen = settings.load()
    assert chosen.token == "0123abcd"
    assert "0123abcd" not in repr(chosen) + str(chosen) + chosen.model_dump_json(
        exclude={"ll2_url", "public_url"}
    )


@pytest.mark.parametrize("name", ["cache_url", "ll2_url", "public_url"])
def test_a_password_in_an_address_is_never_shown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = "mysql" if name == "cache_url" else "https"
    monkeypatch.setenv(PREFIX + name.upper(), f"{scheme}://user:secret@host/2.3.0")
    with pytest.raises(SettingsError) as caught:
        settings.load()
    assert str(caught.value).startswith(f"{PREFIX}{name.upper()}=(hidden) cannot be used: ")


def test_a_file_that_is_no_text_is_refused() -> None:
    Path(".env").write_bytes(b"CALFEED_LL2_URL=\xff\xfe\n")
    with pytest.raises(SettingsError, match=r"^\.env: cannot be read: "):
        settings.load()
