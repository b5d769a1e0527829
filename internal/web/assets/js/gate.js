// "Saya sudah membaca": without this script a plain tick; with it the tick holds
// once the end of the letter was on the screen.

const gate = document.querySelector("[data-gate]");
const ends = document.querySelectorAll("[data-end]");

if (gate && ends.length && "IntersectionObserver" in window) {
  const box = gate.querySelector("input[type=checkbox]");
  const note = gate.querySelector("[data-gate-note]");
  const last = [...document.querySelectorAll(".sheet")].at(-1);
  let seen = box.checked;
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((e) => e.isIntersecting || e.boundingClientRect.top < 0)) return;
    seen = true;
    note.textContent = note.dataset.done;
    observer.disconnect();
  });
  for (const end of ends) observer.observe(end);
  box.addEventListener("change", () => {
    if (!box.checked || seen) return;
    box.checked = false;
    note.textContent = note.dataset.rest;
    last?.scrollIntoView({ block: "end" });
  });
}
