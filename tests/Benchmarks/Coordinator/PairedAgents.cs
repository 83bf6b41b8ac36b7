using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using HostAgent.Agent;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;
using Microsoft.AspNetCore.Builder;

namespace HostAgent.Benchmarks.Coordinator;

/// <summary>
/// The agents of an estate as they ship, in one process: each with a port, a certificate and a journal of its own, before a simulated host. A line of the standard input is
/// answered with what the process has used; it ends with its input.
/// </summary>
internal static class PairedAgents
{
    // What a host does takes no time: what is measured is the coordinator.
    private const double Speed = 100_000;

    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromHours(6);

    public static Command CreateCommand()
    {
        var directory = new Option<string>("--directory") { Required = true };
        var estate = new Option<string>("--estate") { Required = true };
        var command = new Command("paired-agents") { directory, estate };
        command.Hidden = true;
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(directory)!, result.GetValue(estate)!, cancellation));
        return command;
    }

    private static async Task RunAsync(string directory, string document, CancellationToken cancellation)
    {
        // Each agent says there that it listens.
        var answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        using var authority = CertificateAuthority.Load(Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca-key.pem"), TimeProvider.System);
        var estate = EstateDocument.Parse(await File.ReadAllTextAsync(document, cancellation), document).Value!;
        var parsed = new ParsedEstates();
        var agents = new List<WebApplication>();
        try
        {
            foreach (var host in estate.Hosts)
            {
                var files = authority.Issue(PeerRole.Agent, host.Name, CertificateLifetime, ipAddresses: [IPAddress.Loopback]).WriteTo(directory);
                var agent = await AgentApplication.CreateAsync(
                    [
                        "--listen", "127.0.0.1:0", "--data", Path.Combine(directory, "data", host.Name),
                        "--certificate", files.CertificatePath!, "--private-key", files.PrivateKeyPath!, "--authority", files.AuthorityPath!,
                        "--simulate", document, "--host", host.Name, "--speed", Speed.ToString("R", CultureInfo.InvariantCulture), "--Logging:LogLevel:Default", "Warning",
                    ],
                    parsed);
                agents.Add(agent);
                await agent.StartAsync(cancellation);
            }

            await answers.WriteLineAsync(JsonSerializer.Serialize(agents.ConvertAll(agent => new Uri(agent.Urls.Single()).Port)));
            while (await Console.In.ReadLineAsync(cancellation) is not null)
            {
                await answers.WriteLineAsync(JsonSerializer.Serialize(ProcessMeter.Read(collect: false)));
            }
        }
        finally
        {
            await Task.WhenAll(agents.Select(agent => agent.DisposeAsync().AsTask()));
        }
    }
}
