// From three million flights to a table of predictions: learn on the past, predict the rest.
//
// The baseline knows one thing about a flight, where and at what hour it leaves: the mean delay, and the share of flights
// more than 15 minutes late, of the same origin and hour among the first million flights. A cell with few flights is
// drawn towards the overall mean as if PRIOR average flights had been seen there, which also covers cells never seen.
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';

const TRAINING_ROWS = 1_000_000;
const PRIOR = 50;
const LATE_MINUTES = 15;

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Where the predictions are kept: an ignored folder of the checkout, so they are made once. */
export const predictionsFile = join(root, '.cache', 'flights', 'predictions.parquet');

/**
 * Write the predictions unless they are there. Columns: date, origin, destination, delay (minutes), predicted_delay
 * (minutes), late (0 or 1), p_late (probability); one row a flight of the last two million, in the order of the source.
 * Resolves to true when they had to be made.
 */
export async function preparePredictions() {
  if (isFresh()) return false;
  mkdirSync(dirname(predictionsFile), { recursive: true });
  const unfinished = `${predictionsFile}.part`;
  const database = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await database.connect();
  try {
    for (const statement of statements(flightsFile(), unfinished)) await connection.run(statement);
  } finally {
    connection.closeSync();
    database.closeSync();
  }
  renameSync(unfinished, predictionsFile);
  return true;
}

/** The package exports its script only (build/index.js); the data lies in the folder beside that one. */
function flightsFile() {
  const script = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(dirname(script)), 'data', 'flights-3m.parquet');
}

/** Made after the last change of this file? */
const isFresh = () =>
  existsSync(predictionsFile) && statSync(predictionsFile).mtimeMs > statSync(fileURLToPath(import.meta.url)).mtimeMs;

/** The sums are of integers, so the means do not depend on the order in which DuckDB's threads add. */
const statements = (source, destination) => [
  `CREATE VIEW flights AS SELECT *, hour(date) AS hour, (delay > ${LATE_MINUTES})::INT AS late, file_row_number AS row
     FROM read_parquet(${text(source)}, file_row_number = true)`,
  `CREATE TABLE overall AS SELECT sum(delay) / count(*) AS delay, sum(late) / count(*) AS late
     FROM flights WHERE row < ${TRAINING_ROWS}`,
  `CREATE TABLE cells AS
     SELECT origin, hour,
            (sum(f.delay) + ${PRIOR} * any_value(o.delay)) / (count(*) + ${PRIOR}) AS delay,
            (sum(f.late) + ${PRIOR} * any_value(o.late)) / (count(*) + ${PRIOR}) AS late
     FROM flights f, overall o WHERE row < ${TRAINING_ROWS} GROUP BY ALL`,
  `COPY (
     SELECT f.date, f.origin, f.destination, f.delay::FLOAT AS delay,
            coalesce(c.delay, o.delay)::FLOAT AS predicted_delay, f.late::UTINYINT AS late,
            coalesce(c.late, o.late)::FLOAT AS p_late
     FROM flights f CROSS JOIN overall o LEFT JOIN cells c ON c.origin = f.origin AND c.hour = f.hour
     WHERE f.row >= ${TRAINING_ROWS} ORDER BY f.row
   ) TO ${text(destination)} (FORMAT parquet, COMPRESSION zstd)`,
];

const text = (value) => `'${value.replaceAll("'", "''")}'`;
