// Starts what a page shows: state diagrams, or the browser of the OpenAPI document.
document.addEventListener("DOMContentLoaded", () => {
  if (window.mermaid) {
    window.mermaid.initialize({ startOnLoad: false, state: { useMaxWidth: true } });
    window.mermaid.run({ querySelector: ".mermaid" });
  }
  const place = document.getElementById("openapi");
  if (place && window.SwaggerUIBundle) {
    window.SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, docExpansion: "none", filter: true });
  }
});
