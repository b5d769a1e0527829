// Taking in files: each goes on its own, waits when the line is down, and shows
// how far its reading is. Without this script the form does the same in one go.

const form = document.querySelector("[data-upload]");

if (form) {
  const input = form.querySelector("input[type=file]");
  const list = document.querySelector("[data-files]");
  const template = (name) => document.querySelector(`template[data-row="${name}"]`);
  const copy = (name) => template(name).content.cloneNode(true);
  const words = (name) => template(name).content.textContent;

  for (const plain of document.querySelectorAll("[data-plain]")) plain.hidden = true;
  form.querySelector("[data-drop-word]").hidden = false;

  const queue = [];
  let busy = false;

  const badge = (row, name) => {
    row.className = `file ${name}`;
    row.querySelector("[data-badge]").replaceChildren(copy(name));
  };
  const text = (row, value) => {
    const place = row.querySelector("[data-text]");
    if (place) place.textContent = value;
  };
  const sentence = (row, value) => {
    if (!value) return;
    const p = document.createElement("p");
    p.className = "file-say";
    p.textContent = value;
    row.append(p);
  };
  const lead = (row, name, url) => {
    if (!url || row.querySelector("a")) return;
    const link = copy(name);
    link.querySelector("a").href = url;
    link.querySelector("[data-name]").textContent = ` ${row.querySelector(".file-name").textContent}`;
    row.append(link);
  };

  const add = (files) => {
    document.querySelector("[data-files-head]").hidden = false;
    for (const file of files) {
      const row = copy("sending").firstElementChild;
      row.querySelector("[data-name]").textContent = file.name;
      row.querySelector("[data-size]").textContent = `${(file.size / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
      row.querySelector("progress").setAttribute("aria-label", file.name);
      list.append(row);
      queue.push({ file, row });
    }
    next();
  };

  const next = () => {
    if (busy || !queue.length) return;
    busy = true;
    const job = queue.shift();
    send(job).finally(() => { busy = false; next(); });
  };

  const send = (job) => new Promise((done) => {
    const { file, row } = job;
    const bar = row.querySelector("progress");
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("berkas", file);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (e) => { if (e.lengthComputable) { bar.value = (100 * e.loaded) / e.total; text(row, `${Math.round(bar.value)} %`); } });
    request.addEventListener("error", () => {
      badge(row, "offline");
      // The file is still here: it goes again when the line is back.
      const again = () => { clearTimeout(timer); removeEventListener("online", again); badge(row, "sending-again"); queue.push(job); next(); };
      const timer = setTimeout(again, 5000);
      addEventListener("online", again);
      done();
    });
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = { state: "failed", sentence: words("lost") }; }
      took(row, answer);
      done();
    });
    request.send(body);
  });

  const took = (row, answer) => {
    row.dataset.letter = answer.letter_id || "";
    badge(row, answer.state || "failed");
    sentence(row, answer.sentence);
    const bar = row.querySelector("progress");
    if (answer.state === "reading" || answer.state === "waiting") { bar?.removeAttribute("value"); watch(); } else bar?.remove();
    lead(row, answer.state === "duplicate" ? "open" : "fill", answer.url);
  };

  let source;
  const watch = () => {
    if (source) return;
    source = new EventSource(form.dataset.upload);
    source.addEventListener("message", (event) => step(JSON.parse(event.data)));
  };
  const step = (p) => {
    const row = list.querySelector(`[data-letter="${CSS.escape(p.letter_id)}"]`);
    if (!row) return;
    badge(row, p.state);
    const bar = row.querySelector("progress");
    if (p.state === "reading" && p.pages) {
      text(row, words("pages").replace("%d", p.done).replace("%t", p.pages));
      if (bar) { bar.max = p.pages; bar.value = p.done; }
    } else if (p.state !== "reading") bar?.remove();
    sentence(row, p.sentence);
    lead(row, "fill", p.url);
  };

  // "sending-again" is the badge of "sending".
  const again = document.createElement("template");
  again.dataset.row = "sending-again";
  again.content.append(...copy("sending").querySelector("[data-badge]").childNodes);
  document.body.append(again);

  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  for (const kind of ["dragenter", "dragover"]) form.addEventListener(kind, (e) => { e.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", (e) => { if (!form.contains(e.relatedTarget)) form.classList.remove("over"); });
  form.addEventListener("drop", (e) => { e.preventDefault(); form.classList.remove("over"); add(e.dataTransfer.files); });
  if (list.querySelector(".reading, .waiting")) watch();
}
