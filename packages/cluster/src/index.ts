export { ClusterClient, type Fleet, type Listed } from './client.js';
export { Coordinator } from './coordinator.js';
export { DataRoots } from './data-roots.js';
export { ClusterError, type ClusterErrorCode } from './errors.js';
export type { Log } from './log.js';
export {
  COUNTERS,
  type CounterName,
  DURATIONS,
  type DurationName,
  GAUGES,
  type GaugeName,
  type GaugeValue,
  type Meter,
  type Metric,
  type Observed,
} from './meter.js';
export type { Member } from './presence.js';
export { ENDS, type EvaluationRecord, type Fault, type State } from './record.js';
export { redactUrl } from './redis-url.js';
export { SETTINGS, type Setting, type Settings, settingsOf, TEXT_SETTINGS, type TextSetting } from './settings.js';
export type { Submission } from './submission.js';
export { ClusterWorker, type ProcessOptions } from './worker.js';
