// What the model looks at, and what it shows of softmax.

// ---------- coefficients ----------

const MOST_CHARTS = 6;
const MOST_LARGE = 12;

const bytes = text => Uint8Array.from(atob(text), character => character.charCodeAt(0));

/** An image, a pixel for each byte. */
function pixels(text, description, shade) {
  const data = bytes(text);
  const width = report.coefficients.imageWidth;
  const canvas = element('canvas', {className: 'pixels', width, height: data.length / width, role: 'img', 'aria-label': description});
  const image = new ImageData(canvas.width, canvas.height);
  data.forEach((value, i) => image.data.set([...shade(value), 255], 4 * i));
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

const [POSITIVE, NEGATIVE] = ['positive', 'negative'].map(name => [1, 3, 5].map(i => parseInt(colour(name).slice(i, i + 2), 16)));

/** From the one over white to the other. */
function diverging(byte) {
  const value = (byte > 127 ? byte - 256 : byte) / 127;
  const end = value < 0 ? NEGATIVE : POSITIVE;
  return end.map(channel => Math.round(255 + Math.abs(value) * (channel - 255)));
}

const grey = byte => [byte, byte, byte];

function coefficients() {
  const {shown, of, imageWidth, largestWeight, deviationsOf} = report.coefficients;
  const target = section('coefficients');
  if (shown.length < of) {
    target.append(element('p', {}, `The ${whole(shown.length)} classes ${weighted ? 'whose rows weigh most' : 'with the most rows'} of ${whole(of)}.`));
  }
  if (imageWidth > 0) {
    target.append(
        element('div', {className: 'legend'}, element('span', {}, precise(-largestWeight)),
            element('span', {className: 'bar', role: 'img', 'aria-label': 'from violet, against the class, over white to teal, for it'}), element('span', {}, precise(largestWeight))),
        element('div', {className: shown.length <= MOST_LARGE ? 'large images' : 'images', tabIndex: 0, role: 'region', 'aria-label': 'Weights of each class as images'},
            ...shown.map(one => element('figure', {},
                pixels(one.image, `The weights of class ${className(one.index)} as an image`, diverging),
                element('figcaption', {title: className(one.index)}, shorten(className(one.index), 60))))));
  }
  const note = `Effects with the standard deviations of the ${deviationsOf}${byWeight}. Teal speaks for the class, violet against it.`;
  if (imageWidth === 0 && shown.length <= MOST_CHARTS) {
    target.append(element('div', {className: 'columns'}, ...shown.map(one => effects(() => one, note))));
    return;
  }
  let chosen = shown[0];
  const holder = element('div');
  const show = () => holder.replaceChildren(coefficientTable(chosen));
  const made = effects(() => chosen, note, holder);
  show();
  target.append(controls(choice('Class', shown.map((one, i) => [String(i), className(one.index)]), value => {
    chosen = shown[Number(value)];
    made.querySelector('figcaption').firstChild.data = effectsOf(chosen);
    show();
    refresh(made);
  })), made);
}

const effectsOf = one => `The largest effects on the score of ${className(one.index)}`;

const coefficientTable = one => table(`The largest effects of ${className(one.index)}; its bias is ${precise(one.bias)}`,
    [{name: 'Feature'}, {name: 'Weight', number: true}, {name: 'Effect', number: true}],
    one.top.map(entry => [textCell(entry.name), numberCell(entry.weight), numberCell(entry.effect)]));

function effects(current, note, detail = coefficientTable(current())) {
  const named = width => barNames(current().top.map(entry => entry.name), width);
  return chart({
    caption: effectsOf(current()), note,
    description: 'Bars of the largest effects, to the right where a feature speaks for the class and to the left where against it.',
    height: width => 70 + Math.max(...report.coefficients.shown.map(one => one.top.length)) * Math.max(26, named(width).height),
    option: (colours, width) => {
      const top = current().top;
      const least = Math.min(0, ...top.map(entry => entry.effect));
      return {
        grid: grid({top: 8, bottom: 8, left: 8}),
        tooltip: tooltip(colours, {formatter: at => tip(at.data.entry.name, `effect ${precise(at.data.entry.effect)}`, `weight ${precise(at.data.entry.weight)}`)}),
        xAxis: yAxis(colours, {splitNumber: 4, ...(least === 0 ? {min: 0} : {})}),
        yAxis: {...nameAxis(colours, named(width).texts), axisLine: {show: false}},
        series: [{type: 'bar', data: top.map(entry => ({value: entry.effect, entry,
          itemStyle: {color: entry.effect < 0 ? colours.second : colours.first}}))}],
      };
    },
    detail,
  });
}

// ---------- softmax ----------

const NUMBER_WIDTH = 52;
const SCORE_MARGINS = 32;

/** The end of an axis from 0 that leaves room for a number beside the last bar, in a chart of some pixels. */
const roomFor = (sign, width) => ({min, max}) => {
  const end = sign < 0 ? Math.min(0, min) : Math.max(0, max);
  const share = NUMBER_WIDTH / (width - nameRoom(width) - SCORE_MARGINS);
  const sides = min < 0 && max > 0 ? 2 : 1;
  return end === 0 ? 0 : end + sign * share / (1 - sides * share) * (Math.max(0, max) - Math.min(0, min));
};

function lesson() {
  const target = section('softmax', '.lesson');
  const {lessons} = report;
  const name = one => `${place(one.number)}: ${one.why}`;
  let chosen = lessons[0];
  const prediction = () => chosen.classes[0].index;
  const role = index => index === chosen.label ? 'right' : index === prediction() ? 'wrong' : 'muted';
  const roles = {right: ' (label)', wrong: ' (taken\u00a0for)', muted: ''};
  const names = () => chosen.classes.map(one => className(one.index) + roles[role(one.index)]);
  const text = element('p', {'aria-live': 'polite'});
  const holder = element('div');
  const say = () => {
    const others = report.classNames.length - chosen.classes.length;
    const rest = 1 - chosen.classes.reduce((sum, one) => sum + one.probability, 0);
    const taken = prediction() === chosen.label ? 'and is taken for it' : `and is wrongly taken for "${className(prediction())}" (orange)`;
    text.textContent = `The row of ${place(chosen.number)} has the label "${className(chosen.label)}" (blue) ${taken}. Its loss is ${precise(chosen.loss)}.`
      + (others > 0 ? ` ${others} other classes share a probability of ${probability(Math.max(0, rest))}.` : '');
    const sums = chosen.classes[0].score;
    holder.replaceChildren(table('From scores to probabilities',
        [{name: 'Class'}, {name: 'Score', number: true}, {name: 'exp(score - largest)', number: true}, {name: 'Probability', number: true}],
        chosen.classes.map((one, i) => [textCell(names()[i]), numberCell(one.score), numberCell(Math.exp(one.score - sums)),
          numberCell(one.probability, probability)])));
  };
  const side = (caption, right, value, format, limits) => chart({
    caption, description: `${caption} of the likeliest classes of one row; the table below has the numbers.`,
    height: width => 60 + Math.max(...lessons.map(one => one.classes.length)) * Math.max(30, barNames(names(), width).height),
    option: (colours, width) => ({
      grid: grid({top: 8, bottom: 8, right}),
      tooltip: tooltip(colours, {formatter: at => tip(names()[at.dataIndex], format(at.value))}),
      xAxis: yAxis(colours, {splitNumber: 4, ...limits(width)}),
      yAxis: nameAxis(colours, barNames(names(), width).texts),
      series: [{type: 'bar', data: chosen.classes.map(one => ({value: value(one),
        label: {position: value(one) < 0 ? 'left' : 'right'},
        itemStyle: {color: colours[role(one.index)]}})),
        label: {show: true, color: colours.ink, formatter: at => format(at.value)}}],
    }),
  });
  const figures = element('div', {className: 'columns'},
      side('Scores', SCORE_MARGINS / 2, one => one.score, precise,
          width => ({min: roomFor(-1, width), max: roomFor(1, width), axisLabel: {showMinLabel: false, showMaxLabel: false}})),
      side('Probabilities', NUMBER_WIDTH, one => one.probability, probability, () => ({min: 0, max: 1, interval: 0.2})));
  say();
  target.append(
      controls(choice('Row', lessons.map((one, i) => [String(i), name(one)]), value => {
        chosen = lessons[Number(value)];
        say();
        refresh(figures);
      })),
      text, figures, behind('The numbers as a table', holder));
}

const sampled = () => {
  const {points, of} = report.rows;
  return points.length < of
    ? `${whole(points.length)} of ${whole(of)} ${report.judged.what}, at even distances when sorted by their loss.`
    : `All ${whole(of)} ${report.judged.what}${weighted ? ' of a weight above 0' : ''}.`;
};

/** Places on a line from one to another. */
const steps = (from, to, count) => Array.from({length: count + 1}, (_, i) => from + i * (to - from) / count);

const dots = (name, data, fill, more) => ({
  name, type: 'scatter', data, symbolSize: 7, itemStyle: {color: fill, opacity: 0.6}, ...more,
});

function cost() {
  const {points} = report.rows;
  const finite = points.filter(row => Number.isFinite(number(row.loss)));
  const most = Math.max(1, ...finite.map(row => row.loss));
  const rows = right => finite.filter(row => row.right === right).map(row => ({value: [row.probability, row.loss], row}));
  section('softmax', '.cost').append(chart({
    caption: 'The loss against the probability of the label', note: sampled(), height: 380,
    description: `The curve -ln p, and on it rows of the model with losses up to ${precise(most)}.`,
    option: (colours, width) => ({
      grid: grid({top: topOf(width, 400)}), legend: legend(colours),
      tooltip: tooltip(colours, {formatter: at => at.data.row ? tip(place(at.data.row.number), `probability of its label ${probability(at.data.row.probability)}`,
          `loss ${precise(at.data.row.loss)}`, at.data.row.right ? 'right' : 'wrong') : undefined}),
      xAxis: xAxis(colours, 'probability of the label', {min: 0, max: 1}),
      yAxis: yAxis(colours, {min: 0, axisLabel: {formatter: precise}}),
      series: [{name: '-ln p', type: 'line', symbol: 'none', silent: true, lineStyle: {color: colours.muted}, itemStyle: {color: colours.muted},
        data: steps(-most, 0, 200).map(log => [Math.exp(log), -log])},
        dots('rows that are right', rows(true), colours.right, {}),
        dots('rows that are wrong', rows(false), colours.wrong, {symbol: 'triangle', symbolSize: 9})],
    }),
    detail: rowTable(),
  }));
}

const rowTable = () => table('Rows, those of the greatest loss first',
    [report.judged.unit, 'Probability of the label', 'Loss', 'Margin', 'Hinge'].map(name => ({name, number: true, sortable: true})),
    [...report.rows.points].reverse().map(row => [numberCell(row.number, String), numberCell(row.probability, probability),
      numberCell(row.loss), numberCell(row.margin), numberCell(row.hinge)]));

function hinge() {
  const finite = report.rows.points.filter(row => [row.loss, row.margin, row.hinge].every(value => Number.isFinite(number(value))));
  const margins = finite.map(row => row.margin);
  const from = Math.min(-2, ...margins);
  const to = Math.max(3, ...margins);
  const curve = (name, f, stroke, type) => ({
    name, type: 'line', symbol: 'none', silent: true, data: steps(from, to, 240).map(m => [m, f(m)]),
    lineStyle: {color: stroke, type}, itemStyle: {color: stroke},
  });
  const rows = field => finite.map(row => ({value: [row.margin, row[field]], row}));
  section('softmax', '.hinge').append(chart({
    caption: 'Two losses against the margin', note: `${sampled()} Each row is there twice: with its cross-entropy and with its hinge loss.`, height: 400,
    description: 'The curves ln(1 + exp(-margin)) and max(0, 1 - margin), with the rows of the model.',
    option: (colours, width) => ({
      grid: grid({top: topOf(width, 600)}), legend: legend(colours),
      tooltip: tooltip(colours, {formatter: at => at.data.row ? tip(place(at.data.row.number), `margin ${precise(at.data.row.margin)}`,
          `cross-entropy ${precise(at.data.row.loss)}`, `hinge ${precise(at.data.row.hinge)}`) : undefined}),
      xAxis: xAxis(colours, 'margin: score of the label above the best other', {scale: true}),
      yAxis: yAxis(colours, {min: 0}),
      series: [curve('ln(1 + exp(-m))', m => Math.max(0, -m) + Math.log1p(Math.exp(-Math.abs(m))), colours.first, 'solid'),
        curve('max(0, 1 - m)', m => Math.max(0, 1 - m), colours.second, 'dashed'),
        dots('cross-entropy of rows', rows('loss'), colours.first, {}),
        dots('hinge of rows', rows('hinge'), colours.second, {symbol: 'triangle'})],
    }),
  }));
}
