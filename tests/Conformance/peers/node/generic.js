'use strict';
// A client that knows nothing of the services it calls but what their server tells by reflection (grpc.reflection.v1).
//   generic.js list                     one line for each service, with its methods
//   generic.js call SERVICE/METHOD JSON one line for each response, then one with the status
// Options: --address, --authority, --certificate, --private-key, and --take N: cancel after so many responses.

const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const descriptor = require(require.resolve('protobufjs/ext/descriptor', { paths: [require.resolve('@grpc/proto-loader')] }));

const PATIENCE_MILLIS = 60_000;
const JSON_FORM = { keepCase: true, longs: String, enums: String, bytes: String };

const deadline = () => ({ deadline: Date.now() + PATIENCE_MILLIS });

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

// Asks one question at a time over one reflection stream.
class Reflection {
  constructor(address, credentials) {
    const definition = loader.loadSync('grpc/reflection/v1/reflection.proto', { keepCase: true, includeDirs: [path.join(__dirname, 'protos')] });
    const { ServerReflection } = grpc.loadPackageDefinition(definition).grpc.reflection.v1;
    this.stream = new ServerReflection(address, credentials).ServerReflectionInfo(new grpc.Metadata(), deadline());
    this.answers = this.stream[Symbol.asyncIterator]();
  }

  async ask(question) {
    this.stream.write(question);
    const { value: answer } = await this.answers.next();
    if (answer.error_response) throw new Error(`reflection: ${answer.error_response.error_message} (${JSON.stringify(question)})`);
    return answer;
  }

  async services() {
    return (await this.ask({ list_services: '*' })).list_services_response.service.map(service => service.name).sort();
  }

  // The definition of a service with every file it needs.
  async definition(service) {
    const files = new Map();
    const add = async question => {
      for (const bytes of (await this.ask(question)).file_descriptor_response.file_descriptor_proto) {
        const file = descriptor.FileDescriptorProto.decode(bytes);
        if (files.has(file.name)) continue;
        files.set(file.name, file);
        for (const name of file.dependency) {
          if (!files.has(name)) await add({ file_by_filename: name });
        }
      }
    };
    await add({ file_containing_symbol: service });
    const set = descriptor.FileDescriptorSet.encode({ file: [...files.values()] }).finish();
    return loader.loadFileDescriptorSetFromBuffer(Buffer.from(set), JSON_FORM)[service];
  }

  close() {
    this.stream.end();
  }
}

async function list(reflection) {
  for (const service of await reflection.services()) {
    print({ service, methods: Object.values(await reflection.definition(service)).map(method => method.path.split('/')[2]).sort() });
  }
}

async function call(reflection, client, [name, json], take) {
  const [service, methodName] = name.split('/');
  const method = (await reflection.definition(service))[methodName];
  if (!method) throw new Error(`${service} has no method ${methodName}`);
  const start = method.responseStream ? 'makeServerStreamRequest' : 'makeUnaryRequest';
  await new Promise(resolve => {
    let left = take;
    const received = response => {
      print({ response });
      left -= 1;
      if (left === 0) running.cancel();
    };
    const answer = method.responseStream ? [] : [(error, response) => { if (!error) received(response); }];
    const running = client[start](method.path, method.requestSerialize, method.responseDeserialize, JSON.parse(json ?? '{}'), new grpc.Metadata(), deadline(), ...answer);
    if (method.responseStream) running.on('data', received).on('error', () => {});
    running.on('status', status => setImmediate(() => {
      print({ status: grpc.status[status.code], details: status.details });
      resolve();
    }));
  });
}

async function main() {
  const text = { type: 'string' };
  const { positionals: [verb, ...rest], values } = parseArgs({
    allowPositionals: true,
    options: { address: text, authority: text, certificate: text, 'private-key': text, take: text },
  });
  const credentials = grpc.credentials.createSsl(...[values.authority, values['private-key'], values.certificate].map(file => fs.readFileSync(file)));
  const reflection = new Reflection(values.address, credentials);
  if (verb === 'list') await list(reflection);
  else await call(reflection, new grpc.Client(values.address, credentials), rest, Number(values.take ?? 0));
  reflection.close();
}

main().then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
