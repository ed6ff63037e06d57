// The form: what is chosen goes to the server, which says what that means and where it lies.
import { byId, make } from "./dom.js";
import { previews } from "./preview.js";
import { showLinks } from "./subscribe.js";

const form = byId("choose");
const preview = previews();
let asking = null;
let pause = 0;

/** What is chosen, as the page's parameters. */
function chosen() {
  const pairs = [...new FormData(form)].filter(([, value]) => value.trim());
  const known = new URLSearchParams(pairs);
  if (!known.has("past")) known.append("past", "");
  return known;
}

/** Ask what a choice means. Only the last question counts. */
async function ask(parameters, { filling = false } = {}) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(`build.json?${parameters}`, { signal: asking.signal });
    const said = await answer.json();
    fault(answer.ok ? "" : said.detail);
    if (!answer.ok) return false;
    if (filling) fill(said);
    show(said);
    history.replaceState(null, "", `./?${said.page}${location.hash}`);
    return true;
  } catch (error) {
    if (error.name !== "AbortError")
      fault("The service cannot be reached at the moment; what you chose is kept here.");
    return false;
  }
}

function fault(words) {
  byId("fault").hidden = !words;
  if (byId("fault").textContent !== (words || "")) byId("fault").textContent = words || "";
}

function show(said) {
  byId("title").textContent = byId("which").textContent = said.name;
  byId("about").textContent = said.about;
  byId("path").textContent = said.links.url;
  byId("name").placeholder = said.name;
  if (said.ahead !== null) {
    byId("dock").replaceChildren(make("b", {}, String(said.ahead)), " ahead");
    byId("total").replaceChildren(
      make("b", {}, String(said.ahead)),
      ` ahead, ${said.events - said.ahead} past`,
    );
  }
  showWaysOut(said);
  showLinks(said);
  preview.show(said.preview, said.preview_all);
}

function showWaysOut(said) {
  byId("empty").hidden = said.ahead !== 0;
  byId("empty-said").textContent = said.events
    ? `Nothing of this choice is ahead; ${said.events} past ${said.events === 1 ? "event is" : "events are"} in it.`
    : "No event matches this choice.";
  byId("ways-title").hidden = !said.ways_out.length;
  byId("ways").replaceChildren(
    ...said.ways_out.map((way) => {
      const link = make("a", { href: `./?${way.page}#build` }, way.label);
      link.addEventListener("click", (event) => {
        event.preventDefault();
        ask(way.page, { filling: true }).then(() =>
          byId("title").scrollIntoView({ block: "nearest" }),
        );
      });
      return make("li", {}, link, " ", make("span", { class: "note" }, `${way.events} ahead`));
    }),
  );
}

/** Set the form to a choice that came from elsewhere. */
function fill({ fields, carried }) {
  for (const [name, values] of Object.entries(fields)) {
    for (const value of values) addMissing(name, value);
    for (const field of form.querySelectorAll(`[name="${name}"]`)) {
      if (field.type === "checkbox") field.checked = values.includes(field.value);
      else if (field.type === "radio") field.checked = (values[0] || "") === field.value;
      else field.value = values[0] || "";
    }
  }
  byId("carried").hidden = !carried.length;
  byId("carried")
    .querySelector("ul")
    .replaceChildren(
      ...carried.map(([name, value, words]) =>
        make(
          "li",
          {},
          make(
            "label",
            {},
            make("input", { type: "checkbox", name, value, checked: true }),
            make("span", {}, words),
          ),
        ),
      ),
    );
  limitReminders();
}

/** A value the form does not offer yet, such as another reminder or an agency not seen before. */
function addMissing(name, value) {
  const first = form.querySelector(`[name="${name}"]`);
  const list = form.querySelector(`[data-list="${name}"] .options`);
  if (form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`)) return;
  if (first?.tagName === "SELECT") {
    if (![...first.options].some((one) => one.value === value))
      first.append(make("option", { value }, value));
  } else if (list || first?.type === "checkbox") {
    const box = make("input", { type: "checkbox", name, value });
    (list || first.closest(".chips")).append(
      make("label", {}, box, make("span", { class: "what" }, value)),
    );
  }
}

function limitReminders() {
  const group = form.querySelector("[data-most]");
  const boxes = [...group.querySelectorAll("input")];
  const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
  for (const box of boxes) box.disabled = full && !box.checked;
}

/** Lists that can be searched. */
function searchable() {
  for (const list of form.querySelectorAll("[data-list]")) {
    const field = list.querySelector(".narrow");
    const labels = [...list.querySelectorAll(".options label")];
    field.hidden = labels.length < 6;
    field.addEventListener("input", (event) => {
      event.stopPropagation();
      const words = field.value.toLowerCase().split(/\s+/);
      for (const label of list.querySelectorAll(".options label")) {
        const text = label.textContent.toLowerCase();
        label.hidden =
          !label.querySelector(":checked") && !words.every((word) => text.includes(word));
      }
    });
  }
}

export function build() {
  searchable();
  limitReminders();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(chosen());
  });
  form.addEventListener("input", (event) => {
    if (event.target.type === "checkbox") limitReminders();
    clearTimeout(pause);
    const typed = ["text", "search"].includes(event.target.type);
    pause = setTimeout(() => ask(chosen()), typed ? 300 : 0);
  });
  byId("again").addEventListener("click", (event) => {
    event.preventDefault();
    ask("past=P90D", { filling: true });
  });
  byId("paste").addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = byId("url").value;
    if (url.trim() && (await ask(new URLSearchParams({ url }), { filling: true }))) {
      byId("url").value = "";
      byId("build-title").scrollIntoView();
    }
  });
}
