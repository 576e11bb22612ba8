import {
  allowed,
  CATALOGUE,
  compatLibraries,
  findLoss,
  type LossDefinition,
  type ParameterDefinition,
} from '@lossmill/losses';

/** Columns of a page: what an unwidened terminal has. */
const COLUMNS = 80;

/** `lossmill losses`: the catalogue. */
export function lossList(json: boolean): string {
  if (json) return `${JSON.stringify(CATALOGUE.map(plain), null, 2)}\n`;
  const width = Math.max(...CATALOGUE.map(({ name }) => name.length));
  const lines = CATALOGUE.map(({ name, about, aliases }) =>
    entry(name, aliases.length > 0 ? [about, `also: ${aliases.join(', ')}`] : [about], width, '  '),
  );
  return `${lines.join('\n')}\n\n  lossmill losses NAME shows formula, gradient, curvature (the second\n  derivative), domain and parameters of one.\n`;
}

type Row = [label: string, texts: readonly string[]];

/** `lossmill losses NAME`: one loss. */
export function lossPage(name: string, json: boolean): string {
  const loss = findLoss(name);
  if (json) return `${JSON.stringify(plain(loss), null, 2)}\n`;
  const facts: Row[] = [
    ['formula', cases(loss.formula)],
    ['gradient', cases(loss.gradient)],
    ['curvature', cases(loss.curvature)],
    ['domain', loss.domain.split(/;\s+/)],
    ...(loss.inputs.length > 0 ? [['input', [inputText(loss)]] as Row] : []),
    ['stability', [loss.stability]],
    ...(loss.aliases.length > 0 ? [['aliases', [loss.aliases.join(', ')]] as Row] : []),
    ...compatRow(loss.name),
  ];
  const parameters = loss.parameters.map((parameter): Row => [parameter.name, parameterTexts(parameter)]);
  const elsewhere = Object.entries(loss.elsewhere).map(([library, called]): Row => [library, [called]]);
  const sections = [section('', facts), section('parameters', parameters), section('elsewhere', elsewhere)];
  return `${entry(`${loss.name}:`, [loss.about], 0, '  ')}\n${sections.join('')}`;
}

/** One case a line: in formulas they are two spaces apart. */
const cases = (text: string): string[] => text.split(/; {2}/);

const inputText = ({ inputs, anyInput }: LossDefinition): string =>
  inputs.length === 1 ? inputs[0] : `${inputs.join(' | ')}  (default ${anyInput ? 'none' : inputs[0]})`;

function parameterTexts(parameter: ParameterDefinition): string[] {
  const { about, default: usual } = parameter;
  const shown = typeof usual === 'number' && usual > 0 && usual < 1e-3 ? usual.toExponential() : (usual ?? 'none');
  return [about, `${allowed(parameter)}; default ${shown}`];
}

function section(title: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([label]) => label.length));
  const indent = title === '' ? '  ' : '    ';
  const lines = rows.map(([label, texts]) => entry(label, texts, width, indent));
  return `\n${title === '' ? '' : `  ${title}\n`}${lines.join('\n')}\n`;
}

/** A label and its texts, each from a line of its own; what is too long goes on two columns further in. */
function entry(label: string, texts: readonly string[], width: number, indent: string): string {
  const gap = width === 0 ? ' ' : '  ';
  const left = indent.length + Math.max(width, label.length) + gap.length;
  const lines = texts.flatMap((text) => wrapped(text, COLUMNS - left));
  const further = ' '.repeat(width === 0 ? indent.length : left);
  return lines.map((line, i) => (i === 0 ? `${indent}${label.padEnd(width)}${gap}` : further) + line).join('\n');
}

/** Breaks between parts that are two spaces apart, and within a part only where it is too long by itself. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const part of text.split('  ')) {
    const longer = `${lines.at(-1)}  ${part}`;
    if (lines.length > 0 && longer.length <= columns) lines[lines.length - 1] = longer;
    else lines.push(...words(part, columns, lines.length > 0));
  }
  return lines;
}

function words(text: string, columns: number, further: boolean): string[] {
  const lines = [further ? ' ' : ''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= columns || last.trim() === '') lines[lines.length - 1] = longer;
    else lines.push(`  ${word}`);
  }
  return lines;
}

/** Libraries whose mean of it --compat gives. */
function compatRow(name: string): Row[] {
  const libraries = compatLibraries(name).map(([library]) => library);
  return libraries.length > 0 ? [['compat', [libraries.join(' | ')]]] : [];
}

function plain({
  name,
  aliases,
  family,
  about,
  formula,
  gradient,
  curvature,
  domain,
  stability,
  elsewhere,
  parameters,
  inputs,
}: LossDefinition) {
  return {
    name,
    aliases,
    family,
    about,
    formula,
    gradient,
    curvature,
    domain,
    stability,
    elsewhere,
    parameters,
    inputs,
  };
}
