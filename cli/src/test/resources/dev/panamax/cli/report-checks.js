// What tests ask of a page of a report. Each returns what is wrong.

const shown = one => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden';
const describe = one => `${one.tagName.toLowerCase()}${one.id ? '#' + one.id : ''} "${one.textContent.trim().slice(0, 40)}"`;

/** By how much two boxes share a place, in the lesser direction. */
function overlap(a, b) {
  return Math.min(Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
}

function overlaps(elements, most, problems) {
  const boxes = elements.map(one => one.getBoundingClientRect());
  for (let i = 0; i < elements.length; i++) {
    for (let j = i + 1; j < elements.length; j++) {
      if (overlap(boxes[i], boxes[j]) > most) problems.push(`${describe(elements[i])} overlaps ${describe(elements[j])}`);
    }
  }
}

/** Words at an angle have boxes that are larger than they are. */
function slanted(text) {
  const matrix = text.getCTM();
  return Math.abs(matrix.a) > 0.01 && Math.abs(matrix.b) > 0.01;
}

function layoutProblems() {
  const problems = [];
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth > width) problems.push(`the page is ${document.scrollingElement.scrollWidth} wide`);
  for (const one of document.querySelectorAll('header *, section, section > *, figure, .cards > div, .table, .scroll, .chart, .controls *')) {
    const box = one.getBoundingClientRect();
    if (shown(one) && (box.left < -0.5 || box.right > width + 0.5)) problems.push(`${describe(one)} is beyond the page`);
  }
  for (const parent of document.querySelectorAll('main, header > div, section, .figures, .columns, .cards, .cards > div, .images, figure, .controls')) {
    overlaps([...parent.children].filter(shown), 0.5, problems);
  }
  const charts = [...document.querySelectorAll('.chart')];
  if (charts.length < 6) problems.push(`only ${charts.length} charts`);
  charts.forEach(chart => chartProblems(chart, problems));
  for (const canvas of document.querySelectorAll('canvas.pixels')) {
    if (isBlank(canvas)) problems.push(`${canvas.getAttribute('aria-label')} is blank`);
  }
  return problems;
}

function isBlank(canvas) {
  const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return pixels.every(pixel => pixel === pixels[0]);
}

function chartProblems(chart, problems) {
  const name = chart.closest('figure').querySelector('figcaption').firstChild.data;
  const frame = chart.getBoundingClientRect();
  const drawing = chart.querySelector('svg, canvas').getBoundingClientRect();
  if (drawing.right > frame.right + 1 || drawing.bottom > frame.bottom + 1) problems.push(`${name} is larger than its place`);
  const canvas = chart.querySelector('canvas');
  if (canvas) {
    if (isBlank(canvas)) problems.push(`${name} is blank`);
    return;
  }
  const texts = [...chart.querySelectorAll('svg text')].filter(text => text.textContent.trim() !== '');
  if (texts.length < 3 || chart.querySelectorAll('svg path, svg rect').length < 5) problems.push(`${name} is nearly empty`);
  for (const text of texts) {
    const box = text.getBoundingClientRect();
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
      problems.push(`in ${name}, ${describe(text)} is cut off`);
    }
  }
  const before = problems.length;
  overlaps(texts.filter(text => !slanted(text)), 2, problems);
  for (let i = before; i < problems.length; i++) problems[i] = `in ${name}, ${problems[i]}`;
}

