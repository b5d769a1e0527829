// A proposal goes into its field with one tap.

for (const button of document.querySelectorAll("[data-guess]")) {
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.guess);
    input.value = button.dataset.value;
    input.focus();
    button.closest(".guess").remove();
  });
}
