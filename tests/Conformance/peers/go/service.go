package main

import (
	"context"
	"io"
	"net"
	"time"

	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	spb "google.golang.org/genproto/googleapis/rpc/status"

	pb "hostagent/conformance/v1"
)

const (
	echoInitial  = "x-conformance-initial"
	echoTrailing = "x-conformance-trailing-bin"
	caseName     = "x-conformance-case"
)

// service is the test service.
type service struct {
	pb.UnimplementedTestServiceServer
}

func (service) EmptyCall(ctx context.Context, _ *pb.EmptyCallRequest) (*pb.EmptyCallResponse, error) {
	headers, trailers := echo(ctx)
	_ = grpc.SetHeader(ctx, headers)
	_ = grpc.SetTrailer(ctx, trailers)
	return &pb.EmptyCallResponse{}, nil
}

func (service) UnaryCall(ctx context.Context, request *pb.UnaryCallRequest) (*pb.UnaryCallResponse, error) {
	headers, trailers := echo(ctx)
	_ = grpc.SetHeader(ctx, headers)
	_ = grpc.SetTrailer(ctx, trailers)
	if err := failure(request.ResponseStatus); err != nil {
		return nil, err
	}
	return &pb.UnaryCallResponse{Payload: zeros(request.ResponseSize)}, nil
}

func (service) StreamingInputCall(stream pb.TestService_StreamingInputCallServer) error {
	accept(stream)
	size := int32(0)
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&pb.StreamingInputCallResponse{AggregatedPayloadSize: size})
		}
		if err != nil {
			return err
		}
		size += int32(len(request.Payload.Body))
	}
}

func (service) StreamingOutputCall(request *pb.StreamingOutputCallRequest, stream pb.TestService_StreamingOutputCallServer) error {
	accept(stream)
	defer noticeCancellation(stream.Context())
	for _, parameters := range request.ResponseParameters {
		if err := wait(stream.Context(), parameters); err != nil {
			return err
		}
		if err := stream.Send(&pb.StreamingOutputCallResponse{Payload: zeros(parameters.Size)}); err != nil {
			return err
		}
	}
	return failure(request.ResponseStatus)
}

func (service) FullDuplexCall(stream pb.TestService_FullDuplexCallServer) error {
	accept(stream)
	defer noticeCancellation(stream.Context())
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		for _, parameters := range request.ResponseParameters {
			if err := wait(stream.Context(), parameters); err != nil {
				return err
			}
			if err := stream.Send(&pb.FullDuplexCallResponse{Payload: zeros(parameters.Size)}); err != nil {
				return err
			}
		}
		if err := failure(request.ResponseStatus); err != nil {
			return err
		}
	}
}

func zeros(size int32) *pb.Payload {
	return &pb.Payload{Body: make([]byte, size)}
}

// echo returns the headers and trailers that answer a call's metadata.
func echo(ctx context.Context) (metadata.MD, metadata.MD) {
	received, _ := metadata.FromIncomingContext(ctx)
	headers, trailers := metadata.MD{}, metadata.MD{}
	headers.Append(echoInitial, received.Get(echoInitial)...)
	trailers.Append(echoTrailing, received.Get(echoTrailing)...)
	return headers, trailers
}

// noticeCancellation reports a call whose caller has left before it was answered.
func noticeCancellation(ctx context.Context) {
	if ctx.Err() == nil {
		return
	}
	received, _ := metadata.FromIncomingContext(ctx)
	for _, name := range received.Get(caseName) {
		report(map[string]interface{}{"event": "cancelled", "case": name})
	}
}

func accept(stream grpc.ServerStream) {
	headers, trailers := echo(stream.Context())
	_ = stream.SetHeader(headers)
	stream.SetTrailer(trailers)
}

// failure is the error that ends a call with the status asked for; nil when it is to succeed.
func failure(wanted *pb.EchoStatus) error {
	if wanted.GetCode() == 0 {
		return nil
	}
	return status.ErrorProto(&spb.Status{Code: wanted.Code, Message: wanted.Message, Details: wanted.Details})
}

// wait waits before a response.
func wait(ctx context.Context, parameters *pb.ResponseParameters) error {
	if parameters.IntervalMillis == 0 {
		return nil
	}
	select {
	case <-time.After(time.Duration(parameters.IntervalMillis) * time.Millisecond):
		return nil
	case <-ctx.Done():
		return status.FromContextError(ctx.Err()).Err()
	}
}

func startServer(s settings) int {
	return listen(s, func(server *grpc.Server) { pb.RegisterTestServiceServer(server, &service{}) })
}

// listen starts a server on a free port and returns the port.
func listen(s settings, register func(*grpc.Server)) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	options := append(s.serverCredentials(),
		// grpc-go drops a connection that is pinged more often than every five minutes unless told otherwise.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}))
	server := grpc.NewServer(options...)
	register(server)
	go func() { check(server.Serve(listener)) }()
	return listener.Addr().(*net.TCPAddr).Port
}
