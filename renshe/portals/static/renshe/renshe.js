// Small conveniences; every page works without them.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.matches("[data-file]")) {
    const name = input.files.length ? input.files[0].name : "";
    document.getElementById(input.dataset.file).textContent = name;
  }
  if (input.matches("[data-submit]")) input.form.requestSubmit();
});
for (const zone of document.querySelectorAll("[data-drop]")) {
  const input = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("is-over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("[data-once]");
  if (button) { button.setAttribute("aria-disabled", "true"); button.textContent = button.dataset.once; }
});
document.addEventListener("input", (event) => {
  const { says, words, unit } = event.target.dataset;
  if (!says) return;
  const place = event.target.value;
  const said = words ? words.split("|")[place - event.target.min] : `${place}${unit}`;
  document.getElementById(says).textContent = said;
  event.target.setAttribute("aria-valuetext", said);
});
