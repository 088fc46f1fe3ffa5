// Follow the reader's system between light and dark before anything is painted.
const asked = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.setAttribute("data-bs-theme", asked.matches ? "dark" : "light");
follow();
asked.addEventListener("change", follow);
