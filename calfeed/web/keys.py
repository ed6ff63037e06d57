"""Where the application keeps its parts."""

from aiohttp import web

from calfeed.feeds import Feed
from calfeed.mirror.repository import Library
from calfeed.publish.publisher import Publisher
from calfeed.runtime import Parts
from calfeed.settings import Settings

SETTINGS = web.AppKey("settings", Settings)
PARTS = web.AppKey("parts", Parts)
LIBRARY = web.AppKey("library", Library)
PUBLISHER = web.AppKey("publisher", Publisher)
FEEDS: web.AppKey[dict[str, Feed]] = web.AppKey("feeds", dict)
