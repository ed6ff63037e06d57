// A month as a grid of days.
import { make } from "./dom.js";
import { kindOf } from "./rows.js";
import { clockWords, dayKey, monthKey, monthWords } from "./time.js";

const DAY = 86400000;
const DAY_NAMES = [
  ["Mon", "Monday"],
  ["Tue", "Tuesday"],
  ["Wed", "Wednesday"],
  ["Thu", "Thursday"],
  ["Fri", "Friday"],
  ["Sat", "Saturday"],
  ["Sun", "Sunday"],
];
const MOST = 3;

const last = (entry) => new Date(Math.max(entry.end.getTime() - 1, entry.start.getTime()));

/** The first moment of a month, some months on. */
export const firstOf = (date, by = 0) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + by, 1));

/** Whether any day of an entry lies in the month of a date. */
export const showsMonth = (entry, date) =>
  monthKey(entry.start) <= monthKey(date) && monthKey(last(entry)) >= monthKey(date);

const onDay = (entry, day) =>
  dayKey(entry.start) <= dayKey(day) && dayKey(last(entry)) >= dayKey(day);

/** Launches are named “rocket | mission”; in a cell there is room for the mission. */
const shortName = (entry) =>
  (entry.kind === "launch" && entry.name.split(" | ").at(-1)) || entry.name;

function item(entry) {
  const classes = [entry.kind, entry.past ? "past" : "", entry.coarse ? "vague" : ""];
  const time = entry.allDay ? "" : `${clockWords(entry.start)} `;
  const known = entry.known ? ` (${entry.known})` : "";
  return make(
    "li",
    { class: classes.filter(Boolean).join(" "), title: `${entry.what}: ${entry.name}${known}` },
    kindOf(entry, true),
    `${time}`,
    make("bdi", {}, shortName(entry)),
    known,
  );
}

function cell(day, month, entries, now) {
  const outside = monthKey(day) !== monthKey(month);
  const here = outside ? [] : entries.filter((entry) => onDay(entry, day));
  const today = dayKey(day) === dayKey(now);
  const shown = here.length > MOST ? MOST - 1 : MOST;
  const rest = here.length - shown;
  const classes = [outside ? "out" : "", today ? "today" : ""].filter(Boolean).join(" ");
  return make(
    "td",
    { class: classes || undefined, "aria-current": today ? "date" : undefined },
    outside ? "" : make("span", { class: "day" }, String(day.getUTCDate())),
    here.length
      ? make(
          "ul",
          {},
          ...here.slice(0, shown).map(item),
          rest > 0
            ? make("li", { class: "rest" }, `+${rest}`, make("span", { class: "hide" }, " more"))
            : "",
        )
      : "",
  );
}

/** The month of a date as a table, Monday first. */
export function grid(month, entries, now) {
  const first = firstOf(month);
  let day = new Date(first.getTime() - ((first.getUTCDay() + 6) % 7) * DAY);
  const weeks = [];
  do {
    const cells = [];
    for (let n = 0; n < 7; n += 1) {
      cells.push(cell(day, month, entries, now));
      day = new Date(day.getTime() + DAY);
    }
    weeks.push(make("tr", {}, ...cells));
  } while (monthKey(day) === monthKey(first));
  const names = DAY_NAMES.map(([short, long]) => make("th", { scope: "col", abbr: long }, short));
  return make(
    "table",
    { class: "grid" },
    make("caption", { class: "hide" }, monthWords(month)),
    make("thead", {}, make("tr", {}, ...names)),
    make("tbody", {}, ...weeks),
  );
}
