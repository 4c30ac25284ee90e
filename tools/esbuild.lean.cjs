const { readFileSync } = require('node:fs');

/**
 * What a Lambda never runs, by the module that would bring it into the bundle, and what stands in its place. A part that is called after all fails.
 * The journeys of tools/e2e run the bundles.
 */
const MODULES = [
  {
    // Lambda hands its role's credentials over in the environment: no SSO, profiles, processes, or metadata of machines.
    module: /^@aws-sdk\/credential-provider-node$/,
    contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
  {
    // Only operations that stream events, as S3 Select and Kinesis, take it up; the S3 client asks for it to be there.
    module: /^@smithy\/core\/event-streams$/,
    contents: `export const eventStreamSerdeProvider = () => undefined;
export const resolveEventStreamSerdeConfig = (input) => input;
export const EventStreamSerde = undefined;`,
  },
  {
    // A function calls the endpoint of its region; the SDK looks for others only where it is told to.
    module: /^@aws-sdk\/middleware-endpoint-discovery$/,
    contents: `export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector() {}, configFileSelector() {}, default: undefined };
export const resolveEndpointDiscoveryConfig = (input) => input;`,
  },
  {
    // Powertools' tracer works by a provider of our own (libs/telemetry/src/lambda/segment-provider.ts).
    module: /^aws-xray-sdk-core$/,
    contents: 'export default { Subsegment: undefined };',
  },
  {
    // It makes the X-Ray SDK's provider before it takes ours.
    module: /^\.\/provider\/ProviderService\.js$/,
    contents: 'export class ProviderService { setContextMissingStrategy() {} }',
  },
];

/** Errors that a function's calls can end with; the SDK has one for each of its service, and makes its general one, with the same name, of every other. */
const KEPT_ERRORS = new Set([
  ...['DynamoDBServiceException', 'InternalServerError', 'RequestLimitExceeded', 'ThrottlingException'],
  ...[
    'ProvisionedThroughputExceededException',
    'ResourceNotFoundException',
    'ItemCollectionSizeLimitExceededException',
  ],
  ...['ConditionalCheckFailedException', 'TransactionCanceledException', 'TransactionConflictException'],
  ...['TransactionInProgressException', 'IdempotentParameterMismatchException', 'ReplicatedWriteConflictException'],
  ...['SNSServiceException', 'AuthorizationErrorException', 'InternalErrorException', 'InvalidParameterException'],
  ...['InvalidParameterValueException', 'NotFoundException', 'ThrottledException'],
]);
const REGISTERED_ERROR = /^\w+_registry\.registerError\(\w+\$, (\w+)\);$/gm;

/** What a metric of the catalogue means, in words: the second of what defines it. */
const MEANING = /\b(counter|duration|share)\(\s*(\w+|\[[^\]]*\]),\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g;

/** Files of which less is needed, by their paths. */
const FILES = [
  {
    // For docs/metrics.md alone.
    file: /[\\/]telemetry[\\/]src[\\/]metrics[\\/](function|worker)-metrics\.ts$/,
    edit: (code) => code.replaceAll(MEANING, "$1($2, ''"),
  },
  {
    file: /[\\/]client-(dynamodb|sns)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/,
    edit: (code) => code.replaceAll(REGISTERED_ERROR, (line, name) => (KEPT_ERRORS.has(name) ? line : '')),
  },
  {
    // The SDK sends its version, and reads no more of its own package.json.
    file: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/,
    edit: (code) => `export default { version: ${JSON.stringify(JSON.parse(code).version)} };`,
  },
  {
    // Node.js has a SHA-256 of its own.
    file: /[\\/]checksum[\\/]sha256[\\/]Sha256Js\.js$/,
    edit: () => 'export const Sha256Js = undefined;',
  },
  {
    // Clients retry in the standard mode.
    file: /[\\/]util-retry[\\/](AdaptiveRetryStrategy|DefaultRateLimiter)\.js$/,
    edit: () => refusing('AdaptiveRetryStrategy', 'DefaultRateLimiter'),
  },
  {
    // Of streams of events.
    file: /[\\/]signature-v4[\\/]dist-es[\\/]HeaderFormatter\.js$/,
    edit: () => 'export class HeaderFormatter { format() { throw new Error("left out of this bundle"); } }',
  },
  {
    // A function has no profiles, and runs on no machine of its own.
    file: /[\\/]shared-ini-file-loader[\\/]loadSharedConfigFiles\.js$/,
    edit: () => `export { CONFIG_PREFIX_SEPARATOR } from './constants';
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // Names of regions for people.
    file: /[\\/]util-endpoints[\\/]lib[\\/]aws[\\/]partitions\.js$/,
    edit: (code) => code.replaceAll(/"description": "[^"]*"/g, ''),
  },
  {
    file: /[\\/]lib-dynamodb[\\/]dist-es[\\/]pagination[\\/]\w+Paginator\.js$/,
    edit: (code) => code.replace('= createPaginator(', '= /* @__PURE__ */ createPaginator('),
  },
  {
    file: /[\\/]regionConfig[\\/]getInstanceMetadataRegion\.js$/,
    edit: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
];

function refusing(...classes) {
  const classOf = (name) =>
    `export class ${name} { constructor() { throw new Error('${name} is left out of this bundle'); } }`;
  return classes.map(classOf).join('\n');
}

const ZOD_SCHEMAS = /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/;
/** `z.string().email()` and its like, each of which brings a format: `z.email()` is the form of today, and brings the formats that are used alone. */
const FORMATS_OF_STRING = /(core\.\$constructor\("ZodString",[^{]*\{[^{}]*\}), \{[\s\S]*?\n\}\);/;
/** A namespace that is exported again is kept whole. */
const UTIL = 'import { util } from "../core/index.js"';
const UTIL_ITSELF = 'import * as util from "../core/util.js"';

function withoutUnused(code) {
  return code.replace(FORMATS_OF_STRING, '$1);').replace(UTIL, UTIL_ITSELF).replaceAll('core.util.', 'util.');
}

/** What a function that describes no schema never runs: zod's own makers of JSON Schemas, and the property of each schema that calls them. */
const ZOD_JSON_SCHEMA = /[\\/]zod[\\/]v4[\\/]core[\\/](json-schema-(processors|generator)|to-json-schema)\.js$/;
const CALLS_OF_PROCESSORS = /^ *inst\._zod\.processJSONSchema = \(ctx, json, params\) => .*;$/gm;
const WITHOUT_JSON_SCHEMA = `const refuse = () => { throw new Error('this bundle makes no JSON Schemas'); };
export const createToJSONSchemaMethod = () => refuse;
export const createStandardJSONSchemaMethod = () => refuse;
export const toJSONSchema = refuse;
export class JSONSchemaGenerator { constructor() { refuse(); } }`;

/** esbuild plugin: leaves out of a bundle what it does not use of zod, its makers of JSON Schemas too unless they are asked for. */
exports.leanZod = ({ withJsonSchema }) => ({
  name: 'lean-zod',
  setup(build) {
    build.onLoad({ filter: ZOD_SCHEMAS }, ({ path }) => {
      const contents = withoutUnused(readFileSync(path, 'utf8'));
      return { contents: withJsonSchema ? contents : contents.replaceAll(CALLS_OF_PROCESSORS, '') };
    });
    if (!withJsonSchema) build.onLoad({ filter: ZOD_JSON_SCHEMA }, () => ({ contents: WITHOUT_JSON_SCHEMA }));
  },
});

const SCHEMAS = /[\\/]libs[\\/](job-schemas|app-config)[\\/]src[\\/][^.]+\.ts$/;
/** A constant at the top of a module whose value is made by a call. esbuild ends a statement with a semicolon before a line that begins with the next. */
const CALLED_CONSTANT = /^((?:export )?const \w+ = )([^;]*\([\s\S]*?);\n(?=[^\s)}\]]|$)/gm;

/** esbuild plugin: makes only those schemas of the project at the start of a bundle that something in it uses. To make one has no effect but itself. */
exports.usedSchemas = {
  name: 'used-schemas',
  setup(build) {
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const options = { loader: 'ts', sourcefile: path, sourcemap: 'inline', target: 'node24' };
      const { code } = await build.esbuild.transform(readFileSync(path, 'utf8'), options);
      return { loader: 'js', contents: code.replaceAll(CALLED_CONSTANT, '$1/* @__PURE__ */ (() => ($2))();\n') };
    });
  },
};

/** esbuild plugin: leaves out of a Lambda what it never runs. */
exports.lean = {
  name: 'lean',
  setup(build) {
    for (const [index, { module, contents }] of MODULES.entries()) {
      const namespace = `lean-${index}`;
      build.onResolve({ filter: module }, (args) => ({ path: args.path, namespace, pluginData: args.resolveDir }));
      build.onLoad({ filter: /^/, namespace }, ({ pluginData }) => ({ contents, resolveDir: pluginData }));
    }
    for (const { file, edit } of FILES) {
      build.onLoad({ filter: file }, ({ path }) => ({
        contents: edit(readFileSync(path, 'utf8')),
        loader: path.endsWith('.ts') ? 'ts' : 'js',
      }));
    }
  },
};
