// What the page does with JavaScript; without it everything can be read and sent, too.
//
// <form data-part="#found"> and <a data-part="#found">: only that part of the answered page is put in place of the part here.
// <form data-at-once>: a change of a box or a list sends the form.

async function replacePart(address, selector, options = {}) {
  const part = document.querySelector(selector);
  part.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(address, { ...options, headers: { Accept: "text/html", ...options.headers } });
  } catch {
    return location.assign(address); // the browser itself says what is wrong
  }
  if (answer.redirected && new URL(answer.url).pathname === "/login") return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector(selector);
  if (!found) return location.assign(address);
  const new_part = document.adoptNode(found);
  part.replaceWith(new_part);
  say(new_part.dataset.said || "The page has changed.");
  new_part.dispatchEvent(new CustomEvent("part", { bubbles: true }));
  return new_part;
}

// Read out by a screen reader.
function say(text) {
  document.getElementById("said").textContent = text;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.part || form.method !== "get") return;
  event.preventDefault();
  const address = new URL(form.action);
  const sent = [...new FormData(form, event.submitter)].filter(([, value]) => value !== "");
  address.search = new URLSearchParams(sent).toString();
  history.replaceState(null, "", address);
  replacePart(address, form.dataset.part);
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form && "atOnce" in form.dataset && event.target.matches("select, [type=checkbox], [type=radio]")) form.requestSubmit();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const address = new URL(link.getAttribute("href"), location.href).href; // a link in a picture has no plain href
  history.pushState(null, "", address);
  const part = await replacePart(address, link.dataset.part);
  part?.scrollIntoView({ block: "start" });
  if (part?.matches("[tabindex]")) part.focus({ preventScroll: true });
});

// The groups of screens in the head: closed by Escape, and by whatever is done elsewhere.
const groups = [...document.querySelectorAll(".top details")];

function closeGroups(except) {
  for (const group of groups) if (!group.contains(except)) group.open = false;
}

document.addEventListener("click", (event) => closeGroups(event.target));
document.addEventListener("focusin", (event) => closeGroups(event.target));
document.addEventListener("keydown", (event) => {
  const open = groups.find((group) => group.open);
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("main").focus();
});

addEventListener("popstate", () => location.reload());

export { replacePart, say };
