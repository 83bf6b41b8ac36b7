'use strict';
// The test service on a grpc-js server.

const { once } = require('node:events');
const grpc = require('@grpc/grpc-js');

const messages = require('./messages');

const ECHO_INITIAL = 'x-conformance-initial';
const ECHO_TRAILING = 'x-conformance-trailing-bin';
const CASE = 'x-conformance-case';

const payload = size => ({ payload: { body: Buffer.alloc(size) } });

class TestService {
  constructor(settings, report) {
    this.report = report;
    this.answered = new WeakSet();
    this.rpcStatus = messages.codec(settings.protos, 'RpcStatus');
  }

  handlers() {
    return {
      EmptyCall: (call, callback) => {
        const trailers = this.accept(call);
        this.answer(call);
        callback(null, {}, trailers);
      },
      UnaryCall: (call, callback) => {
        const trailers = this.accept(call);
        const { response_status: status, response_size: size } = call.request;
        const failure = this.failure(status, trailers);
        this.answer(call);
        if (failure) callback(failure);
        else callback(null, payload(size), trailers);
      },
      StreamingInputCall: (call, callback) => {
        const trailers = this.accept(call);
        let size = 0;
        call.on('data', request => { size += request.payload.body.length; });
        call.on('end', () => {
          this.answer(call);
          callback(null, { aggregated_payload_size: size }, trailers);
        });
      },
      StreamingOutputCall: async call => {
        const trailers = this.accept(call);
        await this.send(call, call.request.response_parameters);
        this.end(call, call.request.response_status, trailers);
      },
      FullDuplexCall: async call => {
        const trailers = this.accept(call);
        try {
          // Without the option the call would be destroyed with its last request, before the answer.
          for await (const request of call.iterator({ destroyOnReturn: false })) {
            await this.send(call, request.response_parameters);
            if (request.response_status?.code) {
              this.end(call, request.response_status, trailers);
              return;
            }
          }
        } catch (error) {
          // The caller left in the middle of its requests: reading them ends with an error.
          if (call.cancelled) return;
          throw error;
        }
        this.end(call, null, trailers);
      },
    };
  }

  // Echoes the metadata of a call, reports when its caller leaves and returns the trailers.
  accept(call) {
    const initial = new grpc.Metadata();
    const trailers = new grpc.Metadata();
    call.metadata.get(ECHO_INITIAL).forEach(value => initial.add(ECHO_INITIAL, value));
    call.metadata.get(ECHO_TRAILING).forEach(value => trailers.add(ECHO_TRAILING, value));
    call.sendMetadata(initial);
    const [name] = call.metadata.get(CASE);
    // grpc-js emits the event at the end of every call.
    call.on('cancelled', () => {
      if (name && !this.answered.has(call)) this.report({ event: 'cancelled', case: name });
    });
    return trailers;
  }

  // Notes that a call is answered: a call that ends before was left by its caller.
  answer(call) {
    this.answered.add(call);
  }

  async send(call, parameters) {
    for (const { size, interval_millis: interval } of parameters) {
      if (interval > 0) await Promise.race([new Promise(resolve => setTimeout(resolve, interval).unref()), once(call, 'cancelled')]);
      if (call.cancelled) return;
      call.write(payload(size));
    }
  }

  end(call, status, trailers) {
    if (call.cancelled) return;
    this.answer(call);
    const failure = this.failure(status, trailers);
    if (failure) call.emit('error', failure);
    else call.end(trailers);
  }

  // The error that ends a call with the status asked for; null when it is to succeed.
  failure(status, trailers) {
    if (!status?.code) return null;
    if (status.details.length > 0) {
      trailers.set('grpc-status-details-bin', this.rpcStatus.encode(this.rpcStatus.fromObject(status)).finish());
    }
    return { code: status.code, details: status.message, metadata: trailers };
  }
}

// Starts a server with one service on a free port and returns the port.
function listen(settings, definition, handlers) {
  const server = new grpc.Server();
  server.addService(definition, handlers);
  const mutual = settings.security === 'mutual-tls';
  const credentials = settings.security === 'plaintext'
    ? grpc.ServerCredentials.createInsecure()
    : grpc.ServerCredentials.createSsl(
      mutual ? settings.authority : null, [{ private_key: settings.privateKey, cert_chain: settings.certificate }], mutual);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => error ? reject(error) : resolve(port));
  });
}

function start(settings, report) {
  return listen(settings, messages.load(settings.protos).TestService.service, new TestService(settings, report).handlers());
}

module.exports = { CASE, ECHO_INITIAL, ECHO_TRAILING, listen, start };
