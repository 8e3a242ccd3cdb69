'use strict';

// What the figures of a report are made with. All text goes into the page as text: names of classes, features and files come from
// anywhere.

const report = JSON.parse(document.getElementById('report').textContent);
const charts = [];

// ---------- text ----------

const whole = value => value.toLocaleString('en-US', {maximumFractionDigits: 2});

/** JSON has neither NaN nor infinities: they come as text. */
const number = value => Number(value);

function precise(value) {
  const x = number(value);
  if (Number.isNaN(x)) return 'none';
  if (!Number.isFinite(x)) return x > 0 ? 'infinite' : '-infinite';
  if (x !== 0 && (Math.abs(x) < 0.001 || Math.abs(x) >= 1e6)) return x.toExponential(2).replace(/\.?0+e/, 'e');
  return Number(x.toPrecision(4)).toString();
}

function percent(value) {
  const x = number(value);
  return Number.isNaN(x) ? 'none' : (100 * x).toFixed(2) + ' %';
}

function probability(value) {
  return value > 0 && value < 0.0001 ? value.toExponential(1) : value.toFixed(4);
}

const className = index => report.classNames[index];
const place = row => `${report.judged.unit} ${row}`;
const {weighted} = report.judged;
const byWeight = weighted ? ', by weight' : '';

/** The ends tell long names apart, as in paths of categories. */
function middle(points, kept) {
  const tail = Math.floor(kept / 2);
  return points.slice(0, kept - tail).join('').trimEnd() + '…' + points.slice(points.length - tail).join('').trimStart();
}

function shorten(text, most) {
  const points = [...text];
  return points.length > most ? middle(points, most - 1) : text;
}

// ---------- elements ----------

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && name !== 'role') made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter(child => child !== null));
  return made;
}

const section = (id, part = '.figures') => document.querySelector(`#${id} ${part}`);

/** What a table shows and is sorted by. */
const cell = (value, text) => ({value, text});
const numberCell = (value, format = precise) => cell(number(value), format(value));
const textCell = text => cell(text, text);

const kind = column => column.number ? 'number' : column.long ? 'text long' : 'text';

function fill(row, values, columns) {
  values.forEach((value, i) => {
    const column = columns[i];
    const made = element(i === 0 ? 'th' : 'td', {className: kind(column)});
    if (i === 0) made.scope = 'row';
    if (column.number) made.dataset.value = value.value;
    made.append(value.node ?? value.text);
    row.append(made);
  });
}

let tables = 0;

/** What has more characters wants room where a column is narrow. */
const LONG = 14;

