// Draws the diagrams of a page with the copy of Mermaid that the server's own pages use, again when the reader changes the colours.
const here = document.currentScript.src;

function dark() {
  const theme = document.body.dataset.theme;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

function draw(pictures, texts) {
  pictures.forEach((picture, number) => {
    picture.removeAttribute("data-processed");
    picture.textContent = texts[number];
  });
  mermaid.initialize({
    startOnLoad: false,
    theme: dark() ? "dark" : "default",
    state: { useMaxWidth: false },
    flowchart: { useMaxWidth: true },
  });
  mermaid.run({ nodes: pictures });
}

document.addEventListener("DOMContentLoaded", () => {
  const pictures = [...document.querySelectorAll("pre.mermaid")];
  if (!pictures.length) return;
  const texts = pictures.map((picture) => picture.textContent);
  const script = document.createElement("script");
  script.src = new URL("mermaid.tiny.js", here).href;
  script.onload = () => {
    let shown = dark();
    draw(pictures, texts);
    new MutationObserver(() => {
      if (dark() !== shown) draw(pictures, texts);
      shown = dark();
    }).observe(document.body, { attributeFilter: ["data-theme"] });
  };
  document.head.append(script);
});
