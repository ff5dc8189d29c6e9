// Keys of the review queue: each presses the button that names it. Where one types, a key is a letter.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (event.key === "?") {
    const help = document.querySelector("#help");
    help.open = !help.open;
    if (help.open) help.querySelector("summary").focus();
    return;
  }
  const button = [...document.querySelectorAll("button[data-key]")].find((one) => one.dataset.key === event.key);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// What takes longer comes when it is there.
async function evidence() {
  const part = document.querySelector("#evidence[data-later]");
  if (!part) return;
  const answer = await fetch(part.dataset.later, { headers: { Accept: "text/html" } });
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#evidence");
  if (found && part.isConnected) part.replaceChildren(...[...found.childNodes].map((one) => document.adoptNode(one)));
}

evidence().catch(() => {}); // the link is left
document.querySelector("#question")?.focus({ preventScroll: true });
