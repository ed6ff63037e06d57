// What is chosen goes to the server, which says what that means and where it lies.
import { count, searchable } from "./choices.js";
import { byId, make } from "./dom.js";
import { accept, decline, refuse } from "./fault.js";
import { chosen, fill, follow, toggleSite } from "./form.js";
import { map, markSites } from "./map.js";
import { previews } from "./preview.js";
import { showLinks } from "./subscribe.js";

const form = byId("choose");
const preview = previews();
let asking = null;
let pause = 0;

/** Ask what a choice means. Only the last question counts. `filling`: it is not yet the form's;
    `pasted`: it is an address. */
async function ask(parameters, { filling = false, pasted = false } = {}) {
  const wrong = (problem) => (filling ? decline(problem, pasted) : refuse(problem));
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`build.json?${parameters}`, { signal: asking.signal });
    const built = await answer.json();
    if (!answer.ok) {
      wrong(built);
      return false;
    }
    accept();
    if (filling) fill(built);
    show(built);
    history.replaceState(null, "", `./?${built.page}${location.hash}`);
    return true;
  } catch (error) {
    if (error.name !== "AbortError")
      wrong({ detail: "The service cannot be reached at the moment; what you chose is kept here." });
    return false;
  }
}

function show(built) {
  byId("title").textContent = byId("which").textContent = built.name;
  byId("about").textContent = built.about;
  byId("path").textContent = built.links.url;
  byId("name").placeholder = built.name;
  if (built.ahead !== null) {
    const number = () => make("b", {}, String(built.ahead));
    byId("dock").replaceChildren(number(), " ahead");
    byId("total").replaceChildren(number(), ` ahead, ${built.total - built.ahead} past`);
  } else {
    byId("dock").replaceChildren(built.pending ? "Not ready yet" : "");
    byId("total").replaceChildren();
  }
  if (built.counts) count(built.counts);
  markSites(built.fields.location__ids);
  showWaysOut(built);
  showLinks(built);
  preview.show(built);
}

function showWaysOut(built) {
  byId("empty").hidden = built.ahead !== 0;
  byId("empty-said").textContent = built.total
    ? `Nothing of this choice is ahead; ${built.total} past ${built.total === 1 ? "entry is" : "entries are"} in it.`
    : "Nothing matches this choice.";
  byId("ways-title").hidden = !built.ways_out.length;
  byId("ways").replaceChildren(
    ...built.ways_out.map((way) => {
      const link = make("a", { href: `./?${way.page}#build` }, way.label);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        ask(way.page, { filling: true }).then(() =>
          byId("title").scrollIntoView({ block: "nearest" }),
        );
      });
      return make("li", {}, link, " ", make("span", { class: "note" }, `${way.ahead} ahead`));
    }),
  );
}

/** Go to the builder, so that the keyboard goes on there too. */
function arrive() {
  byId("build-title").scrollIntoView();
  byId("build-title").focus({ preventScroll: true });
}

/** Links that choose do so without loading the page anew. */
function choosing() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-choose]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    ask(link.dataset.choose, { filling: true }).then(arrive);
  });
  map((site) => {
    toggleSite(site);
    ask(chosen());
  });
}

export function build() {
  searchable();
  follow();
  markSites(new URLSearchParams(new FormData(form)).getAll("location__ids"));
  choosing();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(chosen());
  });
  form.addEventListener("input", (event) => {
    follow();
    clearTimeout(pause);
    const typed = ["text", "search"].includes(event.target.type);
    pause = setTimeout(() => ask(chosen()), typed ? 300 : 0);
  });
  byId("paste").addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = byId("url").value;
    if (url.trim() && (await ask(new URLSearchParams({ url }), { filling: true, pasted: true }))) {
      byId("url").value = "";
      arrive();
    }
  });
}
