// The page viewer: zoom without a reload, and from mark to mark.

const viewer = document.querySelector("[data-viewer]");
const pane = viewer?.querySelector("[data-pane]");
const steps = [50, 75, 100, 125, 150, 200, 300];

if (pane) {
  const label = viewer.querySelector("[data-zoom-at]");
  for (const link of viewer.querySelectorAll("[data-zoom-bar] [data-zoom]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const at = Math.max(steps.indexOf(Number(pane.dataset.zoom)), 0);
      const next = steps[Math.min(Math.max(at + (link.dataset.zoom === "+" ? 1 : -1), 0), steps.length - 1)];
      const x = (pane.scrollLeft + pane.clientWidth / 2) / pane.scrollWidth;
      const y = (pane.scrollTop + pane.clientHeight / 2) / pane.scrollHeight;
      pane.dataset.zoom = next;
      label.textContent = `${next} %`;
      pane.scrollTo({ left: x * pane.scrollWidth - pane.clientWidth / 2, top: y * pane.scrollHeight - pane.clientHeight / 2, behavior: "instant" });
    });
  }

  const marks = [...pane.querySelectorAll(".marks rect")];
  const say = viewer.querySelector("[data-match-at]");
  let at = -1;
  const show = (next) => {
    marks[at]?.classList.remove("here");
    at = next;
    const mark = marks[at];
    mark.classList.add("here");
    const m = mark.getBoundingClientRect();
    const p = pane.getBoundingClientRect();
    pane.scrollBy({ left: m.left - p.left - p.width / 2 + m.width / 2, top: m.top - p.top - p.height / 3, behavior: "instant" });
    if (say) say.textContent = say.dataset.words.replace("%d", at + 1).replace("%t", marks.length);
  };
  for (const link of viewer.querySelectorAll("[data-match]")) {
    link.addEventListener("click", (event) => {
      const next = at + (link.dataset.match === "+" ? 1 : -1);
      if (next < 0 || next >= marks.length) return; // the link leads to another page
      event.preventDefault();
      show(next);
    });
  }
  if (marks.length) {
    const image = pane.querySelector("img");
    if (image.complete) show(0);
    else image.addEventListener("load", () => show(0), { once: true });
  }
}
