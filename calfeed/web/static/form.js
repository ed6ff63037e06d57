// The form: what is chosen in it, and setting it to a choice that came from elsewhere.
import { addOption, offer } from "./choices.js";
import { byId, make } from "./dom.js";

const form = byId("choose");

/** What is chosen, as the page's parameters. */
export function chosen() {
  const pairs = [...new FormData(form)].filter(([, value]) => value.trim());
  const parameters = new URLSearchParams(pairs);
  if (!parameters.has("past")) parameters.append("past", "");
  return parameters;
}

/** A value the form does not offer yet, such as another reminder or an agency not seen before. */
function addMissing(name, value) {
  if (form.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`)) return;
  const list = form.querySelector(`[data-list="${name}"]`);
  const first = form.querySelector(`[name="${name}"]`);
  if (list) addOption(list, value);
  else if (first?.tagName === "SELECT") {
    if (![...first.options].some((option) => option.value === value))
      first.append(make("option", { value }, value));
  } else if (first?.type === "checkbox" && name === "alarm") {
    const box = make("input", { type: "checkbox", name, value });
    first.closest(".chips").append(make("label", {}, box, make("span", {}, value)));
  }
}

function set(name, values) {
  const fields = [...form.querySelectorAll(`[name="${name}"]`)];
  const boxes = fields.filter((field) => field.type === "checkbox");
  for (const field of fields) {
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.type === "radio") field.checked = (values[0] || "") === field.value;
    else
      field.value = values
        .filter((value) => !boxes.some((box) => box.value === value))
        .join(field.type === "text" ? ", " : ",");
  }
}

/** Set the form to a choice. */
export function fill({ fields, carried }) {
  for (const [name, values] of Object.entries(fields)) {
    if (name === "lang" && values.length > 1) values.splice(0, values.length, values.join(","));
    for (const value of values) addMissing(name, value);
    set(name, values);
  }
  for (const list of form.querySelectorAll("[data-list]"))
    if (list.querySelector('.options :checked:not([value=""])')) list.open = true;
  byId("carried").hidden = !carried.length;
  byId("carried")
    .querySelector("ul")
    .replaceChildren(
      ...carried.map(([name, value, words]) => {
        const box = make("input", { type: "checkbox", name, value, checked: true });
        return make("li", {}, make("label", {}, box, make("span", {}, words)));
      }),
    );
  follow();
}

function limitReminders() {
  const group = form.querySelector("[data-most]");
  const boxes = [...group.querySelectorAll("input")];
  const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
  for (const box of boxes) box.disabled = full && !box.checked;
}

/** What one choice makes of the others. */
export function follow() {
  limitReminders();
  offer(form.querySelector('[name="collection"]:checked')?.value || "");
}

/** Choose a launch site, or let go of it. */
export function toggleSite(id) {
  const list = form.querySelector('[data-list="location__ids"]');
  addOption(list, id);
  const box = list.querySelector(`input[value="${CSS.escape(id)}"]`);
  box.checked = !box.checked;
  list.open = true;
  if (box.checked) {
    for (const label of list.querySelectorAll("label")) label.hidden = false;
    form.querySelector('[name="collection"][value="launches"]').checked = true;
  }
  follow();
}
