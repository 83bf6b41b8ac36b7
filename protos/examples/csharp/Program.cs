// Runs a campaign from its document to its end: creates and starts it, follows it over broken connections, and prints what failed and why.
//
//     RunCampaign --address coordinator.example:7444 --ca ca.pem --cert operator-maria.pem --key operator-maria-key.pem return-to-east.yaml
//
// Exit codes: 0 every machine is home, 1 some are not, 2 the coordinator has refused a call.
using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Examples;

var file = new Argument<FileInfo>("document") { Description = "The campaign's document, YAML." }.AcceptExistingOnly();
var address = new Option<string>("--address") { Description = "The coordinator, HOST:PORT.", Required = true };
var id = new Option<string>("--id") { Description = "The campaign's id; the name in the document unless given.", DefaultValueFactory = _ => "" };
var accept = new Option<bool>("--accept-warnings") { Description = "Create the campaign although its plan has warnings." };
var ca = new Option<FileInfo>("--ca") { Description = "PEM file of the authority.", Required = true }.AcceptExistingOnly();
var cert = new Option<FileInfo>("--cert") { Description = "PEM file of the operator's certificate.", Required = true }.AcceptExistingOnly();
var key = new Option<FileInfo>("--key") { Description = "PEM file of its key.", Required = true }.AcceptExistingOnly();
var command = new RootCommand("Runs a campaign from its document to its end.") { file, address, id, accept, ca, cert, key };
command.SetAction(async (parsed, stopping) =>
{
    using var authority = X509CertificateLoader.LoadCertificateFromFile(parsed.GetRequiredValue(ca).FullName);
    using var identity = X509Certificate2.CreateFromPemFile(parsed.GetRequiredValue(cert).FullName, parsed.GetRequiredValue(key).FullName);
    using var handler = CampaignClient.Handler(authority, identity);
    using var channel = GrpcChannel.ForAddress($"https://{parsed.GetRequiredValue(address)}", new GrpcChannelOptions { HttpHandler = handler });
    var source = parsed.GetRequiredValue(file);
    try
    {
        return await new CampaignClient(new Campaigns.CampaignsClient(channel), stopping).RunAsync(new CreateCampaignRequest
        {
            CampaignId = parsed.GetRequiredValue(id),
            AcceptWarnings = parsed.GetValue(accept),
            Document = new CampaignDocument { Text = await File.ReadAllTextAsync(source.FullName, stopping), Source = source.Name },
        });
    }
    catch (RpcException exception)
    {
        CampaignClient.Explain(exception);
        return 2;
    }
});
return await command.Parse(args).InvokeAsync();
