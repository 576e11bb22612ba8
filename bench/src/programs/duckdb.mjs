// DuckDB: the same mean as one SQL query over an in-memory table, one thread; and over a Parquet file, two.
import { DuckDBInstance } from '@duckdb/node-api';

/** Filling the table value by value takes longer than the queries. */
const MOST = 1 << 21;

const means = {
  mse: () => 'avg((p - y) * (p - y))',
  mae: () => 'avg(abs(p - y))',
  huber: ({ parameters: { delta } }) =>
    `avg(CASE WHEN abs(p - y) <= ${delta} THEN 0.5 * (p - y) * (p - y) ELSE ${delta} * (abs(p - y) - 0.5 * ${delta}) END)`,
  bce: () => 'avg(greatest(p, 0) - p * y + ln(1 + exp(-abs(p))))',
};

export async function duckdb({ kase, views }) {
  const mean = means[kase.loss];
  if (kase.pass !== 'value' || kase.type !== 'f32' || kase.input === 'probabilities')
    return { programs: [], missing: [] };
  if (!mean && kase.loss !== 'cross_entropy') return { programs: [], missing: [] };
  if (!mean) return { programs: [], missing: [{ name: 'DuckDB SQL', why: 'no natural SQL for rows of logits' }] };
  const elements = Math.min(kase.elements, MOST);
  const { connection, close } = await connect(1);
  await connection.run('CREATE TABLE pairs (p FLOAT, y FLOAT)');
  const appender = await connection.createAppender('pairs');
  for (let i = 0; i < elements; i++) {
    appender.appendFloat(views.p[i]);
    appender.appendFloat(views.y[i]);
    appender.endRow();
  }
  appender.closeSync();
  const run = () => scalar(connection, `SELECT ${mean(kase)} FROM pairs`);
  return { programs: [{ name: 'DuckDB SQL', role: 'peer', elements, run }], missing: [], release: close };
}

/** Mean, standard deviation and range of squared errors, over everything and by origin. */
export async function duckdbParquet({ elements, files }) {
  const { connection, close } = await connect(2);
  const from = `FROM (SELECT (e * e) AS loss, origin
    FROM (SELECT predicted_delay::DOUBLE - delay AS e, origin FROM read_parquet('${files.table.replaceAll("'", "''")}')))`;
  const statistics = 'avg(loss), stddev_samp(loss), min(loss), max(loss)';
  const programs = [
    {
      name: 'DuckDB SQL mean only, 2 threads',
      role: 'peer',
      elements,
      run: () => scalar(connection, `SELECT avg(loss) ${from}`),
    },
    {
      name: 'DuckDB SQL mean, std, min, max, 2 threads',
      role: 'peer',
      elements,
      run: () => scalar(connection, `SELECT ${statistics} ${from}`),
    },
    {
      name: 'DuckDB SQL the same by origin, 2 threads',
      role: 'peer',
      elements,
      run: () => bySlices(connection, `SELECT count(*), ${statistics} ${from} GROUP BY origin`),
    },
  ];
  return { programs, missing: [], release: close };
}

async function connect(threads) {
  const database = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await database.connect();
  const close = () => {
    connection.closeSync();
    database.closeSync();
  };
  return { connection, close };
}

async function scalar(connection, sql) {
  const reader = await connection.runAndReadAll(sql);
  return Number(reader.getRows()[0][0]);
}

/** The overall mean, from those of the slices. */
async function bySlices(connection, sql) {
  const rows = (await connection.runAndReadAll(sql)).getRows();
  const counts = rows.map(([count]) => Number(count));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return rows.reduce((sum, [, mean], i) => sum + (Number(mean) * counts[i]) / total, 0);
}
