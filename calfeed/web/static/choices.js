// The lists of the form: searching them, the values that the page left out, and what is ahead.
import { make } from "./dom.js";

const lists = () => [...document.querySelectorAll("[data-list]")];
let all = null;

/** Everything that can be chosen, fetched once. */
function everything() {
  all ??= fetch("choices.json")
    .then((answer) => (answer.ok ? answer.json() : {}))
    .catch(() => {
      all = null;
      return {};
    });
  return all;
}

function option(list, { value, name, short = "", ahead = null, total = null }) {
  const shown = short && !name.toLowerCase().includes(short.toLowerCase());
  const input = make("input", { type: list.dataset.type, name: list.dataset.list, value });
  return make(
    "label",
    { "data-total": total ?? undefined },
    input,
    make("span", { class: "what" }, name, shown ? make("span", { class: "short" }, ` ${short}`) : ""),
    ahead === null ? "" : " ",
    ahead === null
      ? ""
      : make(
          "span",
          { class: "n zero" },
          make("span", { class: "hide" }, ", "),
          make("span", {}, String(ahead)),
          make("span", { class: "hide" }, " ahead"),
        ),
  );
}

const has = (list, value) => list.querySelector(`input[value="${CSS.escape(value)}"]`);

/** Add a value that the list does not offer yet. */
export function addOption(list, value) {
  if (has(list, value)) return;
  const added = option(list, { value, name: `${list.dataset.noun} ${value}` });
  list.querySelector(".options").prepend(added);
  everything().then((known) => {
    const found = (known[list.dataset.list] || []).find(({ id }) => String(id) === value);
    if (found) added.querySelector(".what").textContent = found.name;
    summarise(list);
  });
}

async function addRest(list) {
  if (!("more" in list.dataset)) return;
  delete list.dataset.more;
  const known = (await everything())[list.dataset.list] || [];
  const missing = known.filter(({ id }) => !has(list, String(id)));
  list.querySelector(".none")?.remove();
  list
    .querySelector(".options")
    .append(
      ...missing.map(({ id, name, short, count }) =>
        option(list, { value: String(id), name, short, ahead: 0, total: count }),
      ),
    );
}

function narrow(list, text) {
  const words = text.toLowerCase().split(/\s+/);
  for (const label of list.querySelectorAll(".options label")) {
    const said = label.textContent.toLowerCase();
    label.hidden = !label.querySelector(":checked") && !words.every((word) => said.includes(word));
  }
}

/** What is chosen stands in the list's headline. */
function summarise(list) {
  const names = [...list.querySelectorAll(".options :checked")]
    .filter((input) => input.value)
    .map((input) => input.parentElement.querySelector(".what").firstChild.textContent.trim());
  list.querySelector(".picked").textContent = names.join(", ") || "any";
}

/** Write how many are ahead with each value, all else left as it is chosen. */
export function count(counts) {
  for (const list of lists()) {
    const those = counts?.[list.dataset.list] || {};
    for (const label of list.querySelectorAll(".options label")) {
      const number = label.querySelector(".n");
      if (!number) continue;
      const ahead = those[label.querySelector("input").value] || 0;
      number.children[1].textContent = String(ahead);
      number.classList.toggle("zero", !ahead);
      if (label.dataset.total) number.title = `${ahead} ahead, ${label.dataset.total} in all`;
    }
    summarise(list);
  }
}

/** What only launches have is not asked of events, and the other way round. */
export function offer(collection) {
  for (const part of document.querySelectorAll("[data-of]")) {
    const away = Boolean(collection) && part.dataset.of !== collection;
    part.hidden = away;
    const fields = part.tagName === "FIELDSET" ? part : part.querySelector("fieldset");
    fields.disabled = away;
  }
}

/** Lists that can be searched. */
export function searchable() {
  for (const list of lists()) {
    const field = list.querySelector(".narrow");
    field.hidden = list.querySelectorAll(".options label").length < 6 && !("more" in list.dataset);
    field.addEventListener("input", async (event) => {
      event.stopPropagation();
      await addRest(list);
      narrow(list, field.value);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}
