// Somebody's own words with their **stress** and their *actions*, as render.py writes them.

const EMPHASIS =
  /\*\*(?<strong>(?![\s*])[^*\n]+(?<!\s))\*\*(?!\*)|(?<![\p{L}\p{N}_*])\*(?<em>(?![\s*])(?:[^*\n]|\*\*[^*\n]+\*\*)+?(?<!\s))\*(?![\p{L}\p{N}_*])/gu;

export function spoken(words) {
  const shown = [];
  let at = 0;
  for (const found of words.matchAll(EMPHASIS)) {
    const [tag, inner] = Object.entries(found.groups).find(([, text]) => text);
    const element = document.createElement(tag);
    element.append(...spoken(inner));
    shown.push(words.slice(at, found.index), element);
    at = found.index + found[0].length;
  }
  return [...shown, words.slice(at)];
}

// What a bubble's text is once the words are in it.
export function shown(words) {
  const bubble = document.createElement("div");
  bubble.append(...spoken(words));
  return bubble.textContent;
}
