// Moments, days and countdowns in words, in the reader's own time zone and language.

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const format = (options) => new Intl.DateTimeFormat("en-GB", options);
const dayOnly = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const dayInMonth = format({ weekday: "short", day: "numeric", month: "short" });
const clock = format({ hour: "2-digit", minute: "2-digit" });
const monthOnly = format({ month: "long", year: "numeric" });
const offset = format({ timeZoneName: "shortOffset" });

/** A JSON date or moment as a local Date: a day is that day everywhere, a moment is shifted. */
export const local = (text) => new Date(text.length === 10 ? `${text}T00:00:00` : text);
const plain = (text) => text.replace(",", "");
/** A day under its month's heading. */
export const dayWords = (date) => plain(dayInMonth.format(date));
export const monthWords = (date) => monthOnly.format(date);
export const clockWords = (date) => clock.format(date);
export const zoneWords = () => {
  const part = offset.formatToParts(new Date()).find((one) => one.type === "timeZoneName");
  return `Times in ${zone.replaceAll("_", " ")} (${part ? part.value.replace("GMT", "UTC") : "UTC"}), your time zone.`;
};
/** For comparing days and months. */
export const dayKey = (date) => `${monthKey(date)}-${String(date.getDate()).padStart(2, "0")}`;
export const monthKey = (date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}`;

/** Put every marked moment of the page into local time. */
export function localTimes() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const date = new Date(time.dateTime);
    const about = time.dataset.local === "about" ? "about " : "";
    time.textContent = `${plain(dayOnly.format(date))}, ${about}${clock.format(date)}`;
    time.title = `${time.dateTime} (UTC)`;
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
    for (const one of clocks) {
      const text = left(new Date(one.dataset.until) - Date.now());
      if (one.textContent !== text) one.textContent = text;
    }
  };
  tick();
  setInterval(() => document.hidden || tick(), calm ? 60000 : 1000);
}
