// Elements without markup: whatever comes from upstream is only ever set as text.

export const byId = (id) => document.getElementById(id);

/** An element with attributes and children; a string child is text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== ""),
  );
  return element;
}

/** A link out of the page, or its words alone where the address is no web address. */
export function link(href, words) {
  return /^https?:\/\//i.test(href) ? make("a", { href, rel: "noreferrer" }, words) : words;
}
