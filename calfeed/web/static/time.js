// Moments and days in words, in the reader's own time zone or in UTC.
//
// A wall clock is a Date whose UTC fields are what a clock in the chosen zone shows. So days and
// months are compared and written without a thought of zones, and no hour of a clock change is lost.

const own = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const dayOnly = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const dayInMonth = format({ weekday: "short", day: "numeric", month: "short" });
const clock = format({ hour: "2-digit", minute: "2-digit" });
const monthOnly = format({ month: "long", year: "numeric" });
const offset = new Intl.DateTimeFormat("en-GB", { timeZone: own, timeZoneName: "shortOffset" });
const listeners = [];
let utc = false;

/** What a clock in the chosen zone shows at a moment. */
function wallClock(date) {
  return utc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60000);
}

/** A date or moment of JSON as a wall clock: a day is that day everywhere. */
export const wall = (text) =>
  text.length === 10 ? new Date(`${text}T00:00:00Z`) : wallClock(new Date(text));
/** The same moment as it is. */
export const wallNow = (date) => wallClock(date);

const plain = (text) => text.replace(",", "");
/** A day under its month's heading. */
export const dayWords = (date) => plain(dayInMonth.format(date));
export const longDayWords = (date) => plain(dayOnly.format(date));
export const monthWords = (date) => monthOnly.format(date);
export const clockWords = (date) => clock.format(date);
/** For comparing days and months. */
export const dayKey = (date) => date.toISOString().slice(0, 10);
export const monthKey = (date) => date.toISOString().slice(0, 7);

export function zoneWords() {
  if (utc) return "Times in UTC.";
  const part = offset.formatToParts(new Date()).find((found) => found.type === "timeZoneName");
  const hours = part ? part.value.replace("GMT", "UTC") : "UTC";
  return `Times in ${own.replaceAll("_", " ")} (${hours}), your time zone.`;
}

/** Call back whenever another zone is chosen. */
export const onZone = (listener) => listeners.push(listener);

function markedTimes() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const date = wall(time.dateTime);
    const about = time.dataset.local === "about" ? "about " : "";
    const zone = utc ? " UTC" : "";
    time.textContent = `${longDayWords(date)}, ${about}${clock.format(date)}${zone}`;
    time.title = `${time.dateTime} (UTC)`;
  }
}

/** Put every marked moment of the page into the chosen zone, and let the reader choose. */
export function zones() {
  markedTimes();
  const switches = [...document.querySelectorAll("[data-zones]")];
  for (const group of switches) {
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      utc = button.dataset.zone === "utc";
      for (const other of document.querySelectorAll("[data-zone]"))
        other.setAttribute("aria-pressed", String((other.dataset.zone === "utc") === utc));
      markedTimes();
      for (const listener of listeners) listener();
    });
  }
}

function left(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const [days, hours, minutes] = [
    Math.floor(seconds / 86400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (seconds <= 0) return "now";
  if (days) return `in ${days} d ${hours} h`;
  if (hours || calm)
    return hours ? `in ${hours} h ${minutes} min` : `in ${Math.max(1, minutes)} min`;
  return `in ${minutes} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** Keep the countdowns true; they are no live regions, so nobody is interrupted. */
export function countdowns() {
  const clocks = [...document.querySelectorAll("[data-until]")];
  if (!clocks.length) return;
  const tick = () => {
    for (const clock of clocks) {
      const text = left(new Date(clock.dataset.until) - Date.now());
      if (clock.textContent !== text) clock.textContent = text;
    }
  };
  tick();
  setInterval(() => document.hidden || tick(), calm ? 60000 : 1000);
}
