import type { Log, ProcessOptions } from '@lossmill/cluster';
import { VERSION } from '@lossmill/pool';

export interface Tracing {
  telemetry: NonNullable<ProcessOptions['telemetry']>;
  /** Sends what is left, for some seconds. Returns false when that was not enough: then something still tries. */
  end(): Promise<boolean>;
}

/** Spans that say when a queue looked for work: many, and of no evaluation. */
const NOISE = /^(getNextJob|extendLocks|moveStalledJobsToWait|startStalledCheckTimer|rateLimit|pause|resume|close)\b/;
const FLUSH_MS = 3000;
/** A collector that is away is told of so often. */
const SAY_AGAIN_MS = 60_000;

/**
 * Traces evaluations and their tasks through bullmq-otel, to where the variables OTEL_EXPORTER_OTLP_* point. The packages are
 * optional: without them, one warning and no traces.
 */
export async function startTracing(role: string, log: Log): Promise<Tracing | null> {
  let packages: Awaited<ReturnType<typeof load>>;
  try {
    packages = await load();
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    log.warn(
      { error: why },
      'tracing is wanted, but an optional package for it is missing: install bullmq-otel and @opentelemetry/{api,resources,sdk-trace-node,exporter-trace-otlp-http}, or set LOSSMILL_OTEL=0',
    );
    return null;
  }
  const { api, BullMQOtel, NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter, resources } = packages;
  api.diag.setLogger(troubles(log), api.DiagLogLevel.ERROR);
  const service = process.env.OTEL_SERVICE_NAME || `lossmill-${role}`;
  const resource = resources
    .defaultResource()
    .merge(resources.resourceFromAttributes({ 'service.name': service, 'service.version': VERSION }));
  const batches = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [quiet(batches)] });
  provider.register();
  return {
    telemetry: new BullMQOtel({ tracerName: 'lossmill', version: VERSION }),
    end: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), FLUSH_MS);
      });
      const sent = provider.shutdown().then(
        () => true,
        () => true,
      );
      return Promise.race([sent, late]).finally(() => clearTimeout(timer));
    },
  };
}

/** What goes wrong with sending, now and then. */
function troubles(log: Log) {
  let saidAt = Number.NEGATIVE_INFINITY;
  const say = (message: string): void => {
    if (performance.now() - saidAt < SAY_AGAIN_MS) return;
    saidAt = performance.now();
    log.warn({ error: message.slice(0, 500) }, 'traces cannot be sent');
  };
  const nothing = (): void => {};
  return { error: say, warn: nothing, info: nothing, debug: nothing, verbose: nothing };
}

async function load() {
  const [api, { BullMQOtel }, { NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('bullmq-otel'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  return { api, BullMQOtel, NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter, resources };
}

type Batches = InstanceType<Awaited<ReturnType<typeof load>>['BatchSpanProcessor']>;

/** The processor without the noise. */
const quiet = (batches: Batches) => ({
  onStart: (...args: Parameters<Batches['onStart']>) => batches.onStart(...args),
  onEnd: (span: Parameters<Batches['onEnd']>[0]) => {
    if (!NOISE.test(span.name)) batches.onEnd(span);
  },
  forceFlush: () => batches.forceFlush(),
  shutdown: () => batches.shutdown(),
});
