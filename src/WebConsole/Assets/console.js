// What a page cannot do from the server: dialogs that hold the focus, shortcuts, the time zone, the theme.
window.failback = (() => {
  const places = { o: '/', c: '/campaigns', m: '/machines', h: '/hosts', p: '/proofs', n: '/notifications', s: '/handover' };
  let leader = 0;

  const isTyping = target => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '?') {
      document.getElementById('shortcuts')?.showModal();
      event.preventDefault();
    } else if (event.key === '/') {
      const filter = document.querySelector('[data-filter]');
      if (filter) { filter.focus(); event.preventDefault(); }
    } else if (event.key === 'g') {
      leader = event.timeStamp;
    } else if (leader && event.timeStamp - leader < 1500 && places[event.key]) {
      leader = 0;
      document.querySelector(`nav a[href="${places[event.key]}"]`)?.click();
      event.preventDefault();
    } else {
      leader = 0;
    }
  });

  document.addEventListener('click', event => {
    const control = event.target instanceof Element ? event.target.closest('[data-do]') : null;
    if (!control) return;
    const root = document.documentElement;
    switch (control.dataset.do) {
      case 'main': {
        const main = document.getElementById('main');
        main?.focus();
        main?.scrollIntoView();
        event.preventDefault();
        break;
      }
      case 'theme': {
        const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
        root.dataset.theme = isDark ? 'light' : 'dark';
        try { localStorage.setItem('theme', root.dataset.theme); } catch { /* it lasts as long as the page */ }
        break;
      }
      case 'shortcuts':
        document.getElementById('shortcuts')?.showModal();
        break;
      case 'close':
        control.closest('dialog')?.close();
        break;
    }
  });

  return {
    timeZone: () => [Intl.DateTimeFormat().resolvedOptions().timeZone ?? '', String(-new Date().getTimezoneOffset())],
    open: dialog => { if (dialog && !dialog.open) dialog.showModal(); },
    close: dialog => { if (dialog?.open) dialog.close(); },
    focus: element => element?.focus(),
  };
})();
