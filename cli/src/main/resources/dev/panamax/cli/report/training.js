// What was done, and how training went.

// ---------- summary ----------

function about() {
  const {judged} = report;
  const seen = judged.seen
    ? ' The model has learned from these rows, so that the figures flatter it: there were no others to judge it by.' : '';
  const by = weighted ? `, each counted by its weight: ${whole(number(report.summary.weight))} in all` : '';
  return `Unless said otherwise, figures are about the ${whole(judged.rows)} ${judged.what} of ${judged.source}${by}. `
    + `In charts blue is right and orange is wrong; legends and captions name other colours.${seen}`;
}

/** The words of a name such as training.gradientNorm. */
const words = name => name.replace(/^training\./, '').replace(/[a-z][A-Z]/g, pair => pair[0] + ' ' + pair[1].toLowerCase());

function summary() {
  document.getElementById('title').textContent = `${report.title}: ${report.judged.source}`;
  document.title = `${report.title}: ${report.judged.source} - Panamax report`;
  const lead = document.getElementById('judged');
  lead.textContent = about();
  const loss = report.settings.find(entry => entry.name === 'training.loss')?.value ?? 'cross-entropy';
  if (loss !== 'cross-entropy') {
    document.getElementById('cards').before(element('p', {className: 'notice', id: 'other-loss'},
        `This model was trained with another loss, ${loss.toLowerCase().replaceAll('_', '-')}, whose scores are made for margins. Probabilities, losses and calibration `
        + 'in this page are those of a softmax of these scores, and mean little; predictions, confusions and errors are the model\'s own.'));
  }
  const {summary: sums} = report;
  const cards = [
    ['accuracy', 'Accuracy', percent(sums.accuracy), sums.accuracy, `${whole(number(sums.hits))} of ${whole(number(sums.weight))}${weighted ? ' by weight' : ''}`],
    ['loss', 'Loss', precise(sums.loss), sums.loss, `equal probabilities: ${precise(sums.chance)}`],
    ['calibration', 'Calibration error', precise(sums.calibrationError), sums.calibrationError, 'expected, in 15 bins'],
    ['rows', 'Rows', whole(report.judged.rows), report.judged.rows,
      report.judged.what + (weighted ? `, weight ${whole(number(sums.weight))}` : '')],
    ['class-count', 'Classes', whole(report.classNames.length), report.classNames.length,
      `${whole(report.coefficients.features)} features`],
  ];
  for (const [id, name, text, value, note] of cards) {
    document.getElementById('cards').append(element('div', {},
        element('dt', {}, name),
        element('dd', {}, element('data', {id, value}, text), element('small', {}, note))));
  }
  const columns = [{name: 'What'}, {name: 'Value'}];
  const entries = list => list.map(entry => [textCell(words(entry.name)), textCell(entry.value === 'null' ? 'none' : entry.value)]);
  document.getElementById('facts').append(
      table('Data', columns, entries(report.facts)),
      element('div', {}, ...report.missing.map(missing), behind('Settings that the model notes', table('Settings that the model notes', columns, entries(report.settings)))));
}

/** What was missing in a file. */
const missing = ({file, rows, columns}) => behind(`Missing cells of ${file} by column`,
    table(`Missing cells of ${file}, which has ${whole(rows)} rows`,
        [{name: 'Column', sortable: true}, {name: 'Missing', number: true, sortable: true}, {name: 'Share of the rows', number: true, sortable: true}],
        columns.map(({name, cells}) => [textCell(name), numberCell(cells, whole), numberCell(cells / rows, percent)])));

// ---------- training ----------

function training() {
  const {unit, stop, kept, history} = report.training;
  const points = field => history.map(step => [step.iteration, number(step[field])]);
  const validated = points('validationLoss').some(([, loss]) => Number.isFinite(loss));
  const mark = colours => kept === history.at(-1).iteration ? undefined : {
    silent: true, symbol: 'none', lineStyle: {color: colours.muted}, data: [{xAxis: kept}],
    label: {formatter: 'kept', color: colours.muted},
  };
  const columns = [unit, 'Objective', 'Loss', 'Largest gradient', ...(validated ? ['Validation loss'] : [])];
  const rows = history.map(step => [numberCell(step.iteration, whole), numberCell(step.objective), numberCell(step.loss),
    numberCell(step.gradientNorm), ...(validated ? [numberCell(step.validationLoss)] : [])]);
  const title = at => `${unit} ${at.value[0]}`;
  section('training').append(
      chart({
        caption: `Loss of each ${unit}`,
        note: `Training rows${byWeight}. Ended: ${stop}. The model is that of ${unit} ${kept}.`,
        description: `The objective fell from ${precise(history[0].objective)} to ${precise(history.at(-1).objective)} `
          + `in ${history.at(-1).iteration} ${unit}s.`,
        height: 320,
        option: colours => ({
          grid: grid(), legend: legend(colours), tooltip: tooltip(colours, axisTip(title)),
          xAxis: xAxis(colours, unit, {min: 'dataMin', max: 'dataMax', minInterval: 1}),
          yAxis: yAxis(colours, {scale: true}),
          series: [line('objective', points('objective'), {markLine: mark(colours)}),
            line('loss', points('loss'), {lineStyle: {type: 'dashed'}}),
            ...(validated ? [line('validation loss', points('validationLoss'))] : [])],
        }),
        detail: table(`Each ${unit}`, columns.map(name => ({name, number: true})), rows),
      }),
      chart({
        caption: `Largest gradient of each ${unit}`,
        note: 'The largest magnitude in the gradient of the objective; on a scale of powers of ten.',
        description: `The largest gradient went from ${precise(history[0].gradientNorm)} to ${precise(history.at(-1).gradientNorm)}.`,
        height: 320,
        option: colours => ({
          grid: grid(), legend: legend(colours), tooltip: tooltip(colours, axisTip(title)),
          xAxis: xAxis(colours, unit, {min: 'dataMin', max: 'dataMax', minInterval: 1}),
          yAxis: yAxis(colours, {type: 'log', axisLabel: {formatter: value => value.toExponential(0)}}),
          series: [line('largest gradient', points('gradientNorm').filter(([, norm]) => norm > 0), {markLine: mark(colours)})],
        }),
      }));
}

