// The links that subscribe, their warnings, and copying.
import { byId } from "./dom.js";

/** Point every link at the choice; offer none while its calendar cannot be answered yet. */
export function showLinks({ links, path, bytes, too_large: large, pending }) {
  for (const part of document.querySelectorAll("[data-ready]")) part.hidden = Boolean(pending);
  for (const part of document.querySelectorAll("[data-pending]")) {
    part.hidden = !pending;
    if (part.textContent !== pending) part.textContent = pending;
  }
  byId("webcal").href = links.webcal;
  byId("google").href = links.google;
  byId("outlook").href = links.outlook;
  byId("download").href = path;
  byId("address").value = links.url;
  const code = `qr.svg?path=${encodeURIComponent(path)}`;
  byId("qr").hidden = path.length > 1200;
  if (!byId("qr").hidden && byId("qr").getAttribute("src") !== code) byId("qr").src = code;
  byId("units").textContent = links.units;
  byId("too-long").hidden = Boolean(pending) || !links.too_long;
  byId("too-large").hidden = !large;
  byId("size").textContent = `${((bytes || 0) / 1e6).toFixed(1)} MB`;
}

/** The buttons that copy the address. */
export function copying() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      const said = document.querySelector("[data-copied]");
      try {
        await navigator.clipboard.writeText(byId("address").value);
        button.textContent = "Copied";
        said.textContent = "The address is copied.";
      } catch {
        byId("address").select();
        said.textContent = "Press Ctrl+C to copy the address.";
      }
      setTimeout(() => {
        button.textContent = words;
        said.textContent = "";
      }, 4000);
    });
  }
}
