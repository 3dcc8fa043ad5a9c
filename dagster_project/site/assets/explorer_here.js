/* On an indicator's page: links to the explorer keep the area that the page's address names. */

(() => {
  "use strict";

  const follow = () => {
    const code = location.hash.slice(1, 10);
    const row = document.getElementById(location.hash.slice(1));
    const name = row?.querySelector(`th a[href$="/${code}.html"]`)?.textContent;
    if (!name) return;
    document.querySelectorAll(".ways .here").forEach((said) => {
      said.textContent = name;
      const link = said.parentNode;
      link.href = link.href.replace(/&a=.*/, `&a=${code}`);
    });
  };
  addEventListener("hashchange", follow);
  follow();
})();
