// Choosing several letters: a count on the button and one tick for all.

const form = document.querySelector("[data-ticks]");

if (form) {
  const boxes = [...form.querySelectorAll("input[name=surat]")];
  const count = form.querySelector("[data-tick-count]");
  const all = form.querySelector("[data-tick-all]");
  const tell = () => {
    const n = boxes.filter((b) => b.checked).length;
    if (count) count.textContent = n ? `(${n})` : "";
  };
  form.addEventListener("change", tell);
  if (all && boxes.length > 1) {
    all.hidden = false;
    all.addEventListener("click", () => {
      const fill = boxes.some((b) => !b.checked);
      for (const b of boxes) b.checked = fill;
      tell();
    });
  }
  tell();
}
