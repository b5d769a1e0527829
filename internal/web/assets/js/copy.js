// Copies one field after another for a form elsewhere; without a clipboard the
// buttons stay hidden and the words can still be marked by hand.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.querySelector("span");
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      words.textContent = button.dataset.done;
      words.setAttribute("role", "status");
    });
  }
}
