'use strict';
// A gRPC peer on grpc-js: `peer.js client ...` runs every case against a server, `peer.js server ...` answers them.
// The server ends when its standard input does, so that it never outlives the test run.

const fs = require('node:fs');
const { parseArgs } = require('node:util');

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
    },
  });
  const read = path => path === undefined ? null : fs.readFileSync(path);
  return {
    direction,
    protos: values.protos,
    security: values.security,
    address: values.address,
    idleSeconds: Number(values['idle-seconds']),
    authority: read(values.authority),
    certificate: read(values.certificate),
    privateKey: read(values['private-key']),
  };
}

async function main() {
  const settings = readArguments();
  if (settings.direction === 'client') {
    await cases.run(settings, report);
    process.exit(0);
  }

  report({ port: await service.start(settings, report) });
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
