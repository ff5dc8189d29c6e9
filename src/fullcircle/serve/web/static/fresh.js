// A part with data-fresh="2" is fetched again every two seconds, and replaced where its data-state has changed.
import { say } from "./page.js";

async function refresh(part) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok && !answer.headers.get("content-type")?.startsWith("text/html")) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  if (!found) return;
  if (found.dataset.state === part.dataset.state || part.contains(document.activeElement)) return;
  part.replaceWith(document.adoptNode(found));
  say(found.querySelector("[role=status]")?.textContent.trim() ?? "");
}

async function later() {
  const part = document.querySelector("[data-fresh]");
  if (!part) return;
  await new Promise((go) => setTimeout(go, Number(part.dataset.fresh) * 1000));
  if (document.visibilityState === "visible") {
    try {
      await refresh(document.querySelector("[data-fresh]") ?? part);
    } catch { /* the server does not answer just now: the next time it may */ }
  }
  later();
}

later();
