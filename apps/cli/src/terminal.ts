/** What the two streams can show. */
export interface Terminal {
  color: boolean;
  unicode: boolean;
  width: number;
}

const MOST_COLUMNS = 120;

export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const { env } = process;
  const plain = (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb';
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const unicode = !(stream.isTTY && /^(C|POSIX)$/.test(locale));
  return { color: stream.isTTY === true && !plain, unicode, width: Math.min(stream.columns || 100, MOST_COLUMNS) };
}
