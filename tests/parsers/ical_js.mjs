// Reads a feed as Thunderbird does and prints its events as JSON: node ical_js.mjs FEED
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const text = (event, name) => event.getFirstPropertyValue(name) ?? "";
const entries = calendar.getAllSubcomponents("vevent").map((event) => ({
  uid: text(event, "uid"),
  start: text(event, "dtstart").toString(),
  end: text(event, "dtend").toString(),
  summary: text(event, "summary"),
  description: text(event, "description"),
  location: text(event, "location"),
}));
console.log(JSON.stringify(entries));
