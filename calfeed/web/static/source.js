// The entries of a feed's JSON, fetched page by page: first those around today, then what lies
// later or earlier as the reader goes there.

const OVERLAP = 10; // long entries are not quite in the order of their dates

async function page(path, offset, signal) {
  const url = new URL(path, location.href);
  const size = Number(url.searchParams.get("limit"));
  if (offset) url.searchParams.set("offset", offset);
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { events } = await answer.json();
  return { events, full: events.length >= size };
}

/**
 * `near` lists what is around today and later, of which there are `count`; `earlier` lists all with
 * the latest first, and is empty where there is nothing else.
 */
export class Source {
  constructor({ preview, earlier, near }) {
    this.near = preview;
    this.earlier = earlier;
    this.entries = new Map();
    this.offset = 0;
    this.back = preview === earlier ? 0 : Math.max(0, near - OVERLAP);
    this.hasLater = true;
    this.hasEarlier = Boolean(earlier);
  }

  add(events) {
    for (const entry of events) this.entries.set(entry.uid, entry);
  }

  async loadLater(signal) {
    const { events, full } = await page(this.near, this.offset, signal);
    this.add(events);
    this.offset += events.length;
    const backwards = this.near === this.earlier;
    this.hasLater = full && !backwards && this.hasOwnOrder;
    if (backwards) {
      this.back = this.offset;
      this.hasEarlier = full;
    }
  }

  /** Whether the choice leaves it to us how many are listed. */
  get hasOwnOrder() {
    return !/[?&](offset|ordering)=/.test(this.near);
  }

  async loadEarlier(signal) {
    const { events, full } = await page(this.earlier, this.back, signal);
    this.add(events);
    this.back += events.length;
    this.hasEarlier = full;
  }
}
