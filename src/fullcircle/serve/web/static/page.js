// What the page does with JavaScript; without it everything can be read and sent, too.
//
// <form data-part="#found"> and <a data-part="#found">: only that part of the answered page is put in place of the part here.

async function replacePart(address, selector, options = {}) {
  const part = document.querySelector(selector);
  part.setAttribute("aria-busy", "true");
  const answer = await fetch(address, { ...options, headers: { Accept: "text/html", ...options.headers } });
  if (answer.redirected && new URL(answer.url).pathname === "/login") return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector(selector);
  if (!found) return location.assign(address);
  part.replaceWith(document.adoptNode(found));
  document.querySelector(selector).dispatchEvent(new CustomEvent("part", { bubbles: true }));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.part || form.method !== "get") return;
  event.preventDefault();
  const address = new URL(form.action);
  address.search = new URLSearchParams(new FormData(form, event.submitter)).toString();
  history.replaceState(null, "", address);
  replacePart(address, form.dataset.part);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-part]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  replacePart(link.href, link.dataset.part);
});

addEventListener("popstate", () => location.reload());

export { replacePart };
