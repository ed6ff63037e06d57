// The map of launch sites and the list beside it: both tell, and both choose a site.
import { byId } from "./dom.js";

function tell(map, tip, id, words) {
  for (const link of map.querySelectorAll("[data-site]"))
    link.classList.toggle("told", link.dataset.site === id);
  tip.textContent = words;
}

/** One stop for the tab key; the arrow keys go from dot to dot. */
function roam(dots) {
  dots.forEach((dot, n) => dot.setAttribute("tabindex", n ? "-1" : "0"));
  dots.forEach((dot, n) =>
    dot.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = dots[(n + step + dots.length) % dots.length];
      dot.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    }),
  );
}

/** Show which sites are chosen. */
export function markSites(ids) {
  for (const link of document.querySelectorAll("[data-site]")) {
    const chosen = ids.includes(link.dataset.site);
    link.classList.toggle("chosen", chosen);
    if (chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Make the map answer; `choose` is told the id of a site. */
export function map(choose) {
  const place = byId("map");
  if (!place) return;
  const tip = byId("tip");
  const still = tip.textContent;
  const dots = [...place.querySelectorAll("svg [data-site]")].sort(
    (one, other) =>
      Number(one.firstElementChild.getAttribute("cx")) -
      Number(other.firstElementChild.getAttribute("cx")),
  );
  roam(dots);
  for (const link of place.querySelectorAll("[data-site]")) {
    const words = link.getAttribute("aria-label") || link.textContent.trim().replace(/\s+/g, " ");
    for (const begins of ["pointerenter", "focus"])
      link.addEventListener(begins, () => tell(place, tip, link.dataset.site, words));
    for (const ends of ["pointerleave", "blur"])
      link.addEventListener(ends, () => tell(place, tip, "", still));
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      choose(link.dataset.site);
    });
  }
}
