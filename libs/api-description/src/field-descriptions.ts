const SAMPLING = {
  prompt: 'What the images show.',
  negativePrompt: 'What they do not show.',
  steps: 'More take longer and are finer, up to a point.',
  guidance: 'How closely the images follow the prompt.',
  sampler: 'An engine without samplers ignores it.',
  seed: 'The same request with the same seed gives the same images. Image i uses seed + i.',
  images: 'How many.',
};

const OUTPUT = {
  quality: 'Of JPEG, WebP and AVIF.',
  thumbnail: 'A small WebP beside each image.',
  embedParameters: "Writes the job's parameters into the file.",
};

const POLICY = {
  priority: '`interactive` goes before `batch`.',
  startWithinSeconds: 'A job that has not started by then expires.',
  executionTimeoutSeconds: 'Longest time of one attempt.',
  maxAttempts: 'Attempts that fail by themselves. One that lost its worker does not count.',
  retainSeconds: 'How long inputs and outputs are kept.',
};

const CREATE = {
  model: 'One of `GET /v1/models`.',
  webhook: 'Called with events of this job.',
  metadata: 'Kept with the job and shown with it; nothing else is made of it.',
};

const JOB = {
  status: '`succeeded`, `failed`, `canceled` and `expired` are final.',
  phase: 'Of a running job.',
  version: 'Grows with each change but progress; the entity tag is made of it.',
  pool: 'The deployment that serves the model.',
  progress: 'Of the running or the last attempt.',
  error: 'Of a job that failed.',
  attempts: 'One entry for each time a worker took the job.',
  cancelRequestedAt: 'When a client asked for the end.',
  expiresAt: 'When the files expire.',
  batchId: 'The batch that the job is an item of. A retry of the job is not.',
  retryOf: 'The job that this one repeats.',
  traceId: 'Of the trace in AWS X-Ray.',
};

const ENDPOINT = {
  events: 'What it is told of.',
  enabled: 'A disabled endpoint gets nothing but tests.',
  disabledReason: '`manual`: by its tenant; `gone`: it answered 410; `failing`: nothing succeeded for five days.',
  failingSince: 'First failure since the last success.',
  secretRotatedUntil: 'Until when the secret before the last rotation signs as well.',
};

const MODEL = { state: '`warm`: a worker has it loaded, so that a job begins at once.' };

/** What fields mean, where their name and limits do not say it: by the name of the component, then of the field. */
export const FIELD_DESCRIPTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  TextToImageInput: SAMPLING,
  ImageToImageInput: { ...SAMPLING, image: 'What to start from.', mask: 'White where the image may change.' },
  UpscaleInput: { scale: 'How many times as wide and high.', upscaler: "The engine's name of one; else its default." },
  WorkflowInput: { workflow: 'Nodes by their id.', images: 'By the names that the nodes use.' },
  OutputOptions: OUTPUT,
  JobOutputOptions: OUTPUT,
  Policy: POLICY,
  JobPolicy: POLICY,
  CreateTextToImageJob: CREATE,
  CreateImageToImageJob: CREATE,
  CreateUpscaleJob: CREATE,
  CreateWorkflowJob: CREATE,
  Job: JOB,
  EventJob: JOB,
  CreateBatch: { webhook: 'Called when every job has ended.', metadata: CREATE.metadata },
  BatchCounts: { rejected: 'Items without a job.', total: 'The sum of all others.' },
  BatchItem: { index: 'From 0, as in the request.', status: 'As of a request with this item alone.' },
  Model: MODEL,
  ModelDetail: MODEL,
  JobOutput: {
    state: '`expired`: the file is gone.',
    seed: 'Null where the engine draws its own.',
    contentUrl: 'Redirects to a fresh `url` for as long as the file is there.',
    url: 'Signed; valid until `urlExpiresAt`.',
    urlExpiresAt: 'An hour or less: a URL ends with the file, and with the session that signed it.',
    thumbnailUrl: 'Signed; null without a thumbnail.',
  },
  Progress: { fraction: 'Of the whole job, from 0 to 1.', step: 'Of the current image.', etaSeconds: 'An estimate.' },
  JobError: { retryable: 'Whether the same job may succeed another time.', stage: 'What it was doing.' },
  WebhookEndpoint: ENDPOINT,
  WebhookEndpointWithSecret: { ...ENDPOINT, secret: 'Signs the requests. It is not shown again.' },
  WebhookDelivery: {
    eventId: 'The `webhook-id`, the same on every attempt.',
    subject: 'The job, the batch, or the endpoint that is tested.',
    endpointId: 'Null for a webhook that the job or batch names itself.',
    nextAttemptAt: 'Of a pending delivery; it may be a little later.',
    requestBody: 'As it was signed and sent.',
  },
  WebhookRedeliveries: {
    hasMore: 'Whether there may be more to send.',
    nextCursor: '`cursor` of the call that goes on; null when nothing is left.',
  },
  Problem: {
    type: 'A URI that names the problem; `code` is its last part.',
    detail: 'What is wrong with this request.',
    retryable: 'Whether the same request may succeed later.',
    errors: 'What is wrong with which field or parameter.',
    jobId: 'The job in question, where there is one.',
  },
  FieldError: { limit: 'The limit that was broken, where there is one.' },
};
