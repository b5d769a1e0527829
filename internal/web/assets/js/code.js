// An archive code is found by its number, its name or everyday words while typing.

for (const input of document.querySelectorAll("input[list=kode]")) {
  const list = document.getElementById("kode");
  let asked = "";
  input.addEventListener("input", async () => {
    const typed = asked = input.value;
    const answer = await fetch("/kode?cari=" + encodeURIComponent(typed)).catch(() => null);
    if (!answer?.ok || typed !== asked) return; // the line is gone, or more was typed
    list.replaceChildren(...(await answer.json()).map(({ Value, Label }) => new Option(Label, Value)));
  });
}
