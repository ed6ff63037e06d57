"""Every environment variable, its default and its meaning."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import Annotated, Any, TypeVar

from dotenv import dotenv_values
from platformdirs import user_cache_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from yarl import URL

from calfeed import duration
from calfeed.errors import SHOWN, SettingsError
from calfeed.text import clean_line

PREFIX = "CALFEED_"
VERSIONS = ("2.3.0", "2.2.0")
DOTENV = ".env"
_CACHE = re.compile("memory:(//)?|sqlite:(///.*)?|rediss?://[^/]+(/[0-9]*)?([?].*)?")


def _url(value: object) -> object:
    return URL(value.rstrip("/")) if isinstance(value, str) else value


def _base(url: URL | None) -> URL | None:
    if url is not None:
        beside = (url.user, url.password, url.query_string, url.fragment)
        if url.scheme not in ("http", "https") or not url.host or any(beside):
            raise ValueError
    return url


def _versioned(url: URL) -> URL:
    if url.name not in VERSIONS:
        raise ValueError
    return url


def _cache(url: str) -> str:
    scheme, _, rest = url.partition(":")
    if not _CACHE.fullmatch(url) or (scheme.startswith("redis") and not URL(url).host):
        raise ValueError
    return url if rest.strip("/") or scheme != "sqlite" else _default_cache()


def _fresh(value: object) -> object:
    length = duration.parse(value) if isinstance(value, str) else value
    if not isinstance(length, timedelta) or not timedelta(seconds=1) <= length <= timedelta(days=7):
        raise ValueError
    return length


def _token(token: SecretStr | None) -> SecretStr | None:
    if token is not None and not re.fullmatch("[!-~]+", token.get_secret_value(), re.ASCII):
        raise ValueError
    return token


def _default_cache() -> str:
    return f"sqlite:///{user_cache_path('calfeed') / 'calfeed.sqlite3'}"


class Settings(BaseSettings):
    """The environment and the ``.env`` file, read and checked."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=DOTENV,
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        arbitrary_types_allowed=True,
    )

    ll2_url: Annotated[
        URL, BeforeValidator(_url), AfterValidator(_base), AfterValidator(_versioned)
    ] = Field(
        URL("https://ll.thespacedevs.com/2.3.0"),
        description="Launch Library's base URL",
        json_schema_extra={"takes": "a plain http(s) URL that ends in /2.3.0 or /2.2.0"},
    )
    ll2_token: Annotated[SecretStr | None, AfterValidator(_token)] = Field(
        None,
        description="API key, sent to Launch Library; never logged or shown",
        json_schema_extra={"takes": "a key of printable ASCII characters without blanks"},
    )
    ll2_calls_per_hour: int = Field(
        15,
        ge=1,
        le=10_000,
        description="upstream calls in any rolling hour, never exceeded",
        json_schema_extra={"takes": "a whole number, 1 to 10000"},
    )
    cache_url: Annotated[str, AfterValidator(_cache)] = Field(
        default_factory=_default_cache,
        description="where fetched data lives",
        json_schema_extra={"takes": "memory://, sqlite:///path/to/file or redis://host:port/db"},
    )
    fresh_for: Annotated[timedelta, BeforeValidator(_fresh)] = Field(
        timedelta(minutes=15),
        description="how old data may be before a refresh is due",
        json_schema_extra={"takes": duration.TAKES + ", 1 second to 7 days"},
    )
    feeds_dir: Path | None = Field(
        None,
        description="the folder of named feeds",
        json_schema_extra={"takes": "a folder with .toml files"},
    )
    public_url: Annotated[URL | None, BeforeValidator(_url), AfterValidator(_base)] = Field(
        None,
        description="base of the absolute links in feeds and pages",
        json_schema_extra={"takes": "a plain http(s) URL"},
    )

    @property
    def token(self) -> str | None:
        """The API key itself."""
        return self.ll2_token.get_secret_value() if self.ll2_token else None


def load(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the settings from the environment and ``.env``.

    Raises:
        SettingsError: a value cannot be used. The message names the variable, the value and what it
            takes.
    """
    try:
        return Settings(**(overrides or {}))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise SettingsError(_explain(field, first.get("input"))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{DOTENV}: cannot be read: {error}") from error


def unknown_variables() -> Iterator[str]:
    """A warning for each ``CALFEED_…`` variable that means nothing, with the nearest that does.

    It names variables and never shows a value: a mistyped name may hold a token.
    """
    given = set(os.environ)
    with suppress(OSError, UnicodeDecodeError):  # load() reports that
        given |= set(dotenv_values(DOTENV))
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    for name in sorted(given):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            (nearest, *_) = get_close_matches(name.upper(), known, 1, 0)
            yield f"{clean_line(name)[:SHOWN]} is unknown and ignored; did you mean {nearest}?"


P = TypeVar("P", bound=PurePath)


def sqlite_path(url: str, flavour: type[P]) -> P:
    """The file that a ``sqlite:`` URL means: ``sqlite:///path``, where ``sqlite:////path`` and
    ``sqlite:///./path`` are understood too, and ``sqlite:///C:\\path`` on Windows."""
    path = url.partition("://")[2]
    below = path[1:]
    bare = path.startswith(("//", "/./")) or flavour(below).drive
    return flavour(below if bare else path)


def _explain(field: str, value: object) -> str:
    info = Settings.model_fields[field]
    extra = info.json_schema_extra
    takes = extra["takes"] if isinstance(extra, dict) else ""
    secret = field == "ll2_token" or "@" in str(value) or "password" in str(value).lower()
    given = "(hidden)" if secret else f"{str(value)[:SHOWN]!r}"
    return f"{PREFIX}{field.upper()}={given} cannot be used: it takes {takes}"
