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
