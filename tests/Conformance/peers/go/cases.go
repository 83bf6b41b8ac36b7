package main

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/golang/protobuf/proto"
	"github.com/golang/protobuf/ptypes/any"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "hostagent/conformance/v1"
)

const (
	maxMessageBytes = 4 * 1024 * 1024
	specialMessage  = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
)

type testCase struct {
	name string
	run  func(client) error
}

// The cases that keep a connection waiting, and the others. README.md of the conformance tests says what each one shows.
var (
	idleCases = []testCase{{"unary_after_idle", unaryAfterIdle}, {"stream_after_idle", streamAfterIdle}}
	cases     = []testCase{
		{"empty_unary", func(c client) error { return c.empty() }},
		{"large_unary", func(c client) error {
			return c.unary(&pb.UnaryCallRequest{ResponseSize: 314159, Payload: zeros(271828)})
		}},
		{"client_streaming", func(c client) error { return c.streamingInput([]int32{27182, 8, 1828, 45904}, false, 74922) }},
		{"server_streaming", serverStreaming},
		{"ping_pong", pingPong},
		{"empty_stream", emptyStream},
		{"cancel_after_begin", cancelAfterBegin},
		{"cancel_after_first_response", cancelAfterFirstResponse},
		{"timeout_on_sleeping_server", timeoutOnSleepingServer},
		{"custom_metadata", customMetadata},
		{"repeated_binary_metadata", repeatedBinaryMetadata},
		{"status_code_and_message", statusCodeAndMessage},
		{"special_status_message", specialStatusMessage},
		{"status_details", statusDetails},
		{"unimplemented_method", unimplementedMethod},
		{"unimplemented_service", unimplementedService},
		{"client_compressed_unary", clientCompressedUnary},
		// grpc-go compresses all messages of a call or none.
		{"client_compressed_streaming", func(c client) error { return c.streamingInput([]int32{27182, 45904}, true, 73086, compress) }},
		{"server_compressed_unary", serverCompressedUnary},
		{"server_compressed_streaming", serverCompressedStreaming},
		{"compressed_empty_message", func(c client) error { return c.empty(compress) }},
		{"oversized_request", oversizedRequest},
		{"oversized_response", oversizedResponse},
	}
)

// runCases runs every case and reports each one; the idle ones wait on connections of their own meanwhile.
func runCases(s settings) {
	var idling sync.WaitGroup
	for _, idle := range idleCases {
		idling.Add(1)
		go func(idle testCase) {
			defer idling.Done()
			connection := dial(s, pinging())
			defer connection.Close()
			runCase(s, idle, connection)
		}(idle)
	}
	connection := dial(s)
	for _, next := range cases {
		runCase(s, next, connection)
	}
	connection.Close()
	idling.Wait()
}

func runCase(s settings, c testCase, connection *grpc.ClientConn) {
	started := time.Now()
	detail := ""
	if err := c.run(client{pb.NewTestServiceClient(connection), connection, c.name, s.idle}); err != nil {
		detail = err.Error()
	}
	report(map[string]interface{}{"case": c.name, "passed": detail == "", "seconds": time.Since(started).Seconds(), "detail": detail})
}

