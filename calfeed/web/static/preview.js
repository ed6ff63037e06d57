// What the calendar will show: an agenda by month, or a month grid, in the chosen time zone.
import { byId, make } from "./dom.js";
import { firstOf, grid, showsMonth } from "./month.js";
import { agenda, read, row } from "./rows.js";
import { Source } from "./source.js";
import { monthKey, monthWords, onZone, wallNow, zoneWords } from "./time.js";

const view = byId("view");
const FIRST = 15;
const MORE = 60;
const RECENT = 3;

class Preview {
  constructor() {
    this.as = "agenda";
    this.seen = false;
    this.asking = null;
    this.show({
      preview: view.dataset.preview,
      earlier: view.dataset.earlier,
      near: Number(view.dataset.near),
      pending: view.dataset.waits,
    });
  }

  get now() {
    return wallNow(view.dataset.sample ? new Date(view.dataset.sample) : new Date());
  }

  /** A choice's preview; fetched once the reader comes near it. */
  show(built) {
    if (built.pending) return this.wait(built.pending);
    if (this.source?.near === built.preview && this.source.earlier === built.earlier) return;
    this.source = new Source(built);
    this.most = FIRST;
    this.month = null;
    this.early = false;
    if (this.seen) this.load((source, signal) => source.loadLater(signal));
  }

  /** Say what there is to wait for, instead of a preview. */
  wait(words) {
    this.asking?.abort();
    this.source = this.entries = null;
    view.removeAttribute("aria-busy");
    view.replaceChildren(make("p", { class: "hint" }, words));
  }

  /** Fetch more, and show it. A newer question takes the place of an older. */
  async load(step) {
    if (!this.source) return;
    this.asking?.abort();
    this.asking = new AbortController();
    view.setAttribute("aria-busy", "true");
    const source = this.source;
    try {
      await step(source, this.asking.signal);
      if (!source.entries.size && source.hasEarlier) {
        this.early = true;
        await source.loadEarlier(this.asking.signal);
      }
      if (source === this.source) this.render();
    } catch (error) {
      if (error.name !== "AbortError" && source === this.source) this.failed();
    } finally {
      if (source === this.source) view.removeAttribute("aria-busy");
    }
  }

  failed() {
    const again = make("button", { type: "button" }, "Try again");
    again.addEventListener("click", () => this.load((source, signal) => source.loadLater(signal)));
    view.replaceChildren(
      make("p", { class: "hint" }, "The preview cannot be fetched at the moment."),
      make("p", { class: "row" }, again),
    );
  }

  render(focus) {
    byId("zone").textContent = zoneWords();
    this.entries = [...this.source.entries.values()]
      .map((entry) => read(entry, this.now))
      .sort((one, other) => one.start - other.start);
    if (this.as === "month") this.renderMonth(focus);
    else this.renderAgenda();
  }

  renderAgenda() {
    const recent = this.early
      ? this.entries
      : this.entries.filter((entry) => entry.past).slice(-RECENT);
    const wanted = this.entries.filter((entry) => !entry.past || recent.includes(entry));
    const rows = wanted.slice(0, this.most);
    const rest = wanted.length > rows.length || this.source.hasLater;
    const earlier = make("button", { type: "button" }, "Show earlier ones");
    earlier.addEventListener("click", () => this.showEarlier());
    const more = make("button", { type: "button" }, "Show more");
    more.addEventListener("click", () => this.showMore());
    const hidden = this.entries.length > wanted.length || this.source.hasEarlier;
    view.replaceChildren(
      ...(hidden && rows.length ? [make("p", { class: "row" }, earlier)] : []),
      ...agenda(rows),
      ...(rest ? [make("p", { class: "row" }, more)] : []),
    );
  }

  showEarlier() {
    const before = this.source.entries.size;
    this.early = true;
    const step = async (source, signal) => {
      if (source.hasEarlier) await source.loadEarlier(signal);
    };
    return this.load(step).then(() => {
      if (!this.source) return;
      this.most += this.source.entries.size - before + MORE;
      this.render();
    });
  }

  showMore() {
    this.most += MORE;
    return this.load(async (source, signal) => {
      if (source.hasLater && source.entries.size < this.most) await source.loadLater(signal);
    });
  }

  /** This month, or the nearest one in which there is something. */
  firstMonth() {
    if (!this.entries.length || this.entries.some((entry) => showsMonth(entry, this.now)))
      return this.now;
    return (this.entries.find((entry) => !entry.past) || this.entries.at(-1)).start;
  }

  /** Fetch until a month is whole. */
  turnTo(month, focus) {
    this.month = month;
    const key = monthKey(month);
    return this.load(async (source, signal) => {
      const starts = () =>
        [...source.entries.values()].map((entry) => entry.start.slice(0, 7)).sort();
      while (source.hasLater && (starts().at(-1) || "") <= key) await source.loadLater(signal);
      const begins = () => (starts()[0] || "") >= key;
      while (source.hasEarlier && begins()) await source.loadEarlier(signal);
    }).then(() => focus && view.querySelector(`[aria-label="${focus}"]`)?.focus());
  }

  renderMonth() {
    const month = this.month || this.firstMonth();
    const rows = this.entries.filter((entry) => showsMonth(entry, month));
    const turn = (by, words) => {
      const button = make("button", { type: "button", "aria-label": words }, by < 0 ? "←" : "→");
      button.addEventListener("click", () => this.turnTo(firstOf(month, by), words));
      return button;
    };
    view.replaceChildren(
      make(
        "div",
        { class: "pager" },
        turn(-1, "Earlier month"),
        make("h4", { id: "month", "aria-live": "polite" }, monthWords(month)),
        turn(1, "Later month"),
      ),
      grid(month, this.entries, this.now),
      make(
        "p",
        { class: "legend" },
        make("span", { class: "kind launch" }, make("i", { "aria-hidden": "true" }), "launch"),
        make("span", { class: "kind event" }, make("i", { "aria-hidden": "true" }), "event"),
        make("span", { class: "vaguely" }, "day not known"),
      ),
      ...(rows.length
        ? [make("ul", { class: "agenda" }, ...rows.map(row))]
        : [make("p", { class: "hint" }, "Nothing in this month.")]),
    );
  }

  switchTo(name) {
    this.as = name;
    this.render();
    if (name === "month") this.turnTo(this.month || firstOf(this.firstMonth()));
  }
}

/** The preview of the page, which begins when it comes into view. */
export function previews() {
  const preview = new Preview();
  const near = new IntersectionObserver(
    (seen) => {
      if (!seen.some((part) => part.isIntersecting)) return;
      near.disconnect();
      preview.seen = true;
      preview.load((source, signal) => source.loadLater(signal));
    },
    { rootMargin: "200px" },
  );
  near.observe(byId("preview"));
  onZone(() => preview.entries && preview.render());
  byId("switch").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || !preview.entries) return;
    for (const other of byId("switch").children)
      other.setAttribute("aria-pressed", String(other === button));
    preview.switchTo(button.dataset.show);
  });
  return preview;
}
