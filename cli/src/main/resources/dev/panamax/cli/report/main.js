// Puts the figures into the page.

function contents() {
  for (const part of document.querySelectorAll('main > section')) {
    const title = part.dataset.short;
    document.getElementById('sections').append(element('li', {}, element('a', {href: '#' + part.id}, title)));
  }
}

if (report.training) training(); else document.getElementById('training').remove();
if (report.softness) softness(); else document.getElementById('softness').remove();
summary();
confusion();
reliability();
classScores();
coefficients();
worst();
lesson();
cost();
hinge();
contents();
redraw();

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
/** Paper is light. */
function print(begins) {
  document.documentElement.classList.toggle('paper', begins);
  redraw();
}

addEventListener('beforeprint', () => print(true));
addEventListener('afterprint', () => print(false));
// On paper drawings are scaled, not drawn anew.
const watched = new ResizeObserver(() => {
  if (!matchMedia('print').matches) charts.filter(entry => entry.frame.clientWidth !== entry.width).forEach(draw);
});
charts.forEach(entry => watched.observe(entry.frame));