// first returns the first error.
func first(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// failing expects a status other than OK, and its message when one is given.
func failing(err error, code codes.Code, message ...string) error {
	got := status.Convert(err)
	if got.Code() != code {
		return fmt.Errorf("status: got %v (%s), expected %v", got.Code(), got.Message(), code)
	}
	if len(message) > 0 {
		return same("status message", got.Message(), message[0])
	}
	return nil
}

func serverStreaming(c client) error {
	var parameters []*pb.ResponseParameters
	for _, size := range []int32{31415, 9, 2653, 58979} {
		parameters = append(parameters, &pb.ResponseParameters{Size: size})
	}
	return c.streamingOutput(parameters...)
}

func pingPong(c client) error {
	stream, err := c.fullDuplex(c.context())
	if err != nil {
		return err
	}
	for _, sizes := range [][]int32{{27182, 31415}, {8, 9}, {1828, 2653}, {45904, 58979}} {
		if err := stream.exchange(sizes[0], sizes[1]); err != nil {
			return err
		}
	}
	return stream.finish()
}

func emptyStream(c client) error {
	stream, err := c.fullDuplex(c.context())
	if err != nil {
		return err
	}
	return stream.finish()
}

func cancelAfterBegin(c client) error {
	ctx, cancel := context.WithCancel(c.context())
	stream, err := c.StreamingInputCall(ctx)
	if err != nil {
		return err
	}
	cancel()
	_, err = stream.CloseAndRecv()
	return first(func() error { return failing(err, codes.Canceled) }, func() error { return c.empty() })
}

func cancelAfterFirstResponse(c client) error {
	ctx, cancel := context.WithCancel(c.context())
	stream, err := c.fullDuplex(ctx)
	if err != nil {
		return err
	}
	if err := stream.ask(27182, &pb.ResponseParameters{Size: 31415}, &pb.ResponseParameters{Size: 31415, IntervalMillis: 10_000}); err != nil {
		return err
	}
	if _, err := stream.Recv(); err != nil {
		return err
	}
	cancel()
	_, err = stream.Recv()
	return first(func() error { return failing(err, codes.Canceled) }, func() error { return c.empty() })
}

func timeoutOnSleepingServer(c client) error {
	stream, err := c.fullDuplex(c.contextWithin(time.Second))
	if err != nil {
		return err
	}
	if err := stream.ask(27182, &pb.ResponseParameters{Size: 31415, IntervalMillis: 10_000}); err != nil {
		return err
	}
	_, err = stream.Recv()
	return failing(err, codes.DeadlineExceeded)
}

func everyByte() string {
	bytes := make([]byte, 256)
	for value := range bytes {
		bytes[value] = byte(value)
	}
	return string(bytes)
}

func customMetadata(c client) error {
	ctx := c.context(echoInitial, "test_initial_metadata_value", echoTrailing, everyByte())
	echoed := func(headers, trailers metadata.MD) error {
		return first(
			func() error {
				return same("initial metadata", headers.Get(echoInitial)[0], "test_initial_metadata_value")
			},
			func() error { return same("trailing metadata", trailers.Get(echoTrailing)[0], everyByte()) })
	}
	var headers, trailers metadata.MD
	if _, err := c.UnaryCall(ctx, &pb.UnaryCallRequest{ResponseSize: 1}, grpc.Header(&headers), grpc.Trailer(&trailers)); err != nil {
		return err
	}
	if err := echoed(headers, trailers); err != nil {
		return err
	}
	stream, err := c.fullDuplex(ctx)
	if err != nil {
		return err
	}
	if err := first(func() error { return stream.exchange(1, 1) }, stream.finish); err != nil {
		return err
	}
	headers, err = stream.Header()
	if err != nil {
		return err
	}
	return echoed(headers, stream.Trailer())
}

func repeatedBinaryMetadata(c client) error {
	sent := []string{"\xab\xab\xab", everyByte()}
	var trailers metadata.MD
	if _, err := c.UnaryCall(c.context(echoTrailing, sent[0], echoTrailing, sent[1]), &pb.UnaryCallRequest{ResponseSize: 1}, grpc.Trailer(&trailers)); err != nil {
		return err
	}
	if got := trailers.Get(echoTrailing); !reflect.DeepEqual(got, sent) {
		return fmt.Errorf("trailing metadata: got %q, expected %q", got, sent)
	}
	return nil
}

func statusCodeAndMessage(c client) error {
	wanted := &pb.EchoStatus{Code: int32(codes.Unknown), Message: "test status message"}
	if err := failing(c.unary(&pb.UnaryCallRequest{ResponseStatus: wanted}), codes.Unknown, wanted.Message); err != nil {
		return err
	}
	stream, err := c.fullDuplex(c.context())
	if err != nil {
		return err
	}
	if err := stream.Send(&pb.FullDuplexCallRequest{ResponseStatus: wanted}); err != nil {
		return err
	}
	_, err = stream.Recv()
	return failing(err, codes.Unknown, wanted.Message)
}

func specialStatusMessage(c client) error {
	wanted := &pb.EchoStatus{Code: int32(codes.Unknown), Message: specialMessage}
	return failing(c.unary(&pb.UnaryCallRequest{ResponseStatus: wanted}), codes.Unknown, specialMessage)
}

func statusDetails(c client) error {
	value, err := proto.Marshal(&pb.ErrorInfo{Reason: "VM_NOT_READY", Domain: "failback.hyperv", Metadata: map[string]string{"vm": "sql-01 ☺"}})
	if err != nil {
		return err
	}
	detail := &any.Any{TypeUrl: "type.googleapis.com/google.rpc.ErrorInfo", Value: value}
	err = c.unary(&pb.UnaryCallRequest{ResponseStatus: &pb.EchoStatus{Code: int32(codes.FailedPrecondition), Message: "not ready", Details: []*any.Any{detail}}})
	if err := failing(err, codes.FailedPrecondition, "not ready"); err != nil {
		return err
	}
	received := status.Convert(err).Proto().GetDetails()
	if len(received) != 1 || !proto.Equal(received[0], detail) {
		return fmt.Errorf("status details: got %v", received)
	}
	return nil
}

func unimplementedMethod(c client) error {
	_, err := c.UnimplementedCall(c.context(), &pb.UnimplementedCallRequest{})
	return failing(err, codes.Unimplemented)
}

func unimplementedService(c client) error {
	_, err := pb.NewUnimplementedServiceClient(c.connection).Call(c.context(), &pb.CallRequest{})
	return failing(err, codes.Unimplemented)
}

func clientCompressedUnary(c client) error {
	return first(
		// The probe: a server that cannot tell would let a client believe that it compresses.
		func() error {
			return failing(c.unary(&pb.UnaryCallRequest{Payload: zeros(271828), ExpectCompressed: true}), codes.InvalidArgument)
		},
		func() error {
			return c.unary(&pb.UnaryCallRequest{ResponseSize: 314159, Payload: zeros(271828), ExpectCompressed: true}, compress)
		},
		func() error { return c.unary(&pb.UnaryCallRequest{ResponseSize: 314159, Payload: zeros(271828)}) })
}

func serverCompressedUnary(c client) error {
	return first(
		func() error { return c.unary(&pb.UnaryCallRequest{ResponseSize: 314159, ResponseCompressed: true}) },
		func() error { return c.unary(&pb.UnaryCallRequest{ResponseSize: 314159}) })
}

func serverCompressedStreaming(c client) error {
	return c.streamingOutput(&pb.ResponseParameters{Size: 31415, Compressed: true}, &pb.ResponseParameters{Size: 92653})
}

func oversizedRequest(c client) error {
	return first(
		func() error {
			return failing(c.unary(&pb.UnaryCallRequest{Payload: zeros(maxMessageBytes + 1)}), codes.ResourceExhausted)
		},
		func() error { return c.empty() })
}

func oversizedResponse(c client) error {
	return first(
		func() error {
			return failing(c.unary(&pb.UnaryCallRequest{ResponseSize: maxMessageBytes + 1}), codes.ResourceExhausted)
		},
		func() error { return c.empty() })
}

func unaryAfterIdle(c client) error {
	return first(func() error { return c.empty() }, c.wait, func() error { return c.empty() })
}

func streamAfterIdle(c client) error {
	stream, err := c.fullDuplex(c.context())
	if err != nil {
		return err
	}
	return first(func() error { return stream.exchange(8, 9) }, c.wait, func() error { return stream.exchange(1828, 2653) }, stream.finish)
}

func (c client) wait() error {
	time.Sleep(c.idle)
	return nil
}
