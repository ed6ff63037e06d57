"""What tests share. Which to take:

    calendars     what a query makes of some records, in memory: no server, no store, no clock
    mirror        filling, refreshing, budget, store: a mirror on a fake Launch Library, its rounds
                  stepped by hand, its clock moved by hand
    service       whatever is asked over HTTP: the whole application, in this process
    process       signals, ports, settings, output: `calfeed serve` in a process of its own
    redis_server  a real Redis: for the store, and for several processes that share it
    flights       what holds for any collection: one that is neither events nor launches
    hostile       texts, links and moments that are meant to break out of a calendar (hypothesis)
    judges        whether a rendered feed is right: rules for its bytes, and three parsers
    needs         programs besides Python: where one is missing, the test is skipped

Records are made up by `tests.fake` (`event()`, `launch()`), or are real ones, in `tests/recorded`.
`tests.golden` holds the bytes of whole feeds. `tests.clients` has calendar apps, `tests.browser`
Chromium, `tests.deploy` nginx and others that stand in front.
"""
