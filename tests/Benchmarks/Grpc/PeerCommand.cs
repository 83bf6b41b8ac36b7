using System.CommandLine;
using HostAgent.Conformance.Security;
using HostAgent.Transport;

namespace HostAgent.Benchmarks.Grpc;

/// <summary>Our own side as a process of its own, started with the arguments that the peers of other languages take.</summary>
internal static class PeerCommand
{
    public static Command Create(string name, Func<PeerSettings, CancellationToken, Task> run)
    {
        var protos = new Option<string>("--protos");
        var security = new Option<string>("--security") { Required = true };
        var authority = new Option<string?>("--authority");
        var certificate = new Option<string?>("--certificate");
        var privateKey = new Option<string?>("--private-key");
        var address = new Option<string?>("--address");
        var workload = new Option<string?>("--workload");
        var window = new Option<string>("--window") { DefaultValueFactory = _ => "0s" };
        var command = new Command(name) { protos, security, authority, certificate, privateKey, address, workload, window };
        command.Hidden = true;
        command.SetAction((result, cancellation) => run(
            new PeerSettings(
                result.GetValue(security) == "plaintext" ? ChannelSecurity.Plaintext : ChannelSecurity.MutualTls,
                new MutualTlsOptions { AuthorityPath = result.GetValue(authority), CertificatePath = result.GetValue(certificate), PrivateKeyPath = result.GetValue(privateKey) },
                result.GetValue(address),
                result.GetValue(workload) is { } text ? Workload.Parse(text) : null,
                Workload.ParseSeconds(result.GetValue(window)!)),
            cancellation));
        return command;
    }
}
