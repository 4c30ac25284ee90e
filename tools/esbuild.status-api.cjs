const { cpSync } = require('node:fs');
const lambda = require('./esbuild.lambda.cjs');

/** esbuild plugin: puts the description of the API beside the bundle, which reads it when somebody asks for it. */
const apiDescription = {
  name: 'api-description',
  setup(build) {
    build.onEnd(() => cpSync('dist/libs/api-description', 'dist/apps/status-api', { recursive: true }));
  },
};

module.exports = { ...lambda, plugins: [...lambda.plugins, apiDescription] };