/** A table in a frame that scrolls. Its columns are {name, number, sortable}. */
function table(caption, given, rows) {
  const columns = given.map((column, i) => ({...column, long: rows.some(values => values[i].text?.length > LONG)}));
  const body = element('tbody');
  const show = sorted => body.replaceChildren(...sorted.map(values => {
    const row = element('tr');
    fill(row, values, columns);
    return row;
  }));
  const heads = columns.map((column, i) => {
    const head = element('th', {scope: 'col', className: kind(column)});
    if (!column.sortable) {
      head.append(column.name);
      return head;
    }
    const button = element('button', {type: 'button'}, column.name);
    button.addEventListener('click', () => {
      const descending = head.getAttribute('aria-sort') !== 'descending';
      heads.forEach(other => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      show([...rows].sort((a, b) => (descending ? -1 : 1) * compare(a[i].value, b[i].value)));
    });
    head.append(button);
    return head;
  });
  show(rows);
  // A caption in the frame would scroll away with it.
  const title = element('p', {className: 'caption', id: `table-${++tables}`}, caption);
  return element('div', {className: 'table'}, title,
      element('div', {className: 'scroll', tabIndex: 0, role: 'region', 'aria-labelledby': title.id},
          element('table', {'aria-labelledby': title.id}, element('thead', {}, element('tr', {}, ...heads)), body)));
}

/** What is no number is less than any. */
function compare(a, b) {
  if (typeof a === 'string') return a.localeCompare(b, 'en', {numeric: true});
  return (Number.isNaN(a) ? -Infinity : a) - (Number.isNaN(b) ? -Infinity : b) || 0;
}

const behind = (summary, content) => element('details', {}, element('summary', {}, summary), content);

function choice(label, entries, chosen) {
  const select = element('select');
  entries.forEach(([value, text]) => select.append(new Option(shorten(text, 60), value)));
  select.addEventListener('change', () => chosen(select.value));
  return element('label', {}, label, select);
}

const controls = (...children) => element('div', {className: 'controls'}, ...children);

// ---------- charts ----------

const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function palette() {
  const names = ['surface', 'ink', 'muted', 'line', 'right', 'right-faint', 'right-full', 'wrong', 'wrong-faint', 'wrong-full',
    'first', 'second', 'third'];
  return Object.fromEntries(names.map(name => [name, colour(name)]));
}

/**
 * A chart with its caption. What it is of is said in words for those who do not see it, and a table holds its numbers.
 *
 * height: in pixels, or from the width to that
 * option: from colours and the width in pixels to what ECharts draws
 * detail: the table
 * shown: what is done with the chart when it is drawn
 */
function chart({caption, note, description, height, option, renderer = 'svg', detail, shown}) {
  const frame = element('div', {className: 'chart'});
  const made = element('figure', {},
      element('figcaption', {}, caption, note ? element('small', {}, note) : null),
      frame, detail ? behind('The numbers as a table', detail) : null);
  charts.push({frame, height, option, renderer, shown, description: description ?? caption, drawn: null, width: 0});
  return made;
}

const tip = (title, ...lines) => element('div', {className: 'tip'},
    element('strong', {}, title), ...lines.map(line => element('div', {}, line)));

function draw(entry) {
  const colours = palette();
  entry.width = entry.frame.clientWidth;
  entry.frame.style.height = (typeof entry.height === 'function' ? entry.height(entry.width) : entry.height) + 'px';
  entry.drawn?.dispose();
  entry.drawn = echarts.init(entry.frame, null, {renderer: entry.renderer});
  const base = {
    animation: false,
    backgroundColor: 'transparent',
    color: [colours.first, colours.second, colours.third],
    textStyle: {fontFamily: font(), color: colours.ink},
    aria: {enabled: true, label: {description: entry.description}},
  };
  entry.drawn.setOption({...base, ...entry.option(colours, entry.width)});
  entry.frame.setAttribute('role', 'img');
  // Paper has another width than the window, and drawings are scaled to that.
  entry.frame.querySelector('svg')?.setAttribute('viewBox', `0 0 ${entry.drawn.getWidth()} ${entry.drawn.getHeight()}`);
  entry.shown?.(entry.drawn);
}

const redraw = () => charts.forEach(draw);

/** Draws a chart anew whose data have changed. */
function refresh(figure) {
  charts.filter(entry => figure.contains(entry.frame)).forEach(draw);
}

const font = () => getComputedStyle(document.body).fontFamily;

// ---------- names in charts ----------

const NAME_LINE = 15;
const MOST_NAME_LINES = 6;

const pen = document.createElement('canvas').getContext('2d');
pen.font = `12px ${font()}`;
const widthOf = text => pen.measureText(text).width;

/** A text in lines that are no wider than that: parted behind spaces and marks where there are any. */
function lines(text, width) {
  const made = [];
  let line = '';
  for (const word of text.split(/(?<=[ /,;:_-])/)) {
    if (widthOf((line + word).trimEnd()) <= width) {
      line += word;
      continue;
    }
    if (line !== '') made.push(line.trimEnd());
    line = '';
    for (const character of word) {
      if (line !== '' && widthOf(line + character) > width) {
        made.push(line);
        line = '';
      }
      line += character;
    }
  }
  return [...made, line.trimEnd()];
}

/** A name on so many lines at most: what has no room there is left out in the middle. */
function fitted(name, width, most) {
  const fits = text => most === 1 ? widthOf(text) <= width : lines(text, width).length <= most;
  let text = name;
  if (!fits(name)) {
    const points = [...name];
    let [few, many] = [2, points.length];
    while (many - few > 1) {
      const kept = (few + many) >> 1;
      if (fits(middle(points, kept))) few = kept; else many = kept;
    }
    text = middle(points, few);
  }
  return most === 1 ? text : lines(text, width).join('\n');
}

const lineCount = texts => Math.max(1, ...texts.map(text => text.split('\n').length));

/** How much of a chart's width names beside bars take at most. */
const nameRoom = width => Math.min(260, 0.36 * width);

/** The names of bars in a chart of some width, and how much height each bar needs for them. */
function barNames(names, width) {
  const texts = names.map(name => fitted(name, nameRoom(width), MOST_NAME_LINES));
  return {texts, height: NAME_LINE * lineCount(texts) + 10};
}

const nameAxis = (colours, texts) => yAxis(colours, {type: 'category', inverse: true, data: texts, axisTick: {show: false},
  axisLabel: {interval: 0, lineHeight: NAME_LINE}});

const axisStyle = colours => ({
  axisLine: {lineStyle: {color: colours.muted}},
  axisTick: {lineStyle: {color: colours.line}},
  // Without a font of their own, labels are measured in another one than they are shown in.
  axisLabel: {color: colours.muted, fontFamily: font(), hideOverlap: true},
  splitLine: {lineStyle: {color: colours.line}},
  nameTextStyle: {color: colours.muted},
});

const xAxis = (colours, name, more = {}) => ({
  type: 'value', name, nameLocation: 'middle', nameGap: 28, ...axisStyle(colours), ...more,
  axisLabel: {...axisStyle(colours).axisLabel, ...more.axisLabel},
});

const yAxis = (colours, more = {}) => ({
  type: 'value', ...axisStyle(colours), ...more,
  axisLabel: {...axisStyle(colours).axisLabel, ...more.axisLabel},
});

const legend = colours => ({top: 0, left: 0, itemGap: 16, textStyle: {color: colours.ink}, inactiveColor: colours.muted});

const tooltip = (colours, more) => ({
  confine: true, backgroundColor: colours.surface, borderColor: colours.line, textStyle: {color: colours.ink}, ...more,
});

/** One tip for all series at a place of an axis, with a title made of the first. */
const axisTip = (title, format = precise) => ({
  trigger: 'axis',
  formatter: at => tip(title(at[0]), ...at.map(one => `${one.seriesName}: ${format(one.value[1])}`)),
});

const grid = (more = {}) => ({left: 8, right: 26, top: 40, bottom: 36, containLabel: true, ...more});

/** Where a chart begins below its legend, which takes two lines where it is as wide as that. */
const topOf = (width, legendWidth) => width < legendWidth ? 66 : 40;

/** A line, one symbol for each of few points. */
const line = (name, data, more = {}) => ({
  name, type: 'line', data: data.filter(([, y]) => Number.isFinite(y)), showSymbol: data.length <= 40, symbol: 'circle', symbolSize: 5, ...more,
});
