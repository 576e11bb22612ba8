export { formatInterval, formatMean, type MeanText, meanText } from './format/mean.js';
export { formatCount, formatExact, formatFixed, formatNumber, plural, toNumber } from './format/number.js';
export { formatBytes, formatCompact, formatRate, formatSeconds } from './format/quantity.js';
export { renderHtml } from './html/render.js';
export { renderTerminal } from './terminal/render.js';
export type { TerminalOptions } from './terminal/style.js';
