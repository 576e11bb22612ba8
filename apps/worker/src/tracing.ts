import type { Log, ProcessOptions } from '@lossmill/cluster';
import { VERSION } from '@lossmill/pool';

export interface Tracing {
  telemetry: NonNullable<ProcessOptions['telemetry']>;
  /** Sends what is left. */
  end(): Promise<void>;
}

/** Spans that say when a queue looked for work: many, and of no evaluation. */
const NOISE = /^(getNextJob|extendLocks|moveStalledJobsToWait|startStalledCheckTimer|rateLimit|pause|resume|close)\b/;
const FLUSH_MS = 3000;

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
  const { BullMQOtel, NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter, resources } = packages;
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
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, FLUSH_MS);
      });
      await Promise.race([provider.shutdown().catch(() => {}), late]).finally(() => clearTimeout(timer));
    },
  };
}

async function load() {
  const [{ BullMQOtel }, { NodeTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('bullmq-otel'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  return { BullMQOtel, NodeTracerProvider, BatchSpanProcessor, OTLPTraceExporter, resources };
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
