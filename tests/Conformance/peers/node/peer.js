'use strict';
// A gRPC peer on grpc-js: `peer.js client ...` runs every case against a server, `peer.js server ...` answers them.
// `peer.js benchmark-client ...` and `peer.js benchmark-server ...` are the same for benchmarks.
// The server ends when its standard input does, so that it never outlives the test run.

const fs = require('node:fs');
const { parseArgs } = require('node:util');

const benchmark = require('./benchmark');
const cases = require('./cases');
const service = require('./service');

// One line for the test run.
function report(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function readArguments() {
  const text = { type: 'string' };
  const { positionals: [direction], values } = parseArgs({
    allowPositionals: true,
    options: {
      protos: text, security: text, authority: text, certificate: text, 'private-key': text, address: text, 'idle-seconds': text,
      workload: text, window: text,
    },
  });
  const read = path => path === undefined ? null : fs.readFileSync(path);
  return {
    direction,
    protos: values.protos,
    security: values.security,
    address: values.address,
    idleSeconds: Number(values['idle-seconds']),
    workload: values.workload,
    window: values.window,
    authority: read(values.authority),
    certificate: read(values.certificate),
    privateKey: read(values['private-key']),
  };
}

async function main() {
  const settings = readArguments();
  const run = { client: cases.run, 'benchmark-client': benchmark.run }[settings.direction];
  if (run) {
    await run(settings, report);
    process.exit(0);
  }

  const start = { server: service.start, 'benchmark-server': benchmark.start }[settings.direction];
  report({ port: await start(settings, report) });
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
