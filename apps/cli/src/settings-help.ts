import { SETTINGS, TEXT_SETTINGS } from '@lossmill/cluster';
import { OBSERVATION_SETTINGS } from '@lossmill/worker';

/** Which number of `Settings` concerns one role only. */
const ONLY: Record<string, 'worker' | 'coordinator'> = { threads: 'worker', evaluations: 'coordinator' };

/** Every variable that a role reads, with its default and unit, as wide as `width`. */
export function settingsHelp(role: 'worker' | 'coordinator', width: number): string {
  const numbers = Object.entries(SETTINGS)
    .filter(([key]) => (ONLY[key] ?? role) === role)
    .map(([, { variable, unit, shown, meaning, value }]) => ({
      variable,
      meaning,
      shown: shown ?? `${value()} ${unit}`,
    }));
  const all = [...TEXT_SETTINGS, ...OBSERVATION_SETTINGS, ...numbers];
  const entries = all.map(
    ({ variable, shown, meaning }) =>
      `  ${variable} (default: ${shown})\n${wrapped(meaning, Math.min(width, MOST_COLUMNS))}`,
  );
  return `\nSettings, from the environment:\n${entries.join('\n')}\n\nFor s3:// and for traces the usual AWS_* and OTEL_* variables count too.\ndocs/operations.md has more.\n`;
}

const INDENT = '      ';
const MOST_COLUMNS = 80;

function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  let line = INDENT;
  for (const word of text.split(' ')) {
    if (line.length + word.length >= width && line !== INDENT) {
      lines.push(line.trimEnd());
      line = INDENT;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
