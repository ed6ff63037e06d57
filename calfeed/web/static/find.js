// The search among the named feeds: cards that do not match step out while one types.
import { byId } from "./dom.js";

const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

function search(cards, sections, asked) {
  const wanted = words(asked);
  byId("find").classList.toggle("seeking", wanted.length > 0);
  let found = 0;
  for (const { card, text } of cards) {
    card.hidden = !wanted.every((word) => text.includes(word));
    found += !card.hidden;
  }
  for (const { section, rest, title } of sections) {
    const hit = !wanted.length || wanted.every((word) => title.includes(word));
    section.hidden = !hit && !section.querySelector(".card:not([hidden])");
    if (rest && wanted.length) rest.open = Boolean(rest.querySelector(".card:not([hidden])"));
  }
  return wanted.length ? found : null;
}

/** Let the reader search. */
export function find() {
  const field = byId("seek");
  const cards = [...document.querySelectorAll("#find .card")].map((card) => ({
    card,
    text: `${card.dataset.words || ""} ${card.querySelector("h4").textContent} ${card.querySelector(".next").textContent}`.toLowerCase(),
  }));
  const sections = [...document.querySelectorAll("#find .section")].map((section) => ({
    section,
    rest: section.querySelector(".rest"),
    title: section.querySelector("h3").textContent.toLowerCase(),
  }));
  field.addEventListener("input", () => {
    const found = search(cards, sections, field.value);
    const one = found === 1 ? "1 calendar" : `${found || "No"} calendars`;
    byId("sought").textContent = found === null ? "" : `${one} found. You can also build your own.`;
  });
}
