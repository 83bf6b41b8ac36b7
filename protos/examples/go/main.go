// Runs a campaign from its document to its end: creates and starts it, follows it over broken connections, and prints what failed and why.
//
//	run_campaign --address coordinator.example:7444 --ca ca.pem --cert operator-maria.pem --key operator-maria-key.pem return-to-east.yaml
//
// Needs google.golang.org/grpc, and the generated contracts (protos/README.md, Examples). Exit codes: 0 every machine is home, 1 some are not,
// 2 the coordinator has refused a call.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	pb "hostagent/gen/hyperv/campaigns/v1"
)

const (
	callTime      = time.Minute
	reconnectTime = time.Second
)

func main() {
	address := flag.String("address", "", "the coordinator, HOST:PORT")
	id := flag.String("id", "", "the campaign's id; the name in the document unless given")
	accept := flag.Bool("accept-warnings", false, "create the campaign although its plan has warnings")
	ca := flag.String("ca", "", "PEM file of the authority")
	cert := flag.String("cert", "", "PEM file of the operator's certificate")
	key := flag.String("key", "", "PEM file of its key")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "name one document")
		os.Exit(2)
	}

	document, err := os.ReadFile(flag.Arg(0))
	exitOn(err)
	identity, err := mutualTLS(*ca, *cert, *key)
	exitOn(err)
	connection, err := grpc.Dial(*address,
		grpc.WithTransportCredentials(identity),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second}))
	exitOn(err)
	defer connection.Close()

	home, err := run(pb.NewCampaignsClient(connection), &pb.CreateCampaignRequest{
		CampaignId:     *id,
		AcceptWarnings: *accept,
		Document:       &pb.CampaignDocument{Text: string(document), Source: filepath.Base(flag.Arg(0))},
	})
	if err != nil {
		explain(err)
		os.Exit(2)
	}
	if !home {
		os.Exit(1)
	}
}

func run(campaigns pb.CampaignsClient, request *pb.CreateCampaignRequest) (bool, error) {
	var name string
	err := retried(func(ctx context.Context) error {
		created, err := campaigns.CreateCampaign(ctx, request)
		name = created.GetName()
		return err
	})
	if err != nil {
		return false, err
	}

	// Starting what runs already changes nothing, so it may be repeated.
	err = retried(func(ctx context.Context) error {
		_, err := campaigns.StartCampaign(ctx, &pb.StartCampaignRequest{Name: name})
		return err
	})
	if err != nil {
		return false, err
	}

	items, err := follow(campaigns, name)
	home := true
	for _, item := range items {
		if item.State != pb.ItemState_ITEM_STATE_SUCCEEDED && item.State != pb.ItemState_ITEM_STATE_SUCCEEDED_WITH_WARNINGS {
			home = false
			fmt.Printf("%s on %s: %s %s: %s\n", item.VirtualMachineName, item.Host, item.State, item.FailureReason, item.Explanation)
		}
	}
	return home, err
}

// follow follows a campaign to its end and returns its items by name. A stream that breaks is opened again: it begins with a snapshot.
func follow(campaigns pb.CampaignsClient, name string) (map[string]*pb.Item, error) {
	for {
		state, items, err := watch(campaigns, name)
		switch {
		case err != nil && !isUnavailable(err):
			return nil, err
		case err != nil:
			wait(err)
		case state == pb.CampaignState_CAMPAIGN_STATE_COMPLETED,
			state == pb.CampaignState_CAMPAIGN_STATE_COMPLETED_WITH_FAILURES,
			state == pb.CampaignState_CAMPAIGN_STATE_STOPPED:
			return items, nil
		}
	}
}

// watch reads one stream to its end.
func watch(campaigns pb.CampaignsClient, name string) (pb.CampaignState, map[string]*pb.Item, error) {
	var campaign *pb.Campaign
	items := map[string]*pb.Item{}
	updates, err := campaigns.WatchCampaign(context.Background(), &pb.WatchCampaignRequest{Name: name})
	if err != nil {
		return 0, nil, err
	}

	for {
		update, err := updates.Recv()
		if err == io.EOF {
			return campaign.GetState(), items, nil
		}
		if err != nil {
			return 0, nil, err
		}

		if update.Campaign != nil {
			if update.Campaign.Revision != campaign.GetRevision() {
				items = map[string]*pb.Item{} // A replaced document: what came before is of another plan.
			}
			campaign = update.Campaign
			fmt.Printf("%s: %d of %d home, %d failed\n", campaign.State, campaign.Counts.GetSucceeded(), campaign.Counts.GetTotal(), campaign.Counts.GetFailed())
		}
		for _, item := range update.Items {
			items[item.Name] = item
		}
	}
}

// retried makes a call until a coordinator answers, and waits as long as it asks for in between.
func retried(call func(context.Context) error) error {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), callTime)
		err := call(ctx)
		cancel()
		if !isUnavailable(err) {
			return err
		}
		wait(err)
	}
}

func isUnavailable(err error) bool {
	return err != nil && status.Code(err) == codes.Unavailable
}

func wait(err error) {
	failed := status.Convert(err)
	fmt.Fprintln(os.Stderr, "The coordinator is unavailable:", failed.Message())
	delay := reconnectTime
	for _, detail := range failed.Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			delay = time.Duration(retry.RetryDelay.GetSeconds())*time.Second + time.Duration(retry.RetryDelay.GetNanos())
		}
	}
	time.Sleep(delay)
}

// explain prints one line for each thing that a failed call says.
func explain(err error) {
	failed := status.Convert(err)
	reason, domain := "", ""
	var lines []string
	for _, detail := range failed.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			reason, domain = detail.Reason, detail.Domain
		case *errdetails.BadRequest:
			for _, violation := range detail.FieldViolations {
				lines = append(lines, fmt.Sprintf("  %s: %s", violation.Field, violation.Description))
			}
		case *errdetails.PreconditionFailure:
			for _, violation := range detail.Violations {
				lines = append(lines, fmt.Sprintf("  %s %s: %s", violation.Type, violation.Subject, violation.Description))
			}
		}
	}
	fmt.Fprintf(os.Stderr, "%s %s (%s): %s\n", failed.Code(), reason, domain, failed.Message())
	for _, line := range lines {
		fmt.Fprintln(os.Stderr, line)
	}
}

func mutualTLS(ca, cert, key string) (credentials.TransportCredentials, error) {
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: holds no certificate", ca)
	}
	own, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	return credentials.NewTLS(&tls.Config{RootCAs: authorities, Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}), nil
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