// ---------- softness ----------

function softness() {
  const {how, model, points} = report.softness;
  section('softness', '.how').textContent = how + (model ? ` The strength of the model is ${precise(model.l2)}.` : '');
  if (points.length === 0) return;
  const {what} = report.judged;
  const most = Math.log(report.classNames.length);
  const strengths = points.map(point => precise(point.l2));
  const place = points.findIndex(point => point.l2 === model.l2);
  const values = field => points.map((point, i) => [i, number(point[field])]);
  const folded = points.some(point => Number.isFinite(number(point.foldLoss)));
  const mark = colours => place < 0 ? undefined : {
    silent: true, symbol: 'none', lineStyle: {color: colours.muted}, data: [{xAxis: place}],
    label: {formatter: 'the model', color: colours.muted},
  };
  // Calibration, other optimisers and all rows instead of some set the model apart from the one of its strength.
  const itself = (name, value, colours, fill) => ({
    name: `${name} of the model`, type: 'scatter', symbol: 'diamond', symbolSize: 13, data: place < 0 ? [] : [[place, value]],
    itemStyle: {color: fill, borderColor: colours.ink}, z: 3,
  });
  const diamonds = place < 0 ? '' : ' A diamond is the model itself.';
  const axis = (colours, width) => xAxis(colours, 'strength of the penalty (l2)', {
    type: 'category', data: strengths, boundaryGap: false, axisLabel: {interval: 0, rotate: width < 420 || strengths.length > 9 ? 45 : 0},
    nameGap: width < 420 || strengths.length > 9 ? 46 : 28,
  });
  const title = at => `l2 ${strengths[at.value[0]]}`;
  const columns = ['l2', `Loss of the ${what}`, 'Largest probability', 'Entropy', ...(folded ? ['Fold loss', 'Its error'] : [])];
  const rows = points.map(point => [numberCell(point.l2), numberCell(point.loss), numberCell(point.largest), numberCell(point.entropy),
    ...(folded ? [numberCell(point.foldLoss), numberCell(point.foldError)] : [])]);
  rows.push([numberCell(model.l2, l2 => `${precise(l2)}, the model`), numberCell(model.loss), numberCell(model.largest), numberCell(model.entropy),
    ...(folded ? [textCell(''), textCell('')] : [])]);
  section('softness').append(
      chart({
        caption: 'How soft the probabilities are',
        note: `Means over the ${what}${byWeight}: the probability of the likeliest class, and the entropy as a part of ln ${report.classNames.length}.${diamonds}`,
        description: `From the strongest penalty to the weakest the mean largest probability goes from ${precise(points[0].largest)} `
          + `to ${precise(points.at(-1).largest)}, the mean entropy from ${precise(points[0].entropy)} to ${precise(points.at(-1).entropy)}.`,
        height: 340,
        option: (colours, width) => ({
          grid: grid({bottom: 34}), legend: {...legend(colours), data: ['largest probability', 'entropy']},
          tooltip: tooltip(colours, axisTip(title)),
          xAxis: axis(colours, width), yAxis: yAxis(colours, {min: 0, max: 1}),
          series: [line('largest probability', values('largest'), {markLine: mark(colours)}),
            line('entropy', values('entropy').map(([i, entropy]) => [i, entropy / most]), {lineStyle: {type: 'dashed'}}),
            itself('largest probability', number(model.largest), colours, colours.first),
            itself('entropy', number(model.entropy) / most, colours, colours.second)],
        }),
        detail: table('Each strength', columns.map(name => ({name, number: true})), rows),
      }),
      chart({
        caption: 'What that costs',
        note: `The mean loss of the ${what}${byWeight}` + (folded ? ', and that over the folds.' : '.') + diamonds
          + (report.judged.seen ? ' Models have learned from these rows: this says nothing of others.' : ''),
        description: `The loss is least, ${precise(Math.min(...points.map(point => number(point.loss))))}, at l2 `
          + `${strengths[points.reduce((best, point, i) => number(point.loss) < number(points[best].loss) ? i : best, 0)]}.`,
        height: 340,
        option: (colours, width) => ({
          grid: grid({bottom: 34}), legend: {...legend(colours), data: [`loss of the ${what}`, ...(folded ? ['loss in the folds'] : [])]},
          tooltip: tooltip(colours, axisTip(title)),
          xAxis: axis(colours, width), yAxis: yAxis(colours, {scale: true}),
          series: [line(`loss of the ${what}`, values('loss'), {markLine: mark(colours)}),
            ...(folded ? [line('loss in the folds', values('foldLoss'), {lineStyle: {type: 'dashed'}})] : []),
            itself(`loss of the ${what}`, number(model.loss), colours, colours.first)],
        }),
      }));
}