/** The contrast of text on what is behind it, as WCAG 2 defines it. */
function contrastProblems() {
  const channel = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const numbers = colour => colour.match(/[\d.]+/g).map(Number);
  const luminance = colour => {
    const [r, g, b] = numbers(colour).map(part => channel(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = one => {
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = (a, b) => {
    const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (light + 0.05) / (dark + 0.05);
  };
  const problems = [];
  for (const one of document.querySelectorAll('h1, h2, h3, p, a, summary, dt, dd small, data, thead th, tr:nth-child(-n+3) > *, figcaption, figcaption small, label, select, button')) {
    const ratio = contrast(getComputedStyle(one).color, behind(one));
    if (shown(one) && one.className !== 'skip' && !(ratio >= 4.5)) problems.push(`${describe(one)} has a contrast of ${ratio}`);
  }
  for (const text of document.querySelectorAll('.chart svg text')) {
    const ratio = contrast(getComputedStyle(text).fill, cellBehind(text) ?? getComputedStyle(document.body).backgroundColor);
    if (!(ratio >= 4.5)) problems.push(`${describe(text)} in a chart has a contrast of ${ratio}`);
  }
  return problems;
}

/** The colour of the cell of the confusions that a number stands in. */
function cellBehind(text) {
  if (!text.closest('#confusion')) return undefined;
  const at = text.getBoundingClientRect();
  const [x, y] = [(at.left + at.right) / 2, (at.top + at.bottom) / 2];
  const cell = [...text.closest('svg').querySelectorAll('path:not([fill="none"], [fill="transparent"])')].findLast(path => {
    const box = path.getBoundingClientRect();
    return box.left < x && x < box.right && box.top < y && y < box.bottom;
  });
  return cell && getComputedStyle(cell).fill;
}

/** Names that are not drawn as a whole beside or below the bars and cells of their part of the page. */
function cutNames(part, names) {
  const bare = text => text.replace(/\s/g, '');
  return [...document.querySelectorAll(`${part} .chart`)].flatMap(chart => {
    const drawn = bare([...chart.querySelectorAll('svg text')].map(text => text.textContent).join(''));
    return names.filter(name => !drawn.includes(bare(name))).map(name => `in ${part}, "${name}" is not in ${drawn}`);
  });
}

/** Where a colour that means right or wrong means something else. */
function colourProblems() {
  const colour = name => {
    const probe = document.createElement('span');
    probe.style.color = `var(--${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const places = {right: '#confusion, #reliability, .cost, .lesson', wrong: '#confusion, .cost, .lesson'};
  const problems = [];
  for (const [meaning, where] of Object.entries(places)) {
    for (const chart of document.querySelectorAll('.chart')) {
      const meant = [...chart.querySelectorAll('svg *')].some(one => {
        const style = getComputedStyle(one);
        return [style.fill, style.stroke].includes(colour(meaning));
      });
      if (meant && !chart.closest(where)) problems.push(`${chart.closest('section').id} has the colour of ${meaning}`);
    }
  }
  if (new Set(['right', 'wrong', 'first', 'second', 'third', 'muted'].map(colour)).size !== 6) problems.push('two colours are one');
  return problems;
}

/** The names beside the bars of a row from scores to probabilities, each with the meaning of its bar's colour. */
function barMeanings() {
  const {yAxis, series} = echarts.getInstanceByDom(document.querySelector('.lesson .chart')).getOption();
  const meaning = colour => ['right', 'wrong', 'muted'].find(name =>
    getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim() === colour);
  return yAxis[0].data.map((name, i) => `${name.replace(/\n/g, ' ')}: ${meaning(series[0].data[i].itemStyle.color)}`);
}

const focusable = () => [...document.querySelectorAll('a[href], button, select, input, summary, [tabindex="0"]')].filter(shown);

/** Opens a tip in each chart, and says what is in it. */
function showTips() {
  const texts = [];
  for (const frame of document.querySelectorAll('.chart')) {
    const chart = echarts.getInstanceByDom(frame);
    chart.getOption().series.forEach((series, seriesIndex) => {
      for (let dataIndex = 0; dataIndex < Math.min(3, series.data.length); dataIndex++) {
        chart.dispatchAction({type: 'showTip', seriesIndex, dataIndex});
        texts.push(...[...frame.querySelectorAll('.tip')].map(tip => tip.textContent));
      }
    });
  }
  return texts;
}

function namingProblems() {
  const problems = [];
  if (document.documentElement.lang !== 'en') problems.push('no language');
  for (const landmark of ['header', 'nav[aria-label]', 'main', 'footer', 'h1']) {
    if (document.querySelectorAll(`body > ${landmark}, header ${landmark}`).length !== 1) problems.push(`not one ${landmark}`);
  }
  for (const part of document.querySelectorAll('section, [aria-labelledby]')) {
    if (!document.getElementById(part.getAttribute('aria-labelledby'))?.textContent) problems.push(`${describe(part)} has no name`);
  }
  for (const chart of document.querySelectorAll('.chart')) {
    if (chart.getAttribute('role') !== 'img' || !(chart.getAttribute('aria-label')?.length > 20)) problems.push('a chart says nothing');
  }
  for (const one of document.querySelectorAll('canvas.pixels, .bar')) {
    if (!one.getAttribute('aria-label')) problems.push('an image says nothing');
  }
  for (const select of document.querySelectorAll('select')) {
    if (!(select.labels.length === 1)) problems.push('a choice has no label');
  }
  const ids = [...document.querySelectorAll('[id]:not(svg *)')].map(one => one.id);
  if (new Set(ids).size !== ids.length) problems.push('an id is there twice');
  let last = 1;
  for (const head of document.querySelectorAll('h1, h2, h3')) {
    const level = Number(head.tagName[1]);
    if (level > last + 1) problems.push(`${describe(head)} is below no heading`);
    last = level;
  }
  return problems;
}

const textColour = () => [getComputedStyle(document.body).color, getComputedStyle(document.querySelector('.chart svg text')).fill].join();
