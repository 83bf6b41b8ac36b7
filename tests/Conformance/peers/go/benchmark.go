package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"

	pb "hostagent/conformance/v1"
)

// benchmarkService is the benchmark service.
type benchmarkService struct {
	pb.UnimplementedBenchmarkServiceServer
}

func (benchmarkService) Exchange(_ context.Context, request *pb.ExchangeRequest) (*pb.ExchangeResponse, error) {
	return &pb.ExchangeResponse{Body: make([]byte, request.Size)}, nil
}

func (benchmarkService) Stream(request *pb.StreamRequest, stream pb.BenchmarkService_StreamServer) error {
	body := make([]byte, request.Size)
	for sent := int32(0); request.Count == 0 || sent < request.Count; sent++ {
		if err := stream.Send(&pb.StreamResponse{Body: body}); err != nil {
			return err
		}
	}
	return nil
}

func (benchmarkService) GetAllocations(context.Context, *pb.GetAllocationsRequest) (*pb.GetAllocationsResponse, error) {
	return &pb.GetAllocationsResponse{AllocatedBytes: allocatedBytes()}, nil
}

func allocatedBytes() int64 {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int64(memory.TotalAlloc)
}

func startBenchmarkServer(s settings) int {
	return listen(s, func(server *grpc.Server) { pb.RegisterBenchmarkServiceServer(server, &benchmarkService{}) })
}

// workload is what is measured: unary, stream or open, how many at once, and the size of a message.
type workload struct {
	text        string
	kind        string
	concurrency int
	bytes       int32
}

func (w *workload) String() string { return w.text }

func (w *workload) Set(text string) error {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return fmt.Errorf("'%s' is not of the form kind:concurrency:bytes", text)
	}
	concurrency, err := strconv.Atoi(parts[1])
	if err != nil {
		return err
	}
	bytes, err := strconv.Atoi(parts[2])
	*w = workload{text, parts[0], concurrency, int32(bytes)}
	return err
}

// load runs one worker, and counts.
func (w workload) load(ctx context.Context, client pb.BenchmarkServiceClient, count *int64) error {
	switch w.kind {
	case "unary":
		request := &pb.ExchangeRequest{Size: w.bytes, Body: make([]byte, w.bytes)}
		for {
			if _, err := client.Exchange(ctx, request); err != nil {
				return err
			}
			atomic.AddInt64(count, 1)
		}
	case "stream":
		return receive(ctx, client, &pb.StreamRequest{Size: w.bytes}, count)
	case "open":
		for {
			received := int64(0)
			if err := receive(ctx, client, &pb.StreamRequest{Size: w.bytes, Count: 1}, &received); err != nil {
				return err
			}
			atomic.AddInt64(count, received)
		}
	}
	return fmt.Errorf("workload '%s' is unknown", w.kind)
}

func receive(ctx context.Context, client pb.BenchmarkServiceClient, request *pb.StreamRequest, count *int64) error {
	stream, err := client.Stream(ctx, request)
	for err == nil {
		if _, err = stream.Recv(); err == nil {
			atomic.AddInt64(count, 1)
		}
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// moment is what has happened and what both processes have allocated until then.
type moment struct {
	time   time.Time
	count  int64
	client int64
	server int64
}

// since is what of it fell to each of those that were counted; nothing can be said of none.
func (m moment) since(before moment) map[string]interface{} {
	count := m.count - before.count
	found := map[string]interface{}{"perSecond": float64(count) / m.time.Sub(before.time).Seconds()}
	if count > 0 {
		found["clientAllocatedBytes"] = float64(m.client-before.client) / float64(count)
		found["serverAllocatedBytes"] = float64(m.server-before.server) / float64(count)
	}
	return found
}

// runWorkload loads the server until the standard input ends, and reports every window.
func runWorkload(s settings) {
	// What is asked about the load goes its own way: a thousand streams fill a connection.
	control := pb.NewBenchmarkServiceClient(dial(s))
	connection := dial(s)
	var count int64
	now := func() moment {
		response, err := control.GetAllocations(context.Background(), &pb.GetAllocationsRequest{})
		check(err)
		return moment{time.Now(), atomic.LoadInt64(&count), allocatedBytes(), response.AllocatedBytes}
	}
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		check(err)
		os.Exit(0)
	}()
	before := now()
	for worker := 0; worker < s.workload.concurrency; worker++ {
		go func() { check(s.workload.load(context.Background(), pb.NewBenchmarkServiceClient(connection), &count)) }()
	}
	for {
		time.Sleep(s.window)
		after := now()
		found := after.since(before)
		found["workload"] = s.workload.text
		report(found)
		before = after
	}
}
