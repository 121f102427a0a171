// Sets the chosen theme before the first paint, so that the page never flashes in the other one.
// A classic script on purpose: modules run too late for that.
(function () {
  "use strict";
  try {
    var chosen = localStorage.getItem("easel.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch (blocked) {
    // Storage may be forbidden; the system's theme is right then.
  }
})();
