using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Tests.Shared.Processes;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Edge;

/// <summary>What only a process of its own can show: signals, and the limit on open files.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EdgeTests
{
    private const string Host = "hv-west-01";
    private const int FewFiles = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Sighup_takes_up_a_renewed_certificate_and_ends_nothing()
    {
        Assert.SkipWhen(HangupIsIgnored(), "SIGHUP is ignored here, and the servers inherit that (nohup).");
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 600);
        cluster.Issue(PeerRole.Agent, Host);
        cluster.Issue(PeerRole.Coordinator, "coordinator");

        foreach (var process in (ServerProcess[])[cluster.Agents[Host], cluster.Coordinator])
        {
            await process.SignalAsync("HUP");
            await process.WroteAsync("New connections use the new certificate of ", Patience);
            // A second one finds nothing new and ends nothing either.
            await process.SignalAsync("HUP");
            await process.WroteAsync(": unchanged, serial ", Patience);
        }

        await cluster.Agent(Host).GetHostAsync(new GetHostRequest());
        (await cluster.Campaigns.ListCampaignsAsync(new())).Campaigns.ShouldBeEmpty();
    }

    [Fact]
    public async Task Agent_with_few_descriptors_lives_through_more_connections_than_it_has()
    {
        await using var cluster = await Cluster.StartAsync(EstateGenerator.Generate(1, 1, seed: 3), speed: 600, openFiles: FewFiles);
        var address = cluster.Agents[Host].Address;
        var sockets = new List<Socket>();
        try
        {
            for (var count = 0; count < 2 * FewFiles; count++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                await socket.ConnectAsync(IPEndPoint.Parse(address.Authority), TestContext.Current.CancellationToken);
            }

            await cluster.Agent(Host).GetHostAsync(new GetHostRequest(), deadline: DateTime.UtcNow + Patience);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        cluster.Agents[Host].Output.Split('\n').Count(line => line.Contains("Closed a connection from", StringComparison.Ordinal)).ShouldBe(1, cluster.Agents[Host].Output);
    }

    [Theory]
    [InlineData("run-agent")]
    [InlineData("run-coordinator")]
    public async Task Start_with_too_few_descriptors_is_one_sentence(string verb)
    {
        var start = FailbackCommand.StartInfo([verb], ServerSettings.Plain with { OpenFiles = 200 });
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(2);
        (await output).ShouldBeEmpty();
        (await errors).Trim().ShouldBe("This process may have 200 files and connections open at once, but needs at least 336: raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit).");
    }

    private static bool HangupIsIgnored()
    {
        const string Ignored = "SigIgn:";
        return File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (ulong.Parse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 1) != 0;
    }
}
