"""The keys of what the application holds."""

from aiohttp import web

from calfeed.feeds import Feed
from calfeed.publish.publisher import Publisher
from calfeed.runtime import Runtime
from calfeed.settings import Settings
from calfeed.web.outgoing import Outgoing

SETTINGS = web.AppKey("settings", Settings)
RUNTIME = web.AppKey("runtime", Runtime)
PUBLISHER = web.AppKey("publisher", Publisher)
OUTGOING = web.AppKey("outgoing", Outgoing)
FEEDS: web.AppKey[dict[str, Feed]] = web.AppKey("feeds", dict)
