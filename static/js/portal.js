/* Small conveniences; every page works without this file. */
(function () {
  "use strict";

  function announce(text) {
    var live = document.getElementById("live");
    if (live) { live.textContent = text; }
  }

  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except) { menu.open = false; }
    });
  }

  /* A form that came back with errors: start reading from their list. */
  var errors = document.getElementById("errors");
  if (errors) { errors.focus(); }

  /* Printing needs a script, so its buttons appear only with one. */
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.addEventListener("click", function (event) {
    closeMenus(event.target.closest("details.menu"));
  });

  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* The second of two quick clicks sends nothing; after three seconds the form is free again. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 3000);
  });

  document.addEventListener("htmx:configRequest", function (event) {
    var token = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = token.value; }
  });

  /* The server sent the request elsewhere, as it does when the session has ended: show that page whole. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    var came = event.detail.xhr.responseURL;
    var asked = new URL(event.detail.pathInfo.finalRequestPath, window.location.href);
    if (came && new URL(came).pathname !== asked.pathname) {
      event.detail.shouldSwap = false;
      window.location.assign(came);
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var news = document.querySelector("#" + CSS.escape(event.detail.target.id || "none") + " [data-announce]");
    if (news) { announce(news.textContent.trim()); }
  });

  ["htmx:responseError", "htmx:sendError"].forEach(function (name) {
    document.addEventListener(name, function () {
      var failure = document.getElementById("failure");
      if (failure) { failure.hidden = false; }
    });
  });
}());
