// Entries of the feed's JSON as rows of an agenda.
import { link, make } from "./dom.js";
import { clockWords, dayWords, longDayWords, monthKey, monthWords, wall } from "./time.js";

const MOST_MOVES = 3;

/** The webcasts with the one that is the entry's address first, then official ones. */
function ranked(entry, videos) {
  const rank = (video) => [video.url !== entry.url, !video.official, video.priority ?? 10].map(Number);
  return [...videos].sort((one, other) => {
    const [first, second] = [rank(one), rank(other)];
    const n = first.findIndex((value, at) => value !== second[at]);
    return n < 0 ? 0 : first[n] - second[n];
  });
}

/** An entry of the feed's JSON with what the views need to know of it. */
export function read(entry, now) {
  const record = entry[entry.kind];
  const part = ["morning", "afternoon"].includes(entry.known);
  const end = wall(entry.end);
  return {
    name: record.name,
    kind: entry.kind,
    what: record.type?.name || entry.kind[0].toUpperCase() + entry.kind.slice(1),
    state: entry.kind === "launch" ? record.status?.name : "",
    start: wall(entry.start),
    end,
    allDay: entry.all_day,
    confirmed: entry.status === "CONFIRMED",
    about: !entry.all_day && (record.date_precision ?? record.net_precision) === 2,
    coarse: Boolean(entry.known) && !part,
    known: entry.known || "",
    past: end <= now,
    where: entry.location || "",
    webcasts: ranked(entry, record.vid_urls || []),
    page: (record.info_urls || [])[0],
    moves: entry.moves || [],
  };
}

/** A launch or an event, told by shape and word, not by colour alone. */
export function kindOf(entry, quiet = false) {
  const words = make("span", { class: quiet ? "hide" : undefined }, entry.what, quiet ? ": " : "");
  return make("span", { class: `kind ${entry.kind}` }, make("i", { "aria-hidden": "true" }), words);
}

function when(entry) {
  if (entry.coarse)
    return make("p", { class: "when" }, make("span", { class: "vaguely" }, entry.known));
  if (entry.allDay)
    return make(
      "p",
      { class: "when" },
      dayWords(entry.start) + (entry.known ? `, ${entry.known}` : ""),
    );
  return make(
    "p",
    { class: "when" },
    `${dayWords(entry.start)}, ${entry.about ? "about " : ""}${clockWords(entry.start)}`,
  );
}

function webcasts(entry) {
  const links = entry.webcasts
    .slice(0, 3)
    .map((video) =>
      link(
        video.url,
        `Webcast${video.publisher ? `: ${video.publisher}` : ""}${video.official ? " (official)" : ""}`,
      ),
    );
  if (entry.page && !links.length) links.push(link(entry.page.url, "More about it"));
  return links.length ? make("p", { class: "watch" }, ...links) : null;
}

function moved(entry) {
  if (!entry.moves.length) return null;
  const dates = entry.moves.slice(-MOST_MOVES).map(({ from, known, all_day: allDay }) => {
    if (known) return known;
    const date = wall(allDay ? from.slice(0, 10) : from);
    return allDay ? longDayWords(date) : `${longDayWords(date)}, ${clockWords(date)}`;
  });
  const times = entry.moves.length === 1 ? "once" : `${entry.moves.length} times`;
  return make(
    "p",
    { class: "moves" },
    `Moved ${times}; was `,
    ...dates.flatMap((date, n) => [n ? ", then " : "", make("s", {}, date)]),
  );
}

export function row(entry) {
  const classes = [entry.kind, entry.past ? "past" : "", entry.coarse ? "vague" : ""];
  const state = entry.state ? make("span", { class: "tag" }, entry.state) : null;
  return make(
    "li",
    { class: classes.filter(Boolean).join(" ") },
    when(entry),
    make(
      "div",
      {},
      make("p", { class: "kinds" }, kindOf(entry), " ", state),
      make(
        "p",
        { class: "name" },
        make("bdi", {}, entry.name),
        entry.past ? make("span", { class: "hide" }, " (past)") : null,
      ),
      entry.where ? make("p", { class: "where", dir: "auto" }, entry.where) : null,
      entry.coarse ? make("p", { class: "note" }, "Day not known yet") : null,
      moved(entry),
      webcasts(entry),
    ),
  );
}

/** Rows under a heading for each month. */
export function agenda(entries) {
  const months = new Map();
  for (const entry of entries) {
    const key = monthKey(entry.start);
    months.set(key, [...(months.get(key) || []), entry]);
  }
  return [...months.values()].flatMap((those) => [
    make("h4", {}, monthWords(those[0].start)),
    make("ul", { class: "agenda" }, ...those.map(row)),
  ]);
}
