/* The code of an invitation stands behind «#» of its link: it is put into the field and taken out of the address. */
(function () {
  "use strict";
  var field = document.getElementById("id_code");
  var code = window.location.hash.slice(1);
  if (field && /^[0-9A-Za-z-]{8,30}$/.test(code)) {
    field.value = code;
    window.history.replaceState(null, "", window.location.pathname);
  }
}());
