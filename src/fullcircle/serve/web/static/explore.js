// The graph explorer's picture: wheel, drag and pinch move it; arrow keys go to the next thing in that direction.
// What a click does are links: they work without this.

let moved = null; // the part of the picture that is seen: x, y, width, height

const graph = () => document.querySelector("#graph");
const whole = () => graph().dataset.whole.split(" ").map(Number);

function begin() {
  const svg = graph();
  if (!svg) return;
  svg.dataset.whole ??= svg.getAttribute("viewBox");
  moved = whole();
}

function show() {
  graph().setAttribute("viewBox", moved.join(" "));
}

function zoom(by, x, y) {
  const [left, top, width, height] = moved;
  const size = Math.min(Math.max(width * by, 120), whole()[2] * 4);
  const ratio = size / width;
  moved = [x - (x - left) * ratio, y - (y - top) * ratio, size, height * ratio];
  show();
}

function place(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(graph().getScreenCTM().inverse());
  return [point.x, point.y];
}

document.addEventListener("wheel", (event) => {
  if (!event.target.closest("#graph") || !(event.ctrlKey || event.metaKey || event.target.closest(".graph-frame:focus-within"))) return;
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...place(event));
}, { passive: false });

let held = null;
document.addEventListener("pointerdown", (event) => {
  if (event.button || !event.target.closest("#graph")) return;
  held = { from: place(event), far: false };
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const [x, y] = place(event);
  const [dx, dy] = [x - held.from[0], y - held.from[1]];
  if (!held.far && Math.hypot(dx, dy) < moved[2] / 150) return;
  held.far = true;
  moved = [moved[0] - dx, moved[1] - dy, moved[2], moved[3]];
  show();
});
document.addEventListener("pointerup", () => {
  if (held?.far) addEventListener("click", (event) => { event.preventDefault(); event.stopImmediatePropagation(); }, { capture: true, once: true });
  held = null;
});
document.addEventListener("dragstart", (event) => event.target.closest("#graph") && event.preventDefault());

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

document.addEventListener("keydown", (event) => {
  const thing = event.target.closest?.("#graph .thing");
  if (!thing) return;
  if (event.key === "+" || event.key === "-") {
    zoom(event.key === "+" ? 1 / 1.25 : 1.25, Number(thing.dataset.x), Number(thing.dataset.y));
    return;
  }
  if (!(event.key in WAYS)) return;
  event.preventDefault();
  const [wx, wy] = WAYS[event.key];
  let best = null;
  for (const one of document.querySelectorAll("#graph .thing")) {
    const [dx, dy] = [one.dataset.x - thing.dataset.x, one.dataset.y - thing.dataset.y];
    const along = dx * wx + dy * wy, aside = Math.abs(dx * wy) + Math.abs(dy * wx);
    if (along > 0 && aside <= along * 2 && (!best || along + aside * 2 < best.far)) best = { one, far: along + aside * 2 };
  }
  best?.one.focus();
});

let last = "";
document.addEventListener("click", (event) => { last = event.target.closest?.("#graph .thing")?.dataset.id ?? ""; }, true);
document.addEventListener("part", () => {
  begin();
  [...document.querySelectorAll("#graph .thing")].find((one) => one.dataset.id === last)?.focus({ preventScroll: true });
});
begin();
