// The review queue by keyboard. The next claim is fetched while this one is read, so that
// it is there when the decision is made; the decision is sent beside it, and if it does not
// arrive, the claim comes back with the reason.
const work = document.getElementById("work");
const told = document.getElementById("told");
let next = null;

const page = () => work.querySelector(".work");
const asPartial = { headers: { "HX-Request": "true" } };

function prefetch() {
  const address = page().dataset.next;
  next = address ? fetch(address, asPartial).then((answer) => (answer.ok ? answer.text() : null)).catch(() => null) : null;
}

function show(html, address) {
  work.innerHTML = html;
  history.pushState(null, "", address);
  work.querySelector("h1").setAttribute("tabindex", "-1");
  work.querySelector("h1").focus();
  window.scrollTo(0, 0);
  prefetch();
}

function say(text, where) {
  told.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = where ? "alert alert-danger" : "alert alert-success";
  line.textContent = text + " ";
  if (where) {
    const link = document.createElement("a");
    link.href = where;
    link.textContent = "→";
    line.append(link);
  }
  told.append(line);
}

async function send(form, button) {
  const here = page().dataset.here;
  const onward = page().dataset.next;
  const body = new FormData(form, button);
  const html = next ? await next : null;
  const sent = fetch(form.action, { method: "POST", body, ...asPartial });
  if (html && onward) show(`${html}`, onward);
  try {
    const answer = await sent;
    const text = await answer.text();
    if (answer.ok) {
      say(text);
      if (!html) location.href = page().dataset.queue;
      else keepUndo(form.action.replace(/decide$/, "undo"), body.get("csrfmiddlewaretoken"));
    } else if (answer.status === 422 && text.includes('class="work"')) {
      show(text, here);
    } else {
      const read = new DOMParser().parseFromString(text, "text/html");
      say(read.querySelector("main p")?.textContent || String(answer.status), here);
    }
  } catch {
    say(document.documentElement.lang === "en" ? "No connection: the decision did not arrive." : "网络不通，刚才的决定没有送达。", here);
  }
}

function keepUndo(action, token) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  form.dataset.key = "u";
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = "csrfmiddlewaretoken";
  hidden.value = token;
  const button = document.createElement("button");
  button.className = "btn btn-sm";
  button.textContent = document.documentElement.lang === "en" ? "Undo (u)" : "撤销 (u)";
  form.append(hidden, button);
  told.firstElementChild?.append(form);
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "decide") return;
  event.preventDefault();
  send(event.target, event.submitter || event.target.querySelector("[data-key=a]"));
});

document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  const field = target.dataset.focus && document.getElementById(target.dataset.focus);
  if (target.tagName === "SUMMARY") target.parentElement.open = true;
  if (field) {
    work.querySelector("#decide")?.setAttribute("data-chosen", target.value || "");
    field.focus();
    field.select?.();
  } else if (target.tagName === "FORM") target.requestSubmit();
  else if (target.tagName === "A") location.href = target.href;
  else target.form.requestSubmit(target);
});

// Ctrl-Enter or Enter in a field sends the decision whose key was pressed before.
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || form?.id !== "decide" || !form.dataset.chosen) return;
  if (event.target.tagName === "TEXTAREA" && !event.ctrlKey) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.requestSubmit(form.querySelector(`[value="${form.dataset.chosen}"]`));
}, true);

window.addEventListener("popstate", () => location.reload());
prefetch();
