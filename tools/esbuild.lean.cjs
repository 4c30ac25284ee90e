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
];

/** What a function that describes no schema never runs: zod's own makers of JSON Schemas, and the method of each schema that calls them. */
const ZOD_JSON_SCHEMA = /[\\/]zod[\\/]v4[\\/]core[\\/](json-schema-(processors|generator)|to-json-schema)\.js$/;
const ZOD_SCHEMAS = /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/;
const CALLS_OF_PROCESSORS = /^ *inst\._zod\.processJSONSchema = \(ctx, json, params\) => .*;$/gm;
const WITHOUT_JSON_SCHEMA = `const refuse = () => { throw new Error('this bundle makes no JSON Schemas'); };
export const createToJSONSchemaMethod = () => refuse;
export const createStandardJSONSchemaMethod = () => refuse;
export const toJSONSchema = refuse;
export class JSONSchemaGenerator { constructor() { refuse(); } }`;

/** esbuild plugin: leaves zod's part that makes JSON Schemas out of a bundle. */
exports.withoutJsonSchema = {
  name: 'without-json-schema',
  setup(build) {
    build.onLoad({ filter: ZOD_JSON_SCHEMA }, () => ({ contents: WITHOUT_JSON_SCHEMA }));
    build.onLoad({ filter: ZOD_SCHEMAS }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(CALLS_OF_PROCESSORS, ''),
    }));
  },
};

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
  },
};
