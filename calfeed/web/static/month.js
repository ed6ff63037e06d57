// A month as a grid of days.
import { make } from "./dom.js";
import { clockWords, dayKey, monthKey, monthWords } from "./time.js";

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

const nextDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1);
const last = (one) => new Date(Math.max(one.end.getTime() - 1, one.start.getTime()));

/** Whether any day of an event lies in the month of a date. */
export const showsMonth = (one, date) =>
  monthKey(one.start) <= monthKey(date) && monthKey(last(one)) >= monthKey(date);

const onDay = (one, day) => dayKey(one.start) <= dayKey(day) && dayKey(last(one)) >= dayKey(day);

function entry(one) {
  const classes = [one.past ? "past" : "", one.coarse ? "vague" : ""].filter(Boolean).join(" ");
  const time = one.allDay ? "" : `${clockWords(one.start)} `;
  const known = one.known ? ` (${one.known})` : "";
  return make(
    "li",
    { class: classes || undefined, title: one.name + known },
    `${time}${one.name}${known}`,
  );
}

function cell(day, month, events, now) {
  const outside = monthKey(day) !== monthKey(month);
  const here = outside ? [] : events.filter((one) => onDay(one, day));
  const today = dayKey(day) === dayKey(now);
  const shown = here.length > MOST ? MOST - 1 : MOST;
  const rest = here.length - shown;
  const classes = [outside ? "out" : "", today ? "today" : ""].filter(Boolean).join(" ");
  return make(
    "td",
    { class: classes || undefined, "aria-current": today ? "date" : undefined },
    outside ? "" : make("span", { class: "day" }, String(day.getDate())),
    here.length
      ? make(
          "ul",
          {},
          ...here.slice(0, shown).map(entry),
          rest > 0 ? make("li", { class: "rest" }, `+${rest}`) : "",
        )
      : "",
  );
}

/** The month of a date as a table, Monday first. */
export function grid(month, events, now) {
  const first = new Date(month.getFullYear(), month.getMonth(), 1);
  let day = new Date(first.getFullYear(), first.getMonth(), 1 - ((first.getDay() + 6) % 7));
  const weeks = [];
  do {
    const cells = [];
    for (let n = 0; n < 7; n += 1) {
      cells.push(cell(day, month, events, now));
      day = nextDay(day);
    }
    weeks.push(make("tr", {}, ...cells));
  } while (monthKey(day) === monthKey(first));
  return make(
    "table",
    { class: "grid" },
    make("caption", { class: "hide" }, monthWords(month)),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        ...DAY_NAMES.map(([short, long]) => make("th", { scope: "col", abbr: long }, short)),
      ),
    ),
    make("tbody", {}, ...weeks),
  );
}
