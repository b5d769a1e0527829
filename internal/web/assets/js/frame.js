// The frame on every page: size of letters without a reload, menus that close,
// passphrases that can be shown, and the first error in view.

const sizes = [16, 18, 20, 22, 24];

for (const form of document.querySelectorAll("[data-sizes]")) {
  const [less, more] = form.querySelectorAll("button");
  form.addEventListener("submit", (event) => {
    const value = event.submitter?.value;
    if (!value) return;
    event.preventDefault();
    document.documentElement.dataset.size = value;
    const at = sizes.indexOf(Number(value));
    less.value = sizes[Math.max(at - 1, 0)];
    more.value = sizes[Math.min(at + 1, sizes.length - 1)];
    const body = new URLSearchParams(new FormData(form));
    body.set("ukuran", value);
    // Kept for the next page; when the line is down this page has it already.
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  });
}

const menus = document.querySelectorAll("details.menu, details.other, .more details");
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.querySelector("[data-on]").hidden = !shown;
    button.querySelector("[data-off]").hidden = shown;
    input.focus();
  });
  // A passphrase is never sent as ordinary text that the browser may remember.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

const sieve = document.querySelector("[data-sieve]");
if (sieve && matchMedia("(min-width: 68.01rem)").matches) sieve.open = true;

// Choosing a file in our words: the browser's own button speaks its language.
for (const place of document.querySelectorAll("[data-pick]")) {
  const input = place.previousElementSibling;
  const name = place.querySelector("[data-picked]");
  const none = name.textContent;
  input.classList.add("hide");
  place.hidden = false;
  input.addEventListener("change", () => {
    const n = input.files.length;
    name.textContent = n > 1 ? name.dataset.many.replace("%d", n) : input.files[0]?.name ?? none;
  });
}
