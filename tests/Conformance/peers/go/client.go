package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"

	pb "hostagent/conformance/v1"
)

// Of every call, so that a hanging one fails its case.
const patience = 60 * time.Second

// compress is the option of a call whose messages are compressed.
var compress = grpc.UseCompressor(gzip.Name)

// client calls the test service for one case; every call tells the server which one.
type client struct {
	pb.TestServiceClient
	connection *grpc.ClientConn
	name       string
	idle       time.Duration
}

func dial(s settings, options ...grpc.DialOption) *grpc.ClientConn {
	connection, err := grpc.Dial(s.address, append(options, s.clientCredentials())...)
	check(err)
	return connection
}

func pinging() grpc.DialOption {
	// grpc-go raises anything below ten seconds to ten.
	return grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, Timeout: 5 * time.Second, PermitWithoutStream: true})
}

// context is the context of one call, with more metadata: keys and values in turn.
func (c client) context(more ...string) context.Context {
	return c.contextWithin(patience, more...)
}

func (c client) contextWithin(timeout time.Duration, more ...string) context.Context {
	ctx, _ := context.WithTimeout(context.Background(), timeout) //nolint:govet // ends with its deadline
	return metadata.AppendToOutgoingContext(ctx, append([]string{caseName, c.name}, more...)...)
}

func (c client) empty(options ...grpc.CallOption) error {
	_, err := c.EmptyCall(c.context(), &pb.EmptyCallRequest{}, options...)
	return err
}

// unary expects a payload of the size asked for.
func (c client) unary(request *pb.UnaryCallRequest, options ...grpc.CallOption) error {
	response, err := c.UnaryCall(c.context(), request, options...)
	if err != nil {
		return err
	}
	return same("payload size", int32(len(response.Payload.Body)), request.ResponseSize)
}

func (c client) streamingInput(sizes []int32, expectCompressed bool, expected int32, options ...grpc.CallOption) error {
	stream, err := c.StreamingInputCall(c.context(), options...)
	if err != nil {
		return err
	}
	for _, size := range sizes {
		if err := stream.Send(&pb.StreamingInputCallRequest{Payload: zeros(size), ExpectCompressed: expectCompressed}); err != nil {
			return err
		}
	}
	response, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	return same("aggregated size", response.AggregatedPayloadSize, expected)
}

func (c client) streamingOutput(parameters ...*pb.ResponseParameters) error {
	stream, err := c.StreamingOutputCall(c.context(), &pb.StreamingOutputCallRequest{ResponseParameters: parameters})
	if err != nil {
		return err
	}
	for _, expected := range parameters {
		response, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := same("payload size", int32(len(response.Payload.Body)), expected.Size); err != nil {
			return err
		}
	}
	return ended(stream.Recv())
}

// duplex is a call of FullDuplexCall, one message at a time.
type duplex struct {
	pb.TestService_FullDuplexCallClient
}

func (c client) fullDuplex(ctx context.Context) (duplex, error) {
	stream, err := c.FullDuplexCall(ctx)
	return duplex{stream}, err
}

func (d duplex) ask(size int32, responses ...*pb.ResponseParameters) error {
	return d.Send(&pb.FullDuplexCallRequest{Payload: zeros(size), ResponseParameters: responses})
}

// exchange asks for one response and expects it.
func (d duplex) exchange(size, responseSize int32) error {
	if err := d.ask(size, &pb.ResponseParameters{Size: responseSize}); err != nil {
		return err
	}
	response, err := d.Recv()
	if err != nil {
		return err
	}
	return same("payload size", int32(len(response.Payload.Body)), responseSize)
}

// finish says that there is nothing more and expects the end.
func (d duplex) finish() error {
	if err := d.CloseSend(); err != nil {
		return err
	}
	return ended(d.Recv())
}

// ended is nil when a stream has ended well.
func ended(response interface{}, err error) error {
	if err == io.EOF {
		return nil
	}
	return fmt.Errorf("end of the stream: got %v, %v", response, err)
}

func same(what string, actual, expected interface{}) error {
	if actual != expected {
		return fmt.Errorf("%s: got %v, expected %v", what, actual, expected)
	}
	return nil
}
