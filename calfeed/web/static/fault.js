// What is wrong with a choice, said where it was made; until it can be read, nothing of the
// calendar before it can be subscribed to in its stead.
import { byId, make } from "./dom.js";

const form = byId("choose");
const ID = "wrong";

const typed = (name) =>
  form.querySelector(`:is([type=text], [type=search])[name="${CSS.escape(name)}"]:enabled`);

function unmark(field) {
  field.removeAttribute("aria-invalid");
  const others = (field.getAttribute("aria-describedby") || "")
    .split(" ")
    .filter((id) => id && ![ID, "fault"].includes(id));
  if (others.length) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
}

function mark(field, id) {
  const others = field.getAttribute("aria-describedby");
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", others ? `${others} ${id}` : id);
}

/** Say it above everything that is chosen. */
function sayAbove(words, pasted = false) {
  byId("fault").hidden = !words;
  if (byId("fault").textContent !== words) byId("fault").textContent = words;
  unmark(byId("url"));
  if (pasted) mark(byId("url"), "fault");
}

/** Say it beside the field, if there is one. */
function sayBeside(field, { detail, parameter }) {
  const before = byId(ID);
  if (before && before.dataset.parameter === parameter && field) {
    if (before.textContent !== detail) before.textContent = detail;
    return;
  }
  before?.remove();
  for (const other of form.querySelectorAll("[aria-invalid]")) unmark(other);
  if (!field) return;
  const said = make("p", { id: ID, class: "problem", role: "alert", "data-parameter": parameter });
  field.closest("fieldset").append(said);
  said.textContent = detail;
  mark(field, ID);
  if (field === document.activeElement) said.scrollIntoView({ block: "nearest" });
}

function hold(older, words = "") {
  byId("older").hidden = !older;
  byId("older").textContent = older ? `Your last change is not in this calendar yet. ${words}` : "";
  for (const part of document.querySelectorAll("[data-current]")) part.inert = older;
}

/** Everything is right again. */
export function accept() {
  sayAbove("");
  sayBeside(null, {});
  hold(false);
}

/** The form's choice cannot be read, or not be asked about. */
export function refuse(problem) {
  const field = problem.parameter ? typed(problem.parameter) : null;
  sayAbove(field ? "" : problem.detail);
  sayBeside(field, problem);
  hold(true, field ? "" : problem.detail);
}

/** What was to replace the choice cannot be read; the choice stays what it was. */
export function decline(problem, pasted) {
  sayAbove(problem.detail, pasted);
}
