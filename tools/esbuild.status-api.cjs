const { cpSync } = require('node:fs');
const lambda = require('./esbuild.lambda.cjs');
const { leanZod } = require('./esbuild.lean.cjs');

/** esbuild plugin: puts the description of the API beside the bundle, which reads it when somebody asks for it. */
const apiDescription = {
  name: 'api-description',
  setup(build) {
    build.onEnd(() => cpSync('dist/libs/api-description', 'dist/apps/status-api', { recursive: true }));
  },
};

// It answers with the JSON Schema of each model's input.
const plugins = lambda.plugins.map((plugin) =>
  plugin.name === 'lean-zod' ? leanZod({ withJsonSchema: true }) : plugin,
);

module.exports = { ...lambda, plugins: [...plugins, apiDescription] };
