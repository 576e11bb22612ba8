import { allowed, CATALOGUE, findLoss, type LossDefinition } from '@lossmill/losses';

/** `lossmill losses`: the catalogue. */
export function lossList(json: boolean): string {
  if (json) return `${JSON.stringify(CATALOGUE.map(plain), null, 2)}\n`;
  const width = Math.max(...CATALOGUE.map(({ name }) => name.length));
  const lines = CATALOGUE.map(
    ({ name, about, aliases }) =>
      `  ${name.padEnd(width)}  ${about}${aliases.length > 0 ? `\n  ${' '.repeat(width)}  also: ${aliases.join(', ')}` : ''}`,
  );
  return `${lines.join('\n')}\n\n  lossmill losses NAME shows formula, gradient, domain and parameters of one.\n`;
}

/** `lossmill losses NAME`: one loss. */
export function lossPage(name: string, json: boolean): string {
  const loss = findLoss(name);
  if (json) return `${JSON.stringify(plain(loss), null, 2)}\n`;
  const rows: [string, string][] = [
    ['formula', loss.formula],
    ['gradient', loss.gradient],
    ['domain', loss.domain],
    ['stability', loss.stability],
    ...(loss.inputs.length > 0
      ? [
          ['input', `${loss.inputs.join(' | ')} (default ${loss.anyInput ? 'none' : loss.inputs[0]})`] as [
            string,
            string,
          ],
        ]
      : []),
    ...loss.parameters.map((p): [string, string] => [
      p.name,
      `${p.about}; ${allowed(p)}, default ${p.default ?? 'none'}`,
    ]),
    ...(loss.aliases.length > 0 ? [['aliases', loss.aliases.join(', ')] as [string, string]] : []),
    ...Object.entries(loss.elsewhere).map(([library, called]): [string, string] => [library, called]),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return `  ${loss.name}: ${loss.about}\n\n${rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`).join('\n')}\n`;
}

function plain({
  name,
  aliases,
  family,
  about,
  formula,
  gradient,
  domain,
  stability,
  elsewhere,
  parameters,
  inputs,
}: LossDefinition) {
  return { name, aliases, family, about, formula, gradient, domain, stability, elsewhere, parameters, inputs };
}
