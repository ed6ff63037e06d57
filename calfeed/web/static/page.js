// The page comes whole from the server; this makes it answer while one chooses.
import { build } from "./builder.js";
import { byId } from "./dom.js";
import { find } from "./find.js";
import { copying } from "./subscribe.js";
import { countdowns, zones } from "./time.js";

zones();
countdowns();
find();
copying();
build();

/** What is scrolled to stops below the summary, whose height goes by the choice. */
const summary = document.querySelector(".summary");
new ResizeObserver(() =>
  document.documentElement.style.setProperty("--summary", `${summary.offsetHeight}px`),
).observe(summary);

/** While nothing is kept, look now and then whether there is data; the address keeps the choice. */
async function waitForData() {
  const answer = await fetch("choices.json", { cache: "no-store" });
  if (answer.ok) location.reload();
  else
    setTimeout(waitForData, Math.max(15, Number(answer.headers.get("Retry-After")) || 60) * 1000);
}
if (document.querySelector("[data-waiting]")) setTimeout(waitForData, 15000);
byId("show").hidden = true;
