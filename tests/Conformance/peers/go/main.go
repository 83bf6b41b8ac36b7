// A gRPC peer on grpc-go: `peer client ...` runs every case against a server, `peer server ...` answers them.
// `peer benchmark-client ...` and `peer benchmark-server ...` are the same for benchmarks.
// The server ends when its standard input does, so that it never outlives the test run.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

type settings struct {
	security    string
	authority   string
	certificate string
	privateKey  string
	address     string
	idle        time.Duration
	workload    workload
	window      time.Duration
}

var outputLock sync.Mutex

// report writes one line for the test run.
func report(line map[string]interface{}) {
	text, err := json.Marshal(line)
	check(err)
	outputLock.Lock()
	defer outputLock.Unlock()
	fmt.Println(string(text))
}

// check ends the process on what must not happen.
func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (s settings) tls() *tls.Config {
	config := &tls.Config{}
	if s.authority != "" {
		pem, err := os.ReadFile(s.authority)
		check(err)
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(pem)
		config.RootCAs, config.ClientCAs = pool, pool
	}
	if s.certificate != "" {
		pair, err := tls.LoadX509KeyPair(s.certificate, s.privateKey)
		check(err)
		config.Certificates = []tls.Certificate{pair}
	}
	if s.security == "mutual-tls" {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config
}

func (s settings) clientCredentials() grpc.DialOption {
	if s.security == "plaintext" {
		return grpc.WithInsecure()
	}
	return grpc.WithTransportCredentials(credentials.NewTLS(s.tls()))
}

func (s settings) serverCredentials() []grpc.ServerOption {
	if s.security == "plaintext" {
		return nil
	}
	return []grpc.ServerOption{grpc.Creds(credentials.NewTLS(s.tls()))}
}

func serveUntilStdinEnds(port int) {
	report(map[string]interface{}{"port": port})
	_, err := io.Copy(io.Discard, os.Stdin)
	check(err)
}

func main() {
	if len(os.Args) < 2 {
		check(fmt.Errorf("usage: peer client|server --security plaintext|tls|mutual-tls ..."))
	}
	var s settings
	flags := flag.NewFlagSet("peer", flag.ExitOnError)
	flags.String("protos", "", "accepted like the other peers do; the messages are compiled in")
	flags.StringVar(&s.security, "security", "", "plaintext, tls or mutual-tls")
	flags.StringVar(&s.authority, "authority", "", "the certificate authority")
	flags.StringVar(&s.certificate, "certificate", "", "the peer's certificate")
	flags.StringVar(&s.privateKey, "private-key", "", "its key")
	flags.StringVar(&s.address, "address", "", "client: the server to call")
	idleSeconds := flags.Float64("idle-seconds", 0, "client: how long the idle cases wait")
	flags.Var(&s.workload, "workload", "benchmark-client: what to measure, as kind:concurrency:bytes")
	flags.DurationVar(&s.window, "window", time.Second, "benchmark-client: how long each window of the load is")
	check(flags.Parse(os.Args[2:]))
	s.idle = time.Duration(*idleSeconds * float64(time.Second))

	switch os.Args[1] {
	case "client":
		runCases(s)
	case "server":
		serveUntilStdinEnds(startServer(s))
	case "benchmark-client":
		runWorkload(s)
	case "benchmark-server":
		serveUntilStdinEnds(startBenchmarkServer(s))
	default:
		check(fmt.Errorf("direction '%s' is unknown", os.Args[1]))
	}
}
