// One invocation of the built submit-api in a process of its own, so that it can be killed in the middle.
const [bundle, event] = process.argv.slice(2);
const { handler } = require(bundle);

void handler(JSON.parse(event), { getRemainingTimeInMillis: () => 29_000 });
