// What the calendar will show: an agenda by month, or a month grid, in the reader's time zone.
import { byId, link, make } from "./dom.js";
import { grid, showsMonth } from "./month.js";
import { clockWords, dayWords, local, monthKey, monthWords, zoneWords } from "./time.js";

const view = byId("view");
const MOST = 15;
const RECENT = 3;

/** An event of the feed's JSON with what the views need to know of it. */
function read(event, now) {
  const part = ["morning", "afternoon"].includes(event.known);
  const end = local(event.end);
  return {
    name: event[event.kind].name,
    start: local(event.start),
    end,
    allDay: event.all_day,
    confirmed: event.status === "CONFIRMED",
    coarse: Boolean(event.known) && !part,
    known: event.known || "",
    past: end <= now,
    where: event.location || "",
    webcasts: event[event.kind].vid_urls || [],
    page: (event[event.kind].info_urls || [])[0],
  };
}

function when(one) {
  if (one.coarse) return make("p", { class: "when" }, make("span", { class: "tag" }, one.known));
  if (one.allDay)
    return make("p", { class: "when" }, dayWords(one.start) + (one.known ? `, ${one.known}` : ""));
  return make(
    "p",
    { class: "when" },
    `${dayWords(one.start)}, ${one.confirmed ? "" : "about "}${clockWords(one.start)}`,
  );
}

function webcasts(one) {
  const links = one.webcasts
    .slice(0, 3)
    .map((video) =>
      link(
        video.url,
        `Webcast${video.publisher ? `: ${video.publisher}` : ""}${video.official ? " (official)" : ""}`,
      ),
    );
  if (one.page && !links.length) links.push(link(one.page.url, "More about it"));
  return links.length ? make("p", { class: "watch" }, ...links) : null;
}

function row(one) {
  const classes = [one.past ? "past" : "", one.coarse ? "vague" : ""].filter(Boolean).join(" ");
  const note = one.coarse ? make("p", { class: "note" }, "Day not known yet") : null;
  return make(
    "li",
    { class: classes || undefined },
    when(one),
    make(
      "div",
      {},
      make(
        "p",
        { class: "name" },
        one.name,
        one.past ? make("span", { class: "hide" }, " (past)") : null,
      ),
      one.where ? make("p", { class: "where" }, one.where) : null,
      note,
      webcasts(one),
    ),
  );
}

/** Rows under a heading for each month. */
export function agenda(events) {
  const months = new Map();
  for (const one of events) {
    const key = monthKey(one.start);
    months.set(key, [...(months.get(key) || []), one]);
  }
  return [...months.values()].flatMap((rows) => [
    make("h4", {}, monthWords(rows[0].start)),
    make("ul", { class: "agenda" }, ...rows.map(row)),
  ]);
}

class Preview {
  constructor() {
    this.as = "agenda";
    this.events = [];
    this.most = MOST;
    this.month = null;
    this.all = false;
    this.source = { near: view.dataset.preview, all: view.dataset.all };
    this.asking = null;
    this.seen = false;
    byId("zone").textContent = "Times in UTC.";
  }

  get now() {
    return view.dataset.sample ? new Date(view.dataset.sample) : new Date();
  }

  /** A choice's preview; fetched once the reader comes near it. */
  show(near, all) {
    if (this.loaded === near) return;
    this.source = { near, all };
    this.most = MOST;
    this.all = false;
    if (this.seen) this.load(near);
  }

  async load(path) {
    this.asking?.abort();
    this.asking = new AbortController();
    this.loaded = path;
    view.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(path, { signal: this.asking.signal });
      if (!answer.ok) return;
      const { events } = await answer.json();
      if (!events.length && path !== this.source.all) {
        this.earlier();
        return;
      }
      this.events = events.map((event) => read(event, this.now));
      this.render();
    } catch (error) {
      if (error.name !== "AbortError") this.loaded = null;
    } finally {
      view.removeAttribute("aria-busy");
    }
  }

  earlier() {
    this.all = true;
    return this.load(this.source.all);
  }

  render() {
    byId("zone").textContent = zoneWords();
    if (this.as === "month") this.renderMonth();
    else this.renderAgenda();
  }

  renderAgenda() {
    const recent = this.all ? this.events : this.events.filter((one) => one.past).slice(-RECENT);
    const wanted = this.events.filter((one) => !one.past || recent.includes(one));
    const rows = wanted.slice(0, this.most);
    const rest = wanted.length - rows.length;
    const earlier = make("button", { type: "button" }, "Show earlier events");
    earlier.addEventListener("click", () => this.earlier());
    const more = make("button", { type: "button" }, `Show ${rest} more`);
    more.addEventListener("click", () => {
      this.most += 200;
      this.render();
    });
    view.replaceChildren(
      ...(this.all || !rows.length ? [] : [make("p", { class: "row" }, earlier)]),
      ...agenda(rows),
      ...(rest > 0 ? [make("p", { class: "row" }, more)] : []),
    );
  }

  /** The preview holds only so many events, so before its first one it cannot tell. */
  nothing(month) {
    const first = this.events[0];
    const before = first && this.events.length >= 200 && monthKey(month) < monthKey(first.start);
    return before
      ? "The preview does not reach back that far; the calendar may."
      : "Nothing in this month.";
  }

  /** This month, or the nearest one in which there is something. */
  firstMonth() {
    if (!this.events.length || this.events.some((one) => showsMonth(one, this.now)))
      return this.now;
    return (this.events.find((one) => !one.past) || this.events.at(-1)).start;
  }

  renderMonth(focus) {
    const from = this.month || this.firstMonth();
    const rows = this.events.filter((one) => showsMonth(one, from));
    const turn = (by, words) => {
      const button = make("button", { type: "button", "aria-label": words }, by < 0 ? "←" : "→");
      button.addEventListener("click", () => {
        this.month = new Date(from.getFullYear(), from.getMonth() + by, 1);
        if (by < 0 && !this.all) this.earlier().then(() => this.renderMonth(words));
        else this.renderMonth(words);
      });
      return button;
    };
    view.replaceChildren(
      make(
        "div",
        { class: "pager" },
        turn(-1, "Earlier month"),
        make("h4", { id: "month", "aria-live": "polite" }, monthWords(from)),
        turn(1, "Later month"),
      ),
      grid(from, this.events, this.now),
      ...(rows.length
        ? [make("ul", { class: "agenda" }, ...rows.map(row))]
        : [make("p", { class: "hint" }, this.nothing(from))]),
    );
    if (focus) view.querySelector(`[aria-label="${focus}"]`).focus();
  }
}

/** The preview of the page, which begins when it comes into view. */
export function previews() {
  const preview = new Preview();
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      preview.seen = true;
      preview.load(preview.source.near);
    },
    { rootMargin: "200px" },
  );
  near.observe(byId("preview"));
  byId("switch").hidden = false;
  byId("switch").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    preview.as = button.dataset.show;
    for (const one of byId("switch").children)
      one.setAttribute("aria-pressed", String(one === button));
    preview.render();
  });
  return preview;
}
