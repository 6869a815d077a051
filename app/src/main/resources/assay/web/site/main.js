// Which page is shown: the part of the address behind #.
import {ask} from './server.js';
import {failed, h} from './page.js';
import {compare, home, report} from './home.js';
import {explain, watch} from './explain.js';
import {talk} from './talk.js';
import {choose} from './targets.js';
import {guess} from './guess.js';

const pages = [
  [/^$/, 'Runs', home],
  [/^compare\/([^/]+)\/([^/]+)$/, 'Two runs', compare],
  [/^run\/([^/]+)$/, 'Report', report],
  [/^explain$/, 'Explain', explain],
  [/^explain\/([^/]+)$/, 'Explain', watch],
  [/^talk$/, 'Talk', choose],
  [/^talk\/(run|id)\/([^/]+)(?:\/([^/]+))?$/, 'Talk', talk],
  [/^guess$/, 'Guess the fine-tune', guess],
];

let leave = () => {};

async function show() {
  const path = location.hash.replace(/^#\/?/, '');
  if (path === 'main') {
    return;
  }
  leave();
  leave = () => {};
  const main = document.getElementById('main');
  const isFirst = !main.dataset.page;
  main.dataset.page = path || 'home';
  main.className = '';
  for (const link of document.querySelectorAll('nav a')) {
    const own = link.getAttribute('href').slice(2);
    const isHere = own === path.split('/')[0] || (own === '' && /^(run|compare)\//.test(path));
    isHere ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
  }
  for (const [pattern, title, page] of pages) {
    const match = pattern.exec(path);
    if (match) {
      document.title = `${title} · Assay`;
      const place = h('div.page');
      main.replaceChildren(place);
      try {
        leave = await page(place, ...match.slice(1).map(part => part && decodeURIComponent(part))) ?? leave;
      } catch (failure) {
        place.append(failed(failure));
      }
      if (!isFirst) {
        main.focus({preventScroll: true});
      }
      return;
    }
  }
  main.replaceChildren(h('h1', 'There is no such page'), h('p', h('a', {href: '#/'}, 'Back to the runs')));
}

addEventListener('hashchange', show);
ask('/api/about').then(about => {
  document.getElementById('model').textContent = about.model;
}, () => {});
show();
