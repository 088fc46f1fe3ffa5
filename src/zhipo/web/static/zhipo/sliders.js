// A slider beside each figure that has a range; the figure itself is what is sent.
document.querySelectorAll("input[data-slider]").forEach((field) => {
  const [min, max, step] = field.dataset.slider.split(" ");
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min, max, step, value: field.value || min, className: "form-range" });
  const label = document.querySelector(`label[for="${field.id}"]`);
  slider.setAttribute("aria-label", label ? label.textContent : field.name);
  slider.addEventListener("input", () => {
    field.value = slider.value;
  });
  slider.addEventListener("change", (event) => {
    event.stopPropagation();
    field.value = slider.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("input", () => {
    slider.value = field.value || min;
  });
  field.after(slider);
});
