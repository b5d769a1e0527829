// Buttons that write the simple marks of the letter's text for the author.

for (const bar of document.querySelectorAll("[data-editor]")) {
  const area = document.getElementById(bar.dataset.editor);
  bar.hidden = false;

  const put = (text, from, to) => {
    area.focus();
    area.setSelectionRange(from, to);
    // insertText keeps the browser's own undo (Ctrl+Z).
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const lines = () => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.value.indexOf("\n", area.selectionEnd);
    const to = end < 0 ? area.value.length : end;
    return { from, to, text: area.value.slice(from, to) };
  };
  const block = (text) => {
    const at = lines();
    const gap = at.text.trim() ? "\n\n" : "";
    put(gap + text + "\n", at.to, at.to);
  };

  const tasks = {
    bold() {
      const { selectionStart: from, selectionEnd: to } = area;
      const words = area.value.slice(from, to);
      put(`**${words}**`, from, to);
      if (!words) area.setSelectionRange(from + 2, from + 2);
    },
    list() {
      const at = lines();
      let n = 0;
      put(at.text.split("\n").map((l) => (l.trim() || !n ? `${++n}. ${l.replace(/^\s*\d+[.)]\s+/, "")}` : l)).join("\n"), at.from, at.to);
    },
    heading() {
      const at = lines();
      put(at.text.startsWith("# ") ? at.text.slice(2) : `# ${at.text}`, at.from, at.to);
    },
    details(text) { block(text); },
    table(text) { block(`${text}\n${text.replace(/[^|]+/g, "  ")}`); },
  };

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) tasks[button.dataset.do](button.dataset.text);
  });
}
