'use strict';
// Reads the .proto files and offers their services.

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

// The largest message that gRPC implementations accept unless told otherwise.
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

// The encoding of messages, in the numbers of grpc.default_compression_algorithm.
const GZIP = 2;

function load(folder, file = 'test') {
  const options = { keepCase: true, longs: Number, defaults: true, arrays: true, objects: true, includeDirs: [folder] };
  return grpc.loadPackageDefinition(loader.loadSync(`hostagent/conformance/v1/${file}.proto`, options)).hostagent.conformance.v1;
}

// The serialized form of a message that no method carries by itself.
function codec(folder, name) {
  const protobuf = require(require.resolve('protobufjs', { paths: [require.resolve('@grpc/proto-loader')] }));
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => target.startsWith('google/') ? target : `${folder}/${target}`;
  return root.loadSync('hostagent/conformance/v1/test.proto', { keepCase: true }).lookupType(`hostagent.conformance.v1.${name}`);
}

module.exports = { GZIP, MAX_MESSAGE_BYTES, codec, load };
