// Keys of every page of the desk: search, help, send.
const keys = document.getElementById("keys");
const isTyping = (event) => /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);

document.querySelectorAll("[data-help]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.ctrlKey && event.key === "Enter" && event.target.form) {
    event.target.form.requestSubmit();
  } else if (event.key === "?" && !isTyping(event)) {
    keys.showModal();
  }
});
