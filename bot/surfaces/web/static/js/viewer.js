// One picture, as large as it goes, with what can be done with it. Arrows leaf through all pictures of the page.

let dialog = null;
let current = null;

export function catchPictures() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open-picture]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.closest("[data-picture]"));
  });
}

function figures() {
  return [...document.querySelectorAll("[data-picture]:not(.viewer-figure)")];
}

function show(figure) {
  if (!figure) return;
  current = figure.dataset.picture;
  dialog ||= build();
  const source = figure.querySelector("img");
  const inner = document.createElement("figure");
  inner.className = "picture viewer-figure";
  const image = document.createElement("img");
  Object.assign(image, { src: source.src, alt: source.alt, width: source.width, height: source.height });
  const words = document.createElement("div");
  words.className = "viewer-words";
  const caption = document.createElement("p");
  caption.textContent = figure.querySelector(".picture-request")?.textContent || source.alt;
  const note = figure.querySelector(".picture-note");
  words.append(caption, ...(note ? [note.cloneNode(true)] : []), figure.querySelector(".picture-actions").cloneNode(true));
  inner.append(image, words);
  dialog.querySelector("[data-stage]").replaceChildren(inner);
  dialog.setAttribute("aria-label", `Picture: ${source.alt}`);
  const alone = figures().length < 2;
  for (const button of dialog.querySelectorAll("[data-leaf]")) button.hidden = alone;
  if (!dialog.open) dialog.showModal();
}

function leaf(by) {
  const all = figures();
  const at = all.findIndex((figure) => figure.dataset.picture === current);
  show(all[(at + by + all.length) % all.length]);
}

function build() {
  const element = document.createElement("dialog");
  element.id = "viewer";
  element.className = "viewer";
  const stage = document.createElement("div");
  stage.dataset.stage = "";
  element.append(
    button("✕", "Close picture", "viewer-close", () => element.close()),
    button("‹", "Previous picture", "viewer-prev", () => leaf(-1), true),
    button("›", "Next picture", "viewer-next", () => leaf(1), true),
    stage,
  );
  element.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") leaf(-1);
    if (event.key === "ArrowRight") leaf(1);
  });
  element.addEventListener("click", (event) => {
    if (event.target === element || event.target.matches(".viewer-figure, [data-stage]")) element.close();
  });
  element.addEventListener("close", () => {
    figures().find((figure) => figure.dataset.picture === current)?.querySelector("a").focus();
  });
  document.body.append(element);
  return element;
}

function button(sign, label, name, act, leaves = false) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `icon-button ${name}`;
  element.setAttribute("aria-label", label);
  if (leaves) element.dataset.leaf = "";
  element.textContent = sign;
  element.addEventListener("click", act);
  return element;
}
